#include "kernels/fused.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "tensor/plan/builder.h"

namespace weft::planning {

namespace {

TileOp tile_op(OpId id) {
  switch (id) {
#define WEFT_TILE_leaf(name)
#define WEFT_TILE_view(name)
#define WEFT_TILE_kernel(name)
#define WEFT_TILE_region(name)
#define WEFT_TILE_elementwise(name) \
  case OpId::name:                  \
    return TileOp::name;
#define WEFT_OP(name, kind, surface) WEFT_TILE_##kind(name)
#include "tensor/ops.def"
#undef WEFT_OP
    case OpId::cast:
      return TileOp::cast;
    case OpId::dropout:
      return TileOp::dropout;
    case OpId::sum:
      return TileOp::sum;
    case OpId::mean:
      return TileOp::mean;
    case OpId::max:
      return TileOp::max;
    default:
      throw std::logic_error("[plan] expected elementwise ops in a fused one, got another");
  }
}

/// Gives the values of a cluster their slots: one each to what comes in and what is stored; the others share
/// some, each free again after its last reader.
class Slots {
 public:
  Slots(const Graph& body, std::span<const NodeId> stored) : body_(body), last_(size(), kNoNode) {
    slots_.assign(size(), kNone);
    for (NodeId id = 0; id < body.size(); ++id) {
      if (body[id].op == OpId::concat) continue;
      for (NodeId input : body[id].inputs) last_[at(input)] = id;
    }
    for (NodeId id : body.inputs()) slots_[at(id)] = next_++;
    for (NodeId id = 0; id < body.size(); ++id) {
      if (body[id].op == OpId::constant || body[id].op == OpId::extent) slots_[at(id)] = next_++;
    }
    for (NodeId id : stored) {
      if (slots_[at(id)] == kNone) slots_[at(id)] = next_++;
    }
    fixed_ = next_;
  }

  /// One more, for whatever.
  int more() { return next_++; }
  int of(NodeId id) const { return slots_[at(id)]; }
  int count() const { return next_; }

  /// To be called in the order of the nodes.
  int result(NodeId id, std::span<const DType> dtypes) {
    // The memory of an operand may be taken where the elements are as wide, so that none is overwritten
    // unread.
    std::vector<int> later;
    std::vector<NodeId> seen;
    for (NodeId input : body_[id].inputs) {
      if (last_[at(input)] != id || slots_[at(input)] < fixed_) continue;
      if (std::find(seen.begin(), seen.end(), input) != seen.end()) continue;
      seen.push_back(input);
      const bool same =
          size_of(dtypes[at(input)]) == size_of(dtypes[at(id)]) && body_[id].op != OpId::dropout;
      (same ? free_ : later).push_back(slots_[at(input)]);
    }
    int& slot = slots_[at(id)];
    if (slot == kNone) {
      if (free_.empty()) free_.push_back(next_++);
      slot = free_.back();
      free_.pop_back();
    }
    free_.insert(free_.end(), later.begin(), later.end());
    return slot;
  }

 private:
  static constexpr int kNone = -1;
  static std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }
  std::size_t size() const { return static_cast<std::size_t>(body_.size()); }

  const Graph& body_;
  std::vector<NodeId> last_;  // to read each
  std::vector<int> slots_;
  std::vector<int> free_;
  int next_ = 0;
  int fixed_ = 0;  // slots below stay what they are
};

}  // namespace

void Builder::add_fused(Scope& scope, NodeId id) {
  const Node& node = scope.graph[id];
  const Graph& body = node.attributes.body->graph;
  const std::vector<NodeId>& results = node.attributes.body->stacked;
  const std::vector<Size> walked = sizes(node.attributes.type.dims);
  const auto at = [](NodeId n) { return static_cast<std::size_t>(n); };
  auto program = std::make_shared<FusedProgram>();
  Call call;
  call.name = op(node.op).name;
  call.node = id;

  std::vector<DType> dtypes;
  for (NodeId n = 0; n < body.size(); ++n) dtypes.push_back(storage(body.type(n)));
  std::vector<NodeId> stored;
  for (NodeId result : results) {
    if (body[result].op == OpId::concat) {
      stored.insert(stored.end(), body[result].inputs.begin(), body[result].inputs.end());
    } else {
      stored.push_back(result);
    }
  }
  Slots slots(body, stored);

  // Values that lack the innermost axes are one element a row.
  std::vector<int> spread(static_cast<std::size_t>(body.size()), -1);
  const auto is_narrow = [&](NodeId n) {
    const OpId what = body[n].op;
    return what != OpId::input && what != OpId::constant && what != OpId::extent && what != OpId::concat &&
           body.type(n).dims.size() < walked.size();
  };
  const auto is_fold = [&](NodeId n) {
    return body[n].op == OpId::sum || body[n].op == OpId::mean || body[n].op == OpId::max;
  };
  for (NodeId n = 0; n < body.size(); ++n) {
    const Node& inner = body[n];
    if (size_of(dtypes[at(n)]) > size_of(program->widest)) program->widest = dtypes[at(n)];
    if (inner.op == OpId::input || inner.op == OpId::concat) continue;
    if (inner.op == OpId::constant) {
      program->constants.push_back({dtypes[at(n)], inner.attributes.numbers.at(0)});
      continue;
    }
    if (inner.op == OpId::extent) {
      program->constants.push_back(
          {dtypes[at(n)], static_cast<double>(evaluate(inner.attributes.extents.at(0)))});
      continue;
    }
    FusedProgram::Instruction instruction;
    instruction.op = tile_op(inner.op);
    instruction.from = dtypes[at(inner.inputs.back())];
    instruction.to = dtypes[at(n)];
    instruction.narrow = is_narrow(n) && !is_fold(n);
    if (is_narrow(n)) {
      program->ordered = true;
      program->row = 1;
      for (std::size_t i = inner.type.dims.size(); i < walked.size(); ++i) program->row *= walked[i].extent;
    }
    for (std::size_t i = 0; i < instruction.in.size(); ++i) {
      const NodeId operand = inner.inputs[i < inner.inputs.size() ? i : 0];
      instruction.in[i] = slots.of(operand);
      if (is_narrow(n) || !is_narrow(operand)) continue;
      int& wide = spread[at(operand)];
      if (wide < 0) {
        wide = slots.more();
        FusedProgram::Instruction repeat;
        repeat.op = TileOp::spread;
        repeat.from = repeat.to = dtypes[at(operand)];
        repeat.in = {slots.of(operand), slots.of(operand), slots.of(operand)};
        repeat.out = wide;
        program->instructions.push_back(repeat);
      }
      instruction.in[i] = wide;
    }
    if (inner.op == OpId::dropout) {
      instruction.rate = inner.attributes.numbers.at(0);
      instruction.stream = inner.attributes.index;
      program->ordered = true;
    }
    instruction.out = slots.result(n, dtypes);
    program->instructions.push_back(instruction);
  }
  program->slots = slots.count();

  std::vector<bool> at_home(static_cast<std::size_t>(slots.count()), false);
  const std::size_t constants = body.inputs().size() + program->constants.size();
  const auto store = [&](NodeId value, const Location& place) {
    const auto slot = static_cast<std::size_t>(slots.of(value));
    const bool narrow = is_narrow(value);
    const bool home = !narrow && slot >= constants && !at_home[slot];
    if (home) at_home[slot] = true;
    const int output = static_cast<int>(program->stores.size());
    program->stores.push_back({static_cast<int>(slot), output, home, narrow});
    if (output == 0) {
      call.output = operand(place, walked);
    } else {
      call.more_outputs.push_back(operand(place, walked));
    }
  };
  std::vector<Location>& places = scope.results[id];
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto wanted = scope.wanted_results.find({id, static_cast<std::uint32_t>(i)});
    places.push_back(wanted != scope.wanted_results.end()
                         ? wanted->second
                         : new_value(dtypes[at(results[i])], sizes(body.type(results[i]).dims), scope.loop));
    if (body[results[i]].op != OpId::concat) {
      store(results[i], places.back());
      continue;
    }
    const AxisId axis = body[results[i]].attributes.axes[0];
    std::int64_t from = 0;
    for (NodeId part : body[results[i]].inputs) {
      const Dim* own = body.type(part).find(axis);
      const std::int64_t length = own != nullptr ? evaluate(own->extent) : 1;
      Location piece = sliced(places.back(), axis, from, length);
      store(part, own != nullptr ? piece : without(std::move(piece), axis));
      from += length;
    }
  }
  for (NodeId input : node.inputs) call.inputs.push_back(operand(scope.at(input), walked));
  call.params.program = std::move(program);
  const bool empty = std::any_of(walked.begin(), walked.end(), [](const Size& s) { return s.extent == 0; });
  if (!empty) add_call(scope, std::move(call));
}

}  // namespace weft::planning
