#include "lang/service/document.h"

#include <algorithm>
#include <filesystem>

#include "lang/check/elaborator.h"
#include "lang/check/recorder.h"
#include "lang/service/help.h"
#include "lang/service/signature.h"
#include "lang/syntax/lexer.h"
#include "lang/syntax/parse.h"

namespace weft::service {

namespace {

/// Whether a place of a text lies in a comment or a text literal.
bool quiet_at(std::string_view text, std::uint32_t offset) {
  const syntax::Lexed lexed = syntax::lex(text, 0);
  const auto inside = [&](Span s) { return s.begin <= offset && offset < s.end; };
  return std::any_of(lexed.comments.begin(), lexed.comments.end(),
                     [&](const auto& c) { return inside(c.span); }) ||
         std::any_of(lexed.tokens.begin(), lexed.tokens.end(),
                     [&](const syntax::Token& t) { return t.kind == syntax::Kind::text && inside(t.span); });
}

/// What a name in the source was found to mean.
struct Use {
  Span span;
  Span declared;
  NameKind kind = NameKind::other;
  std::string type;
  check::Value value;
};

class Uses : public check::Recorder {
 public:
  Uses(const Program& program, const Sources& sources) : program_(program), sources_(sources) {}

  std::uint32_t file = 0;
  std::map<std::uint32_t, Use> by_begin;           // of the names in `file`
  std::map<std::uint32_t, check::Value> owners;    // of the members named in it
  std::map<std::uint32_t, std::uint32_t> uses_of;  // declared in `file` -> a use of it

  void name(Span span, const check::Value& value, Span declared) override {
    if (span.file != file) return;
    const auto known = by_begin.find(span.begin);
    if (known != by_begin.end() && !check::is_poison(known->second.value)) return;
    if (declared.end > 0 && declared.file == file) uses_of.emplace(declared.begin, span.begin);
    Use use{span, declared, kind_of(value, program_), type_of(value, program_, sources_), value};
    // The graph may be gone when somebody asks; what it is has been said.
    if (check::as<check::TensorValue>(value)) use.value = check::NumberValue{};
    by_begin[span.begin] = std::move(use);
  }
  void member(Span span, const check::Value& of) override {
    if (span.file == file && !check::is_poison(of)) owners.emplace(span.begin, of);
  }

 private:
  const Program& program_;
  const Sources& sources_;
};

/// "let rnn: LSTM[..]", "option rate = 0.1", "axis E = 256".
std::string code_of(const std::string& name, NameKind kind, const std::string& type) {
  switch (kind) {
    case NameKind::axis:
    case NameKind::function:
    case NameKind::method:
    case NameKind::model:
      return type;
    case NameKind::constant:
      return name + " = " + type;
    case NameKind::training:
    case NameKind::split:
    case NameKind::labels:
      return name + ": " + (type.empty() ? "?" : type);
    case NameKind::parameter:
      return "param " + name + ": " + type;
    case NameKind::data:
      return "data " + name + " = " + type;
    default:
      return type.empty() ? name : name + ": " + type;
  }
}

Span span_of(const ast::Name& name) {
  return name.span;
}

}  // namespace

struct Document::Impl {
  Sources sources;
  Program program;
  std::unique_ptr<check::Elaborator> checked;
  std::unique_ptr<ast::Program> tree;
  std::unique_ptr<Uses> uses;
  std::uint32_t file = 0;
  std::vector<Diagnostic> diagnostics;

  void check(std::string name, std::string text, std::map<std::string, std::string> files) {
    check::CheckOptions options;
    options.files = std::move(files);
    checked = std::make_unique<check::Elaborator>(sources, program, std::move(options));
    uses = std::make_unique<Uses>(program, sources);
    checked->set_recorder(uses.get());
    file = uses->file = sources.add(std::move(name), std::move(text));
    Parsed parsed = parse(sources, file);
    diagnostics = std::move(parsed.diagnostics);
    tree = std::make_unique<ast::Program>(std::move(parsed.program));
    checked->read(*tree);
    std::vector<Diagnostic> found = checked->take_diagnostics();
    const bool sound = found.empty() && diagnostics.empty();
    checked->check_unused();
    if (sound) found = checked->take_diagnostics();
    if (sound && found.empty()) found = checked->take_warnings(*tree);
    checked->take_diagnostics();
    // What follows from a fault of syntax is no news.
    if (diagnostics.empty()) {
      for (Diagnostic& d : found) diagnostics.push_back(at_home(std::move(d)));
    }
  }

  /// A fault of an imported file is told at the `import` that brought it.
  Diagnostic at_home(Diagnostic d) const {
    if (d.span.file == file || d.span.file >= sources.size()) return d;
    const std::string& name = sources[d.span.file].name;
    const Sources::Position at = sources.position(d.span.file, d.span.begin);
    d.message = name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + d.message;
    Span place{file, 0, 0};
    for (const ast::Stmt& s : tree->statements) {
      if (std::holds_alternative<ast::Import>(s.form)) {
        if (place.end == 0) place = s.span;
        if (imported(std::get<ast::Import>(s.form)) == name) place = s.span;
      }
    }
    d.notes.insert(d.notes.begin(), {d.span, d.label});
    d.span = place;
    return d;
  }

  std::string imported(const ast::Import& import) const {
    namespace fs = std::filesystem;
    return (fs::path(sources[file].name).parent_path() / import.path).lexically_normal().string();
  }

  /// What is named at a place. A declaration that says nothing of itself, as a parameter's, is what its uses
  /// are.
  std::optional<Use> use_at(std::uint32_t offset) const {
    auto it = uses->by_begin.upper_bound(offset);
    const Use* use = it == uses->by_begin.begin() ? nullptr : &std::prev(it)->second;
    if (use && offset > use->span.end) use = nullptr;
    if (use && !use->type.empty()) return *use;
    const auto [begin, end] = word_at(sources[file].text, offset);
    const auto other = uses->uses_of.find(begin);
    if (other == uses->uses_of.end()) return use ? std::optional(*use) : std::nullopt;
    Use found = uses->by_begin.at(other->second);
    found.span = found.declared = {file, begin, end};
    return found;
  }
};

Document::Document(std::string name, std::string text, std::map<std::string, std::string> files)
    : impl_(std::make_unique<Impl>()) {
  impl_->check(std::move(name), std::move(text), std::move(files));
}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

const std::vector<Diagnostic>& Document::diagnostics() const {
  return impl_->diagnostics;
}
const Sources& Document::sources() const {
  return impl_->sources;
}
std::uint32_t Document::file() const {
  return impl_->file;
}
const std::string& Document::text() const {
  return impl_->sources[impl_->file].text;
}
const Program& Document::program() const {
  return impl_->program;
}

std::optional<Hover> Document::hover(std::uint32_t offset) const {
  const std::optional<Use> use = impl_->use_at(offset);
  if (!use) {
    const auto [begin, end] = word_at(text(), offset);
    if (begin == end || quiet_at(text(), begin)) return std::nullopt;
    const auto help = help_of_word(text().substr(begin, end - begin));
    if (help) {
      const auto line = help->find('\n');
      return Hover{{impl_->file, begin, end},
                   help->substr(0, line),
                   line == std::string::npos ? "" : help->substr(line + 1)};
    }
    return std::nullopt;
  }
  const std::string name(impl_->sources.text(use->span));
  const bool option = std::any_of(impl_->checked->options().begin(), impl_->checked->options().end(),
                                  [&](const check::OptionInfo& o) { return o.name == name; });
  std::string code = code_of(name, use->kind, use->type);
  if (option && use->kind == NameKind::constant) code = "option " + code;
  return Hover{use->span, code, help_of(use->value, use->declared, impl_->sources)};
}

std::optional<Span> Document::definition(std::uint32_t offset) const {
  const std::optional<Use> use = impl_->use_at(offset);
  if (use && use->declared.end > 0) return use->declared;
  for (const ast::Stmt& s : impl_->tree->statements) {
    const auto* import = std::get_if<ast::Import>(&s.form);
    if (!import || offset < s.span.begin || offset > s.span.end) continue;
    const std::string name = import->standard ? import->path : impl_->imported(*import);
    for (std::uint32_t f = 0; f < impl_->sources.size(); ++f) {
      if (impl_->sources[f].name == name) return Span{f, 0, 0};
    }
  }
  return std::nullopt;
}

namespace {

/// The declarations of a block, as an outline.
std::vector<Symbol> outline(const ast::Block& block, const Sources& sources, int depth);

struct Outline {
  const ast::Stmt& s;
  const Sources& sources;
  int depth;
  std::vector<Symbol>& out;

  void add(const ast::Name& name, NameKind kind, std::string detail, std::vector<Symbol> inner = {}) {
    out.push_back({name.text, kind, std::move(detail), s.span, span_of(name), std::move(inner)});
  }
  std::string shown(const ast::ExprPtr& e) { return e ? one_line(sources.text(e->span)).substr(0, 80) : ""; }

  void operator()(const ast::AxisDecl& d) {
    for (const auto& one : d.axes) add(one.name, NameKind::axis, shown(one.value));
  }
  void operator()(const ast::OptionDecl& d) { add(d.name, NameKind::option, shown(d.value)); }
  void operator()(const ast::DataDecl& d) { add(d.name, NameKind::data, ""); }
  void operator()(const ast::LetDecl& d) {
    for (const ast::Name& name : d.names) add(name, NameKind::tensor, "");
  }
  void operator()(const ast::ParamDecl& d) {
    add(d.name, NameKind::parameter, one_line(sources.text(d.type.span)));
  }
  void operator()(const ast::FnDecl& d) {
    const std::string head = signature(d, sources);
    if (d.name) {
      add(*d.name, depth ? NameKind::method : NameKind::function, head);
    } else {
      out.push_back({"fn", NameKind::method, head, s.span, s.keyword, {}});
    }
  }
  void operator()(const ast::ModelDecl& d) {
    add(d.name, NameKind::model, signature(d, sources), outline(d.members, sources, depth + 1));
  }
  void operator()(const ast::TrainDecl& d) { add(d.name, NameKind::training, ""); }
  template <class Other>
  void operator()(const Other&) {}
};

std::vector<Symbol> outline(const ast::Block& block, const Sources& sources, int depth) {
  std::vector<Symbol> out;
  for (const ast::Stmt& s : block) std::visit(Outline{s, sources, depth, out}, s.form);
  return out;
}

}  // namespace

std::vector<Symbol> Document::symbols() const {
  return outline(impl_->tree->statements, impl_->sources, 0);
}

std::vector<Name> Document::names_at(std::uint32_t offset) const {
  std::map<std::string, Name> found;
  const Sources& sources = impl_->sources;
  for (const std::string& text : impl_->checked->names()) {
    if (found.count(text)) continue;
    const check::Binding* b = impl_->checked->find(text);
    if (b) found.emplace(text, describe(text, b->value, b->declared, impl_->program, sources));
  }
  // What is declared inside the function, model or training at hand, up to here.
  for (const ast::Stmt& s : impl_->tree->statements) {
    if (offset < s.span.begin || offset > s.span.end) continue;
    const auto [first, last] = std::pair(impl_->uses->by_begin.lower_bound(s.span.begin),
                                         impl_->uses->by_begin.lower_bound(s.span.end));
    for (auto it = first; it != last; ++it) {
      const Use& use = it->second;
      if (use.declared.end == 0 || use.declared.file != impl_->file || use.declared.begin < s.span.begin ||
          use.declared.end > s.span.end) {
        continue;
      }
      const std::string text(sources.text(use.span));
      if (text.empty() || use.span.begin == offset || use.type.empty()) continue;
      found[text] = {text,         use.kind, use.type, help_of(use.value, use.declared, sources),
                     use.declared, use.value};
    }
  }
  std::vector<Name> out;
  for (auto& [text, name] : found) out.push_back(std::move(name));
  return out;
}

check::Value Document::owner_at(std::uint32_t offset) const {
  const auto it = impl_->uses->owners.find(offset);
  return it == impl_->uses->owners.end() ? check::Value(check::Poison{}) : it->second;
}

}  // namespace weft::service
