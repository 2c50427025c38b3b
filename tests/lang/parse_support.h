#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/parse.h"
#include "lang/syntax/print.h"

namespace weft::test {

/// A parsed text with what tests ask of it.
class Program {
 public:
  explicit Program(std::string source) {
    sources.add("test.weft", std::move(source));
    parsed = parse(sources, 0);
  }

  const std::vector<Diagnostic>& diagnostics() const { return parsed.diagnostics; }
  const ast::Stmt& statement(std::size_t i) const { return parsed.program.statements.at(i); }
  std::string dump() const { return ast::dump(parsed.program); }
  std::string text(Span span) const { return std::string(sources.text(span)); }

  /// One line a diagnostic: "E0110 2:9 `=` expected an expression after `=`".
  std::string faults() const {
    std::string out;
    for (const Diagnostic& d : parsed.diagnostics) {
      const auto position = sources.position(0, d.span.begin);
      out += d.code + " " + std::to_string(position.line) + ":" + std::to_string(position.column) + " `" +
             text(d.span) + "` " + d.message + "\n";
    }
    return out;
  }

  std::string rendered() const {
    std::string out;
    for (const Diagnostic& d : parsed.diagnostics) out += render(d, sources);
    return out;
  }

  Sources sources;
  Parsed parsed;
};

/// The listing of a text that must be right.
inline std::string tree(std::string source) {
  const Program program(std::move(source));
  return program.diagnostics().empty() ? program.dump() : program.rendered();
}

/// The listing of an expression.
inline std::string expression(const std::string& source) {
  const Program program("let it = " + source);
  if (!program.diagnostics().empty()) return program.rendered();
  return ast::dump(*std::get<ast::LetDecl>(program.statement(0).form).value);
}

inline std::string faults(std::string source) {
  return Program(std::move(source)).faults();
}

}  // namespace weft::test
