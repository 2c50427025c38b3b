#include "lang/check/elaborator.h"

/// `freeze`: parameters that no `minimize` from here on changes.
namespace weft::check {

void Elaborator::parameters_of(const Value& v, std::vector<NamedParameter>& out) const {
  if (const auto* i = as<InstanceValue>(v)) collect_parameters(*i->instance, "", out);
  if (const auto* c = as<ChainValue>(v)) {
    for (const auto& link : c->links) collect_parameters(*link, "", out);
  }
  if (const auto* p = as<VariableValue>(v);
      p && program_.variables[static_cast<std::size_t>(p->variable)].kind == VariableKind::parameter) {
    out.push_back({"", p->variable});
  }
}

void Elaborator::read(const ast::Freeze& f) {
  for (const ast::ExprPtr& part : f.parts) {
    const Value v = evaluate(*part);
    std::vector<NamedParameter> found;
    parameters_of(v, found);
    if (found.empty() && !is_poison(v)) {
      const bool layer = as<InstanceValue>(v) || as<ChainValue>(v);
      fail(code::not_freezable, part->span, "`freeze` takes a model, a layer or a parameter",
           layer ? "has no parameters" : "is " + kind_of(v));
    }
    for (const NamedParameter& p : found) frozen_.emplace(p.variable, part->span);
  }
}

}  // namespace weft::check
