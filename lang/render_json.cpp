#include <nlohmann/json.hpp>

#include "lang/diagnostic.h"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

Json span_of(Span span, const Sources& sources) {
  const Sources::Position begin = sources.position(span.file, span.begin);
  const Sources::Position end = sources.position(span.file, span.end);
  return {{"begin", span.begin},    {"end", span.end},      {"line", begin.line},
          {"column", begin.column}, {"end_line", end.line}, {"end_column", end.column}};
}

/// `file` and `span` into `object`, where the span lies in a file.
void place(Json& object, Span span, const Sources& sources) {
  const bool known = span.file < sources.size();
  object["file"] = known ? sources[span.file].name : "";
  if (known) object["span"] = span_of(span, sources);
}

}  // namespace

std::string render_json(const Diagnostic& d, const Sources& sources) {
  Json out;
  out["code"] = d.code;
  out["severity"] = d.severity == Severity::error ? "error" : "warning";
  out["message"] = d.message;
  place(out, d.span, sources);
  out["label"] = d.label;
  out["notes"] = Json::array();
  for (const Note& n : d.notes) {
    Json note;
    note["message"] = n.message;
    place(note, n.span, sources);
    out["notes"].push_back(std::move(note));
  }
  out["help"] = d.help;
  if (d.fix) {
    Json fix;
    place(fix, d.fix->span, sources);
    fix["text"] = d.fix->text;
    out["fix"] = std::move(fix);
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace weft
