#include <algorithm>

#include "lang/check/guards.h"
#include "lang/service/help.h"
#include "lang/session_step.h"
#include "lang/syntax/parse.h"
#include "lang/syntax/syntax_codes.h"

/// A session that goes on source by source: each can be taken back, and all of them written down.
namespace weft {

namespace {

/// How many trainings can be taken back: each holds a copy of the parameters it changed.
constexpr int kCopies = 10;

}  // namespace

void Session::begin_step() {
  if (step_) take_back(*step_);  // something was thrown while it was read
  step_ = std::make_unique<Step>();
  step_->names = elaborator_->mark();
  step_->machine = machine_.state();
  step_->actions = program_.actions.size();
  const ast::Program& tree = *parsed_.back();
  step_->text = sources_[tree.file].text;
  step_->said = service::statements_of(tree, sources_);
}

void Session::take_back(const Step& step) {
  elaborator_->go_back(step.names);
  if (program_.actions.size() > step.actions) program_.actions.resize(step.actions);
  machine_.restore(step.machine);
}

Outcome Session::run_step() {
  std::unique_ptr<Step> step = std::move(step_);
  const auto first = program_.actions.begin() + static_cast<std::ptrdiff_t>(step->actions);
  const auto has = [&](auto is) { return std::any_of(first, program_.actions.end(), is); };
  const bool trains = has([](const Action& a) { return std::holds_alternative<Training>(a); });
  if (trains || has([](const Action& a) { return std::holds_alternative<Save>(a); })) {
    std::vector<service::SaidStatement> all;
    for (const auto& s : steps_) {
      if (s->succeeded) all.insert(all.end(), s->said.begin(), s->said.end());
    }
    all.insert(all.end(), step->said.begin(), step->said.end());
    provenance_.files[provenance_.main] = service::as_source(all);
  }
  Outcome outcome{};
  try {
    machine_.keep_overwritten(step->machine);
    outcome = machine_.run(provenance_);
  } catch (...) {
    take_back(*step);
    throw;
  }
  if (outcome == Outcome::interrupted && !trains) {
    take_back(*step);  // it has no value; of a training what was learnt stays
    return outcome;
  }
  step->succeeded = outcome != Outcome::failed;
  steps_.push_back(std::move(step));
  int copies = 0;
  for (std::size_t i = steps_.size(); i-- > undoable_;) {
    if (!steps_[i]->machine.overwritten.empty() && ++copies > kCopies) {
      steps_[i]->machine.overwritten.clear();
      undoable_ = i + 1;
      break;
    }
  }
  return outcome;
}

std::optional<std::string> Session::undo() {
  if (steps_.size() <= undoable_) return std::nullopt;
  take_back(*steps_.back());
  std::string text = std::move(steps_.back()->text);
  steps_.pop_back();
  return text;
}

std::string Session::script() const {
  std::vector<service::SaidStatement> all;
  for (const auto& s : steps_) {
    if (s->succeeded) all.insert(all.end(), s->said.begin(), s->said.end());
  }
  return service::as_script(all);
}

std::vector<service::Name> Session::names() const {
  return service::names_of(elaborator_->scope(), program_, sources_);
}

std::vector<service::Name> Session::members(const std::string& path) {
  return service::members_of(elaborator_->at_path(path), program_, sources_);
}

std::optional<std::string> Session::help(const std::string& path) {
  const check::Binding* top = elaborator_->find(path);
  const check::Value value = top ? top->value : elaborator_->at_path(path);
  if (check::is_poison(value)) return service::help_of_word(path);
  return service::help_text(service::describe(path, value, top ? top->declared : Span{}, program_, sources_),
                            sources_);
}

std::string Session::type_of(const std::string& expression, std::vector<Diagnostic>& diagnostics) {
  const std::uint32_t file = sources_.add("<repl>", expression);
  Parsed parsed = parse(sources_, file);
  diagnostics = std::move(parsed.diagnostics);
  if (!diagnostics.empty()) return "";
  const auto& statements = parsed.program.statements;
  const auto* e = statements.size() == 1 ? std::get_if<ast::Evaluate>(&statements[0].form) : nullptr;
  if (!e) {
    const Span whole{file, 0, static_cast<std::uint32_t>(expression.size())};
    diagnostics.push_back({syntax_code::expected,
                           Severity::error,
                           whole,
                           "an expression has a type, a statement has none",
                           "not one expression",
                           {},
                           ""});
    return "";
  }
  const auto mark = elaborator_->mark();
  const auto state = machine_.state();
  const std::size_t actions = program_.actions.size();
  std::string text;
  {
    check::GraphScope own(program_.axes);
    const check::GraphGuard in_graph(*elaborator_, &own);
    text = service::type_of(elaborator_->evaluate(*e->value), program_, sources_);
  }
  diagnostics = elaborator_->take_diagnostics();
  program_.actions.resize(actions);
  elaborator_->go_back(mark);
  machine_.restore(state);
  parsed_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
  return diagnostics.empty() ? text : "";
}

}  // namespace weft
