#include <algorithm>
#include <stdexcept>
#include <string>

#include "tensor/plan/builder.h"

namespace weft::planning {

/// Where one carried value lives while its loop runs.
struct Builder::Carried {
  Location read;   // what a turn finds, as the body's input
  Location write;  // what it leaves, as its `next`
  Location first;  // what is there before the loop
  Location last;   // and after it
  /// With history: the values before each turn, and after each, along the loop's axis.
  Location before, after;
};

namespace {

std::int64_t rounded(std::int64_t bytes) {
  return (bytes + 63) / 64 * 64;
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
  const OpKind kind = op(node->op).kind;
  if (kind == OpKind::elementwise || kind == OpKind::kernel) inner.wanted.emplace(id, std::move(place));
}

bool contains(std::span<const NodeId> ids, NodeId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

/// A loop's values are placed so that as little as possible is copied. A stacked value is written straight
/// into its slice. A carried value is double buffered, each turn reading the half that the one before wrote;
/// but where its values before or after each turn are stacked too, as gradients want them, one buffer of a
/// slice more than turns serves for all: turn t reads slice t and writes slice t + 1 (backward loops: the
/// other way about).
void Builder::add_scan(Scope& scope, NodeId id) {
  const Node& node = scope.graph[id];
  const ScanBody& body = *node.attributes.body;
  const ScanLiveness& live = scope.live.scans.at(id);
  const std::int64_t extent = evaluate(body.axis.extent);
  const auto input_of_body = [&body](std::size_t i) { return body.graph.inputs()[i]; };
  const std::size_t carried_count = static_cast<std::size_t>(body.carried);

  const LoopId loop = static_cast<LoopId>(program_.loops.size());
  program_.loops.push_back({axes_.name(body.axis.axis), extent, body.reverse, scope.loop, {}});
  std::vector<Step> steps;
  Scope inner{body.graph, live.body, loop, steps, {}, {}, {}, {}, {}};
  inner.locations.resize(static_cast<std::size_t>(body.graph.size()));
  std::vector<Location>& results = scope.results[id];
  results.resize(live.results.size());

  std::vector<NodeId> stacked;  // those that are read
  for (std::size_t j = 0; j < body.stacked.size(); ++j) {
    if (live.results[carried_count + j]) stacked.push_back(body.stacked[j]);
  }

  // Carried values.
  std::vector<Carried> carried(carried_count);
  std::map<NodeId, Location> along;  // body nodes whose values of all turns are kept
  for (std::size_t i = 0; i < carried_count; ++i) {
    if (!live.carried[i]) continue;
    const NodeId next = body.next[i];
    const DType dtype = storage(body.graph.type(next));
    const std::vector<Size> slice = sizes(body.graph.type(next).dims);
    const std::int64_t bytes = bytes_of(dtype, slice);
    Carried& c = carried[i];
    if (contains(stacked, next) || contains(stacked, input_of_body(i))) {
      std::vector<Size> all = slice;
      all.insert(all.begin(), {body.axis.axis, extent + 1});
      const Location history = new_value(dtype, all, scope.loop);
      const Location early = sliced(history, body.axis.axis, 0, extent);
      Location late = early;
      late.offset += bytes;
      c.before = body.reverse ? late : early;
      c.after = body.reverse ? early : late;
      c.read = walked(c.before, body.axis.axis, loop);
      c.write = walked(c.after, body.axis.axis, loop);
      c.first = c.last = walked(early, body.axis.axis, loop);
      c.first.walks.clear();
      c.last.walks.clear();
      (body.reverse ? c.first : c.last).offset += extent * bytes;
      along.emplace(next, c.after);
      along.emplace(input_of_body(i), c.before);
    } else {
      const std::int64_t half = rounded(bytes);
      const BufferId both = add_arena_buffer(checked_product(half, 2), scope.loop);
      c.first = dense(both, 0, dtype, slice);
      c.read = moving(c.first, counter_of(loop, Counter::present), half);
      c.write = moving(c.first, counter_of(loop, Counter::following), half);
      c.last = dense(both, extent % 2 * half, dtype, slice);
    }
    add_copy(scope, id, scope.at(node.inputs[i]), c.first);
    results[i] = c.last;
    inner.at(input_of_body(i)) = c.read;
    want(inner, next, c.write);
  }

  // Stacked ones that no carried value keeps.
  std::vector<std::pair<NodeId, Location>> slices;
  for (NodeId stack : stacked) {
    if (along.count(stack)) continue;
    std::vector<Size> all = sizes(body.graph.type(stack).dims);
    all.insert(all.begin(), {body.axis.axis, extent});
    const Location place = new_value(storage(body.graph.type(stack)), all, scope.loop);
    along.emplace(stack, place);
    slices.emplace_back(stack, walked(place, body.axis.axis, loop));
    want(inner, stack, slices.back().second);
  }
  for (std::size_t j = 0; j < body.stacked.size(); ++j) {
    if (live.results[carried_count + j]) results[carried_count + j] = along.at(body.stacked[j]);
  }
  if (extent == 0) return;

  // What comes from outside.
  for (std::size_t i = carried_count; i < node.inputs.size(); ++i) {
    const NodeId input = input_of_body(i);
    if (!live.body.nodes[static_cast<std::size_t>(input)]) continue;
    const Location& outer = scope.at(node.inputs[i]);
    if (i >= carried_count + static_cast<std::size_t>(body.walked)) {
      inner.at(input) = outer;
      continue;
    }
    const PlacedAxis* axis = find(outer, body.axis.axis);
    if (!axis || axis->extent != extent) {
      throw std::invalid_argument("[scan] expected " + axes_.name(body.axis.axis) + " = " +
                                  std::to_string(extent) + " in every walked tensor, got " +
                                  (axis ? std::to_string(axis->extent) : "a tensor without it"));
    }
    inner.at(input) = walked(outer, body.axis.axis, loop);
  }
  add_nodes(inner);

  // At the end of a turn: results that were not put in place where they were computed.
  const auto settle = [&](NodeId value, const Location& place) {
    if (!same_place(inner.at(value), place)) add_copy(inner, value, inner.at(value), place);
  };
  for (std::size_t i = 0; i < carried_count; ++i) {
    if (live.carried[i]) settle(body.next[i], carried[i].write);
  }
  for (const auto& [stack, place] : slices) settle(stack, place);
  program_.loops[static_cast<std::size_t>(loop)].body = std::move(steps);
  scope.steps.push_back({Step::Kind::loop, loop});
}

}  // namespace weft::planning
