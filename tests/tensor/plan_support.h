#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tensor/graph.h"
#include "tensor/op.h"
#include "tensor/plan.h"

/// What the tests of plans share: a graph under construction with its axes, bindings and bound tensors, in
/// float64 so that hand-worked results are exact.
namespace weft::plan_tests {

using Values = std::vector<double>;

inline TensorType type(const AxisTable& axes, std::initializer_list<AxisId> ids,
                       ElementKind kind = ElementKind::real) {
  TensorType result;
  result.element.kind = kind;
  for (AxisId id : ids) result.dims.push_back({id, axes[id].extent});
  return result;
}

inline Values values(const Tensor& tensor) {
  Values result;
  for (std::int64_t i = 0; i < tensor.size(); ++i) result.push_back(tensor.at(i));
  return result;
}

inline void set(const Tensor& tensor, const Values& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    switch (tensor.dtype()) {
      case DType::f32:
        tensor.values<float>()[i] = static_cast<float>(values[i]);
        break;
      case DType::f64:
        tensor.values<double>()[i] = values[i];
        break;
      case DType::i32:
        tensor.values<std::int32_t>()[i] = static_cast<std::int32_t>(values[i]);
        break;
      case DType::boolean:
        tensor.values<bool>()[i] = values[i] != 0;
        break;
    }
  }
}

struct Setup {
  AxisTable axes;
  Graph graph{axes};
  Bindings bindings;
  std::vector<Tensor> inputs;
  PlanOptions options{DType::f64, Device::cpu};

  AxisId axis(const char* name, Extent extent) { return axes.declare(name, extent); }
  /// An open axis, bound to a value.
  AxisId open(const char* name, std::int64_t extent) {
    const SymbolId symbol = axes.symbols().fresh(name);
    bindings.bind(symbol, extent);
    return axes.declare(name, Extent(symbol));
  }
  SymbolId symbol(AxisId id) const { return axes[id].extent.terms().at(0).factors.at(0); }
  std::int64_t extent(AxisId id) const { return *axes.symbols().evaluate(axes[id].extent, bindings); }

  Tensor tensor(std::initializer_list<AxisId> ids, const Values& list, DType dtype) const {
    std::vector<Tensor::Size> sizes;
    for (AxisId id : ids) sizes.push_back({id, extent(id)});
    Tensor result(dtype, sizes);
    set(result, list);
    return result;
  }
  /// An input of these axes, bound to a tensor with these values.
  NodeId input(std::initializer_list<AxisId> ids, const Values& list, ElementKind kind = ElementKind::real) {
    inputs.push_back(tensor(ids, list, storage_of({kind, {}}, options.real)));
    return graph.input(type(axes, ids, kind));
  }

  NodeId emit(OpId op, std::vector<NodeId> operands, Attributes attributes = {}) {
    return graph.emit(op, std::move(operands), std::move(attributes));
  }
  NodeId sum(NodeId x, std::vector<AxisId> over) { return emit(OpId::sum, {x}, {.axes = std::move(over)}); }
  NodeId rename(NodeId x, AxisId from, AxisId to) {
    return emit(OpId::rename, {x}, {.axes = {from}, .to = {to}});
  }
  NodeId slice(NodeId x, AxisId on, Extent offset, Extent length) {
    return emit(OpId::slice, {x}, {.axes = {on}, .extents = {offset, length}});
  }

  Plan plan(const std::vector<NodeId>& outputs, const std::vector<NodeId>& effects = {}) const {
    return Plan(graph, outputs, effects, bindings, inputs, options);
  }
  /// Plans, runs once and gives the values of each output.
  std::vector<Values> run(const std::vector<NodeId>& outputs, const std::vector<NodeId>& effects = {}) const {
    Plan p = plan(outputs, effects);
    p.run(Workers(1));
    std::vector<Values> result;
    for (std::size_t i = 0; i < outputs.size(); ++i) result.push_back(values(p.output(static_cast<int>(i))));
    return result;
  }
};

/// How often `part` is in `text`.
inline int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

/// What planning throws as a Fault.
template <class Fault, class F>
std::string fault_of(F action) {
  try {
    action();
  } catch (const Fault& fault) {
    return fault.what();
  }
  return "nothing was thrown";
}

}  // namespace weft::plan_tests
