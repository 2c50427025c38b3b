#include <algorithm>
#include <stdexcept>
#include <string>

#include "tensor/plan/builder.h"

namespace weft::planning {

namespace {

bool contains(std::span<const NodeId> ids, NodeId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Has the call that computes a body's value put it in `place` right away. The value may be that call's
/// result under other names; whoever asks first is served.
void want(Scope& inner, NodeId id, Location place) {
  const Node* node = &inner.graph[id];
  for (; node->op == OpId::rename || node->op == OpId::stop; node = &inner.graph[id]) {
    if (node->op == OpId::rename)
      place = renamed(std::move(place), node->attributes.to, node->attributes.axes);
    id = node->inputs[0];
  }
  if (node->op == OpId::item && inner.graph[node->inputs[0]].op == OpId::fused) {
    inner.wanted_results.emplace(std::pair(node->inputs[0], node->attributes.index), std::move(place));
    return;
  }
  const OpKind kind = op(node->op).kind;
  if (kind == OpKind::elementwise || kind == OpKind::kernel) inner.wanted.emplace(id, std::move(place));
}

/// One scan on its way into the program. Its values are placed so that as little as possible is copied. A
/// stacked value is written straight into its slice. A carried value is double buffered, each turn reading
/// the half that the one before wrote; but where its values before or after each turn are stacked too, as
/// gradients want them, one buffer of a slice more than turns serves for all: turn t reads slice t and writes
/// slice t + 1 (backward loops: the other way about).
class LoopBuilder {
 public:
  LoopBuilder(Builder& builder, Program& program, Scope& scope, NodeId id)
      : builder_(builder),
        program_(program),
        scope_(scope),
        id_(id),
        node_(scope.graph[id]),
        body_(*node_.attributes.body),
        live_(scope.live.scans.at(id)),
        carried_(static_cast<std::size_t>(body_.carried)),
        extent_(builder.evaluate(body_.axis.extent)),
        loop_(static_cast<LoopId>(program.loops.size())),
        inner_{body_.graph, live_.body, loop_, steps_, {}, {}, {}, {}, {}} {
    inner_.outer = &scope;
    inner_.locations.resize(static_cast<std::size_t>(body_.graph.size()));
    for (std::size_t j = 0; j < body_.stacked.size(); ++j) {
      if (live_.results[carried_ + j]) stacked_.push_back(body_.stacked[j]);
    }
  }

  void build() {
    program_.loops.push_back(
        {scope_.graph.axes().name(body_.axis.axis), extent_, body_.reverse, scope_.loop, {}});
    std::vector<Location>& results = scope_.results[id_];
    results.resize(live_.results.size());
    for (std::size_t i = 0; i < carried_; ++i) {
      if (live_.carried[i]) results[i] = place_carried(i);
    }
    for (NodeId value : stacked_) place_stacked(value);
    for (std::size_t j = 0; j < body_.stacked.size(); ++j) {
      if (live_.results[carried_ + j]) results[carried_ + j] = along_.at(body_.stacked[j]);
    }
    if (extent_ == 0) return;  // the first carried values are the last ones, and nothing is stacked
    bring_in();
    builder_.add_nodes(inner_);
    for (const auto& [value, place] : owed_) {
      if (!same_place(inner_.at(value), place)) builder_.add_copy(inner_, value, inner_.at(value), place);
    }
    program_.loops[static_cast<std::size_t>(loop_)].body = std::move(steps_);
    scope_.steps.push_back({Step::Kind::loop, loop_});
  }

 private:
  NodeId input(std::size_t i) const { return body_.graph.inputs()[i]; }

  /// Where a turn finds a carried value, where it leaves the next one, and where both are outside the loop.
  struct Carried {
    Location read, write, first, last;
  };

  /// Returns where the last value is.
  Location place_carried(std::size_t i) {
    const NodeId next = body_.next[i];
    const bool kept = contains(stacked_, next) || contains(stacked_, input(i));
    Carried place = kept ? with_history(next, input(i)) : double_buffered(next);
    builder_.add_copy(scope_, id_, scope_.at(node_.inputs[i]), place.first);
    inner_.at(input(i)) = std::move(place.read);
    owe(next, std::move(place.write));
    return std::move(place.last);
  }

  Carried double_buffered(NodeId next) {
    const DType dtype = builder_.storage(body_.graph.type(next));
    const std::vector<Size> sizes = builder_.sizes(body_.graph.type(next).dims);
    const std::int64_t half = (bytes_of(dtype, sizes) + 63) / 64 * 64;
    const Location first =
        dense(builder_.add_arena_buffer(checked_product(half, 2), scope_.loop), 0, dtype, sizes);
    Location last = first;
    last.offset = extent_ % 2 * half;
    return {moving(first, counter_of(loop_, Counter::present), half),
            moving(first, counter_of(loop_, Counter::following), half), first, last};
  }

  Carried with_history(NodeId next, NodeId before) {
    const AxisId axis = body_.axis.axis;
    const Location all = over_all_turns(next, extent_ + 1);
    const std::int64_t slice = find(all, axis)->stride * size_of(all.dtype);
    const Location early = sliced(all, axis, 0, extent_);
    Location late = early;
    late.offset += slice;
    Location first = without(early, axis), last = first;
    (body_.reverse ? first : last).offset += extent_ * slice;
    const Location& read = body_.reverse ? late : early;
    const Location& write = body_.reverse ? early : late;
    along_.emplace(before, read);
    along_.emplace(next, write);
    return {walked(read, axis, loop_), walked(write, axis, loop_), first, last};
  }

  void place_stacked(NodeId value) {
    if (along_.count(value)) return;
    const auto known = along_.emplace(value, over_all_turns(value, extent_)).first;
    owe(value, walked(known->second, body_.axis.axis, loop_));
  }

  /// Memory for a body's value of so many turns, the axis in front.
  Location over_all_turns(NodeId value, std::int64_t turns) {
    std::vector<Size> sizes = builder_.sizes(body_.graph.type(value).dims);
    sizes.insert(sizes.begin(), {body_.axis.axis, turns});
    return builder_.new_value(builder_.storage(body_.graph.type(value)), sizes, scope_.loop);
  }

  /// The value has to be in the place when a turn ends: best by being computed there.
  void owe(NodeId value, Location place) {
    want(inner_, value, place);
    owed_.emplace_back(value, std::move(place));
  }

  /// Places the body's walked and captured inputs.
  void bring_in() {
    const AxisTable& axes = scope_.graph.axes();
    for (std::size_t i = carried_; i < node_.inputs.size(); ++i) {
      if (!live_.body.nodes[static_cast<std::size_t>(input(i))]) continue;
      const Location& outer = scope_.at(node_.inputs[i]);
      if (i >= carried_ + static_cast<std::size_t>(body_.walked)) {
        inner_.at(input(i)) = outer;
        continue;
      }
      const PlacedAxis* axis = find(outer, body_.axis.axis);
      if (!axis || axis->extent != extent_) {
        throw std::invalid_argument("[scan] expected " + axes.name(body_.axis.axis) + " = " +
                                    std::to_string(extent_) + " in every walked tensor, got " +
                                    (axis ? std::to_string(axis->extent) : "a tensor without it"));
      }
      inner_.at(input(i)) = walked(outer, body_.axis.axis, loop_);
    }
  }

  Builder& builder_;
  Program& program_;
  Scope& scope_;
  const NodeId id_;
  const Node& node_;
  const ScanBody& body_;
  const ScanLiveness& live_;
  const std::size_t carried_;
  const std::int64_t extent_;
  const LoopId loop_;
  std::vector<Step> steps_;
  Scope inner_;
  std::vector<NodeId> stacked_;                    // those that are read
  std::map<NodeId, Location> along_;               // body values that are kept of all turns
  std::vector<std::pair<NodeId, Location>> owed_;  // what has to be where when a turn ends
};

}  // namespace

void Builder::add_scan(Scope& scope, NodeId id) {
  LoopBuilder(*this, program_, scope, id).build();
}

}  // namespace weft::planning
