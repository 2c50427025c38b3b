#include "lang/check/elaborator.h"

/// `explain lm, run`: the report on a model or a training, when the script gets there.
namespace weft::check {

std::optional<Explain> Elaborator::explained(const std::string& name, const Value& v) const {
  Explain out;
  out.name = name;
  if (const auto* i = as<InstanceValue>(v)) {
    out.model = i->instance->declaration->name.text;
    out.parameters = parameters_of(i->instance);
    return out;
  }
  if (const auto* c = as<ChainValue>(v)) {
    out.model =
        "a chain of " + std::to_string(c->links.size()) + (c->links.size() == 1 ? " layer" : " layers");
    for (std::size_t k = 0; k < c->links.size(); ++k) {
      for (ModelParameter& p : parameters_of(c->links[k])) {
        p.path = std::to_string(k) + "." + p.path;
        out.parameters.push_back(std::move(p));
      }
    }
    return out;
  }
  if (const auto* r = as<RunValue>(v)) {
    out.training = r->name;
    return out;
  }
  return std::nullopt;
}

void Elaborator::read(const ast::Explain& d) {
  for (const ast::ExprPtr& e : d.values) {
    const Value v = evaluate(*e);
    if (is_poison(v)) continue;
    auto what = explained(std::string(sources_.text(e->span)), v);
    if (!what) {
      const std::string written(sources_.text(e->span));
      std::string help = "show " + written + " prints its value";
      if (const auto* m = as<ModelValue>(v)) {
        const auto& axes = m->declaration->axes;
        help = "make one and explain that: let made = " + written +
               (axes ? std::string(sources_.text(axes->span)) : "") + "()" + (axes ? ", with your axes" : "");
      }
      fail(code::wrong_kind, e->span, "explain takes a model or a training, not " + kind_of(v),
           "neither of them", help);
      continue;
    }
    program_.actions.push_back(std::move(*what));
  }
}

}  // namespace weft::check
