#include <algorithm>

#include "lang/check/guards.h"

/// `set target = value`: an update in place, in a step as one of its nodes, at top level an action of its
/// own.
namespace weft::check {

namespace {

/// `at[axes](table, index, ...)`: its table, or null where the target is another expression.
const ast::Expr* table_of(const ast::Expr& target) {
  const auto* p = std::get_if<ast::Postfix>(&target.form);
  const auto* callee = p && p->suffixes.size() == 2 ? std::get_if<ast::Reference>(&p->base->form) : nullptr;
  const auto* call =
      callee && callee->name.text == "at" ? std::get_if<ast::Call>(&p->suffixes[1].form) : nullptr;
  if (!call || !std::holds_alternative<ast::AxisList>(p->suffixes[0].form)) return nullptr;
  return call->arguments.empty() || call->arguments[0].name ? nullptr : call->arguments[0].value.get();
}

}  // namespace

std::optional<VariableValue> Elaborator::settable(const ast::Expr& e) {
  const Value v = evaluate(e);
  if (is_poison(v)) return std::nullopt;
  std::string is = kind_of(v), help = "declare it outside: param name: [axes] = zeros()";
  if (const auto* x = as<VariableValue>(v)) {
    const VariableKind kind = program_.variables[static_cast<std::size_t>(x->variable)].kind;
    if (kind == VariableKind::parameter) return *x;
    if (kind == VariableKind::value && std::holds_alternative<ast::Reference>(e.form)) return *x;
    is = kind == VariableKind::column ? "a column of the data" : "the result of a training";
  } else if (as<TensorValue>(v)) {
    is = "computed here";
  } else if (as<NumberValue>(v)) {
    help = "a value that changes is a parameter: param name: [] = constant(1)";
  } else if (as<InstanceValue>(v) || as<ChainValue>(v)) {
    help = "name one of its parameters, such as " + std::string(sources_.text(e.span)) + ".weight";
  }
  fail(code::not_settable, e.span, "`set` changes a parameter or a tensor of the top level",
       "`" + std::string(sources_.text(e.span)) + "` is " + is, help);
  return std::nullopt;
}

/// A tensor in the axes of those who use a model, as one in the model's own.
NodeId Elaborator::inward(NodeId node, const AxisMap& actual, Span span) {
  std::vector<AxisId> from, to;
  Value inside = TensorValue{graph_, node};
  const TensorType type = graph_->graph->type(node);
  const auto met = [&](AxisId axis) {
    return type.has(axis) || (type.element.kind == ElementKind::index && type.element.of == axis);
  };
  for (const auto& [formal, dims] : actual) {
    if (dims.size() == 1) {
      const AxisId outside = dims[0].axis, prime = axis_table().primed(outside);
      if (outside == formal) continue;
      if (met(outside)) {
        from.push_back(outside);
        to.push_back(formal);
      }
      if (type.has(prime)) {
        from.push_back(prime);
        to.push_back(axis_table().primed(formal));
      }
    } else if (std::any_of(dims.begin(), dims.end(), [&](const Dim& d) { return type.has(d.axis); })) {
      const NodeId all = graph_->graph->constant(0, TensorType{type.element, dims});
      Attributes merge;
      for (const Dim& d : dims) merge.axes.push_back(d.axis);
      merge.to = {formal};
      inside = emit(span, OpId::merge, {tensor(emit(span, OpId::add, {tensor(inside, span), all}), span)},
                    std::move(merge));
    }
  }
  inside = renamed(inside, std::move(from), std::move(to), span);
  return is_poison(inside) ? kNoNode : tensor(inside, span);
}

void Elaborator::read(const ast::Set& s, Span keyword) {
  if (graph_->outer) {
    fail(code::set_in_scan, keyword, "`set` can't stand in a scan", "in what a scan does at each turn",
         "carry the value along: scan[..](...; name = ...) { next name = ... }",
         calls_.empty() ? std::vector<Note>{} : std::vector<Note>{{calls_.back().span, "called here"}});
    return;
  }
  concerns_training_ = true;
  if (!calls_.empty() && !step_) {
    fail(code::set_outside_training, keyword,
         "this function is called outside of a step, where nothing is set", "not in a step",
         "write if training { set " + std::string(sources_.text(s.target->span)) + " = ... }",
         {{calls_.back().span, "called here"}});
    return;
  }
  GraphScope own;
  const bool top = graph_ == &scratch_;
  if (top) {
    own = GraphScope(axis_table());
  }
  const GraphGuard in_graph(*this, top ? &own : graph_);
  const std::size_t before = faults();
  const ast::Expr* const table = table_of(*s.target);
  const auto target = settable(table ? *table : *s.target);
  if (target) assign(s, *target, table != nullptr);
  if (!top || faults() > before || !target || !settled(*own.graph)) return;
  program_.actions.push_back(ChangeValues{finish(own, {})});
}

void Elaborator::assign(const ast::Set& s, const VariableValue& target, bool at_indices) {
  Graph& g = *graph_->graph;
  // What is read at the target has the axes and elements that are written.
  const NodeId old = tensor(evaluate(*s.target), s.target->span);
  const Value given = evaluate(*s.value);
  if (old == kNoNode || is_poison(given)) return;
  const TensorType type = g.type(old);
  const Span span = s.value->span;
  NodeId value = kNoNode;
  if (const auto* n = as<NumberValue>(given); n && n->integer && type.element.kind == ElementKind::integer) {
    value = g.constant(n->value, TensorType{type.element, {}});
  } else {
    value = tensor(given, span);
    if (type.element.kind == ElementKind::real) value = real(value, span);
  }
  if (value == kNoNode) return;
  const TensorType got = g.type(value);
  const std::vector<Note> notes = {{s.target->span, "is " + weft::describe(type, axis_table())}};
  if (!(got.element == type.element)) {
    fail(code::set_element, span, "`set` can't give these elements to its target",
         "is " + weft::describe(got, axis_table()), "", notes);
    return;
  }
  std::string added;
  for (const Dim& d : got.dims) {
    const Dim* mine = type.find(d.axis);
    if (!mine) added += (added.empty() ? "" : ", ") + axis_table().name(d.axis);
    if (!mine || mine->extent == d.extent) continue;
    extent_fault(span, d.axis, mine->extent, d.extent, "the target");
    return;
  }
  if (!added.empty()) {
    fail(code::set_adds_axis, span, "`set` can't add axes to its target: " + added,
         "has the axes " + weft::describe(got, axis_table()),
         "reduce it: mean[" + added + "](" + std::string(sources_.text(span)) + ")", notes);
    return;
  }

  const AxisMap none;
  const AxisMap& actual = target.of ? target.of->actual : none;
  std::vector<NodeId> inputs = {node_of(target.variable)};
  Attributes attributes;
  if (at_indices) {
    const Node& gather = g[old];
    attributes.axes = gather.attributes.axes;
    inputs.insert(inputs.end(), gather.inputs.begin() + 1, gather.inputs.end());
    for (AxisId& axis : attributes.axes) {
      for (const auto& [formal, dims] : actual) {
        if (dims.size() == 1 && dims[0].axis == axis) {
          axis = formal;
          break;
        }
      }
    }
  }
  inputs.push_back(value);
  for (std::size_t i = 1; i < inputs.size(); ++i) inputs[i] = inward(inputs[i], actual, span);
  const Value written = emit(s.target->span, at_indices ? OpId::assign_at : OpId::assign, std::move(inputs),
                             std::move(attributes));
  const auto* effect = as<TensorValue>(written);
  if (!effect) return;
  GraphScope& root = graph_->root();
  root.current[target.variable] = effect->node;
  root.effects.push_back(effect->node);
  if (step_ &&
      std::find(step_->trained.begin(), step_->trained.end(), target.variable) == step_->trained.end()) {
    step_->trained.push_back(target.variable);
  }
}

}  // namespace weft::check
