#include "lang/check/elaborator.h"

/// The statements of functions and of scans, up to their `return`.
namespace weft::check {

Value Elaborator::returned(const ast::Return& r) {
  if (r.values.size() == 1) return evaluate(*r.values[0]);
  auto tuple = std::make_shared<TupleValue>();
  for (const ast::ExprPtr& e : r.values) {
    tuple->values.push_back(evaluate(*e));
    if (is_poison(tuple->values.back())) return Poison{};
  }
  return tuple;
}

/// From here on the name means its next value: `return h` gives the new state.
void Elaborator::read(const ast::Next& n, std::map<std::string, ArgumentValue>& next, NodeId live) {
  std::vector<ArgumentValue> values;
  for (const ast::Argument& a : n.values) values.push_back({a.name->text, evaluate(*a.value), a.span});
  for (ArgumentValue& v : values) {
    const auto carried = scope_->names.find(v.name);
    if (live != kNoNode && carried != scope_->names.end()) {
      v.value =
          emit(v.span, OpId::where, {live, tensor(v.value, v.span), tensor(carried->second.value, v.span)});
    }
    scope_->names[v.name] = {v.value, v.span};
    next[v.name] = std::move(v);
  }
}

Value Elaborator::body(const ast::Block& block, Span named, std::map<std::string, ArgumentValue>* next,
                       NodeId live) {
  Value result = Poison{};
  const Walked walked = each(block, [&](const ast::Stmt& s) {
    if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      read(*l);
    } else if (const auto* a = std::get_if<ast::AxisDecl>(&s.form)) {
      read(*a);
    } else if (const auto* set = std::get_if<ast::Set>(&s.form)) {
      read(*set, s.keyword);
    } else if (const auto* n = std::get_if<ast::Next>(&s.form); n && next) {
      read(*n, *next, live);
    } else if (const auto* r = std::get_if<ast::Return>(&s.form)) {
      result = returned(*r);
      return false;
    } else {
      fail(code::not_here, s.keyword,
           next ? "a scan's body holds let, next and return" : "a function holds let, set and return",
           "not here");
      return false;
    }
    return true;
  });
  if (walked == Walked::all) {
    fail(code::no_return, named, next ? "this scan gives nothing back" : "this function gives nothing back",
         "no `return` in its body");
  }
  return walked == Walked::stopped ? result : Poison{};
}

}  // namespace weft::check
