#include <algorithm>

#include "lang/check/elaborator.h"

/// Values as nodes of the current graph: tensors from outside captured, axes renamed, faults of shape told.
namespace weft::check {

NodeId Elaborator::capture(GraphScope& inner, NodeId outer) {
  if (const auto it = inner.captured.find(outer); it != inner.captured.end()) return it->second;
  const NodeId node = inner.graph->input(inner.outer->graph->type(outer));
  inner.outer_inputs.push_back(outer);
  inner.captured.emplace(outer, node);
  return node;
}

NodeId Elaborator::import_node(const TensorValue& v) {
  std::vector<GraphScope*> inside;
  GraphScope* g = graph_;
  while (g && g != v.graph) {
    inside.push_back(g);
    g = g->outer;
  }
  if (!g) return kNoNode;
  NodeId node = v.node;
  for (auto it = inside.rbegin(); it != inside.rend(); ++it) node = capture(**it, node);
  return node;
}

NodeId Elaborator::node_of(VariableId id) {
  GraphScope& root = graph_->root();
  auto it = root.current.find(id);
  if (it == root.current.end()) {
    const NodeId node = root.graph->input(program_.variables[static_cast<std::size_t>(id)].type);
    root.inputs.push_back(id);
    it = root.current.emplace(id, node).first;
  }
  return import_node(TensorValue{&root, it->second});
}

NodeId Elaborator::tensor(const Value& v, Span span) {
  Graph& g = *graph_->graph;
  g.set_origin(span);
  if (const auto* t = as<TensorValue>(v)) {
    const NodeId node = import_node(*t);
    if (node == kNoNode) {
      fail(code::other_computation, span, "this tensor belongs to another computation", "not available here",
           "compute it in the same step or function");
    }
    return node;
  }
  if (const auto* x = as<VariableValue>(v)) {
    const NodeId node = node_of(x->variable);
    if (!x->of) return node;
    const Value seen = outward(node, x->of->actual, span);
    return is_poison(seen) ? kNoNode : tensor(seen, span);
  }
  if (const auto* n = as<NumberValue>(v)) return g.constant(n->value);
  if (const auto* b = as<BoolValue>(v)) {
    TensorType type;
    type.element.kind = ElementKind::boolean;
    return g.constant(b->value ? 1 : 0, type);
  }
  if (const auto* a = as<AxisValue>(v)) {
    const Extent e = axis_table()[a->axis].extent;
    if (const auto n = e.constant()) return g.constant(static_cast<double>(*n));
    Attributes attributes;
    attributes.extents = {e};
    return g.emit(OpId::extent, {}, std::move(attributes));
  }
  if (!is_poison(v)) {
    fail(code::not_a_tensor, span, "expected a tensor, got " + kind_of(v), "not a tensor",
         as<InstanceValue>(v) ? "call it: a layer takes its input in ( )" : "");
  }
  return kNoNode;
}

Value Elaborator::emit(Span span, OpId op, std::vector<NodeId> inputs, Attributes attributes) {
  for (const NodeId i : inputs) {
    if (i == kNoNode) return Poison{};
  }
  graph_->graph->set_origin(span);
  const std::vector<NodeId> operands = inputs;
  try {
    return TensorValue{graph_, graph_->graph->emit(op, std::move(inputs), std::move(attributes))};
  } catch (const ShapeError& e) {
    if (e.kind == ShapeError::Kind::extents) {
      std::vector<Dim> seen;
      for (const NodeId i : operands) {
        for (const Dim& d : graph_->graph->type(i).dims) {
          const auto same = [&](const Dim& s) { return s.axis == d.axis; };
          const auto known = std::find_if(seen.begin(), seen.end(), same);
          if (known == seen.end()) {
            seen.push_back(d);
          } else if (!(known->extent == d.extent)) {
            return extent_fault(span, d.axis, known->extent, d.extent, "both");
          }
        }
      }
    }
    return fail(e, span);
  } catch (const std::overflow_error&) {
    return fail(code::extent_overflow, span, "an extent grows too large", "beyond 64 bits");
  }
}

Value Elaborator::renamed(const Value& v, std::vector<AxisId> from, std::vector<AxisId> to, Span span) {
  if (from.empty() || is_poison(v)) return v;
  Attributes attributes;
  attributes.axes = std::move(from);
  attributes.to = std::move(to);
  return emit(span, OpId::rename, {tensor(v, span)}, std::move(attributes));
}

Value Elaborator::outward(NodeId node, const AxisMap& actual, Span span) {
  const TensorType type = graph_->graph->type(node);
  Value out = TensorValue{graph_, node};
  std::vector<AxisId> from, to;
  const auto rename = [&](AxisId formal, AxisId outside) {
    if (formal == outside) return;
    from.push_back(formal);
    to.push_back(outside);
  };
  for (const auto& [formal, dims] : actual) {
    if (dims.size() != 1) {
      if (!type.has(formal)) continue;
      Attributes split;
      split.axes = {formal};
      for (const Dim& d : dims) {
        split.to.push_back(d.axis);
        split.extents.push_back(d.extent);
      }
      out = emit(span, OpId::split, {tensor(out, span)}, std::move(split));
      continue;
    }
    const AxisId outside = dims[0].axis;
    if (type.has(formal)) rename_padding(formal, outside);
    const bool indexed = type.element.kind == ElementKind::index && type.element.of == formal;
    if (type.has(formal) || indexed) rename(formal, outside);
    const AxisId prime = axis_table().primed(formal);
    if (type.has(prime)) rename(prime, axis_table().primed(outside));
  }
  return renamed(out, std::move(from), std::move(to), span);
}

NodeId Elaborator::real(NodeId node, Span span) {
  if (node == kNoNode) return node;
  const Element element = graph_->graph->type(node).element;
  if (element.kind != ElementKind::integer && element.kind != ElementKind::boolean) return node;
  Attributes attributes;
  attributes.type.element.kind = ElementKind::real;
  const Value v = emit(span, OpId::cast, {node}, std::move(attributes));
  const auto* t = as<TensorValue>(v);
  return t ? t->node : kNoNode;
}

}  // namespace weft::check
