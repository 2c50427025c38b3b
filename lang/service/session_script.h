#pragma once

#include <string>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/syntax/ast.h"

/// What was said in a REPL, as a script.
namespace weft::service {

/// One statement of a session, as it was written.
struct SaidStatement {
  enum class Kind {
    declaration,  // names a value: axis, option, data, let, param
    late,         // fn, model: what they refer to is looked up when they are called
    effect,       // changes or writes something: train, set, freeze, save, import
    output        // show, expect, plot, explain, an expression alone
  };
  std::string text;  // with the comments around it
  Kind kind = Kind::output;
  std::vector<std::string> declares;
  std::string answer;       // the expression that `ans` means afterwards; empty: the same as before
  bool expression = false;  // it is that expression and nothing else
  bool of_answer = false;   // it names what `ans` meant
};

std::vector<SaidStatement> statements_of(const ast::Program&, const Sources&);

/// A script that declares every name once. A name that was declared again keeps its last meaning; an earlier
/// one stays, under a name of its own, only where something that stays needs it, and what was merely shown of
/// it is left out. What `ans` meant where it was used gets a name.
std::string as_script(const std::vector<SaidStatement>&);

/// All of it in order, for a reader that lets names be declared again. `ans` is declared where it is used.
std::string as_source(const std::vector<SaidStatement>&);

}  // namespace weft::service
