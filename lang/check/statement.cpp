#include <algorithm>

#include "lang/check/guards.h"
#include "lang/check/recorder.h"
#include "lang/check/training_reader.h"

/// Statements of the top level.
namespace weft::check {

void Elaborator::declare(const ast::Name& name, Value value) {
  if (const auto it = scope_->names.find(name.text); it != scope_->names.end() && !interactive_) {
    fail(code::declared_twice, name.span, "`" + name.text + "` is declared twice", "the second time",
         "choose another name", {{it->second.declared, "first declared here"}});
    return;
  }
  Binding& binding = scope_->names[name.text];
  if (interactive_ && scope_ == top_) {
    std::optional<Binding> before;
    if (binding.declared != Span{} || !is_poison(binding.value)) before = binding;
    journal_.record(name.text, std::move(before));
  }
  binding = {std::move(value), name.span};
  if (recorder_) recorder_->name(name.span, binding.value, name.span);
}

std::shared_ptr<Scope> Elaborator::inner_scope() const {
  auto scope = std::make_shared<Scope>();
  scope->parent = scope_;
  return scope;
}

void Elaborator::read(const ast::Program& program) {
  if (imports_.reading.empty()) {
    growth_.expressions = 0;
    first_action_ = program_.actions.size();
  }
  each(program.statements, [&](const ast::Stmt& s) {
    statement(s);
    return true;
  });
}

void Elaborator::statement(const ast::Stmt& s) {
  struct Visit {
    Elaborator& self;
    const ast::Stmt& s;
    void operator()(const ast::AxisDecl& d) { self.read(d); }
    void operator()(const ast::OptionDecl& d) { self.read(d); }
    void operator()(const ast::DataDecl& d) { self.read(d); }
    void operator()(const ast::LetDecl& d) { self.read(d); }
    void operator()(const ast::ParamDecl& d) { self.read(d); }
    void operator()(const ast::FnDecl& d) { self.read(d, s.keyword); }
    void operator()(const ast::ModelDecl& d) { self.read(d); }
    void operator()(const ast::Import& d) { self.read(d, s.span); }
    void operator()(const ast::TrainDecl& d) {
      if (!self.options_.declarations_only) self.declare(d.name, TrainingReader(self, d, s.keyword).read());
    }
    void operator()(const ast::Show& d) {
      if (!self.options_.declarations_only) self.read(d);
    }
    void operator()(const ast::Save& d) {
      if (!self.options_.declarations_only) self.read(d, s.span);
    }
    void operator()(const ast::Expect& d) {
      if (!self.options_.declarations_only) self.read(d);
    }
    void operator()(const ast::Evaluate& d) {
      if (!self.options_.declarations_only) self.read(d);
    }
    void operator()(const ast::Plot& d) {
      if (!self.options_.declarations_only) self.read(d);
    }
    void operator()(const ast::Explain& d) {
      if (!self.options_.declarations_only) self.read(d);
    }
    void operator()(const ast::Set& d) {
      if (!self.options_.declarations_only) self.read(d, s.keyword);
    }
    void operator()(const ast::Freeze& d) {
      if (!self.options_.declarations_only) self.read(d);
    }
    void operator()(const ast::If&) {}  // each() has chosen
    void operator()(const ast::StepBlock&) { misplaced("`step` belongs in a train block"); }
    void operator()(const ast::ValidateBlock&) { misplaced("`validate` belongs in a train block"); }
    void operator()(const ast::Settings&) { misplaced("settings belong in a train block"); }
    void operator()(const ast::Minimize&) { misplaced("`minimize` belongs in the step of a train block"); }
    void operator()(const ast::Return&) { misplaced("`return` belongs in a function"); }
    void operator()(const ast::Next&) { misplaced("`next` belongs in the body of a scan"); }
    void misplaced(const char* message) {
      self.fail(code::not_here, s.keyword, message, "not at the top level");
    }
  };
  try {
    std::visit(Visit{*this, s}, s.form);
  } catch (const std::overflow_error&) {  // of an Extent
    calls_.clear();
    growth_.unwind();
    making_ = nullptr;
    fail(code::extent_overflow, s.span, "an extent grows too large", "beyond 64 bits");
  }
}

void Elaborator::read(const ast::LetDecl& d) {
  GraphScope own;
  const bool member = making_ && calls_.empty();
  const bool outside = member || graph_ == &scratch_;  // no graph goes on after this statement
  if (outside) {
    own = GraphScope(axis_table());
  }
  Value v;
  {
    const GraphGuard in_graph(*this, outside ? &own : graph_);
    v = evaluate(*d.value);
  }
  std::vector<Value> values;
  if (const auto* tuple = as<std::shared_ptr<TupleValue>>(v); tuple && d.names.size() > 1) {
    values = (*tuple)->values;
  } else {
    values = {v};
  }
  if (values.size() != d.names.size()) {
    if (!is_poison(v)) {
      fail(code::wrong_count, d.value->span,
           "this gives " + std::to_string(values.size()) + (values.size() == 1 ? " value" : " values") +
               " for " + std::to_string(d.names.size()) + " names",
           std::to_string(values.size()) + " here");
    }
    values.assign(d.names.size(), Poison{});
  }
  // Several values under one name are stored one by one too.
  const auto* several = values.size() == 1 ? as<std::shared_ptr<TupleValue>>(values[0]) : nullptr;
  const std::vector<Value>& parts = several ? (*several)->values : values;
  const bool computes = outside && !member && std::any_of(parts.begin(), parts.end(), [](const Value& x) {
                          return as<TensorValue>(x) != nullptr;
                        });
  if (computes && !settled(*own.graph)) values.assign(d.names.size(), Poison{});
  std::vector<NodeId> computed;
  ComputeValues action;
  const auto stored = [&](const Value& value, const std::string& name) -> Value {
    const auto* t = as<TensorValue>(value);
    if (!outside || !t) return value;
    if (member) {
      return fail(code::tensor_in_model, d.value->span,
                  "a model's `let` holds layers and numbers, not tensors",
                  "computed before any input is there", "compute it in a method");
    }
    const VariableId id = program_.add({name, VariableKind::value, own.graph->type(t->node), {}, 0});
    computed.push_back(t->node);
    action.targets.push_back(id);
    return VariableValue{id};
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& name = d.names[i].text;
    if (const auto* tuple = as<std::shared_ptr<TupleValue>>(values[i]); tuple && outside) {
      auto copy = std::make_shared<TupleValue>();
      for (const Value& part : (*tuple)->values)
        copy->values.push_back(stored(part, name + "." + std::to_string(copy->values.size())));
      values[i] = copy;
    } else {
      values[i] = stored(values[i], name);
    }
    if (member) store_part(name, values[i]);
    declare(d.names[i], values[i]);
  }
  if (!computed.empty()) {
    action.computation = finish(own, std::move(computed));
    program_.actions.push_back(std::move(action));
  }
}

void Elaborator::read(const ast::FnDecl& d, Span keyword) {
  if (!d.name) {
    fail(code::unnamed_function, keyword, "a function outside a model needs a name", "unnamed",
         "write fn name(...)");
    return;
  }
  declare(*d.name,
          check_signature(d.axes, d.parameters) ? Value(FunctionValue{&d, scope_}) : Value(Poison{}));
}

void Elaborator::read(const ast::ModelDecl& d) {
  bool good = check_signature(d.axes, d.parameters);
  const std::function<void(const ast::Block&)> check = [&](const ast::Block& members) {
    for (const ast::Stmt& s : members) {
      const auto* fn = std::get_if<ast::FnDecl>(&s.form);
      if (fn && !check_signature(fn->axes, fn->parameters)) good = false;
      if (const auto* c = std::get_if<ast::If>(&s.form)) {
        for (const ast::If::Branch& branch : c->branches) check(branch.body);
      }
    }
  };
  check(d.members);
  declare(d.name, good ? Value(ModelValue{&d, scope_}) : Value(Poison{}));
}

/// Axis parameters and parameters are names of one scope.
bool Elaborator::check_signature(const std::optional<ast::AxisList>& axes,
                                 const std::vector<ast::Parameter>& parameters) {
  std::map<std::string, Span> known;
  bool good = true;
  const auto add = [&](const ast::Name& name) {
    const auto [it, fresh] = known.emplace(name.text, name.span);
    if (fresh) return;
    fail(code::declared_twice, name.span, "`" + name.text + "` is declared twice", "the second time",
         "choose another name", {{it->second, "first declared here"}});
    good = false;
  };
  if (axes) {
    for (const ast::AxisItem& item : axes->items) add(item.name);
    for (const ast::AxisItem& item : axes->to) add(item.name);
  }
  for (const ast::Parameter& p : parameters) add(p.name);
  return good;
}

Computation Elaborator::finish(GraphScope& g, std::vector<NodeId> outputs) {
  return {g.owned, g.inputs, std::move(outputs), g.effects};
}

}  // namespace weft::check
