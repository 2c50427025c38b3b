#include "tensor/ops/build.h"

namespace weft {

namespace {

constexpr OpId kId = OpId::gather_sum;

/// The axes of the indices, in the order they are met.
std::vector<Dim> looked_up(const Graph& graph, Inputs inputs) {
  std::vector<Dim> dims;
  for (int i = 1; i < static_cast<int>(inputs.size()); ++i) join_dims(graph, kId, dims, inputs, i);
  return dims;
}

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, kId, attributes.axes, -1);
  expect_axes(graph, kId, attributes.to, -1);
  if (attributes.axes.empty() || inputs.size() != attributes.axes.size() + 1) {
    fail(ShapeError::Kind::attributes, kId, "a table, axes and an index for each",
         std::to_string(inputs.size()) + " operands for " + std::to_string(attributes.axes.size()) + " axes");
  }
  expect_real(graph, kId, inputs, 0);
  expect_on(graph, kId, inputs, 0, attributes.axes);
  for (std::size_t i = 0; i < attributes.axes.size(); ++i)
    expect_index(graph, kId, inputs, static_cast<int>(i) + 1, attributes.axes[i]);
  std::vector<Dim> dims = looked_up(graph, inputs);
  const std::vector<Dim> elements = without(graph.type(inputs[0]).dims, attributes.axes);
  for (const AxisId axis : attributes.to) {
    if (contains(axes_of(TensorType{{}, dims}), axis)) continue;
    fail(ShapeError::Kind::axes, kId, "an axis of " + describe(TensorType{{}, dims}, graph.axes()),
         graph.axes().name(axis));
  }
  dims.insert(dims.end(), elements.begin(), elements.end());
  expect_distinct(graph, kId, dims);
  return {{}, without(dims, attributes.to)};
}

/// {rows of the result, elements of a row, rows summed into each, the table's axes that are looked up}.
IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  const TensorType& table = graph.type(node.inputs[0]);
  const std::vector<Dim> rows = looked_up(graph, node.inputs);
  const std::vector<Dim> elements = without(table.dims, node.attributes.axes),
                         summed = only(rows, node.attributes.to);
  IterationSpace space{without(rows, node.attributes.to), {}};
  space.groups = {static_cast<int>(space.dims.size()), static_cast<int>(elements.size()),
                  static_cast<int>(summed.size()), static_cast<int>(node.attributes.axes.size())};
  space.dims.insert(space.dims.end(), elements.begin(), elements.end());
  space.dims.insert(space.dims.end(), summed.begin(), summed.end());
  for (AxisId axis : node.attributes.axes) space.dims.push_back(*table.find(axis));
  return space;
}

}  // namespace

/// gather_sum: y = sum table[idx_1, .., idx_g] over the axes attributes.to of the indices, a bag of rows,
/// without the rows side by side first. With numbers = {1} their mean: the sum divided by the positions.
/// Shapes:   (table [.., rest], idx_1, .., idx_g): the indices' axes in the order they are met, without
///           those summed, then the table's other axes; attributes.axes are those looked up
/// Errors:   attributes, element, axes, extents, duplicate_axis
/// Gradient: none, it is made afterwards (tensor/passes/bags.h)
/// Units:    an index outside its axis counts as a row of zeros
/// Source:   the bags of Joulin et al. 2017
const OpRule gather_sum_op{
    .arity = -1, .formula = "the sum of a table's rows at indices", .infer = infer, .space = space};

}  // namespace weft
