#include "tensor/plan/in_place.h"

#include <algorithm>
#include <numeric>

#include "kernels/fused.h"
#include "tensor/op.h"
#include "tensor/plan/lives.h"

namespace weft::planning {

namespace {

/// Output number `output` of a fused call is stored once its slot has its value, at the end of a tile or, at
/// home, by the instruction that computes it: no instruction after that one may read the input.
bool read_before(const FusedProgram& program, int input, int output) {
  std::ptrdiff_t written = static_cast<std::ptrdiff_t>(program.instructions.size());
  for (const FusedProgram::Store& store : program.stores) {
    if (store.slot == input) return false;  // handed on as it is
    if (store.output != output) continue;
    if (store.narrow) return false;
    if (!store.home) continue;
    const auto by = std::find_if(program.instructions.begin(), program.instructions.end(),
                                 [&](const auto& instruction) { return instruction.out == store.slot; });
    written = by - program.instructions.begin();
  }
  for (std::size_t i = 0; i < program.instructions.size(); ++i) {
    const auto& in = program.instructions[i].in;
    if (static_cast<std::ptrdiff_t>(i) > written && std::find(in.begin(), in.end(), input) != in.end())
      return false;
  }
  return true;
}

/// Whether output number `output` may lie over an input in the same way.
bool overwritable(const Call& call, std::size_t input, int output) {
  if (call.params.program) return read_before(*call.params.program, static_cast<int>(input), output);
  if (call.packs || output != 0) return false;
  if (call.name == "softmax" || call.name == "log_softmax" || call.name == "dropout") return true;
  if (call.name == "cross_entropy_grad") return input == 1;
  const Op* row = find_op(call.name);
  return row != nullptr && row->kind == OpKind::elementwise;
}

bool same_elements(const Operand& a, const Operand& b) {
  if (a.offset != b.offset || a.walks != b.walks || a.view.dtype != b.view.dtype) return false;
  for (std::size_t i = 0; i < static_cast<std::size_t>(a.view.rank); ++i) {
    if (a.view.extents[i] != b.view.extents[i]) return false;
    if (a.view.extents[i] > 1 && a.view.strides[i] != b.view.strides[i]) return false;
  }
  return true;
}

class InPlace {
 public:
  explicit InPlace(Program& program) : program_(program), lives_(find_lives(program, false)) {
    same_as_.resize(program.buffers.size());
    std::iota(same_as_.begin(), same_as_.end(), 0);
  }

  void run() {
    std::vector<std::size_t> order(program_.calls.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return lives_.calls[a] < lives_.calls[b]; });
    for (const std::size_t i : order) {
      look_at(program_.calls[i], lives_.calls[i], program_.calls[i].output, 0);
      int number = 0;
      for (const Operand& output : program_.calls[i].more_outputs)
        look_at(program_.calls[i], lives_.calls[i], output, ++number);
    }
    rename();
  }

 private:
  Life& life(BufferId id) { return lives_.buffers[static_cast<std::size_t>(id)]; }
  BufferId now(BufferId id) const {
    while (same_as_[static_cast<std::size_t>(id)] != id) id = same_as_[static_cast<std::size_t>(id)];
    return id;
  }

  void look_at(const Call& call, std::int64_t moment, const Operand& output, int number) {
    if (!is_free(output.buffer) || life(output.buffer).first != moment || now(output.buffer) != output.buffer)
      return;
    for (std::size_t i = 0; i < call.inputs.size(); ++i) {
      if (!overwritable(call, i, number)) continue;
      const Operand& input = call.inputs[i];
      const BufferId old = now(input.buffer);
      if (!is_free(old) || life(old).last != moment || !fit(input, output) ||
          !alone(call, old, output, number))
        continue;
      same_as_[static_cast<std::size_t>(output.buffer)] = old;
      life(old).last = life(output.buffer).last;
      Buffer& kept = program_.buffers[static_cast<std::size_t>(old)];
      kept.output = kept.output || program_.buffers[static_cast<std::size_t>(output.buffer)].output;
      return;
    }
  }

  bool is_free(BufferId id) const {
    return program_.buffers[static_cast<std::size_t>(id)].kind == Buffer::Kind::arena;
  }

  bool fit(const Operand& input, const Operand& output) const {
    const Buffer &a = program_.buffers[static_cast<std::size_t>(input.buffer)],
                 &b = program_.buffers[static_cast<std::size_t>(output.buffer)];
    return a.bytes == b.bytes && a.loop == b.loop && input.walks.empty() && same_elements(input, output);
  }

  /// Whether all that the call has in the buffer are the very elements it writes, read before.
  bool alone(const Call& call, BufferId buffer, const Operand& output, int number) const {
    const auto there = [&](const Operand& other) { return now(other.buffer) == buffer; };
    if (there(call.output) || std::any_of(call.more_outputs.begin(), call.more_outputs.end(), there))
      return false;
    for (std::size_t i = 0; i < call.inputs.size(); ++i) {
      if (!there(call.inputs[i])) continue;
      if (!same_elements(call.inputs[i], output) || !overwritable(call, i, number)) return false;
    }
    return true;
  }

  void rename() {
    const auto set = [&](BufferId& id) {
      if (id != kNoBuffer) id = now(id);
    };
    for (Call& call : program_.calls) {
      for (Operand& input : call.inputs) set(input.buffer);
      set(call.output.buffer);
      for (Operand& output : call.more_outputs) set(output.buffer);
    }
    for (Location& output : program_.outputs) set(output.buffer);
  }

  Program& program_;
  Lives lives_;
  std::vector<BufferId> same_as_;
};

}  // namespace

void write_in_place(Program& program) {
  InPlace(program).run();
}

bool writes_in_place(const Program& program, const Call& call) {
  const auto over = [&](const Operand& output) {
    return program.buffers[static_cast<std::size_t>(output.buffer)].kind == Buffer::Kind::arena &&
           std::any_of(call.inputs.begin(), call.inputs.end(),
                       [&](const Operand& input) { return input.buffer == output.buffer; });
  };
  return over(call.output) || std::any_of(call.more_outputs.begin(), call.more_outputs.end(), over);
}

}  // namespace weft::planning
