#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "lang/check/elaborator.h"
#include "lang/std/library.h"
#include "lang/syntax/parse.h"

/// Statements of the top level and the diagnostics they leave.
namespace weft::check {

Elaborator::Elaborator(Sources& sources, Program& program, CheckOptions options)
    : sources_(sources), program_(program), options_(std::move(options)) {
  scratch_.owned = std::make_shared<Graph>(program_.axes);
  scratch_.graph = scratch_.owned.get();
  const auto prelude = std::make_shared<Scope>();
  for (const Builtin& b : builtins()) prelude->names[b.name] = {BuiltinValue{&b}, {}};
  prelude->names["inf"] = {NumberValue{std::numeric_limits<double>::infinity(), false}, {}};
  prelude->names["pi"] = {NumberValue{3.14159265358979323846, false}, {}};
  prelude->names["true"] = {BoolValue{true}, {}};
  prelude->names["false"] = {BoolValue{false}, {}};
  for (const char* word : {"none", "nfc", "nfkc", "float32", "float64"})
    prelude->names[word] = {TextValue{word}, {}};
  top_ = scope_ = prelude;
  for (const StandardSource& s : standard_library()) {
    const std::uint32_t file = sources_.add(std::string(s.name), std::string(s.text));
    Parsed parsed = parse(sources_, file);
    diagnostics_.insert(diagnostics_.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
    imported_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
    read(*imported_.back());
  }
  library_files_ = sources_.size();
  top_ = std::make_shared<Scope>();
  top_->parent = prelude;
  scope_ = top_;
}

Elaborator::~Elaborator() = default;

Value Elaborator::fail(const char* code, Span span, std::string message, std::string label, std::string help,
                       std::vector<Note> notes) {
  // What a library function finds at fault came from its caller.
  const auto caller = std::find_if(calls_.rbegin(), calls_.rend(),
                                   [&](const ActiveCall& c) { return c.span.file >= library_files_; });
  if (span.file < library_files_ && caller != calls_.rend()) {
    notes.insert(notes.begin(), {span, label});
    label = "in this call";
    span = caller->span;
  }
  // A function read twice, for training and for validation, has its faults but once.
  const auto same = [&](const Diagnostic& d) { return d.code == code && d.span == span; };
  if (std::none_of(diagnostics_.begin(), diagnostics_.end(), same)) {
    diagnostics_.push_back({code, Severity::error, span, std::move(message), std::move(label),
                            std::move(notes), std::move(help)});
  }
  return Poison{};
}

Value Elaborator::fail(const ShapeError& e, Span span) {
  struct Row {
    const char* code;
    const char* message;
  };
  const Row row = [&]() -> Row {
    switch (e.kind) {
      case ShapeError::Kind::element:
        return {code::element_mismatch, "these elements can't be used here"};
      case ShapeError::Kind::axes:
        return {code::axis_missing, "the axes don't fit"};
      case ShapeError::Kind::extents:
        return {code::extent_mismatch, "axes of different extent can't be joined"};
      case ShapeError::Kind::duplicate_axis:
        return {code::axis_twice, "a tensor can't have the same axis twice"};
      case ShapeError::Kind::attributes:
        return {code::bad_attributes, "this operation can't be made"};
    }
    return {code::bad_attributes, "this operation can't be made"};
  }();
  std::string_view what = e.what();  // "[op] expected .., got .."; the source at `span` says which op it is
  if (const auto end = what.find("] "); what.rfind('[', 0) == 0 && end != what.npos)
    what.remove_prefix(end + 2);
  return fail(row.code, span, row.message, std::string(what), e.hint);
}

std::vector<Diagnostic> Elaborator::take_diagnostics() {
  std::vector<Diagnostic> out;
  out.swap(diagnostics_);
  std::stable_sort(out.begin(), out.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.span.file, a.span.begin) < std::tie(b.span.file, b.span.begin);
  });
  return out;
}

void Elaborator::declare(const ast::Name& name, Value value) {
  if (const auto it = scope_->names.find(name.text); it != scope_->names.end() && !interactive_) {
    fail(code::declared_twice, name.span, "`" + name.text + "` is declared twice", "the second time",
         "choose another name", {{it->second.declared, "first declared here"}});
    return;
  }
  scope_->names[name.text] = {std::move(value), name.span};
}

void Elaborator::forget_faulty() {
  std::erase_if(top_->names, [](const auto& entry) { return is_poison(entry.second.value); });
}

void Elaborator::read(const ast::Program& program) {
  if (importing_.empty()) evaluated_ = 0;
  for (const ast::Stmt& s : program.statements) statement(s);
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
      if (!self.options_.declarations_only) self.read(d, s.keyword);
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
    void operator()(const ast::Plot&) { missing(); }
    void operator()(const ast::Explain&) { missing(); }
    void operator()(const ast::Set&) { missing(); }
    void operator()(const ast::Freeze&) { missing(); }
    void operator()(const ast::If&) { missing(); }
    void missing() { self.fail(code::not_here, s.keyword, "this statement isn't there yet", "not yet"); }
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
    models_ = nesting_ = 0;
    making_ = nullptr;
    fail(code::bad_value, s.span, "an extent grows too large", "beyond 64 bits");
  }
}

void Elaborator::read(const ast::OptionDecl& d) {
  OptionInfo info{d.name.text, evaluate(*d.value), {}, d.help};
  info.fallback = info.value;
  const bool usable = as<NumberValue>(info.value) || as<TextValue>(info.value) || as<BoolValue>(info.value);
  if (!usable) {
    if (!is_poison(info.value)) {
      fail(code::wrong_kind, d.value->span,
           "an option is a number, a text, true or false, not " + kind_of(info.value),
           "not an option's value");
    }
    return declare(d.name, Poison{});
  }
  if (const auto it = options_.overrides.find(d.name.text); it != options_.overrides.end()) {
    const std::string& given = it->second;
    const auto wrong = [&](const char* kind) {
      fail(code::option_value, d.name.span,
           "option `" + d.name.text + "` takes " + kind + ", got \"" + given + "\"",
           "declared here as " + std::string(sources_.text(d.value->span)),
           "--" + d.name.text + " " + std::string(sources_.text(d.value->span)) + " would be one");
    };
    if (const auto* n = as<NumberValue>(info.value)) {
      double x = 0;
      const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), x);
      const bool whole = x == static_cast<double>(static_cast<std::int64_t>(x));
      if (error != std::errc() || end != given.data() + given.size()) {
        wrong("a number");
      } else if (n->integer && !whole) {
        wrong("a whole number");
      } else {
        info.value = NumberValue{x, n->integer};
      }
    } else if (as<BoolValue>(info.value)) {
      if (given != "true" && given != "false") {
        wrong("true or false");
      } else {
        info.value = BoolValue{given == "true"};
      }
    } else {
      info.value = TextValue{given};
    }
  }
  option_infos_.push_back(info);
  declare(d.name, info.value);
}

void Elaborator::read(const ast::LetDecl& d) {
  GraphScope own;
  const bool member = making_ && calls_.empty();
  const bool outside = member || graph_ == &scratch_;  // no graph goes on after this statement
  if (outside) {
    own.owned = std::make_shared<Graph>(axis_table());
    own.graph = own.owned.get();
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
  const bool computes = outside && !member && std::any_of(values.begin(), values.end(), [](const Value& x) {
                          return as<TensorValue>(x) != nullptr;
                        });
  if (computes && !settled(*own.graph)) values.assign(d.names.size(), Poison{});
  std::vector<NodeId> computed;
  ComputeValues action;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto* t = as<TensorValue>(values[i]);
    if (outside && t) {
      if (member) {
        fail(code::not_here, d.value->span, "a model's `let` holds layers and numbers, not tensors",
             "computed before any input is there", "compute it in a method");
        values[i] = Poison{};
      } else {
        const auto id = static_cast<VariableId>(program_.variables.size());
        program_.variables.push_back({d.names[i].text, VariableKind::value, own.graph->type(t->node), {}, 0});
        computed.push_back(t->node);
        action.targets.push_back(id);
        values[i] = VariableValue{id};
      }
    }
    if (member) store_part(d.names[i].text, values[i]);
    declare(d.names[i], values[i]);
  }
  if (!computed.empty()) {
    action.computation = finish(own, std::move(computed));
    program_.actions.push_back(std::move(action));
  }
}

void Elaborator::read(const ast::FnDecl& d, Span keyword) {
  if (!d.name) {
    fail(code::not_here, keyword, "a function outside a model needs a name", "unnamed", "write fn name(...)");
    return;
  }
  declare(*d.name,
          check_signature(d.axes, d.parameters) ? Value(FunctionValue{&d, scope_}) : Value(Poison{}));
}

void Elaborator::read(const ast::ModelDecl& d) {
  bool good = check_signature(d.axes, d.parameters);
  for (const ast::Stmt& s : d.members) {
    const auto* fn = std::get_if<ast::FnDecl>(&s.form);
    if (fn && !check_signature(fn->axes, fn->parameters)) good = false;
  }
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

std::optional<ShowItem> Elaborator::shown(const std::string& name, const ast::Expr& e) {
  GraphScope own;
  own.owned = std::make_shared<Graph>(axis_table());
  own.graph = own.owned.get();
  const GraphGuard in_graph(*this, &own);
  const Value v = evaluate(e);
  if (is_poison(v)) return std::nullopt;
  if (const auto* t = as<TextValue>(v)) return ShowItem{name, t->value};
  if (const auto* b = as<BoolValue>(v)) return ShowItem{name, std::string(b->value ? "true" : "false")};
  if (const auto* g = as<GenerationValue>(v)) return ShowItem{name, *g->generation};
  if (const auto* i = as<InstanceValue>(v)) {
    return ShowItem{name, describe(i->instance)};
  }
  if (const auto* b = as<BuiltinValue>(v)) return ShowItem{name, b->builtin->help};
  if (as<TensorValue>(v) || as<VariableValue>(v) || as<NumberValue>(v) || as<AxisValue>(v)) {
    const NodeId node = tensor(v, e.span);
    if (node == kNoNode || !settled(*own.graph)) return std::nullopt;
    return ShowItem{name, finish(own, {node})};
  }
  return ShowItem{name, kind_of(v)};
}

void Elaborator::read(const ast::Show& d) {
  Show show;
  for (const ast::Argument& a : d.values) {
    if (auto item = shown(a.name ? a.name->text : "", *a.value)) show.items.push_back(std::move(*item));
  }
  program_.actions.push_back(std::move(show));
}

void Elaborator::read(const ast::Evaluate& d) {
  Show show;
  if (auto item = shown("", *d.value)) show.items.push_back(std::move(*item));
  program_.actions.push_back(std::move(show));
}

void Elaborator::read(const ast::Expect& d) {
  GraphScope own;
  own.owned = std::make_shared<Graph>(axis_table());
  own.graph = own.owned.get();
  const GraphGuard in_graph(*this, &own);
  const Value v = evaluate(*d.condition);
  if (is_poison(v)) return;
  const bool computed = as<BoolValue>(v) || as<TensorValue>(v) || as<VariableValue>(v);
  const NodeId node = computed ? tensor(v, d.condition->span) : kNoNode;
  if (computed && node == kNoNode) return;
  const TensorType t = computed ? own.graph->type(node) : TensorType{};
  if (t.element.kind != ElementKind::boolean || !t.dims.empty()) {
    const bool truths = t.element.kind == ElementKind::boolean;
    fail(code::not_scalar, d.condition->span, "expect takes one truth value",
         "is " + (t == TensorType{} ? computed ? "a number" : kind_of(v) : describe(node)),
         truths ? "reduce it: expect sum[..](real(...)) > 0" : "compare two numbers: expect run.loss < 2");
    return;
  }
  if (!settled(*own.graph)) return;
  program_.actions.push_back(
      Expect{finish(own, {node}), std::string(sources_.text(d.condition->span)), d.condition->span});
}

void Elaborator::read(const ast::Save& d, Span span) {
  const Value v = evaluate(*d.value);
  const auto path = text(evaluate(*d.path), d.path->span, "save");
  const auto* instance = as<InstanceValue>(v);
  if (!instance || !path) {
    if (!instance && !is_poison(v)) {
      fail(code::wrong_kind, d.value->span, "save writes a model, not " + kind_of(v), "not a model",
           as<ModelValue>(v)
               ? "make one and save that: let model = " + std::string(sources_.text(d.value->span)) + "(...)"
               : "");
    }
    return;
  }
  Save save{std::string(sources_.text(d.value->span)), *path, {}, span};
  if (!std::holds_alternative<ast::Reference>(d.value->form)) {
    fail(code::wrong_kind, d.value->span, "save takes the name of a model", "not a name",
         "give the model a name with `let` and save that");
    return;
  }
  collect_parameters(*instance->instance, "", save.parameters);
  program_.actions.push_back(std::move(save));
}

void Elaborator::read(const ast::Import& d, Span span) {
  if (d.standard) {
    for (const StandardSource& s : standard_library()) {
      if (s.name == d.path) return;  // always there
    }
    fail(code::import_failed, span, "there is no library `" + d.path + "`", "not found");
    return;
  }
  namespace fs = std::filesystem;
  const std::string& from = sources_[span.file].name;
  const std::string path = (fs::path(from).parent_path() / d.path).lexically_normal().string();
  if (std::find(importing_.begin(), importing_.end(), path) != importing_.end()) {
    std::string cycle;
    for (const std::string& p : importing_) cycle += p + " -> ";
    fail(code::import_failed, span, "files import each other in a circle", cycle + path);
    return;
  }
  if (!imports_.insert(path).second) return;
  std::string content;
  if (const auto known = options_.files.find(path); known != options_.files.end()) {
    content = known->second;
  } else {
    std::ifstream in(path, std::ios::binary);
    std::error_code error;
    if (!in || fs::is_directory(path, error)) {
      fail(code::import_failed, span, "can't read \"" + path + "\"", "no such file");
      return;
    }
    content.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::uint32_t file = sources_.add(path, std::move(content));
  Parsed parsed = parse(sources_, file);
  diagnostics_.insert(diagnostics_.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
  imported_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
  importing_.push_back(path);
  read(*imported_.back());
  importing_.pop_back();
}

Value Elaborator::body(const ast::Block& block, Span named, std::map<std::string, ArgumentValue>* next,
                       NodeId live) {
  for (const ast::Stmt& s : block) {
    if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      read(*l);
    } else if (const auto* a = std::get_if<ast::AxisDecl>(&s.form)) {
      read(*a);
    } else if (const auto* n = std::get_if<ast::Next>(&s.form); n && next) {
      // From here on the name means its next value: `return h` gives the new state.
      std::vector<ArgumentValue> values;
      for (const ast::Argument& a : n->values) values.push_back({a.name->text, evaluate(*a.value), a.span});
      for (ArgumentValue& v : values) {
        const auto carried = scope_->names.find(v.name);
        if (live != kNoNode && carried != scope_->names.end()) {
          v.value = emit(v.span, OpId::where,
                         {live, tensor(v.value, v.span), tensor(carried->second.value, v.span)});
        }
        scope_->names[v.name] = {v.value, v.span};
        (*next)[v.name] = std::move(v);
      }
    } else if (const auto* r = std::get_if<ast::Return>(&s.form)) {
      if (r->values.size() == 1) return evaluate(*r->values[0]);
      auto tuple = std::make_shared<TupleValue>();
      for (const ast::ExprPtr& e : r->values) {
        tuple->values.push_back(evaluate(*e));
        if (is_poison(tuple->values.back())) return Poison{};
      }
      return tuple;
    } else {
      return fail(code::not_here, s.keyword,
                  next ? "a scan's body holds let, next and return" : "a function holds let and return",
                  "not here");
    }
  }
  return fail(code::no_return, named,
              next ? "this scan gives nothing back" : "this function gives nothing back",
              "no `return` in its body");
}

}  // namespace weft::check
