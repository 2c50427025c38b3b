#include <algorithm>

#include "lang/check/function_call.h"
#include "lang/check/suggest.h"

/// Calls: what can be called, and arguments laid over signatures.
namespace weft::check {

bool Elaborator::match_arguments(const std::string& callee, CallSite& site,
                                 const std::vector<std::string>& names, std::size_t required,
                                 std::vector<const ArgumentValue*>& out) {
  out.assign(names.size(), nullptr);
  bool good = true;
  std::size_t position = 0;
  for (const ArgumentValue& a : site.arguments) {
    std::size_t slot = names.size();
    if (a.name.empty()) {
      slot = position++;
      if (slot >= names.size()) {
        fail(code::too_many_arguments, a.span,
             callee + " takes " + std::to_string(names.size()) +
                 (names.size() == 1 ? " argument" : " arguments"),
             "one too many");
        good = false;
        continue;
      }
    } else {
      slot = static_cast<std::size_t>(std::find(names.begin(), names.end(), a.name) - names.begin());
      if (slot == names.size()) {
        const std::string near = nearest(a.name, names);
        std::string help = near.empty() ? "" : "did you mean `" + near + "`?";
        if (help.empty() && !names.empty()) help = "it takes " + listed(names);
        fail(code::unknown_argument, a.span, callee + " has no argument `" + a.name + "`", "not an argument",
             help, {},
             replaced({a.span.file, a.span.begin, a.span.begin + static_cast<std::uint32_t>(a.name.size())},
                      near));
        good = false;
        continue;
      }
    }
    if (out[slot]) {
      fail(code::argument_twice, a.span, "argument `" + names[slot] + "` is given twice", "the second time");
      good = false;
      continue;
    }
    out[slot] = &a;
  }
  for (std::size_t i = 0; good && i < required; ++i) {
    if (!out[i]) {
      fail(code::missing_argument, site.span, callee + " needs its argument `" + names[i] + "`",
           "`" + names[i] + "` is missing");
      good = false;
    }
  }
  return good;
}

Value Elaborator::call(const Value& callee, CallSite& site) {
  if (is_poison(callee)) return Poison{};
  for (const ArgumentValue& a : site.arguments) {
    if (is_poison(a.value)) return Poison{};
  }
  if (const auto* b = as<BuiltinValue>(callee)) return b->builtin->call(*this, *b->builtin, site);
  if (const auto* f = as<FunctionValue>(callee))
    return call_function(*f->declaration, f->scope, nullptr, site);
  if (const auto* m = as<MethodValue>(callee)) {
    return call_function(*m->declaration, m->instance->scope, m->instance.get(), site);
  }
  if (const auto* m = as<ModelValue>(callee)) return instantiate(*m, site);
  if (const auto* i = as<InstanceValue>(callee)) {
    if (const ast::FnDecl* fn = i->instance->method("")) {
      return call_function(*fn, i->instance->scope, i->instance.get(), site);
    }
    return fail(code::no_unnamed_fn, site.callee,
                "model `" + i->instance->declaration->name.text + "` has no unnamed fn", "can't be called",
                "give it one: fn (x: ...) -> ... { ... }");
  }
  if (const auto* c = as<ChainValue>(callee)) {
    if (c->links.empty()) {
      if (site.arguments.size() == 1) return site.arguments[0].value;
      return fail(code::missing_argument, site.span, "an empty chain gives back its one argument",
                  std::to_string(site.arguments.size()) + " arguments");
    }
    Value v;
    for (std::size_t i = 0; i < c->links.size(); ++i) {
      CallSite link = site;
      if (i > 0) link.arguments[0] = {{}, v, site.span};
      v = call(InstanceValue{c->links[i]}, link);
      if (is_poison(v)) return v;
    }
    return v;
  }
  return fail(code::not_callable, site.callee, kind_of(callee) + " can't be called",
              "not a function or layer");
}

Value Elaborator::call_function(const ast::FnDecl& fn, const std::shared_ptr<Scope>& defined,
                                const Instance* instance, CallSite& site) {
  // Nothing in the language could end a recursion.
  const auto same = [&](const ActiveCall& c) { return c.function == &fn && c.instance == instance; };
  if (std::any_of(calls_.begin(), calls_.end(), same)) {
    const std::string name = fn.name ? fn.name->text : instance ? instance->declaration->name.text : "it";
    return fail(code::recursion, site.span, "a function can't call itself",
                same(calls_.back()) ? "inside `" + name + "`" : "`" + name + "` came here by way of others",
                "walk along an axis with scan[T](...) { ... }");
  }
  used_.insert(&fn);
  calls_.push_back({&fn, instance, site.span});
  const Value result = reads_text(fn, site) ? call_with_text(fn, defined, instance, site)
                                            : FunctionCall(*this, fn, defined, instance, site).run();
  calls_.pop_back();
  return result;
}

}  // namespace weft::check
