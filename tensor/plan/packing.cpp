#include <algorithm>

#include "tensor/plan/builder.h"

namespace weft::planning {

namespace {

/// Whether the operand is the same in every turn of the scope's loop.
bool is_fixed(const Program& program, const Scope& scope, const Operand& operand) {
  const Buffer& buffer = program.buffers[static_cast<std::size_t>(operand.buffer)];
  if (buffer.kind == Buffer::Kind::constant ||
      (buffer.kind == Buffer::Kind::arena && buffer.loop == scope.loop))
    return false;
  return std::none_of(operand.walks.begin(), operand.walks.end(),
                      [&](const Walk& w) { return w.counter / kCounters == scope.loop; });
}

}  // namespace

/// A product in a loop with a factor from outside gets it packed, once before the loop, as a third input.
void Builder::pack_factor(Scope& scope, Call& call) {
  if (!scope.outer || !call.kernel->packed_bytes || call.inputs.size() != 2) return;
  const std::int64_t turns = program_.loops[static_cast<std::size_t>(scope.loop)].extent;
  for (const int factor : {1, 0}) {
    const Operand& fixed = call.inputs[static_cast<std::size_t>(factor)];
    if (!is_fixed(program_, scope, fixed)) continue;
    KernelParams params = call.params;
    params.numbers[0] = factor;
    const std::vector<View> views{call.inputs[0].view, call.inputs[1].view};
    KernelCall shapes;
    shapes.inputs = views;
    shapes.output = call.output.view;
    shapes.params = &params;
    const std::int64_t bytes = call.kernel->packed_bytes(shapes, turns);
    if (bytes == 0) continue;

    Operand memory;
    memory.buffer = add_arena_buffer(bytes, scope.outer->loop);
    memory.view.dtype = fixed.view.dtype;
    memory.view.rank = 1;
    memory.view.extents[0] = bytes / size_of(fixed.view.dtype);
    memory.view.strides[0] = 1;

    Call pack;
    pack.name = "pack";
    pack.node = call.node;
    pack.origin = scope.graph[call.node].origin;
    pack.kernel = call.kernel;
    pack.packs = true;
    pack.params = params;
    // Of the others only the shapes are looked at: they stand on the factor's memory.
    for (const View& view : {call.inputs[0].view, call.inputs[1].view, call.output.view}) {
      Operand operand = fixed;
      operand.view = view;
      pack.inputs.push_back(std::move(operand));
    }
    pack.output = memory;
    program_.calls.push_back(std::move(pack));
    scope.outer->steps.push_back({Step::Kind::call, static_cast<int>(program_.calls.size()) - 1});

    call.params = std::move(params);
    call.inputs.push_back(std::move(memory));
    return;
  }
}

}  // namespace weft::planning
