#include "lang/service/help.h"

#include <algorithm>
#include <array>

#include "lang/service/signature.h"

namespace weft::service {

namespace {

struct WordHelp {
  const char* word;
  const char* form;
  const char* help;
};

/// How each statement is written.
constexpr std::array kWords{
    WordHelp{"axis", "axis D = 256, T", "an axis with its extent; without one it is open: data binds it"},
    WordHelp{"option", "option rate = 0.1   # help",
             "a setting: `weft run SCRIPT --rate 0.2`, and `let` here"},
    WordHelp{"data", "data NAME = reader[B: 32, T: 35](\"file\")", "a corpus: columns, vocabularies, splits"},
    WordHelp{"let", "let a, b = EXPRESSION", "names for values"},
    WordHelp{"param", "param W: [In, Out] = glorot()", "a tensor that training changes"},
    WordHelp{"fn", "fn name[AXES](x: [.., D]) -> [..] { return ... }",
             "a function; unnamed in a model: its call"},
    WordHelp{"model", "model Name[In -> Out](size = 1) { let ... param ... fn ... }",
             "a declaration of models"},
    WordHelp{"train", "train run on book.train as (x = ids, y = next) { step { ... } epochs = 5 }",
             "a training; its numbers are run.loss and what it shows"},
    WordHelp{"step", "step { let ... minimize ... }", "what a training does with each batch"},
    WordHelp{"minimize", "minimize LOSS over MODEL using adam(1e-3)",
             "one update against the loss's gradient"},
    WordHelp{"validate", "validate on book.valid { show NAME = EXPRESSION }", "measures after each epoch"},
    WordHelp{"show", "show a, name = b", "prints values"},
    WordHelp{"plot", "plot a", "draws values"},
    WordHelp{"explain", "explain MODEL", "parameters, shapes, operations and memory"},
    WordHelp{"set", "set at[S](table, i) = x", "changes a parameter in place"},
    WordHelp{"freeze", "freeze MODEL.part", "parameters that no training changes"},
    WordHelp{"save", "save MODEL to \"file.safetensors\"", "writes a model file"},
    WordHelp{"expect", "expect run.loss < 2", "fails where this isn't so"},
    WordHelp{"return", "return a, b", "what a function gives back"},
    WordHelp{"next", "next h = EXPRESSION", "what a scan carries to its next step"},
    WordHelp{"import", "import \"file.weft\"", "the statements of another file, once"},
    WordHelp{"scan", "scan[T](x; h = zeros[.., H]()) { next h = ... return h }",
             "a recurrence along an axis"},
    WordHelp{"repeat", "repeat 6 { Block[T, D]() }", "a chain of models"},
    WordHelp{"if", "if CONDITION { ... } else { ... }", "statements chosen when the program is checked"},
};

/// The methods of a model, a line each.
std::string methods_of(const check::Value& v, const Sources& sources) {
  const ast::ModelDecl* declaration = nullptr;
  if (const auto* m = check::as<check::ModelValue>(v)) declaration = m->declaration;
  if (const auto* i = check::as<check::InstanceValue>(v)) declaration = i->instance->declaration;
  std::string out;
  if (!declaration) return out;
  for (const ast::Stmt& s : declaration->members) {
    const auto* fn = std::get_if<ast::FnDecl>(&s.form);
    if (!fn) continue;
    out += "\n  " + signature(*fn, sources);
    if (!fn->help.empty()) out += "   # " + one_line(fn->help);
  }
  return out;
}

}  // namespace

std::string help_text(const Name& name, const Sources& sources) {
  std::string text;
  switch (name.kind) {
    case NameKind::axis:
    case NameKind::function:
    case NameKind::method:
    case NameKind::model:
      text = name.type;
      break;
    case NameKind::constant:
    case NameKind::data:
      text = name.text + " = " + name.type;
      break;
    default:
      text = name.text + (name.type.empty() ? "" : " : " + name.type);
  }
  text += methods_of(name.value, sources);
  return name.help.empty() ? text : text + "\n" + name.help;
}

std::optional<std::string> help_of_word(const std::string& word) {
  for (const WordHelp& w : kWords) {
    if (w.word == word) return std::string(w.form) + "\n" + w.help;
  }
  for (const Name& reader : readers()) {
    if (reader.text == word) return reader.type + "\n" + reader.help;
  }
  return std::nullopt;
}

}  // namespace weft::service
