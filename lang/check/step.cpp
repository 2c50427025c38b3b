#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"

/// The step of a training: one graph, with forward, gradient, clipping, update and `set` in it.
namespace weft::check {

namespace {

DataId corpus_of(const Batches& batches) {
  const auto* corpus = std::get_if<CorpusBatches>(&batches);
  return corpus ? corpus->data : -1;
}

}  // namespace

bool Elaborator::bind_columns(const ast::TrainDecl& d, const Batches& batches) {
  if (const auto* corpus = std::get_if<CorpusBatches>(&batches)) return bind_columns(d, corpus->data);
  graph_->batches = true;
  const auto* episodes = std::get_if<EpisodeBatches>(&batches);
  if (!episodes) return true;
  std::vector<std::string> names;
  for (const VariableId v : episodes->columns)
    names.push_back(program_.variables[static_cast<std::size_t>(v)].name);
  bool good = true;
  for (const ast::Argument& a : d.columns) {
    const auto index = column_named(a, "an episode", names);
    good = good && index;
    if (!index) continue;
    scope_->names[a.name ? a.name->text : names[*index]] = {VariableValue{episodes->columns[*index]}, a.span};
  }
  return good;
}

/// One number of a `show` in a training; kNoNode after a diagnostic.
NodeId Elaborator::shown_number(const ast::Argument& a, const char* where) {
  const NodeId node = real(tensor(evaluate(*a.value), a.span), a.span);
  if (node == kNoNode || graph_->graph->type(node).dims.empty()) return node;
  fail(code::not_scalar, a.span, std::string(where) + " shows single numbers", "is " + describe(node),
       "reduce it, with mean[..] for example");
  return kNoNode;
}

std::string Elaborator::metric_name(const ast::Argument& a) const {
  return a.name ? a.name->text : std::string(sources_.text(a.value->span));
}

void Elaborator::step(const ast::TrainDecl& d, const ast::Block& block, Training& t) {
  GraphScope own;
  own.owned = std::make_shared<Graph>(axis_table());
  own.graph = own.owned.get();
  own.training = true;
  const GraphGuard in_graph(*this, &own);
  const auto scope = std::make_shared<Scope>();
  scope->parent = scope_;
  const ScopeGuard in_scope(*this, scope);
  if (!bind_columns(d, t.batches)) return;
  GraphScope apply;
  if (t.accumulate > 1) {
    apply.owned = std::make_shared<Graph>(axis_table());
    apply.graph = apply.owned.get();
    apply.training = true;
    t.group_size = metric("batches").variable;
    apply_ = &apply;
  }
  std::vector<NodeId> losses, shown;
  step_ = &t;
  each(block, [&](const ast::Stmt& s) {
    if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      read(*l);
    } else if (const auto* m = std::get_if<ast::Minimize>(&s.form)) {
      const NodeId loss = minimize(*m, s.span, t);
      if (loss == kNoNode) return true;
      t.losses.push_back(metric(losses.empty() ? "loss" : "loss" + std::to_string(losses.size() + 1)));
      losses.push_back(loss);
    } else if (const auto* set = std::get_if<ast::Set>(&s.form)) {
      read(*set, s.keyword);
    } else if (const auto* show = std::get_if<ast::Show>(&s.form)) {
      for (const ast::Argument& a : show->values) {
        const NodeId node = shown_number(a, "a step");
        if (node == kNoNode) continue;
        t.shown.push_back(metric(metric_name(a)));
        shown.push_back(node);
      }
    } else {
      fail(code::not_here, s.keyword, "a step holds let, minimize, set and show", "not here");
    }
    return true;
  });
  step_ = nullptr;
  apply_ = nullptr;
  if (!settled(*own.graph, corpus_of(t.batches))) return;
  losses.insert(losses.end(), shown.begin(), shown.end());
  t.step = finish(own, std::move(losses));
  if (t.accumulate > 1) t.apply = finish(apply, {});
}

}  // namespace weft::check
