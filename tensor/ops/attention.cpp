#include "tensor/ops/attention.h"

#include <optional>

#include "tensor/ops/build.h"

namespace weft {

std::optional<AttentionAxes> attention_axes(const TensorType& q, const TensorType& k, const TensorType& v,
                                            AxisId inner, AxisId key) {
  const Dim* s = k.find(key);
  const Dim* sum = q.find(inner);
  if (inner == key || s == nullptr || sum == nullptr || !k.has(inner) || q.has(key) || !v.has(key)) return {};
  AttentionAxes axes;
  axes.key = *s;
  axes.inner = *sum;
  const std::vector<Dim> rest = without(q.dims, {inner});
  axes.batch = only(rest, axes_of(k));
  axes.query = without(rest, axes_of(k));
  const std::vector<Dim> own = without(without(v.dims, {key}), axes_of(TensorType{{}, axes.batch}));
  const bool complete = axes.batch.size() + 2 == k.dims.size() && axes.batch.size() + 2 == v.dims.size();
  if (!complete || axes.query.size() > 1 || own.size() != 1 ||
      (!axes.query.empty() && v.has(axes.query[0].axis)))
    return {};
  axes.value = own[0];
  return axes;
}

AttentionAxes expect_attention(const Graph& graph, OpId id, Inputs inputs, const Attributes& attributes,
                               std::size_t trailing) {
  const auto want = [&](bool holds, const char* expected) {
    if (!holds) fail(ShapeError::Kind::attributes, id, expected, std::to_string(inputs.size()) + " operands");
  };
  want(inputs.size() >= 3 + trailing && inputs.size() <= 5 + trailing,
       "two masks at most, then queries, keys and values");
  expect_axes(graph, id, attributes.axes, 2);
  const std::vector<double>& numbers = attributes.numbers;
  if (numbers.size() != 1 && numbers.size() != 3) {
    fail(ShapeError::Kind::attributes, id,
         "a scale, and perhaps a dropout rate and where queries are counted",
         std::to_string(numbers.size()) + " numbers");
  }
  const std::size_t masks = inputs.size() - 3 - trailing;
  for (std::size_t i = masks; i < inputs.size(); ++i) expect_real(graph, id, inputs, static_cast<int>(i));
  const TensorType &q = graph.type(inputs[masks]), &k = graph.type(inputs[masks + 1]),
                   &v = graph.type(inputs[masks + 2]);
  const auto axes = attention_axes(q, k, v, attributes.axes[0], attributes.axes[1]);
  if (!axes) {
    fail(ShapeError::Kind::axes, id, "queries [.., Q, K], keys [.., S, K] and values [.., S, V]",
         describe(q, graph.axes()) + ", " + describe(k, graph.axes()) + " and " + describe(v, graph.axes()));
  }
  if (numbers.size() == 3 && !(numbers[1] >= 0 && numbers[1] < 1 && numbers[2] >= 0 &&
                               numbers[2] <= static_cast<double>(axes->batch.size()))) {
    fail(ShapeError::Kind::attributes, id,
         "a dropout rate of at least 0 and less than 1, and a place of queries",
         std::to_string(numbers[1]) + " and " + std::to_string(numbers[2]));
  }
  std::vector<Dim> scores = axes->batch;
  scores.insert(scores.end(), axes->query.begin(), axes->query.end());
  scores.push_back(axes->key);
  for (std::size_t i = 0; i < masks; ++i) {
    expect_element(graph, id, inputs, static_cast<int>(i), ElementKind::boolean);
    expect_within(graph, id, inputs, static_cast<int>(i), scores);
  }
  return *axes;
}

IterationSpace attention_space(const AttentionAxes& axes) {
  IterationSpace space{axes.batch,
                       {static_cast<int>(axes.batch.size()), static_cast<int>(axes.query.size()), 1, 1}};
  space.dims.insert(space.dims.end(), axes.query.begin(), axes.query.end());
  space.dims.push_back(axes.key);
  space.dims.push_back(axes.inner);
  if (axes.value.axis != axes.inner.axis) {
    space.dims.push_back(axes.value);
    ++space.groups[3];
  }
  return space;
}

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  const AttentionAxes axes = expect_attention(graph, OpId::attention, inputs, attributes, 0);
  TensorType type = graph.type(inputs[inputs.size() - 3]);
  for (Dim& dim : type.dims) {
    if (dim.axis == axes.inner.axis) dim = axes.value;
  }
  expect_distinct(graph, OpId::attention, type.dims);
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  const std::vector<NodeId> inputs = b.self().inputs;
  const std::size_t masks = inputs.size() - 3;
  std::vector<NodeId> operands = inputs;
  operands.push_back(full(b));
  const NodeId all = b.graph.emit(OpId::attention_grad, std::move(operands), b.self().attributes);
  std::vector<NodeId> cotangents(masks, kNoNode);
  for (std::uint32_t i = 0; i < 3; ++i) {
    const bool needed = b.needs(static_cast<int>(masks + i));
    cotangents.push_back(needed ? b.graph.emit(OpId::item, {all}, {.index = i}) : kNoNode);
  }
  return cotangents;
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return attention_space(expect_attention(graph, OpId::attention, node.inputs, node.attributes, 0));
}

}  // namespace

/// attention: y = softmax_S(scale q . k over K) v, where a score that some mask forbids is -infinity; perhaps
/// with dropout between softmax and product, its numbers drawn as the op dropout draws them.
/// Shapes:   (masks [.., Q, S] or parts of it, two at most; q [.., Q, K], k [.., S, K], v [.., S, V])
///           -> [.., Q, V]; attributes.axes = {K, S}, numbers = {scale > 0} or {scale, p, i}, where the
///           weights are counted over q's batch axes, Q as number i among them, and then S; index: the stream
/// Errors:   attributes, element, axes, extents.
/// Gradient: attention_grad, which computes the weights again and draws the mask again
/// Cost:     O(Q S (K + V)) in blocks of rows: the scores of all Q and S are never there at once
/// Source:   Vaswani et al. 2017, eq. 1; in blocks: Rabe and Staats 2021
const OpRule attention_op{
    .arity = -1, .formula = "softmax(scale q . k) v", .infer = infer, .backward = backward, .space = space};

}  // namespace weft
