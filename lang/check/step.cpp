#include "lang/check/guards.h"
#include "lang/check/suggest.h"
#include "lang/check/training_reader.h"

/// The step of a training: one graph, with forward, gradient, clipping, update and `set` in it.
namespace weft::check {

namespace {

DataId corpus_of(const Batches& batches) {
  const auto* corpus = std::get_if<CorpusBatches>(&batches);
  return corpus ? corpus->data : -1;
}

}  // namespace

/// One number of a `show` in a training; kNoNode after a diagnostic.
NodeId TrainingReader::shown_number(const ast::Argument& a, const char* where) {
  const NodeId node = e_.real(e_.tensor(e_.evaluate(*a.value), a.span), a.span);
  if (node == kNoNode || e_.graph().graph->type(node).dims.empty()) return node;
  e_.fail(code::not_scalar, a.span, std::string(where) + " shows single numbers", "is " + e_.describe(node),
          "reduce it, with mean[..] for example");
  return kNoNode;
}

std::string TrainingReader::metric_name(const ast::Argument& a) const {
  return a.name ? a.name->text : std::string(e_.sources().text(a.value->span));
}

void TrainingReader::step(const ast::Block& block) {
  GraphScope own(e_.axis_table());
  own.training = true;
  const GraphGuard in_graph(e_, &own);
  const ScopeGuard in_scope(e_, e_.inner_scope());
  if (!bind_columns(t_.batches)) return;
  GraphScope apply;
  if (t_.accumulate > 1) {
    apply = GraphScope(e_.axis_table());
    apply.training = true;
    t_.group_size = metric("batches").variable;
    apply_ = &apply;
  }
  std::vector<NodeId> losses, shown;
  const StepGuard in_step(e_, &t_);
  e_.each(block, [&](const ast::Stmt& s) {
    if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      e_.read(*l);
    } else if (const auto* m = std::get_if<ast::Minimize>(&s.form)) {
      const NodeId loss = minimize(*m, s.span);
      if (loss == kNoNode) return true;
      t_.losses.push_back(metric(losses.empty() ? "loss" : "loss" + std::to_string(losses.size() + 1)));
      losses.push_back(loss);
    } else if (const auto* set = std::get_if<ast::Set>(&s.form)) {
      e_.read(*set, s.keyword);
    } else if (const auto* show = std::get_if<ast::Show>(&s.form)) {
      for (const ast::Argument& a : show->values) {
        const NodeId node = shown_number(a, "a step");
        if (node == kNoNode) continue;
        t_.shown.push_back(metric(metric_name(a)));
        shown.push_back(node);
      }
    } else {
      e_.fail(code::not_here, s.keyword, "a step holds let, minimize, set and show", "not here");
    }
    return true;
  });
  apply_ = nullptr;
  if (!e_.settled(*own.graph, corpus_of(t_.batches))) return;
  losses.insert(losses.end(), shown.begin(), shown.end());
  t_.step = e_.finish(own, std::move(losses));
  if (t_.accumulate > 1) t_.apply = e_.finish(apply, {});
  if (!lazy_tables_.empty()) t_.catch_up = catch_up();
}

}  // namespace weft::check
