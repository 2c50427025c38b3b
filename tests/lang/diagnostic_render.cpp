#include "lang/diagnostic.h"
#include "tests/catch2.h"

using namespace weft;

namespace {

const char* const kProgram =
    "# A word-level LSTM language model.\n"
    "axis B, T\n"
    "axis E = 256, H = 512\n"
    "\n"
    "option corpus = \"kjv.txt\"\n"
    "option epochs = 5\n"
    "\n"
    "data book = lines[B: 32, T: 35](corpus)\n"
    "axis V = book.vocab\n"
    "model Language {\n"
    "  let embed = Embed[V, E]()\n"
    "  let rnn   = LSTM[E -> H: 256](layers = 2)\n"
    "  let out   = Linear[H -> V]()\n"
    "\n"
    "  fn (x: V[B, T]) -> [B, T, V] {\n"
    "    return embed(x) |> rnn[T] |> out\n"
    "  }\n"
    "}\n";

/// The span of `part` in the only source.
Span find(const Sources& sources, std::string_view part) {
  const auto at = sources[0].text.find(part);
  REQUIRE(at != std::string::npos);
  return {0, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + part.size())};
}

Diagnostic error(Span span, std::string message, std::string label = {}) {
  Diagnostic d;
  d.code = "E0000";
  d.span = span;
  d.message = std::move(message);
  d.label = std::move(label);
  return d;
}

/// `part` marked in a source of its own.
std::string marked(std::string text, std::string_view part) {
  Sources sources;
  sources.add("t.weft", std::move(text));
  return render(error(find(sources, part), "fault", "here"), sources);
}

}  // namespace

TEST_CASE("the diagnostic of the language's reference") {
  Sources sources;
  sources.add("lm.weft", kProgram);
  Diagnostic d = error(find(sources, "out\n"), "axes of different extent can't be joined",
                       "needs H = 512, and gets H = 256");
  d.code = "E0204";
  d.span.end -= 1;
  d.notes.push_back({find(sources, "H: 256"), "the extent was set here"});
  d.help = "use LSTM[E -> H], or give the output layer the same extent";
  CHECK(render(d, sources) == R"(error[E0204]: axes of different extent can't be joined
  --> lm.weft:16:34
   |
16 |     return embed(x) |> rnn[T] |> out
   |                                  ^^^ needs H = 512, and gets H = 256
   |
12 |   let rnn   = LSTM[E -> H: 256](layers = 2)
   |                         ------ the extent was set here
   = help: use LSTM[E -> H], or give the output layer the same extent
)");
}

TEST_CASE("notes on the same line, and on the same other line, share it") {
  Sources sources;
  sources.add("t.weft", "let a = b + c\nlet d = 1\n");
  Diagnostic d = error({0, 10, 11}, "fault", "the operator");
  d.notes.push_back({{0, 8, 9}, "left"});
  d.notes.push_back({{0, 14, 17}, "a word"});
  d.notes.push_back({{0, 12, 13}, "right"});
  d.notes.push_back({{0, 18, 19}, ""});
  CHECK(render(d, sources) == R"(error[E0000]: fault
 --> t.weft:1:11
  |
1 | let a = b + c
  |           ^ the operator
  |         - left
  |             - right
  |
2 | let d = 1
  | --- a word
  |     -
)");
}

TEST_CASE("a note in another file gets its place") {
  Sources sources;
  sources.add("a.weft", "import \"b.weft\"\nlet x = y\n");
  sources.add("b.weft", "\n\n\n\n\n\n\n\n\nlet y = 3\n");
  Diagnostic d = error({0, 24, 25}, "fault");
  d.severity = Severity::warning;
  d.notes.push_back({{1, 13, 14}, "declared here"});
  d.notes.push_back({{0, 0, 6}, "brought in here"});
  CHECK(render(d, sources) == R"(warning[E0000]: fault
  --> a.weft:2:9
   |
 2 | let x = y
   |         ^
   |
  ::: b.weft:10:5
   |
10 | let y = 3
   |     - declared here
   |
  ::: a.weft:1:1
   |
 1 | import "b.weft"
   | ------ brought in here
)");
}

TEST_CASE("spans without width, over lines and beyond the end") {
  Sources sources;
  sources.add("t.weft", "let x = f(\n  a)\nlet y");
  CHECK(render(error({0, 4, 4}, "fault", "here"), sources) ==
        "error[E0000]: fault\n --> t.weft:1:5\n  |\n1 | let x = f(\n  |     ^ here\n");
  CHECK(render(error({0, 8, 15}, "fault", "here"), sources) ==
        "error[E0000]: fault\n --> t.weft:1:9\n  |\n1 | let x = f(\n  |         ^^ here\n");
  CHECK(render(error({0, 10, 10}, "fault"), sources) ==
        "error[E0000]: fault\n --> t.weft:1:11\n  |\n1 | let x = f(\n  |           ^\n");
  CHECK(render(error({0, 21, 21}, "fault"), sources) ==
        "error[E0000]: fault\n --> t.weft:3:6\n  |\n3 | let y\n  |      ^\n");
  CHECK(render(error({0, 9000, 9001}, "fault"), sources) ==
        "error[E0000]: fault\n --> t.weft:3:6\n  |\n3 | let y\n  |      ^\n");
}

TEST_CASE("an empty text, an unknown one, several lines of help") {
  Sources sources;
  sources.add("t.weft", "");
  Diagnostic d = error({0, 0, 0}, "fault");
  CHECK(render(d, sources) == "error[E0000]: fault\n --> t.weft:1:1\n  |\n1 |\n  | ^\n");
  d.span.file = 7;
  d.code = "";
  d.help = "one\ntwo";
  CHECK(render(d, sources) == "error: fault\n  = help: one\n          two\n");
}

TEST_CASE("tabs keep their width") {
  CHECK(marked("\tlet\tx = bad\n", "bad") ==
        "error[E0000]: fault\n --> t.weft:1:10\n  |\n1 | \tlet\tx = bad\n  | \t   \t    ^^^ here\n");
  CHECK(marked("let\tx\n", "\t") == "error[E0000]: fault\n --> t.weft:1:4\n  |\n1 | let\tx\n  |    ^ here\n");
}

TEST_CASE("wide characters get wide carets, combining marks none") {
  CHECK(marked("let 变量 = 模型\n", "模型") ==
        "error[E0000]: fault\n --> t.weft:1:10\n  |\n1 | let 变量 = 模型\n  |            ^^^^ here\n");
  CHECK(marked("let e\xCC\x81 = x\n", "x") ==
        "error[E0000]: fault\n --> t.weft:1:10\n  |\n1 | let e\xCC\x81 = x\n  |         ^ here\n");
  CHECK(marked("let \xF0\x9F\x98\x80 = x\n", "\xF0\x9F\x98\x80") ==
        "error[E0000]: fault\n --> t.weft:1:5\n  |\n1 | let \xF0\x9F\x98\x80 = x\n  |     ^^ here\n");
}

TEST_CASE("what isn't text is shown as U+FFFD") {
  CHECK(marked("a\x01\x1B[31m\xFF b\r\n", "b") ==
        "error[E0000]: fault\n --> t.weft:1:10\n  |\n"
        "1 | a\xEF\xBF\xBD\xEF\xBF\xBD[31m\xEF\xBF\xBD b\n  |          ^ here\n");
  // Marks that would turn the direction of the line.
  CHECK(marked("\xE2\x80\xAE"
               "b\n",
               "b") ==
        "error[E0000]: fault\n --> t.weft:1:2\n  |\n1 | \xEF\xBF\xBD"
        "b\n  |  ^ here\n");
  Sources sources;
  sources.add("t\x1B.weft", "a");
  CHECK(render(error({0, 0, 1}, "a\nb\x07"), sources) ==
        "error[E0000]: a b\xEF\xBF\xBD\n --> t\xEF\xBF\xBD.weft:1:1\n  |\n1 | a\n  | ^\n");
}

TEST_CASE("a long line is cut around the span") {
  const std::string line = std::string(5000, 'a') + " bad " + std::string(5000, 'b') + "\n";
  CHECK(marked(line, "bad") == "error[E0000]: fault\n --> t.weft:1:5002\n  |\n1 | ..." +
                                   std::string(39, 'a') + " bad " + std::string(56, 'b') + "...\n  | " +
                                   std::string(43, ' ') + "^^^ here\n");
  CHECK(marked("bad " + std::string(5000, 'b') + "\n", "bad") ==
        "error[E0000]: fault\n --> t.weft:1:1\n  |\n1 | bad " + std::string(96, 'b') + "...\n  | ^^^ here\n");

  // What lies far apart on one line is shown apart.
  Sources sources;
  sources.add("t.weft", line + "");
  Diagnostic d = error({0, 0, 1}, "fault");
  d.notes.push_back({{0, 5001, 5004}, "note"});
  CHECK(render(d, sources) == "error[E0000]: fault\n --> t.weft:1:1\n  |\n1 | " + std::string(100, 'a') +
                                  "...\n  | ^\n  |\n1 | ..." + std::string(39, 'a') + " bad " +
                                  std::string(56, 'b') + "...\n  | " + std::string(43, ' ') + "--- note\n");
}

TEST_CASE("positions count characters from 1") {
  Sources sources;
  sources.add("t.weft", "ab\n变量 x\n\nend");
  const auto at = [&](std::uint32_t offset) {
    const auto p = sources.position(0, offset);
    return std::to_string(p.line) + ":" + std::to_string(p.column);
  };
  CHECK(at(0) == "1:1");
  CHECK(at(2) == "1:3");
  CHECK(at(3) == "2:1");
  CHECK(at(6) == "2:2");
  CHECK(at(10) == "2:4");
  CHECK(at(12) == "3:1");
  CHECK(at(16) == "4:4");
  CHECK(at(99) == "4:4");
  CHECK(sources.text({0, 3, 9}) == "变量");
  CHECK(sources.text({0, 13, 99}) == "end");
  CHECK(sources.text({0, 99, 100}) == "");
  CHECK(sources.text({3, 0, 1}) == "");
  CHECK(sources[0].line_starts == std::vector<std::uint32_t>{0, 3, 12, 13});
}
