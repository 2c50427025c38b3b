#include <algorithm>
#include <limits>

#include "lang/check/elaborator.h"
#include "lang/std/library.h"
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
  const auto prelude = lasting_scope();
  for (const Builtin& b : builtins()) prelude->names[b.name] = {BuiltinValue{&b}, {}};
  prelude->names["inf"] = {NumberValue{std::numeric_limits<double>::infinity(), false}, {}};
  prelude->names["pi"] = {NumberValue{3.14159265358979323846, false}, {}};
  prelude->names["true"] = {BoolValue{true}, {}};
  prelude->names["false"] = {BoolValue{false}, {}};
  prelude->names["training"] = {BoolValue{false}, {}};
  training_ = &prelude->names["training"];
  for (const char* word : {"none", "nfc", "nfkc", "nfd", "nfkd", "unigram", "bpe", "skipgram", "cbow",
                           "negative_sampling", "hierarchical_softmax", "float32", "float64"})
    prelude->names[word] = {TextValue{word}, {}};
  top_ = scope_ = prelude;
  const std::vector<Parsed>& trees = library_trees();
  for (std::size_t i = 0; i < trees.size(); ++i) {
    const StandardSource& s = standard_library()[i];
    const std::uint32_t file = sources_.add(std::string(s.name), std::string(s.text));
    if (file == i) {
      reporter_.add(trees[i].diagnostics);
      read(trees[i].program);
      continue;
    }
    Parsed parsed = parse(sources_, file);  // other sources came first: its spans name other files
    reporter_.add(parsed.diagnostics);
    imported_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
    read(*imported_.back());
  }
  reporter_.set_library_files(sources_.size());
  top_ = lasting_scope();
  top_->parent = prelude;
  scope_ = top_;
}

Elaborator::~Elaborator() {
  for (const auto& known : lasting_) {
    if (const auto scope = known.lock()) scope->names.clear();
  }
}

std::shared_ptr<Scope> Elaborator::lasting_scope() {
  auto scope = std::make_shared<Scope>();
  lasting_.push_back(scope);
  return scope;
}

Value Elaborator::fail(const char* code, Span span, std::string message, std::string label, std::string help,
                       std::vector<Note> notes, std::optional<Fix> fix) {
  reporter_.fail({code, Severity::error, span, std::move(message), std::move(label), std::move(notes),
                  std::move(help), std::move(fix)});
  return Poison{};
}

void Elaborator::warn(const char* code, Span span, std::string message, std::string label, std::string help,
                      std::vector<Note> notes, std::optional<Fix> fix) {
  reporter_.warn({code, Severity::warning, span, std::move(message), std::move(label), std::move(notes),
                  std::move(help), std::move(fix)});
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

}  // namespace weft::check
