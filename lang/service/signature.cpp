#include "lang/service/signature.h"

namespace weft::service {

namespace {

std::string head(const std::string& start, const std::optional<ast::AxisList>& axes,
                 const std::vector<ast::Parameter>& parameters, const Sources& sources) {
  std::string text = start;
  if (axes) text += sources.text(axes->span);
  text += "(";
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (i) text += ", ";
    text += one_line(sources.text(parameters[i].span));
  }
  return text + ")";
}

}  // namespace

std::string signature(const ast::FnDecl& f, const Sources& sources) {
  std::string text = head(f.name ? "fn " + f.name->text : "fn ", f.axes, f.parameters, sources);
  if (f.result) text += " -> " + one_line(sources.text(f.result->span));
  return text;
}

std::string signature(const ast::ModelDecl& m, const Sources& sources) {
  std::string text = head("model " + m.name.text, m.axes, m.parameters, sources);
  if (m.parameters.empty() && text.size() > 2) text.resize(text.size() - 2);  // `model Language`
  return text;
}

std::string one_line(std::string_view comment) {
  std::string out;
  bool space = false;
  for (const char c : comment) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += c;
  }
  return out;
}

}  // namespace weft::service
