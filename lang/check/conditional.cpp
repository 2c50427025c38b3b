#include "lang/check/elaborator.h"

/// `if`: conditions known when a program is checked choose among statements.
namespace weft::check {

namespace {

/// The names that the statements of a block would declare, those in every branch too.
struct BranchNames {
  std::vector<ast::Name> names;

  void block(const ast::Block& statements) {
    for (const ast::Stmt& s : statements) std::visit(*this, s.form);
  }
  void operator()(const ast::AxisDecl& d) {
    for (const ast::AxisDecl::One& one : d.axes) names.push_back(one.name);
  }
  void operator()(const ast::OptionDecl& d) { names.push_back(d.name); }
  void operator()(const ast::DataDecl& d) { names.push_back(d.name); }
  void operator()(const ast::LetDecl& d) { names.insert(names.end(), d.names.begin(), d.names.end()); }
  void operator()(const ast::ParamDecl& d) { names.push_back(d.name); }
  void operator()(const ast::FnDecl& d) {
    if (d.name) names.push_back(*d.name);
  }
  void operator()(const ast::ModelDecl& d) { names.push_back(d.name); }
  void operator()(const ast::TrainDecl& d) { names.push_back(d.name); }
  void operator()(const ast::If& c) {
    for (const ast::If::Branch& branch : c.branches) block(branch.body);
  }
  template <class Other>
  void operator()(const Other&) {}
};

}  // namespace

std::optional<bool> Elaborator::condition(const ast::Expr& e) {
  const Value v = evaluate(e);
  if (const auto* b = as<BoolValue>(v)) return b->value;
  if (is_poison(v)) return std::nullopt;
  bool truth = false;  // a truth value all the same, only too late
  if (as<TensorValue>(v) || as<VariableValue>(v)) {
    const NodeId node = tensor(v, e.span);
    if (node == kNoNode) return std::nullopt;
    truth = graph_->graph->type(node).element.kind == ElementKind::boolean;
  }
  if (truth) {
    fail(code::condition_late, e.span, "the condition of an `if` is known before the program runs",
         "known only while it runs", "to choose element by element, write where(condition, a, b)");
  } else {
    fail(code::condition_kind, e.span, "the condition of an `if` is true or false, not " + kind_of(v),
         "not a truth value",
         as<NumberValue>(v) || as<AxisValue>(v)
             ? "compare it: if " + std::string(sources_.text(e.span)) + " > 0 { ... }"
             : "");
  }
  return std::nullopt;
}

Walked Elaborator::each(const ast::Block& block, const std::function<bool(const ast::Stmt&)>& visit) {
  Walked walked = Walked::all;
  for (const ast::Stmt& s : block) {
    const auto* choice = std::get_if<ast::If>(&s.form);
    if (!choice) {
      if (!visit(s)) return Walked::stopped;
      continue;
    }
    bool known = true;
    const ast::Block* taken = nullptr;
    for (const ast::If::Branch& branch : choice->branches) {
      const std::optional<bool> holds = branch.condition ? condition(*branch.condition) : true;
      known = holds.has_value();
      if (holds == true) taken = &branch.body;
      if (!known || taken) break;
    }
    if (!known) {
      // What the branches declare is there, though nobody knows as what.
      BranchNames declared;
      declared(*choice);
      for (const ast::Name& name : declared.names) {
        if (!scope_->names.count(name.text)) declare(name, Poison{});
      }
      walked = Walked::doubtful;
    } else if (taken) {
      const Walked inner = each(*taken, visit);
      if (inner == Walked::stopped) return inner;
      if (inner == Walked::doubtful) walked = inner;
    }
  }
  return walked;
}

}  // namespace weft::check
