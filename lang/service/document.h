#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/service/names.h"

/// What an editor asks of a source: places are bytes of its text, answers are plain values.
namespace weft::service {

struct Hover {
  Span span;         // of the name
  std::string code;  // "let rnn: LSTM[E = 256 -> H = 512]"
  std::string help;
};

struct Symbol {
  std::string name;
  NameKind kind = NameKind::other;
  std::string detail;
  Span whole, self;  // of the declaration, of its name
  std::vector<Symbol> inner;
};

/// What could stand at a place, and where what is written of it already begins.
struct Completion {
  std::uint32_t from = 0;
  std::vector<Name> names;
};

/// A source, checked as `weft check` does it: no data is opened, nothing is run.
class Document {
 public:
  /// `name` is its path, for what it imports; `files` has the texts of files by path that aren't saved.
  Document(std::string name, std::string text, std::map<std::string, std::string> files = {});
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  /// Faults of the source itself, and of an imported one at its `import`; warnings where there are no faults.
  const std::vector<Diagnostic>& diagnostics() const;
  const Sources& sources() const;
  std::uint32_t file() const;
  const std::string& text() const;
  const Program& program() const;

  std::optional<Hover> hover(std::uint32_t offset) const;
  /// Where the name at a place is declared: in this source, an imported one, or the library.
  std::optional<Span> definition(std::uint32_t offset) const;
  std::vector<Symbol> symbols() const;
  /// The names there are at a place, sorted.
  std::vector<Name> names_at(std::uint32_t offset) const;
  /// The value whose member is named at a place; Poison where there is none.
  check::Value owner_at(std::uint32_t offset) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What may be written at a place of a text: members after a point, axes in `[ ]`, the arguments of a call in
/// `( )`, else names and keywords. Nothing in comments and texts.
Completion complete(const std::string& name, const std::string& text, std::uint32_t offset,
                    std::map<std::string, std::string> files = {});

/// The name whose letters touch a place: where it begins and ends; the same twice where there is none.
std::pair<std::uint32_t, std::uint32_t> word_at(std::string_view text, std::uint32_t offset);

}  // namespace weft::service
