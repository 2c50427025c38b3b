#include "tensor/plan/builder.h"

namespace weft::planning {

namespace {

/// The part of a `concat`'s memory that its input i fills, `from` positions from the start; `from` moves on.
Location piece_of(const Location& whole, AxisId axis, const std::vector<Size>& input, std::int64_t& from) {
  std::int64_t length = 1;
  bool has_axis = false;
  for (const Size& size : input) {
    if (size.axis != axis) continue;
    has_axis = true;
    length = size.extent;
  }
  Location piece = sliced(whole, axis, from, length);
  from += length;
  return has_axis ? piece : without(std::move(piece), axis);
}

}  // namespace

/// Has the values that a concat joins computed where they will lie in it, so that nothing is copied.
void Builder::want_pieces(Scope& scope, NodeId id) {
  const Node& node = scope.graph[id];
  const std::vector<Size> result = sizes(node.type.dims);
  const auto place = scope.wanted.find(id);
  const Location whole =
      place != scope.wanted.end() ? place->second : new_value(storage(node.type), result, scope.loop);
  bool any = false;
  std::int64_t from = 0;
  for (NodeId input : node.inputs) {
    const std::vector<Size> own = sizes(scope.graph.type(input).dims);
    Location piece = piece_of(whole, node.attributes.axes.at(0), own, from);
    const OpKind kind = op(scope.graph[input].op).kind;
    const bool computed = kind == OpKind::elementwise || kind == OpKind::kernel;
    const bool all_there = piece.axes.size() == own.size();  // not repeated along some axis
    if (!computed || !all_there || op(scope.graph[input].op).in_place >= 0) continue;
    any = scope.wanted.emplace(input, std::move(piece)).second || any;
  }
  if (any) scope.wanted.emplace(id, whole);
}

/// Copies those values of a concat that are not in their places yet. False where none is.
bool Builder::add_pieces(Scope& scope, NodeId id) {
  const Node& node = scope.graph[id];
  const auto wanted = scope.wanted.find(id);
  if (wanted == scope.wanted.end()) return false;
  const Location& whole = wanted->second;
  std::vector<Location> pieces;
  std::int64_t from = 0;
  bool any = false;
  for (NodeId input : node.inputs) {
    pieces.push_back(piece_of(whole, node.attributes.axes.at(0), sizes(scope.graph.type(input).dims), from));
    any = any || same_place(scope.at(input), pieces.back());
  }
  if (!any) return false;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Location& value = scope.at(node.inputs[i]);
    if (!same_place(value, pieces[i])) add_copy(scope, id, value, pieces[i]);
  }
  scope.at(id) = whole;
  return true;
}

}  // namespace weft::planning
