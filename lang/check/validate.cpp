#include "lang/check/elaborator.h"

/// The validation of a training: two graphs, what happens in each batch and what is made of the totals.
namespace weft::check {

void Elaborator::validate(const ast::ValidateBlock& v, const ast::TrainDecl& d, Training& t) {
  if (!std::holds_alternative<CorpusBatches>(t.batches)) {
    fail(code::not_here, v.on->span, "a training without a corpus has no columns to validate with",
         "nothing to give to this split", "after the training, show or expect what it learnt");
    return;
  }
  const Value on = evaluate(*v.on);
  const auto* split = as<SplitValue>(on);
  if (!split) {
    if (!is_poison(on)) {
      fail(code::not_a_split, v.on->span, "validation runs on a split of a corpus, not on " + kind_of(on),
           "not a split");
    }
    return;
  }
  Validation out;
  out.data = split->data;
  out.split = split->split;
  GraphScope own;
  own.owned = std::make_shared<Graph>(axis_table());
  own.graph = own.owned.get();
  const GraphGuard in_graph(*this, &own);
  const auto scope = std::make_shared<Scope>();
  scope->parent = scope_;
  const ScopeGuard in_scope(*this, scope);
  if (!bind_columns(d, split->data)) return;
  std::vector<NodeId> outputs;
  std::vector<Span> spans;
  each(v.body, [&](const ast::Stmt& s) {
    if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      read(*l);
      return true;
    }
    const auto* show = std::get_if<ast::Show>(&s.form);
    if (!show) {
      fail(code::not_here, s.keyword, "a validate block holds let and show", "not here");
      return true;
    }
    for (const ast::Argument& a : show->values) {
      const NodeId node = shown_number(a, "a validation");
      if (node == kNoNode) continue;
      out.shown.push_back(metric(metric_name(a)));
      outputs.push_back(node);
      spans.push_back(a.span);
    }
    return true;
  });
  if (outputs.empty() || !settled(*own.graph, split->data)) return;
  const AxisId batch = program_.data[static_cast<std::size_t>(split->data)].axes[0].axis;
  std::vector<std::uint32_t> varying;
  for (std::uint32_t slot = 0; slot < own.inputs.size(); ++slot) {
    const VariableId v = own.inputs[slot];
    if (program_.variables[static_cast<std::size_t>(v)].kind == VariableKind::column) varying.push_back(slot);
  }
  const auto put_together = [&](const std::vector<NodeId>& shown) {
    return split_metrics(*own.graph, shown, batch, varying);
  };
  for (std::size_t i = 0; i < outputs.size(); ++i) {  // one by one first, to tell which is at fault
    try {
      put_together({outputs[i]});
    } catch (const ShapeError& e) {
      std::string_view what = e.what();  // "[op] expected .., got .."
      if (const auto end = what.find("] "); end != what.npos) what.remove_prefix(end + 2);
      fail(code::not_a_total, spans[i], "this can't be put together from the batches of a validation",
           std::string(what), e.hint);
      return;
    }
  }
  out.metrics = std::make_shared<SplitMetrics>(put_together(outputs));
  out.inputs = own.inputs;
  t.validation = std::move(out);
}

}  // namespace weft::check
