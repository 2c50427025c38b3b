#pragma once

#include <string>
#include <vector>

#include "tensor/graph.h"
#include "tests/tensor/ops_reference.h"

namespace weft {

/// A graph under test with values for its inputs.
struct Sample {
  Sample() = default;
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;

  AxisTable axes;
  Graph graph{axes};
  Bindings extents;
  std::vector<reference::Array> values;  // of the inputs, by slot
  reference::Draw draw{1};

  AxisId axis(const std::string& name, std::int64_t extent) { return axes.declare(name, extent); }
  /// An open axis, bound to `extent` for this run.
  AxisId open_axis(const std::string& name, std::int64_t extent);
  Dim dim(AxisId axis) const { return {axis, axes[axis].extent}; }
  TensorType real(const std::vector<AxisId>& over) const;
  TensorType index(AxisId of, const std::vector<AxisId>& over) const;
  TensorType integer(const std::vector<AxisId>& over) const;
  TensorType boolean(const std::vector<AxisId>& over) const;
  /// An input with random values in (-1, 1), or positions, or truth values.
  NodeId input(TensorType type);
  /// A real input with random values in (low, high).
  NodeId input_between(TensorType type, double low, double high);
  NodeId emit(OpId op, std::vector<NodeId> inputs, Attributes attributes = {}) {
    return graph.emit(op, std::move(inputs), std::move(attributes));
  }

  /// The node, or each of the results of an op that has several.
  std::vector<NodeId> results_of(NodeId node);

  /// `outputs` by the reference.
  std::vector<reference::Array> reference(const std::vector<NodeId>& outputs) const;
  /// `outputs` by a plan on the CPU.
  std::vector<reference::Array> planned(const std::vector<NodeId>& outputs, DType real = DType::f64,
                                        int threads = 1) const;
  /// Fails the running test where the plan's values are not the reference's.
  void check_plan(const std::vector<NodeId>& outputs) const;
};

/// Checks the gradient of a weighted sum (random weights) of `output` to all real inputs of the sample, by
/// central differences of the reference, and that a plan computes the same as the reference. Appends to the
/// graph; returns the gradients by slot (kNoNode for inputs that have none).
std::vector<NodeId> check_gradient(Sample& sample, NodeId output);

}  // namespace weft
