#include <algorithm>
#include <set>
#include <string_view>

#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"
#include "lang/syntax/lexer.h"

/// Warnings: what a script declares and never uses, and parameters that no training changes.
namespace weft::check {

namespace {

/// Names that a source has in other places than those in which `declared` says they are declared. Where not
/// every line could be followed, a name that is merely mentioned counts as used.
std::set<std::string_view> mentioned(std::string_view source, const std::set<std::uint32_t>& declared) {
  std::set<std::string_view> names;
  for (const syntax::Token& t : syntax::lex(source, 0).tokens) {
    if (t.kind == syntax::Kind::name && !declared.count(t.span.begin)) names.insert(t.text);
  }
  return names;
}

bool branches(std::string_view source) {
  const auto tokens = syntax::lex(source, 0).tokens;
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const syntax::Token& t) { return t.kind == syntax::Kind::kw_if; });
}

bool exempt(const std::string& name) {
  return name.rfind('_', 0) == 0;
}

/// What of the top level may be told of as unused: the names one statement declares, and how to speak of it.
struct Declaration {
  const char* code = nullptr;
  const char* kind = nullptr;
  const char* label = nullptr;
  std::vector<const ast::Name*> names;  // used if one of them is
};

std::vector<Declaration> declarations(const ast::Program& program) {
  std::vector<Declaration> out;
  for (const ast::Stmt& s : program.statements) {
    if (const auto* d = std::get_if<ast::AxisDecl>(&s.form)) {
      for (const auto& one : d->axes) out.push_back({code::unused_axis, "axis", "never used", {&one.name}});
    } else if (const auto* o = std::get_if<ast::OptionDecl>(&s.form)) {
      // `dtype` is for the machine.
      if (o->name.text != "dtype")
        out.push_back({code::unused_option, "option", "changes nothing", {&o->name}});
    } else if (const auto* m = std::get_if<ast::ModelDecl>(&s.form)) {
      out.push_back({code::unused_model, "model", "no layer is made of it", {&m->name}});
    } else if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      Declaration let{code::unused_let, "`let`", "never used", {}};
      for (const ast::Name& n : l->names) let.names.push_back(&n);
      out.push_back(std::move(let));
    }
  }
  return out;
}

}  // namespace

void Elaborator::warn_unused(const ast::Program& program) {
  const std::vector<Declaration> all = declarations(program);
  if (all.empty()) return;
  const std::string_view source = sources_[all[0].names[0]->span.file].text;
  std::set<std::uint32_t> places;
  for (const Declaration& d : all) {
    for (const ast::Name* n : d.names) places.insert(n->span.begin);
  }
  std::set<std::string_view> also;
  if (unfollowed_ || branches(source)) also = mentioned(source, places);
  for (const Declaration& d : all) {
    const bool used = std::any_of(d.names.begin(), d.names.end(), [&](const ast::Name* n) {
      const auto it = top_->names.find(n->text);
      return exempt(n->text) || also.count(n->text) || it == top_->names.end() || it->second.used ||
             !(it->second.declared == n->span);
    });
    if (used) continue;
    const ast::Name& name = *d.names[0];
    const bool let = d.code == std::string_view(code::unused_let);
    const std::string what = (let ? "" : d.kind + std::string(" ")) + "`" + name.text + "`";
    warn(d.code, name.span, what + " is never used", d.label, "if it is meant to stay, call it _" + name.text,
         {}, Fix{name.span, "_" + name.text});
  }
}

/// Parameters that the losses minimized over them don't depend on, and parameters of the top level that take
/// part in a step and are neither minimized over nor set.
void Elaborator::warn_untrained() {
  std::set<VariableId> reached;
  std::set<VariableId> seen;
  for (const Action& a : program_.actions) {
    const auto* t = std::get_if<Training>(&a);
    if (!t) continue;
    reached.insert(t->trained.begin(), t->trained.end());
    seen.insert(t->step.inputs.begin(), t->step.inputs.end());
  }
  const auto good = [&](VariableId v) { return reached.count(v) || frozen_.count(v); };
  std::set<VariableId> told;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<const MinimizedOver*>> idle;  // by `over`
  for (const MinimizedOver& n : without_gradient_) {
    if (!good(n.variable) && told.insert(n.variable).second) idle[{n.over.file, n.over.begin}].push_back(&n);
  }
  for (const auto& [place, all] : idle) {
    std::vector<std::string> paths;
    for (const MinimizedOver* n : all) {
      paths.push_back(std::string(sources_.text(n->over)) + (n->path.empty() ? "" : "." + n->path));
    }
    constexpr std::size_t kListed = 3;
    const std::string more = paths.size() > kListed ? ", and on more" : "";
    paths.resize(std::min(paths.size(), kListed));
    warn(code::untrained, all[0]->over, "no loss depends on " + listed(paths) + more, "minimized over this",
         "use what isn't trained in the loss, or freeze it: freeze " + paths[0]);
  }
  for (const auto& [name, binding] : top_->names) {
    const auto* x = as<VariableValue>(binding.value);
    if (!x || x->of || exempt(name) || !seen.count(x->variable) || good(x->variable) ||
        told.count(x->variable) ||
        program_.variables[static_cast<std::size_t>(x->variable)].kind != VariableKind::parameter) {
      continue;
    }
    warn(code::untrained, binding.declared, "nothing trains the parameter `" + name + "`",
         "used in a step, and in no `over`", "name it after `over`, or freeze " + name);
  }
}

std::vector<Diagnostic> Elaborator::take_warnings(const ast::Program& program) {
  warn_unused(program);
  warn_untrained();
  return reporter_.take_warnings();
}

}  // namespace weft::check
