#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// The gradient of one turn of a loop: what the turn gives its inputs, from the cotangents of what it left.
struct TurnGradient {
  Graph graph;                        // the body's, with seeds (as inputs) and gradient appended
  NodeId before = 0;                  // nodes from here on are not the body's
  std::vector<int> carried;           // carried inputs whose next values have a cotangent, by number
  std::vector<NodeId> carried_seeds;  // the inputs of `graph` that bring them
  std::vector<std::size_t> stacked;   // stacked results with one
  std::vector<NodeId> stacked_seeds;
  std::vector<NodeId> cotangents;  // of each body input; kNoNode where none arrives
  std::vector<char> varies;        // with a seed

  bool empty() const { return carried.empty() && stacked.empty(); }
};

/// results: types of the cotangents that came for the scan's results, by item number; needed: the scan's
/// inputs whose cotangents are asked for. A carried value takes part when it varies with an input asked for
/// and a cotangent reaches it; both may go around the loop several times before they are known.
TurnGradient turn_gradient(const ScanBody& body, const std::vector<std::optional<TensorType>>& results,
                           const std::vector<char>& needed);

/// One summand of a captured input's gradient within a turn, by how it can be summed over all turns.
struct Summand {
  enum class Form {
    product,  // dot, mul: one product, the scan's axis summed like the others
    sum,      // sum: over the scan's axis as well
    rows,     // scatter_add: of the rows of all turns
    carried   // anything else: added up turn by turn
  };
  Form form = Form::carried;
  NodeId node = kNoNode;
};

/// What the cotangent of a captured input is the sum of.
std::vector<Summand> summands(const TurnGradient& turn, NodeId cotangent, AxisId scanned);
bool any_carried(const std::vector<Summand>& list);

}  // namespace weft
