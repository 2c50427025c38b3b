#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kernels/kernel.h"
#include "tensor/graph.h"

namespace weft {

enum class OpKind : std::uint8_t { leaf, elementwise, view, kernel, region };
enum class Surface : std::uint8_t { hidden, values, axes };

/// The gradient of one node: what reached its result, and what it gives its inputs.
struct Backward {
  Graph& graph;
  NodeId node;
  NodeId dy;
  std::uint32_t skip = 0;  // bit i: nobody asks for the cotangent of input i
  bool needs(int i) const { return i > 31 || (skip >> i & 1U) == 0; }
  const Node& self() const { return graph[node]; }
  NodeId input(int i) const { return self().inputs[static_cast<std::size_t>(i)]; }
};

/// The space a kernel walks (see KernelParams): the ordered axes of which every operand is a view.
struct IterationSpace {
  std::vector<Dim> dims;
  std::array<int, 4> groups{};
};

/// What an op's file says of it: `const OpRule NAME_op` in tensor/ops/NAME.cpp.
struct OpRule {
  int arity = 1;             // -1: any number
  std::string_view formula;  // one line, for `help` and the reference
  TensorType (*infer)(const Graph&, std::span<const NodeId> inputs, const Attributes&) = nullptr;
  std::vector<NodeId> (*backward)(Backward&) = nullptr;
  IterationSpace (*space)(const Graph&, NodeId) = nullptr;
  int in_place = -1;
  int state = 0;
  std::vector<TensorType> (*results)(const Graph&, NodeId) = nullptr;
};

/// One row of the op table: its row in ops.def and its rule. Immutable, static.
struct Op {
  OpId id;
  std::string_view name;
  OpKind kind;
  Surface surface;
  int arity;                 // -1: any number
  std::string_view formula;  // one line, for `help` and the reference

  /// The result's type. Throws ShapeError.
  TensorType (*infer)(const Graph&, std::span<const NodeId> inputs, const Attributes&);
  /// Cotangents of the inputs, in their order; kNoNode where none flows. Null: no gradient at all.
  /// They may have axes the input lacks or the other way about: the pass sums or spreads them.
  std::vector<NodeId> (*backward)(Backward&) = nullptr;
  /// Null: the axes of the output.
  IterationSpace (*space)(const Graph&, NodeId) = nullptr;
  /// The result is written over this input's memory (assign, sgd, adam); -1: it isn't.
  int in_place = -1;
  /// How many inputs after that one are written too: an optimizer's moments.
  int state = 0;
  /// The types of the results of an op that has several; the node's own type is then empty and `item` takes
  /// one. Null: one result.
  std::vector<TensorType> (*results)(const Graph&, NodeId) = nullptr;
};

const Op& op(OpId);
/// The op of this name, or nullptr.
const Op* find_op(std::string_view name);
/// All ops, in the order of ops.def.
std::span<const Op> all_ops();
/// The space `op(node.op)` gives the node, or the axes of its result where it gives none.
IterationSpace iteration_space(const Graph&, NodeId);

}  // namespace weft
