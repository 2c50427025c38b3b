#include "lang/check/guards.h"

/// What a program gives: `show`, `expect`, `save`, and expressions alone.
namespace weft::check {

/// What a value is shown as: one item, of several values one for each. None after a diagnostic.
std::vector<ShowItem> Elaborator::shown(const std::string& name, const ast::Expr& e) {
  GraphScope own(axis_table());
  const GraphGuard in_graph(*this, &own);
  const Value value = evaluate(e);
  std::vector<ShowItem> items;
  std::vector<std::pair<std::size_t, NodeId>> computed;  // which items, and of what
  bool good = true;
  const auto show = [&](const Value& v) {
    if (is_poison(v)) {
      good = false;
    } else if (const auto* t = as<TextValue>(v)) {
      items.push_back({name, t->value});
    } else if (const auto* b = as<BoolValue>(v)) {
      items.push_back({name, std::string(b->value ? "true" : "false")});
    } else if (const auto* g = as<GenerationValue>(v)) {
      items.push_back({name, *g->generation});
    } else if (as<TensorValue>(v) || as<VariableValue>(v) || as<NumberValue>(v) ||
               (as<AxisValue>(v) && !name.empty())) {
      // An axis alone is told of with its labels, a named one is the number that it is in an expression.
      const NodeId node = tensor(v, e.span);
      good = good && node != kNoNode && settled(*own.graph);
      computed.emplace_back(items.size(), node);
      items.push_back({name, std::string()});
    } else {
      const auto what = description(v);
      if (const auto* text = std::get_if<std::string>(&what)) {
        items.push_back({name, *text});
      } else {
        items.push_back({name, std::get<Description>(what)});
      }
    }
  };
  if (const auto* several = as<std::shared_ptr<TupleValue>>(value)) {
    for (const Value& v : (*several)->values) show(v);
  } else {
    show(value);
  }
  if (!good) return {};
  // Only now is all in the graph that they share.
  for (const auto& [i, node] : computed) items[i] = {name, finish(own, {node})};
  return items;
}

void Elaborator::read(const ast::Show& d) {
  Show show;
  for (const ast::Argument& a : d.values) {
    const std::string name = a.name ? a.name->text : "";
    const bool last = &a == &d.values.back();
    auto items = interactive_ && last ? shown_and_kept(name, *a.value) : shown(name, *a.value);
    std::move(items.begin(), items.end(), std::back_inserter(show.items));
  }
  program_.actions.push_back(std::move(show));
}

void Elaborator::read(const ast::Evaluate& d) {
  if (copies_parameters(*d.value)) {  // done for what it does, not for what it gives
    evaluate(*d.value);
    return;
  }
  Show show;
  show.items = interactive_ ? shown_and_kept("", *d.value) : shown("", *d.value);
  program_.actions.push_back(std::move(show));
}

void Elaborator::read(const ast::Expect& d) {
  GraphScope own(axis_table());
  const GraphGuard in_graph(*this, &own);
  const Value v = evaluate(*d.condition);
  if (is_poison(v)) return;
  const bool computed = as<BoolValue>(v) || as<TensorValue>(v) || as<VariableValue>(v);
  const NodeId node = computed ? tensor(v, d.condition->span) : kNoNode;
  if (computed && node == kNoNode) return;
  const TensorType t = computed ? own.graph->type(node) : TensorType{};
  if (t.element.kind != ElementKind::boolean || !t.dims.empty()) {
    const bool truths = t.element.kind == ElementKind::boolean;
    fail(code::not_a_truth, d.condition->span, "expect takes one truth value",
         "is " + (t == TensorType{} ? computed ? "a number" : kind_of(v) : describe(node)),
         truths ? "reduce it: expect sum[..](real(...)) > 0" : "compare two numbers: expect run.loss < 2");
    return;
  }
  if (!settled(*own.graph)) return;
  program_.actions.push_back(
      Expect{finish(own, {node}), std::string(sources_.text(d.condition->span)), d.condition->span});
}

void Elaborator::read(const ast::Save& d, Span span) {
  const Value v = evaluate(*d.value);
  const auto path = text(evaluate(*d.path), d.path->span, "save");
  const auto* instance = as<InstanceValue>(v);
  if (!instance || !path) {
    if (!instance && !is_poison(v)) {
      fail(code::not_a_named_model, d.value->span, "save writes a model, not " + kind_of(v), "not a model",
           as<ModelValue>(v)
               ? "make one and save that: let model = " + std::string(sources_.text(d.value->span)) + "(...)"
               : "");
    }
    return;
  }
  Save save{std::string(sources_.text(d.value->span)), *path, {}, span};
  if (!std::holds_alternative<ast::Reference>(d.value->form)) {
    fail(code::not_a_named_model, d.value->span, "save takes the name of a model", "not a name",
         "give the model a name with `let` and save that");
    return;
  }
  collect_parameters(*instance->instance, "", save.parameters);
  program_.actions.push_back(std::move(save));
}

}  // namespace weft::check
