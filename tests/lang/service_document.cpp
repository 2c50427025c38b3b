#include <algorithm>

#include "lang/service/document.h"
#include "lang/service/library.h"
#include "tests/catch2.h"

/// What editors ask of a source. A place is written as `@` in the text.

namespace {

using weft::service::Completion;
using weft::service::Document;
using weft::service::Name;

struct Marked {
  std::string text;
  std::uint32_t at = 0;
};
Marked marked(std::string text) {
  const auto at = text.find('@');
  REQUIRE(at != std::string::npos);
  text.erase(at, 1);
  return {text, static_cast<std::uint32_t>(at)};
}

std::string hover_code(const std::string& text) {
  const Marked m = marked(text);
  const auto hover = Document("test.weft", m.text).hover(m.at);
  return hover ? hover->code : "";
}
std::string hover_help(const std::string& text) {
  const Marked m = marked(text);
  const auto hover = Document("test.weft", m.text).hover(m.at);
  return hover ? hover->help : "";
}
/// The text of the declaration of what is named at the place.
std::string declared(const std::string& text) {
  const Marked m = marked(text);
  const Document d("test.weft", m.text);
  const auto span = d.definition(m.at);
  return span ? std::string(d.sources().text(*span)) + "@" + std::to_string(span->begin) : "";
}
Completion completed(const std::string& text) {
  const Marked m = marked(text);
  return weft::service::complete("test.weft", m.text, m.at);
}
bool has(const Completion& c, const std::string& name) {
  return std::any_of(c.names.begin(), c.names.end(), [&](const Name& n) { return n.text == name; });
}

const char* const kModel = R"(axis E = 8, H = 12
# Two layers.
model Net {
  let first = Linear[E -> H]()
  fn (x: [.., E]) -> [.., H] {
    let inner = first(x)
    return inner
  }
}
let net = Net()
)";

}  // namespace

TEST_CASE("hover tells what a name is") {
  const std::string model = kModel;
  CHECK(hover_code("axis E = 8\nshow zeros[@E]()\n") == "axis E = 8");
  CHECK(hover_code("axis @E = 8\n") == "axis E = 8");
  CHECK(hover_code("axis B\nfn f(x: [B]) -> [B] { return @x }\n") == "x: [B]");
  CHECK(hover_code("let y = 3\nshow y@\n") == "y = 3");
  CHECK(hover_code(model + "show net.fir@st\n") == "first: Linear[E = 8 -> H = 12]");
  CHECK(hover_code(model + "show @net\n") == "net: Net");
  CHECK(hover_code(model + "let other = @Net()\n") == "model Net");
  CHECK(hover_code("option rate = 0.5  # how fast\nshow @rate\n") == "option rate = 0.5");
  CHECK(hover_code("@show 1\n") == "show a, name = b");
  CHECK(hover_code("# @show 1\n") == "");
  CHECK(hover_code("let t = \"@show\"\n") == "");
  CHECK(hover_code("show   @   1\n") == "");
  CHECK(hover_code("show 12@\n") == "");
}

TEST_CASE("hover brings the comment of the declaration") {
  const std::string model = kModel;
  CHECK(hover_help(model + "let other = @Net()\n") == "Two layers.");
  CHECK(hover_help("option rate = 0.5  # how fast\nshow @rate\n") == "how fast");
  CHECK(hover_help("# above\n# and below\nlet x = 3\nshow @x\n") == "above\nand below");
  CHECK(hover_help("# far\n\nlet x = 3\nshow @x\n") == "");
  CHECK(hover_help("let s = \"# none\"\nshow @s\n") == "");
  CHECK(!hover_help("show @exp(1)\n").empty());
}

TEST_CASE("definitions are found in the source and in the library") {
  const std::string model = kModel;
  CHECK(declared("let x = 3\nshow @x\n") == "x@4");
  CHECK(declared("let x = 3\nlet y = x\nshow y@\n") == "y@14");
  CHECK(declared(model + "show net.@first\n") == "first@" + std::to_string(model.find("first")));
  CHECK(declared("fn f(x: []) -> [] { return @x }\n") == "x@5");
  CHECK(declared("show @exp(1)\n") == "");
  const Marked m = marked("axis E = 2\nlet l = @Linear[E -> E']()\n");
  const Document d("test.weft", m.text);
  const auto span = d.definition(m.at);
  REQUIRE(span);
  CHECK(d.sources()[span->file].name == "std.nn");
  CHECK(d.sources().text(*span) == "Linear");
}

TEST_CASE("completion knows members, axes, arguments and what is in scope") {
  const std::string model = kModel;
  const Completion members = completed(model + "show net.@\n");
  CHECK(has(members, "first"));
  CHECK(!has(members, "show"));
  CHECK(has(completed(model + "show net.fi@\n"), "first"));
  CHECK(completed(model + "show net.fi@\n").from == model.size() + 9);
  const Completion axes = completed(model + "show zeros[@\n");
  CHECK(has(axes, "H"));
  CHECK(!has(axes, "net"));
  const Completion arguments = completed("axis E = 2\nlet l = Linear[E -> E'](@\n");
  CHECK(has(arguments, "bias"));
  CHECK(has(arguments, "E"));
  const Completion start = completed(model + "@");
  CHECK(has(start, "minimize"));
  CHECK(has(start, "net"));
  CHECK(!has(start, "inner"));  // of a function's own
  CHECK(has(completed("fn f(x: []) -> [] {\n  let y = x\n  return @\n}\n"), "y"));
  CHECK(completed("# sho@\n").names.empty());
  CHECK(completed("show \"sho@\n").names.empty());
  CHECK(completed("show 12@\n").names.empty());
  CHECK(has(completed("import std.@\n"), "nn"));
}

TEST_CASE("symbols outline the declarations") {
  const Document d("test.weft", std::string(kModel) + "train run on nothing { }\n");
  const auto symbols = d.symbols();
  REQUIRE(symbols.size() == 5);
  CHECK(symbols[0].name == "E");
  CHECK(symbols[2].name == "Net");
  REQUIRE(symbols[2].inner.size() == 2);
  CHECK(symbols[2].inner[0].name == "first");
  CHECK(symbols[2].inner[1].detail == "fn (x: [.., E]) -> [.., H]");
  CHECK(symbols[4].name == "run");
}

TEST_CASE("a source with faults still answers") {
  const std::string broken = std::string(kModel) + "let = 3\nshow net.first\nshow nosuch\n";
  const Document d("test.weft", broken);
  REQUIRE(d.diagnostics().size() == 1);  // of syntax; what may follow from it is not told
  CHECK(d.diagnostics()[0].code.substr(0, 3) == "E01");
  CHECK(d.hover(static_cast<std::uint32_t>(broken.find("net.first")))->code == "net: Net");
  const Document unknown("test.weft", "show nosuch\nlet x = 3\n");
  REQUIRE(unknown.diagnostics().size() == 1);
  CHECK(unknown.hover(16)->code == "x = 3");
  for (const char* text : {"", "\xff", "(", "a.", "model M {", "import \"", "show x.y.z.", "fn f(", "axis"}) {
    const std::string source = text;
    const Document any("test.weft", source);
    for (std::uint32_t i = 0; i <= source.size() + 1; ++i) {
      any.hover(i);
      any.definition(i);
      weft::service::complete("test.weft", source, i);
    }
    any.symbols();
  }
}

TEST_CASE("the library is found by part, by name, and by both") {
  using namespace weft::service;
  CHECK(library_text("std.nn.Linear") == library_text("Linear"));
  CHECK(library_text("std.nn")->find(*library_text("Linear")) != std::string::npos);
  CHECK(library_text("language_model"));
  CHECK(!library_text("std.nn."));
  CHECK(!library_text("Liner"));
  CHECK(library_overview().find("Linear") != std::string::npos);
  CHECK(summary_of("# A first line.\n# More.\n") == "A first line.");
  CHECK(summary_of("axis B\n") == "");
}
