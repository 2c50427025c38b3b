#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  if (attributes.numbers.size() != 2) {
    fail(ShapeError::Kind::attributes, OpId::random_normal, "mean and standard deviation",
         std::to_string(attributes.numbers.size()) + " numbers");
  }
  if (attributes.type.element.kind != ElementKind::real) {
    fail(ShapeError::Kind::element, OpId::random_normal, "real elements",
         describe(attributes.type, graph.axes()));
  }
  return infer_given<OpId::random_normal>(graph, inputs, attributes);
}

}  // namespace

/// random_normal: numbers drawn from a normal distribution, attributes.numbers = {mean, standard deviation}.
///                Counter-based: element i of stream attributes.index is the same for every number of
///                threads.
/// Shapes:   -> attributes.type.
/// Errors:   element, attributes.
/// Gradient: none
/// Source:   Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3
const OpRule random_normal_op{
    .arity = 0, .formula = "numbers drawn from a normal distribution", .infer = infer};

}  // namespace weft
