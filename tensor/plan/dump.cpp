#include "tensor/plan/dump.h"

#include <span>

#include "kernels/fused.h"
#include "tensor/plan/in_place.h"

namespace weft::planning {

namespace {

class Dump {
 public:
  explicit Dump(const Program& program) : program_(program) {}

  std::string text() {
    steps(program_.steps, "");
    return std::move(text_);
  }

 private:
  void steps(const std::vector<Step>& list, const std::string& indent) {
    for (const Step& step : list) {
      if (step.kind == Step::Kind::call) {
        call(program_.calls[static_cast<std::size_t>(step.index)], indent);
        continue;
      }
      if (step.kind == Step::Kind::group) {
        text_ += indent + "together\n";
        for (LoopId loop : program_.groups[static_cast<std::size_t>(step.index)].loops)
          steps({{Step::Kind::loop, loop}}, indent + "  ");
        continue;
      }
      const Loop& loop = program_.loops[static_cast<std::size_t>(step.index)];
      text_ += indent + "loop " + loop.axis + " = " + std::to_string(loop.extent) +
               (loop.reverse ? ", backward\n" : "\n");
      steps(loop.body, indent + "  ");
    }
  }

  void call(const Call& call, const std::string& indent) {
    text_ += indent + "%" + std::to_string(call.node) + " " + std::string(call.name);
    if (call.params.program) text_ += tiles(*call.params.program);
    text_ += " [";
    const View& space = call.output.view;
    for (int i = 0; i < space.rank; ++i)
      text_ += (i ? ", " : "") + std::to_string(space.extents[static_cast<std::size_t>(i)]);
    text_ += "]";
    for (std::size_t i = 0; i < call.inputs.size(); ++i) text_ += (i ? ", " : " <- ") + place(call.inputs[i]);
    text_ += " -> " + place(call.output);
    for (const Operand& output : call.more_outputs) text_ += ", " + place(output);
    if (writes_in_place(program_, call)) text_ += ", in place";
    if (call.workspace != kNoBuffer) {
      const Buffer& scratch = program_.buffers[static_cast<std::size_t>(call.workspace)];
      text_ += ", workspace arena " + std::to_string(scratch.offset) + " (" + std::to_string(scratch.bytes) +
               " bytes)";
    }
    text_ += "\n";
  }

  /// What a fused call does, in its order.
  static std::string tiles(const FusedProgram& program) {
    std::string text;
    for (const auto& instruction : program.instructions)
      text += (text.empty() ? "(" : " ") + std::string(name_of(instruction.op));
    return text + ")";
  }

  std::string place(const Operand& operand) const {
    const Buffer& buffer = program_.buffers[static_cast<std::size_t>(operand.buffer)];
    std::string text;
    switch (buffer.kind) {
      case Buffer::Kind::arena:
        text = "arena " + std::to_string(buffer.offset + operand.offset);
        break;
      case Buffer::Kind::input:
        text = "input " + std::to_string(operand.buffer);
        if (operand.offset) text += " + " + std::to_string(operand.offset);
        break;
      case Buffer::Kind::constant: {
        text = std::to_string(buffer.value);
        if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
        return text;
      }
    }
    return operand.walks.empty() ? text : text + " moving";
  }

  const Program& program_;
  std::string text_;
};

}  // namespace

std::string dump(const Program& program) {
  return Dump(program).text();
}

}  // namespace weft::planning
