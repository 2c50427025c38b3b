#include "lang/check/guards.h"
#include "lang/check/training_reader.h"

/// The validation of a training: two graphs, what happens in each batch and what is made of the totals.
namespace weft::check {

void TrainingReader::validate(const ast::ValidateBlock& v) {
  if (!std::holds_alternative<CorpusBatches>(t_.batches)) {
    e_.fail(code::not_here, v.on->span, "a training without a corpus has no columns to validate with",
            "nothing to give to this split", "after the training, show or expect what it learnt");
    return;
  }
  const Value on = e_.evaluate(*v.on);
  const auto* split = as<SplitValue>(on);
  if (!split) {
    if (!is_poison(on)) {
      e_.fail(code::not_a_split, v.on->span, "validation runs on a split of a corpus, not on " + kind_of(on),
              "not a split");
    }
    return;
  }
  Validation out;
  out.data = split->data;
  out.split = split->split;
  GraphScope own(e_.axis_table());
  const GraphGuard in_graph(e_, &own);
  const ScopeGuard in_scope(e_, e_.inner_scope());
  if (!bind_columns(split->data)) return;
  std::vector<NodeId> outputs;
  std::vector<Span> spans;
  e_.each(v.body, [&](const ast::Stmt& s) {
    if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      e_.read(*l);
      return true;
    }
    const auto* show = std::get_if<ast::Show>(&s.form);
    if (!show) {
      e_.fail(code::not_here, s.keyword, "a validate block holds let and show", "not here");
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
  if (outputs.empty() || !e_.settled(*own.graph, split->data)) return;
  const AxisId batch = e_.program().data[static_cast<std::size_t>(split->data)].axes[0].axis;
  std::vector<std::uint32_t> varying;
  for (std::uint32_t slot = 0; slot < own.inputs.size(); ++slot) {
    const VariableId v = own.inputs[slot];
    if (e_.program().variables[static_cast<std::size_t>(v)].kind == VariableKind::column)
      varying.push_back(slot);
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
      e_.fail(code::not_a_total, spans[i], "this can't be put together from the batches of a validation",
              std::string(what), e.hint);
      return;
    }
  }
  out.metrics = std::make_shared<SplitMetrics>(put_together(outputs));
  out.inputs = own.inputs;
  t_.validation = std::move(out);
}

}  // namespace weft::check
