#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/op.h"

/// What the files of the ops share: checks with one wording, broadcasting by name, spaces.
namespace weft {

#define WEFT_OP(name, kind, surface) extern const OpRule name##_op;
#include "tensor/ops.def"
#undef WEFT_OP

using Inputs = std::span<const NodeId>;
using Axes = std::vector<AxisId>;

constexpr std::string_view name_of(OpId id) {
  constexpr std::string_view names[] = {
#define WEFT_OP(name, kind, surface) #name,
#include "tensor/ops.def"
#undef WEFT_OP
  };
  return names[static_cast<std::size_t>(id)];
}

// --- lists of axes ---

bool contains(const Axes& axes, AxisId axis);
Axes axes_of(const TensorType&);
/// The dims whose axes are not among `axes`, in their order.
std::vector<Dim> without(const std::vector<Dim>& dims, const Axes& axes);
/// The dims whose axes are among `axes`, in their own order.
std::vector<Dim> only(const std::vector<Dim>& dims, const Axes& axes);
/// Whether both hold the same axes with the same extents, in whatever order.
bool same_axes(const std::vector<Dim>& a, const std::vector<Dim>& b);
/// "H = 512".
std::string describe(const Graph&, const Dim&);

// --- faults ---

/// Throws ShapeError "[op] expected ..., got ...".
[[noreturn]] void fail(ShapeError::Kind kind, OpId op, const std::string& expected, const std::string& got,
                       std::string hint = {}, int operand = -1);
void expect_element(const Graph&, OpId, Inputs, int operand, ElementKind kind);
inline void expect_real(const Graph& graph, OpId op, Inputs inputs, int operand) {
  expect_element(graph, op, inputs, operand, ElementKind::real);
}
/// Elements that give positions on `axis`: index of that very axis, or integers.
void expect_index(const Graph&, OpId, Inputs, int operand, AxisId axis);
void expect_scalar(const Graph&, OpId, Inputs, int operand);
/// Real scalars from operand `first` on.
void expect_real_scalars(const Graph&, OpId, Inputs, int first);
/// Exactly `count` axes (-1: any number), none twice.
void expect_axes(const Graph&, OpId, const Axes& axes, int count);
/// Each of `axes` is one of the operand's.
void expect_on(const Graph&, OpId, Inputs, int operand, const Axes& axes);
/// The operand's axes are among `dims`, with the same extents.
void expect_within(const Graph&, OpId, Inputs, int operand, const std::vector<Dim>& dims);
/// No axis twice in a result.
void expect_distinct(const Graph&, OpId, const std::vector<Dim>& dims);

// --- broadcasting by name ---

/// Adds to `dims` what the operand has beside them. Throws where an axis has two extents.
void join_dims(const Graph&, OpId, std::vector<Dim>& dims, Inputs, int operand);
/// The union of the operands' axes: those of the operand with the most first (of several the first), in its
/// physical order, then what the others add; so [B, T, H] + [H] stays [B, T, H].
std::vector<Dim> broadcast(const Graph&, OpId, Inputs);

/// One real result of real operands, over the union of their axes.
template <OpId Id>
TensorType infer_real(const Graph& graph, Inputs inputs, const Attributes&) {
  for (int i = 0; i < static_cast<int>(inputs.size()); ++i) expect_real(graph, Id, inputs, i);
  return {{}, broadcast(graph, Id, inputs)};
}

/// Reals with reals or integers with integers, over the union of their axes.
TensorType infer_number(OpId, const Graph&, Inputs);
template <OpId Id>
TensorType infer_arithmetic(const Graph& graph, Inputs inputs, const Attributes&) {
  return infer_number(Id, graph, inputs);
}

/// Real, integer or index of one axis on both sides, over the union of their axes, to booleans.
TensorType infer_compared(OpId, const Graph&, Inputs);
template <OpId Id>
TensorType infer_comparison(const Graph& graph, Inputs inputs, const Attributes&) {
  return infer_compared(Id, graph, inputs);
}

template <OpId Id>
TensorType infer_logical(const Graph& graph, Inputs inputs, const Attributes&) {
  for (int i = 0; i < static_cast<int>(inputs.size()); ++i) {
    expect_element(graph, Id, inputs, i, ElementKind::boolean);
  }
  return {{ElementKind::boolean, {}}, broadcast(graph, Id, inputs)};
}

/// A real operand without the axes it is reduced over.
TensorType infer_reduced(OpId, const Graph&, Inputs, const Attributes&);
template <OpId Id>
TensorType infer_reduction(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  return infer_reduced(Id, graph, inputs, attributes);
}

/// Attributes::type as it is, checked for axes given twice.
template <OpId Id>
TensorType infer_given(const Graph& graph, Inputs, const Attributes& attributes) {
  expect_distinct(graph, Id, attributes.type.dims);
  return attributes.type;
}

// --- spaces ---

/// {kept, reduced}: the result's axes, then those reduced in the operand's order.
IterationSpace reduction_space(const Graph&, NodeId);
/// {others, 1}: `dims` without the axis attributes.axes[0], which comes last.
IterationSpace axis_last(const std::vector<Dim>& dims, const Dim& axis);
/// {all of dims, axes}: `axes` are the table's that are looked up, in the order given.
IterationSpace table_space(std::vector<Dim> dims, const TensorType& table, const Axes& axes);

}  // namespace weft
