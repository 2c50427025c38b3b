#include <algorithm>
#include <limits>
#include <set>

#include "lang/check/elaborator.h"
#include "lang/std/library.h"
#include "lang/syntax/limits.h"
#include "lang/syntax/parse.h"

/// An elaborator's beginning, with the library read, and the diagnostics it leaves.
namespace weft::check {

namespace {

/// The library as the first sources of a program, parsed once for all programs.
const std::vector<Parsed>& library_trees() {
  static const std::vector<Parsed> trees = [] {
    Sources sources;
    for (const StandardSource& s : standard_library()) sources.add(std::string(s.name), std::string(s.text));
    std::vector<Parsed> parsed;
    for (std::uint32_t file = 0; file < sources.size(); ++file) parsed.push_back(parse(sources, file));
    return parsed;
  }();
  return trees;
}

}  // namespace

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
  prelude->names["training"] = {BoolValue{false}, {}};
  training_ = &prelude->names["training"];
  for (const char* word : {"none", "nfc", "nfkc", "float32", "float64"})
    prelude->names[word] = {TextValue{word}, {}};
  top_ = scope_ = prelude;
  const std::vector<Parsed>& trees = library_trees();
  for (std::size_t i = 0; i < trees.size(); ++i) {
    const StandardSource& s = standard_library()[i];
    const std::uint32_t file = sources_.add(std::string(s.name), std::string(s.text));
    if (file == i) {
      diagnostics_.insert(diagnostics_.end(), trees[i].diagnostics.begin(), trees[i].diagnostics.end());
      read(trees[i].program);
      continue;
    }
    Parsed parsed = parse(sources_, file);  // other sources came first: its spans name other files
    diagnostics_.insert(diagnostics_.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
    imported_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
    read(*imported_.back());
  }
  library_files_ = sources_.size();
  top_ = std::make_shared<Scope>();
  top_->parent = prelude;
  scope_ = top_;
}

namespace {

/// All scopes that can be reached from some.
class Reachable {
 public:
  void add(const std::shared_ptr<Scope>& scope) {
    if (scope && known_.insert(scope.get()).second) all_.push_back(scope);
  }
  void add(const Instance* instance) {
    if (!instance) return;
    add(instance->scope);
    add(instance->top);
  }
  void add(const Value& value) {
    std::visit([this](const auto& v) { this->add_of(v); }, value);
  }
  /// Follows what was added.
  const std::vector<std::shared_ptr<Scope>>& follow() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const std::shared_ptr<Scope> scope = all_[i];
      add(scope->parent);
      for (const auto& [name, binding] : scope->names) add(binding.value);
    }
    return all_;
  }

 private:
  template <class T>
  void add_of(const T& v) {
    if constexpr (requires { v.scope; }) add(v.scope);
    if constexpr (requires { v.instance; }) add(v.instance.get());
    if constexpr (requires { v.of; }) add(v.of.get());
    if constexpr (requires { v.links; }) {
      for (const auto& link : v.links) add(link.get());
    }
    if constexpr (requires { v->values; }) {
      for (const Value& element : v->values) add(element);
    }
  }

  std::vector<std::shared_ptr<Scope>> all_;
  std::set<const Scope*> known_;
};

}  // namespace

/// Functions hold the scopes they were written in, which hold them by name: so nothing would ever go.
Elaborator::~Elaborator() {
  Reachable scopes;
  scopes.add(top_);
  scopes.add(scope_);
  for (const auto& [model, instance] : instances_) scopes.add(instance.get());
  for (const std::shared_ptr<Scope>& scope : scopes.follow()) scope->names.clear();
}

Value Elaborator::fail(const char* code, Span span, std::string message, std::string label, std::string help,
                       std::vector<Note> notes, std::optional<Fix> fix) {
  // What a library function finds at fault came from its caller.
  const auto caller = std::find_if(calls_.rbegin(), calls_.rend(),
                                   [&](const ActiveCall& c) { return c.span.file >= library_files_; });
  if (span.file < library_files_ && caller != calls_.rend()) {
    notes.insert(notes.begin(), {span, label});
    label = "in this call";
    span = caller->span;
  }
  if (fix && fix->span.file < library_files_) fix.reset();
  if (diagnostics_.size() >= syntax::kMostFaults) return Poison{};
  // A function read twice, for training and for validation, has its faults but once.
  const auto same = [&](const Diagnostic& d) { return d.code == code && d.span == span; };
  if (std::none_of(diagnostics_.begin(), diagnostics_.end(), same)) {
    diagnostics_.push_back({code, Severity::error, span, std::move(message), std::move(label),
                            std::move(notes), std::move(help), std::move(fix)});
  }
  return Poison{};
}

namespace {

/// An op's row by the name it has in a script.
std::string spelling_of(std::string_view op) {
  static const std::map<std::string_view, const char*> operators = {
      {"add", "+"},           {"sub", "-"},        {"mul", "*"},           {"div", "/"},
      {"pow", "^"},           {"neg", "-"},        {"less", "<"},          {"less_equal", "<="},
      {"equal", "=="},        {"not_equal", "!="}, {"logical_and", "and"}, {"logical_or", "or"},
      {"logical_not", "not"}, {"gather", "at"},    {"merge", "rename"},    {"split", "rename"}};
  const auto found = operators.find(op);
  return found == operators.end() ? std::string(op) : found->second;
}

}  // namespace

Value Elaborator::fail(const ShapeError& e, Span span) {
  std::string_view what = e.what();  // "[op] expected .., got .."
  std::string op = "this operation";
  if (const auto end = what.find("] "); what.rfind('[', 0) == 0 && end != what.npos) {
    op = "`" + spelling_of(what.substr(1, end - 1)) + "`";
    what.remove_prefix(end + 2);
  }
  struct Row {
    const char* code;
    std::string message;
  };
  const Row row = [&]() -> Row {
    switch (e.kind) {
      case ShapeError::Kind::element:
        return {code::element_mismatch, op + " can't take these elements"};
      case ShapeError::Kind::axes:
        return {code::axis_missing, op + " needs other axes than it gets"};
      case ShapeError::Kind::extents:
        return {code::extent_mismatch, "axes of different extent can't be joined"};
      case ShapeError::Kind::duplicate_axis:
        return {code::axis_twice, "a tensor can't have the same axis twice"};
      case ShapeError::Kind::attributes:
        break;
    }
    return {code::bad_attributes, op + " can't be made from this"};
  }();
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

}  // namespace weft::check
