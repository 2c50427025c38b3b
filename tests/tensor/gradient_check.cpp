#include "tests/tensor/gradient_check.h"

#include <algorithm>
#include <cmath>

#include "tensor/gradient.h"
#include "tensor/op.h"
#include "tensor/plan.h"
#include "tests/catch2.h"

namespace weft {

AxisId Sample::open_axis(const std::string& name, std::int64_t extent) {
  const SymbolId symbol = axes.symbols().fresh(name);
  extents.bind(symbol, extent);
  return axes.declare(name, Extent(symbol));
}

TensorType Sample::real(const std::vector<AxisId>& over) const {
  TensorType type;
  for (AxisId a : over) type.dims.push_back(dim(a));
  return type;
}

TensorType Sample::index(AxisId of, const std::vector<AxisId>& over) const {
  TensorType type = real(over);
  type.element = {ElementKind::index, of};
  return type;
}

TensorType Sample::integer(const std::vector<AxisId>& over) const {
  TensorType type = real(over);
  type.element = {ElementKind::integer, {}};
  return type;
}

TensorType Sample::boolean(const std::vector<AxisId>& over) const {
  TensorType type = real(over);
  type.element = {ElementKind::boolean, {}};
  return type;
}

NodeId Sample::input(TensorType type) {
  values.push_back(draw.array(type, axes, extents));
  return graph.input(std::move(type));
}

NodeId Sample::input_between(TensorType type, double low, double high) {
  const NodeId id = input(std::move(type));
  for (double& v : values.back().values) v = low + (v + 1) / 2 * (high - low);
  return id;
}

std::vector<NodeId> Sample::results_of(NodeId node) {
  const auto results = op(graph[node].op).results;
  if (results == nullptr) return {node};
  std::vector<NodeId> items;
  for (std::uint32_t i = 0; i < results(graph, node).size(); ++i)
    items.push_back(emit(OpId::item, {node}, {.index = i}));
  return items;
}

std::vector<reference::Array> Sample::reference(const std::vector<NodeId>& outputs) const {
  return reference::evaluate(graph, outputs, values, extents);
}

std::vector<reference::Array> Sample::planned(const std::vector<NodeId>& outputs, DType real,
                                              int threads) const {
  std::vector<Tensor> tensors;
  for (std::size_t slot = 0; slot < values.size(); ++slot) {
    std::vector<Tensor::Size> sizes;
    for (const reference::Size& s : values[slot].axes) sizes.push_back({s.axis, s.extent});
    const DType dtype = storage_of(graph.type(graph.inputs()[slot]).element, real);
    Tensor tensor(dtype, std::move(sizes));
    for (std::size_t i = 0; i < values[slot].values.size(); ++i) {
      const double v = values[slot].values[i];
      if (dtype == DType::f64) tensor.values<double>()[i] = v;
      if (dtype == DType::f32) tensor.values<float>()[i] = static_cast<float>(v);
      if (dtype == DType::i32) tensor.values<std::int32_t>()[i] = static_cast<std::int32_t>(v);
      if (dtype == DType::boolean) tensor.values<std::uint8_t>()[i] = v != 0 ? 1 : 0;
    }
    tensors.push_back(std::move(tensor));
  }
  std::vector<NodeId> effects;
  for (NodeId id : outputs) {
    if (op(graph[id].op).in_place >= 0) effects.push_back(id);
  }
  PlanOptions options;
  options.real = real;
  Plan plan(graph, outputs, effects, extents, std::move(tensors), options);
  const Workers workers(threads);
  plan.run(workers, {7, 1});
  std::vector<reference::Array> results;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Tensor& tensor = plan.output(static_cast<int>(i));
    std::vector<reference::Size> sizes;
    for (const Tensor::Size& s : tensor.axes()) sizes.push_back({s.axis, s.extent});
    reference::Array array(std::move(sizes));
    for (std::int64_t k = 0; k < tensor.size(); ++k) array.values[static_cast<std::size_t>(k)] = tensor.at(k);
    results.push_back(std::move(array));
  }
  return results;
}

void Sample::check_plan(const std::vector<NodeId>& outputs) const {
  const auto expected = reference(outputs);
  const auto got = planned(outputs);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    REQUIRE(got[i].axes.size() == expected[i].axes.size());
    reference::for_each_place(expected[i].axes, [&](const reference::Place& p) {
      const double want = expected[i].at(p);
      const double have = got[i].at(p);
      if (std::isnan(want) ? std::isnan(have) : want == have) return;
      INFO("output " << i << ", node " << outputs[i] << " of\n" << dump(graph));
      REQUIRE(have == Approx(want).epsilon(1e-9).margin(1e-12));
    });
  }
}

std::vector<NodeId> check_gradient(Sample& sample, NodeId output) {
  Graph& graph = sample.graph;
  const TensorType type = graph.type(output);
  std::vector<AxisId> all;
  for (const Dim& dim : type.dims) all.push_back(dim.axis);
  std::vector<NodeId> wrt;
  for (NodeId id : graph.inputs()) {
    if (graph.type(id).element.kind == ElementKind::real) wrt.push_back(id);
  }
  const NodeId weights = sample.input(type);
  const NodeId loss = all.empty() ? graph.emit(OpId::mul, {weights, output})
                                  : graph.emit(OpId::dot, {weights, output}, {.axes = all});
  const std::vector<NodeId> gradients = gradient(graph, loss, wrt);

  std::vector<NodeId> outputs;
  for (std::size_t i = 0; i < wrt.size(); ++i) {
    if (gradients[i] == kNoNode) continue;
    CHECK(graph.type(gradients[i]) == graph.type(wrt[i]));
    outputs.push_back(gradients[i]);
  }
  const auto found = sample.reference(outputs);
  std::size_t next = 0;
  std::vector<NodeId> by_slot(graph.inputs().size(), kNoNode);
  for (std::size_t i = 0; i < wrt.size(); ++i) {
    const auto slot = static_cast<std::size_t>(graph[wrt[i]].attributes.index);
    by_slot[slot] = gradients[i];
    const std::size_t size = sample.values[slot].values.size();
    for (std::size_t k = 0; k < size; ++k) {
      constexpr double kStep = 1e-5;
      double& x = sample.values[slot].values[k];
      const double middle = x;
      x = middle + kStep;
      const double above = sample.reference({loss})[0].values[0];
      x = middle - kStep;
      const double below = sample.reference({loss})[0].values[0];
      x = middle;
      const double expected = (above - below) / (2 * kStep);
      const double got = gradients[i] == kNoNode ? 0 : found[next].values[k];
      INFO("input " << slot << ", element " << k << " of\n" << dump(graph));
      REQUIRE(got == Approx(expected).epsilon(1e-5).margin(1e-7));
    }
    if (gradients[i] != kNoNode) ++next;
  }
  outputs.push_back(loss);
  outputs.push_back(output);
  sample.check_plan(outputs);
  return by_slot;
}

}  // namespace weft
