#include "tensor/passes/fold.h"

#include <array>
#include <cmath>
#include <cstring>
#include <optional>

#include "kernels/kernel.h"
#include "tensor/op.h"
#include "tensor/passes/copy_nodes.h"

namespace weft {

namespace {

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

/// One element, as memory holds it.
class Element1 {
 public:
  explicit Element1(DType dtype, double value = 0) : dtype_(dtype) {
    if (dtype == DType::f32) put(static_cast<float>(value));
    if (dtype == DType::f64) put(value);
    if (dtype == DType::i32) put(static_cast<std::int32_t>(value));
    if (dtype == DType::boolean) put(value != 0);
  }
  double value() const {
    switch (dtype_) {
      case DType::f32:
        return get<float>();
      case DType::f64:
        return get<double>();
      case DType::i32:
        return get<std::int32_t>();
      case DType::boolean:
        return get<bool>() ? 1 : 0;
    }
    return 0;
  }
  View view() {
    View v;
    v.data = bytes_.data();
    v.dtype = dtype_;
    return v;
  }

 private:
  template <class T>
  void put(T value) {
    std::memcpy(bytes_.data(), &value, sizeof value);
  }
  template <class T>
  T get() const {
    T value;
    std::memcpy(&value, bytes_.data(), sizeof value);
    return value;
  }

  DType dtype_;
  alignas(8) std::array<std::byte, 8> bytes_{};
};

class Fold {
 public:
  Fold(const Graph& graph, const Bindings& extents, DType real, const Workers& workers,
       std::vector<NodeId>& map)
      : graph_(graph), extents_(extents), real_(real), workers_(workers), result_(graph.axes()), map_(map) {
    map_.assign(static_cast<std::size_t>(graph.size()), kNoNode);
  }

  Graph run() {
    for (NodeId id = 0; id < graph_.size(); ++id) {
      result_.set_origin(graph_[id].origin);
      const NodeId simple = simpler(id);
      map_[at(id)] = simple != kNoNode ? simple : copy_mapped(graph_, id, result_, map_);
      if (graph_[id].op == OpId::scan) fold_body(map_[at(id)]);
    }
    return std::move(result_);
  }

 private:
  const Node& node(NodeId id) const { return result_[id]; }

  void fold_body(NodeId scan) {
    if (result_[scan].attributes.body == nullptr) return;
    auto body = std::make_shared<ScanBody>(*result_[scan].attributes.body);
    std::vector<NodeId> map;
    Graph folded = Fold(body->graph, extents_, real_, workers_, map).run();
    body->graph = std::move(folded);
    for (NodeId& id : body->next) id = map[at(id)];
    for (NodeId& id : body->stacked) id = map[at(id)];
    result_.attributes(scan).body = std::move(body);
  }

  /// The number that a node of the result is everywhere.
  std::optional<double> value(NodeId id) const {
    if (node(id).op == OpId::constant) return node(id).attributes.numbers.at(0);
    if (node(id).op == OpId::extent) {
      const auto n = result_.axes().symbols().evaluate(node(id).attributes.extents.at(0), extents_);
      if (n) return static_cast<double>(*n);
    }
    return std::nullopt;
  }
  bool is(NodeId id, double number) const {
    const auto v = value(id);
    // 0 and -0 are two numbers here.
    return v && *v == number && std::signbit(*v) == std::signbit(number);
  }
  /// `id` where it has all axes of what it stands for, in their order; else nothing.
  NodeId as(NodeId id, const TensorType& type) const { return node(id).type == type ? id : kNoNode; }
  bool can_be_constant(const TensorType& type) const { return type.element.kind != ElementKind::index; }

  /// A node of the result with the same value, or kNoNode.
  NodeId simpler(NodeId id) {
    const Node& old = graph_[id];
    std::vector<NodeId> in;
    for (NodeId input : old.inputs) in.push_back(map_[at(input)]);
    const OpKind kind = op(old.op).kind;
    if (old.op == OpId::stop) return in[0];
    if (kind == OpKind::elementwise || old.op == OpId::cast) {
      const NodeId all = of_constants(old, in);
      return all != kNoNode ? all : identity(old, in);
    }
    const bool moves = kind == OpKind::view || old.op == OpId::copy;
    if (moves && old.op != OpId::item && node(in[0]).op == OpId::constant && can_be_constant(old.type))
      return result_.constant(node(in[0]).attributes.numbers.at(0), old.type);
    return kNoNode;
  }

  /// What the kernel makes of operands that are constants.
  NodeId of_constants(const Node& old, const std::vector<NodeId>& in) {
    if (!can_be_constant(old.type)) return kNoNode;
    std::vector<Element1> operands;
    for (NodeId input : in) {
      const auto v = value(input);
      if (!v) return kNoNode;
      operands.emplace_back(storage_of(node(input).type.element, real_), *v);
    }
    const Kernel* kernel = find_kernel(op(old.op).name, Device::cpu, operands.back().view().dtype);
    if (kernel == nullptr) return kNoNode;
    Element1 out(storage_of(old.type.element, real_));
    std::vector<View> views;
    for (Element1& operand : operands) views.push_back(operand.view());
    const KernelParams params;
    KernelCall call;
    call.inputs = views;
    call.output = out.view();
    call.params = &params;
    call.workers = &workers_;
    kernel->run(call);
    return result_.constant(out.value(), old.type);
  }

  NodeId identity(const Node& old, const std::vector<NodeId>& in) {
    const TensorType& type = old.type;
    const bool real = type.element.kind == ElementKind::real;
    const auto first = [&] { return as(in[0], type); };
    const auto second = [&] { return as(in[1], type); };
    // A new node is what the old one was only where its axes lie in the same order.
    const auto instead = [&](OpId by, std::vector<NodeId> operands) {
      return as(result_.emit(by, std::move(operands)), type);
    };
    switch (old.op) {
      case OpId::add:
        if (is(in[1], real ? -0.0 : 0.0)) return first();
        if (is(in[0], real ? -0.0 : 0.0)) return second();
        break;
      case OpId::sub:
        if (is(in[1], 0.0)) return first();
        break;
      case OpId::mul:
        if (is(in[1], 1.0)) return first();
        if (is(in[0], 1.0)) return second();
        break;
      case OpId::div: {
        if (is(in[1], 1.0)) return first();
        const auto by = value(in[1]);
        int exponent = 0;
        if (by && std::frexp(*by, &exponent) == 0.5 && std::abs(exponent) < 100)
          return instead(OpId::mul, {in[0], result_.constant(1 / *by, node(in[1]).type)});
        break;
      }
      case OpId::pow:
        if (is(in[1], 2.0)) return instead(OpId::mul, {in[0], in[0]});
        if (is(in[1], 1.0)) return first();
        if (value(in[1]) == 0.0) return result_.constant(1, type);
        break;
      case OpId::neg:
      case OpId::logical_not:
        if (node(in[0]).op == old.op) return as(node(in[0]).inputs[0], type);
        break;
      case OpId::logical_and:
        if (is(in[0], 1)) return second();
        if (is(in[1], 1)) return first();
        if (is(in[0], 0) || is(in[1], 0)) return result_.constant(0, type);
        break;
      case OpId::logical_or:
        if (is(in[0], 0)) return second();
        if (is(in[1], 0)) return first();
        if (is(in[0], 1) || is(in[1], 1)) return result_.constant(1, type);
        break;
      case OpId::where:
        if (const auto condition = value(in[0])) return as(in[*condition != 0 ? 1 : 2], type);
        if (in[1] == in[2]) return second();
        break;
      case OpId::cast:
        if (node(in[0]).type.element == type.element) return first();
        break;
      default:
        break;
    }
    return kNoNode;
  }

  const Graph& graph_;
  const Bindings& extents_;
  const DType real_;
  const Workers& workers_;
  Graph result_;
  std::vector<NodeId>& map_;
};

}  // namespace

Graph fold_constants(const Graph& graph, const Bindings& extents, DType real, std::vector<NodeId>& map) {
  const Workers workers(1);
  return Fold(graph, extents, real, workers, map).run();
}

}  // namespace weft
