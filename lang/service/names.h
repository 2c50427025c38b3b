#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/check/value.h"
#include "lang/diagnostic.h"

/// What editors and the REPL ask of a checked source: names, members, types, help, as plain values.
namespace weft::service {

enum class NameKind : std::uint8_t {
  keyword,
  axis,
  labels,
  function,
  method,
  model,
  layer,
  parameter,
  tensor,
  constant,
  option,
  data,
  split,
  training,
  reader,
  column,
  argument,
  other
};

/// A name one may write, and what is to be said of it.
struct Name {
  std::string text;
  NameKind kind = NameKind::other;
  std::string type;  // "[B, T, E = 256]", "axis E = 256", "fn f[T](x: [.., T]) -> [..]"
  std::string help;  // the comment at its declaration, or the language's own words
  Span declared;     // end = 0: not in any source
  check::Value value;
};

NameKind kind_of(const check::Value&, const Program&);

/// What a value is, in one line.
std::string type_of(const check::Value&, const Program&, const Sources&);

/// The comment of a declaration: of a function or model that above it, else the one that stands at the end
/// of its line or on the lines right above. For builtins their formula.
std::string help_of(const check::Value&, Span declared, const Sources&);

Name describe(std::string text, const check::Value&, Span declared, const Program&, const Sources&);

/// All names of a scope and of those around it, sorted; an inner name hides an outer one.
std::vector<Name> names_of(const check::Scope&, const Program&, const Sources&);

/// What may stand after `value.`, sorted; empty where nothing may.
std::vector<Name> members_of(const check::Value&, const Program&, const Sources&);

/// The keywords, and the readers that `data` knows.
std::vector<Name> keywords();
std::vector<Name> readers();

}  // namespace weft::service
