#include "lang/syntax/placement.h"

#include <string>

#include "lang/concat.h"
#include "lang/syntax/syntax_codes.h"

namespace weft::syntax {
namespace {

constexpr unsigned at(Place place) {
  return 1u << static_cast<unsigned>(place);
}

constexpr unsigned kProgram = at(Place::program);
constexpr unsigned kTrain = at(Place::train);
constexpr unsigned kBodies = at(Place::function) | at(Place::scan);

/// The places of each form of statement.
struct Places {
  unsigned operator()(const ast::AxisDecl&) const {
    return kProgram | at(Place::model) | at(Place::function);
  }
  unsigned operator()(const ast::Plot&) const { return kProgram; }
  unsigned operator()(const ast::Explain&) const { return kProgram; }
  unsigned operator()(const ast::Set&) const { return kProgram | at(Place::function) | at(Place::step); }
  unsigned operator()(const ast::Freeze&) const { return kProgram; }
  unsigned operator()(const ast::If&) const { return ~0u; }
  unsigned operator()(const ast::OptionDecl&) const { return kProgram; }
  unsigned operator()(const ast::DataDecl&) const { return kProgram; }
  unsigned operator()(const ast::LetDecl&) const { return ~kTrain; }
  unsigned operator()(const ast::ParamDecl&) const { return kProgram | at(Place::model); }
  unsigned operator()(const ast::FnDecl&) const { return kProgram | at(Place::model); }
  unsigned operator()(const ast::ModelDecl&) const { return kProgram; }
  unsigned operator()(const ast::TrainDecl&) const { return kProgram; }
  unsigned operator()(const ast::StepBlock&) const { return kTrain; }
  unsigned operator()(const ast::ValidateBlock&) const { return kTrain; }
  unsigned operator()(const ast::Settings&) const { return kTrain; }
  unsigned operator()(const ast::Minimize&) const { return at(Place::step); }
  unsigned operator()(const ast::Show&) const { return kProgram | at(Place::step) | at(Place::validate); }
  unsigned operator()(const ast::Save&) const { return kProgram; }
  unsigned operator()(const ast::Expect&) const { return kProgram; }
  unsigned operator()(const ast::Return&) const { return kBodies; }
  unsigned operator()(const ast::Next&) const { return at(Place::scan); }
  unsigned operator()(const ast::Import&) const { return kProgram; }
  unsigned operator()(const ast::Evaluate&) const { return kProgram; }
};

struct Description {
  const char* name;
  const char* holds;
};

Description describe(Place place) {
  switch (place) {
    case Place::program:
      return {"at the top of a program", ""};
    case Place::model:
      return {"in a model", "a model holds `axis`, `param`, `let`, `if` and `fn`"};
    case Place::function:
      return {"in a function", "a function holds `axis`, `let`, `if`, `set` and `return`"};
    case Place::scan:
      return {"in a scan", "a scan holds `let`, `if`, `next` and `return`"};
    case Place::train:
      return {"in a train block", "a train block holds `step`, `validate` and settings"};
    case Place::step:
      return {"in a step", "a step holds `let`, `if`, `minimize`, `set` and `show`"};
    case Place::validate:
      return {"in a validate block", "a validate block holds `let`, `if` and `show`"};
  }
  return {"here", ""};
}

}  // namespace

bool belongs(Place place, const ast::Stmt& statement) {
  return (std::visit(Places{}, statement.form) & at(place)) != 0;
}

Diagnostic misplaced(Place place, const ast::Stmt& statement, std::string_view keyword) {
  const Description where = describe(place);
  Diagnostic d;
  d.code = syntax_code::misplaced;
  d.span = statement.keyword;
  d.label = where.holds;
  if (std::holds_alternative<ast::Settings>(statement.form)) {
    d.message = concat("a setting can't stand ", where.name);
    d.label = "settings belong in a train block";
    d.help = concat("a value is declared with `let ", keyword, " = ...`");
  } else if (std::holds_alternative<ast::Evaluate>(statement.form)) {
    d.message = concat("an expression alone can't stand ", where.name);
  } else {
    d.message = concat("`", keyword, "` can't stand ", where.name);
    if (std::holds_alternative<ast::Return>(statement.form))
      d.help = "`return` belongs in a function or a scan";
    if (std::holds_alternative<ast::Next>(statement.form)) d.help = "`next` belongs in a scan";
    if (std::holds_alternative<ast::Minimize>(statement.form)) d.help = "`minimize` belongs in a step";
    if (std::holds_alternative<ast::StepBlock>(statement.form)) d.help = "`step` belongs in a train block";
    if (std::holds_alternative<ast::ValidateBlock>(statement.form)) {
      d.help = "`validate` belongs in a train block";
    }
  }
  return d;
}

}  // namespace weft::syntax
