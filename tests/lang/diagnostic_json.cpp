#include <nlohmann/json.hpp>

#include "lang/diagnostic.h"
#include "tests/catch2.h"

namespace weft {
namespace {

using Json = nlohmann::json;

TEST_CASE("a diagnostic as JSON has its places in bytes, and in lines and characters") {
  Sources sources;
  const std::uint32_t file = sources.add("a \"b\".weft", "let 数 = 1\nshow 数x\n");
  Diagnostic d;
  d.code = "E0201";
  d.span = {file, 17, 21};  // 数x
  d.message = "unknown name `数x`";
  d.label = "not declared here";
  d.notes = {{{file, 4, 7}, "declared here"}};
  d.help = "did you mean `数`?";
  d.fix = Fix{d.span, "数"};
  const std::string line = render_json(d, sources);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(Json::parse(line) == Json::parse(R"({
    "code": "E0201", "severity": "error", "message": "unknown name `数x`", "file": "a \"b\".weft",
    "span": {"begin": 17, "end": 21, "line": 2, "column": 6, "end_line": 2, "end_column": 8},
    "label": "not declared here",
    "notes": [{"message": "declared here", "file": "a \"b\".weft",
               "span": {"begin": 4, "end": 7, "line": 1, "column": 5, "end_line": 1, "end_column": 6}}],
    "help": "did you mean `数`?",
    "fix": {"file": "a \"b\".weft", "text": "数",
            "span": {"begin": 17, "end": 21, "line": 2, "column": 6, "end_line": 2, "end_column": 8}}
  })"));
}

TEST_CASE("JSON of a diagnostic without a place, and with bytes that are no UTF-8") {
  Sources sources;
  sources.add("x.weft", "");
  Diagnostic d;
  d.code = "W0501";
  d.severity = Severity::warning;
  d.span = {7, 0, 0};
  d.message = "caf\xe9";
  const Json json = Json::parse(render_json(d, sources));
  CHECK(json["severity"] == "warning");
  CHECK(json["message"] == "caf\xef\xbf\xbd");
  CHECK(json["file"] == "");
  CHECK_FALSE(json.contains("span"));
  CHECK_FALSE(json.contains("fix"));
  CHECK(json["notes"].empty());
  CHECK(json["help"] == "");
}

}  // namespace
}  // namespace weft
