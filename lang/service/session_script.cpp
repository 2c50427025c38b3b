#include "lang/service/session_script.h"

#include <algorithm>
#include <map>
#include <set>

#include "lang/syntax/lexer.h"

namespace weft::service {

namespace {

using syntax::Kind;
using syntax::Token;
using Statements = std::vector<SaidStatement>;

const std::string kAnswer = "ans";

SaidStatement facts_of(const ast::Stmt& s, const Sources& sources) {
  SaidStatement out;
  using K = SaidStatement::Kind;
  const auto text = [&](const ast::ExprPtr& e) { return std::string(sources.text(e->span)); };
  const auto declared = [&](K kind, const ast::Name& name) {
    out.kind = kind;
    out.declares.push_back(name.text);
  };
  if (const auto* a = std::get_if<ast::AxisDecl>(&s.form)) {
    for (const auto& one : a->axes) declared(K::declaration, one.name);
  } else if (const auto* o = std::get_if<ast::OptionDecl>(&s.form)) {
    declared(K::declaration, o->name);
  } else if (const auto* d = std::get_if<ast::DataDecl>(&s.form)) {
    declared(K::declaration, d->name);
  } else if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
    for (const ast::Name& name : l->names) declared(K::declaration, name);
  } else if (const auto* p = std::get_if<ast::ParamDecl>(&s.form)) {
    declared(K::declaration, p->name);
  } else if (const auto* m = std::get_if<ast::ModelDecl>(&s.form)) {
    declared(K::late, m->name);
  } else if (const auto* f = std::get_if<ast::FnDecl>(&s.form); f && f->name) {
    declared(K::late, *f->name);
  } else if (const auto* t = std::get_if<ast::TrainDecl>(&s.form)) {
    declared(K::effect, t->name);
  } else if (const auto* e = std::get_if<ast::Evaluate>(&s.form)) {
    out.answer = text(e->value);
    out.expression = true;
  } else if (const auto* show = std::get_if<ast::Show>(&s.form)) {
    if (!show->values.empty()) out.answer = text(show->values.back().value);
  } else if (!std::holds_alternative<ast::Expect>(s.form) && !std::holds_alternative<ast::Plot>(s.form) &&
             !std::holds_alternative<ast::Explain>(s.form)) {
    out.kind = K::effect;
  }
  return out;
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
}

/// "T" of "T''".
std::string_view unprimed(std::string_view name) {
  return name.substr(0, std::min(name.find('\''), name.size()));
}

/// A name of the top level in the text of a statement.
struct Use {
  std::size_t begin = 0;
  std::string name;       // without primes
  bool declared = false;  // this is where the statement declares it
};

/// Where a statement speaks of the top level: not of members, arguments or names of its own.
std::vector<Use> uses_in(const SaidStatement& s) {
  const syntax::Lexed lexed = syntax::lex(s.text, 0);
  const auto& tokens = lexed.tokens;
  std::set<std::string_view> own;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const bool declares = tokens[i - 1].kind == Kind::kw_let || tokens[i - 1].kind == Kind::kw_fn;
    if (declares && tokens[i].depth > 0 && tokens[i].kind == Kind::name) own.insert(tokens[i].text);
  }
  std::set<std::string> to_declare(s.declares.begin(), s.declares.end());
  std::vector<Use> out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& t = tokens[i];
    if (t.kind != Kind::name || own.count(t.text)) continue;
    if (i > 0 && tokens[i - 1].kind == Kind::dot) continue;
    if (t.depth > 0 && i + 1 < tokens.size() && tokens[i + 1].kind == Kind::assign) continue;
    std::string name(unprimed(t.text));
    const bool declared = t.depth == 0 && to_declare.erase(name) > 0;
    out.push_back({t.span.begin, std::move(name), declared});
  }
  return out;
}

using Renaming = std::map<std::string, std::string>;

/// The text with other names: `own` for those it declares, `before` for those it refers to.
std::string renamed(const SaidStatement& s, const Renaming& own, const Renaming& before) {
  std::string out;
  std::size_t done = 0;
  for (const Use& use : uses_in(s)) {
    const Renaming& names = use.declared ? own : before;
    const auto to = names.find(use.name);
    if (to == names.end()) continue;
    out += s.text.substr(done, use.begin - done) + to->second;
    done = use.begin + use.name.size();
  }
  return out + s.text.substr(done);
}

bool declares(const SaidStatement& s, const std::string& name) {
  return std::find(s.declares.begin(), s.declares.end(), name) != s.declares.end();
}

std::set<std::string> referred(const SaidStatement& s) {
  std::set<std::string> names;
  for (const Use& use : uses_in(s)) {
    if (!use.declared) names.insert(use.name);
  }
  return names;
}

/// A name that nothing in the session has.
class FreshNames {
 public:
  explicit FreshNames(const Statements& all) {
    for (const SaidStatement& s : all) {
      const syntax::Lexed lexed = syntax::lex(s.text, 0);
      for (const Token& t : lexed.tokens) taken_.emplace(unprimed(t.text));
    }
  }
  std::string like(const std::string& name) {
    for (int k = 1;; ++k) {
      const std::string candidate = name + "_" + std::to_string(k);
      if (taken_.insert(candidate).second) return candidate;
    }
  }

 private:
  std::set<std::string> taken_;
};

/// `ans` becomes a name where it is used: "let ans_1 = EXPRESSION" before what showed it.
Statements name_answers(const Statements& all, FreshNames& fresh) {
  std::map<std::size_t, std::string> names;  // by the statement that showed it
  Statements out = all;
  std::size_t shown = all.size();  // the last statement that gave `ans` its meaning
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (shown < all.size() && referred(all[i]).count(kAnswer)) {
      std::string& name = names[shown];
      if (name.empty()) name = fresh.like(kAnswer);
      out[i].text = renamed(all[i], {}, {{kAnswer, name}});
      SaidStatement answer;
      answer.text = all[i].answer;
      out[i].answer = renamed(answer, {}, {{kAnswer, name}});
    }
    if (declares(all[i], kAnswer)) shown = all.size();
    if (!all[i].answer.empty()) shown = i;
  }
  Statements named;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (const auto it = names.find(i); it != names.end()) {
      SaidStatement let;
      let.kind = SaidStatement::Kind::declaration;
      let.of_answer = true;
      let.text = "let " + it->second + " = " + out[i].answer;
      let.declares = {it->second};
      named.push_back(std::move(let));
      if (out[i].expression) out[i].text = "show " + it->second;
    } else if (out[i].expression) {
      const auto at = out[i].text.rfind(out[i].answer);
      if (at != std::string::npos) out[i].text.insert(at, "show ");
    }
    named.push_back(std::move(out[i]));
  }
  return named;
}

}  // namespace

std::vector<SaidStatement> statements_of(const ast::Program& program, const Sources& sources) {
  const std::string_view text = sources[program.file].text;
  std::vector<SaidStatement> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < program.statements.size(); ++i) {
    // A comment on a statement's last line is its own; what is below belongs to the next one.
    const bool last = i + 1 == program.statements.size();
    const std::size_t next = last ? text.size() : program.statements[i + 1].span.begin;
    std::size_t end = text.find('\n', program.statements[i].span.end);
    end = last ? text.size() : std::min(end == text.npos ? next : end + 1, next);
    out.push_back(facts_of(program.statements[i], sources));
    out.back().text = trimmed(text.substr(begin, end - begin));
    begin = end;
  }
  return out;
}

std::string as_source(const std::vector<SaidStatement>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool used = false;
    for (std::size_t k = i + 1; k < all.size() && !all[i].answer.empty(); ++k) {
      used = used || referred(all[k]).count(kAnswer) != 0;
      if (used || !all[k].answer.empty() || declares(all[k], kAnswer)) break;
    }
    out += (used ? "let " + kAnswer + " = " + all[i].answer : all[i].text) + "\n";
  }
  return out;
}

std::string as_script(const std::vector<SaidStatement>& said) {
  FreshNames fresh(said);
  Statements all = name_answers(said, fresh);
  using K = SaidStatement::Kind;

  std::map<std::string, std::vector<std::size_t>> declared;  // by name: where
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::string& name : all[i].declares) declared[name].push_back(i);
  }
  // Which declaration of a name statement i means; all.size(): none of the session's.
  const auto meant = [&](std::size_t i, const std::string& name) {
    const auto it = declared.find(name);
    if (it == declared.end()) return all.size();
    if (all[i].kind == K::late) return it->second.back();
    const auto after = std::lower_bound(it->second.begin(), it->second.end(), i);
    return after == it->second.begin() ? all.size() : *(after - 1);
  };
  const auto is_last = [&](std::size_t declaration, const std::string& name) {
    return declared[name].back() == declaration;
  };
  // What `ans` meant is as old as what it was made of.
  std::vector<char> stale(all.size(), 0);
  const auto is_current = [&](std::size_t declaration, const std::string& name) {
    return is_last(declaration, name) && !stale[declaration];
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].of_answer) continue;
    for (const std::string& name : referred(all[i])) {
      const std::size_t d = meant(i, name);
      if (d < all.size() && !is_current(d, name)) stale[i] = 1;
    }
  }

  std::vector<char> kept(all.size(), 0);
  std::set<std::pair<std::size_t, std::string>> needed;  // earlier meanings that something kept refers to
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = all.size(); i-- > 0;) {
      if (kept[i]) continue;
      const std::set<std::string> names = referred(all[i]);
      bool of_the_past = false;  // it speaks of a meaning that nothing else needs
      for (const std::string& name : names) {
        const std::size_t d = meant(i, name);
        if (d < all.size() && !is_current(d, name) && !needed.count({d, name})) {
          of_the_past = true;
        }
      }
      bool keep = !of_the_past;
      if (all[i].kind == K::declaration || all[i].kind == K::late) {
        keep = std::any_of(all[i].declares.begin(), all[i].declares.end(), [&](const std::string& name) {
          return is_current(i, name) || needed.count({i, name});
        });
      }
      if (!keep) continue;
      kept[i] = changed = true;
      for (const std::string& name : names) {
        if (const std::size_t d = meant(i, name); d < all.size()) needed.insert({d, name});
      }
    }
  }

  std::map<std::pair<std::size_t, std::string>, std::string> earlier;  // names of earlier meanings
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!kept[i]) continue;
    Renaming own, before;
    for (const std::string& name : all[i].declares) {
      if (!is_last(i, name)) own[name] = earlier[{i, name}] = fresh.like(name);
    }
    for (const std::string& name : referred(all[i])) {
      const auto it = earlier.find({meant(i, name), name});
      if (it != earlier.end()) before[name] = it->second;
    }
    out += renamed(all[i], own, before) + "\n";
  }
  return out;
}

}  // namespace weft::service
