#include "lang/format/format.h"

#include <string>

#include "tests/catch2.h"
#include "tests/fuzz/source_faults.h"

namespace {

/// The text as it is formatted, or what is wrong with that.
std::string formatted(const std::string& source) {
  const std::string fault = weft::fuzz::format_faults(source);
  if (!fault.empty()) return fault;
  weft::Sources sources;
  const auto result = weft::format(sources, sources.add("x", source));
  return result.diagnostics.empty() ? result.text : result.diagnostics.front().message;
}

}  // namespace

TEST_CASE("spaces stand where the form says, not where they were") {
  CHECK(formatted("let   x=1+2*-3^2|>f\n") == "let x = 1 + 2 * -3 ^ 2 |> f\n");
  CHECK(formatted("show(a)-b,not-c,( d )") == "show (a) - b, not -c, (d)\n");
  CHECK(formatted("axis B,T=2 axis K=D/Head") == "axis B, T = 2\naxis K = D / Head\n");
  CHECK(formatted("let y=Linear [ D->Head ,K ] ( bias=false ) . weight") ==
        "let y = Linear[D -> Head, K](bias = false).weight\n");
  CHECK(formatted("let y=at[ V:3,.. ]( book . next,\"king\" )") ==
        "let y = at[V: 3, ..](book.next, \"king\")\n");
  CHECK(formatted("option rate:real=1e-3   # help\t") == "option rate: real = 1e-3  # help\n");
  CHECK(formatted("import std . nn import \"a.weft\"") == "import std.nn\nimport \"a.weft\"\n");
  CHECK(formatted("set  at[S](Q,s)=0 freeze a.b,c plot run explain lm") ==
        "set at[S](Q, s) = 0\nfreeze a.b, c\nplot run\nexplain lm\n");
}

TEST_CASE("numbers and texts stay as they are written") {
  CHECK(formatted("let a=1.50e+003") == "let a = 1.50e+003\n");
  CHECK(formatted("let a=\"\\u{4E2d}\\t  \"") == "let a = \"\\u{4E2d}\\t  \"\n");
}

TEST_CASE("parentheses stay, unless they are doubled") {
  CHECK(formatted("let a = (1)") == "let a = (1)\n");
  CHECK(formatted("let a = ( ( (1)) + 2)") == "let a = ((1) + 2)\n");
  CHECK(formatted("let a = f((((1))))") == "let a = f((1))\n");
  CHECK(formatted("let a = f((1), 2)((3))") == "let a = f((1), 2)((3))\n");
  CHECK(formatted("let a = (( # why\n1))") == "let a = (  # why\n  1\n)\n");
  CHECK(formatted("let a = (# why\n(1))") == "let a = (  # why\n  (1)\n)\n");
}

TEST_CASE("a statement a line, blocks two spaces in") {
  CHECK(formatted("fn f(x:[..])->[..]{let y=x return y}fn g()->[]{}") ==
        "fn f(x: [..]) -> [..] {\n  let y = x\n  return y\n}\nfn g() -> [] {}\n");
  CHECK(formatted(
            "model M{let a=repeat 3{B[D]()} fn[T](x:V[B,T]){return scan[T](x;h=0){next h=h+x return h}}}") ==
        "model M {\n"
        "  let a = repeat 3 { B[D]() }\n"
        "  fn [T](x: V[B, T]) {\n"
        "    return scan[T](x; h = 0) {\n"
        "      next h = h + x\n"
        "      return h\n"
        "    }\n"
        "  }\n"
        "}\n");
  CHECK(formatted("if a>1{\nshow a}else if b{\nshow b}\nelse{\nshow c}") ==
        "if a > 1 {\n  show a\n} else if b {\n  show b\n} else {\n  show c\n}\n");
  CHECK(formatted(
            "train r on d.train as(x=ids,y=next){step{minimize l over a,b using sgd(1)\n}epochs=2,seed=1}") ==
        "train r on d.train as (x = ids, y = next) {\n"
        "  step {\n"
        "    minimize l over a, b using sgd(1)\n"
        "  }\n"
        "  epochs = 2, seed = 1\n"
        "}\n");
}

TEST_CASE("a block of one statement stays on a line") {
  CHECK(formatted("fn f(x:[..])->[..]{return x}") == "fn f(x: [..]) -> [..] { return x }\n");
  CHECK(formatted("fn f(x:[..])->[..]{\nreturn x}") == "fn f(x: [..]) -> [..] {\n  return x\n}\n");
  CHECK(formatted("if a{show 1}else{show 2 show 3}") == "if a { show 1 } else {\n  show 2\n  show 3\n}\n");
  CHECK(formatted("let y=scan[T](x;h=0){next h=h+x}") == "let y = scan[T](x; h = 0) { next h = h + x }\n");
  CHECK(formatted("let y=scan[T](x;h=0){next h=scan[T](y){return y}}") ==
        "let y = scan[T](x; h = 0) {\n  next h = scan[T](y) { return y }\n}\n");
  const std::string wide(80, 'x');
  CHECK(formatted("fn f(x: [..]) -> [..] { return " + wide + " }") ==
        "fn f(x: [..]) -> [..] {\n  return " + wide + "\n}\n");
}

TEST_CASE("blank lines: between statements, one") {
  CHECK(formatted("\n\nlet a = 1\n\n\n\nlet b = 2\nlet c = 3\n\n\n") ==
        "let a = 1\n\nlet b = 2\nlet c = 3\n");
  CHECK(formatted("model M {\n\n  let a = 1\n\n}") == "model M {\n  let a = 1\n}\n");
  CHECK(formatted("") == "");
  CHECK(formatted(" \n\n") == "");
}

TEST_CASE("comments at the end of neighbouring lines stand below each other") {
  CHECK(formatted("let a = 1 # one\nlet long = 22 # two\nlet b = 3\nlet c = 4# four\n") ==
        "let a = 1      # one\nlet long = 22  # two\nlet b = 3\nlet c = 4  # four\n");
  CHECK(formatted("let a = 1 # one\n\nlet long = 22 # two\n") ==
        "let a = 1  # one\n\nlet long = 22  # two\n");
  CHECK(formatted("let 中文 = 1 # 一\nlet abcd = 1 # 二\nlet e = 1 # 三") ==
        "let 中文 = 1  # 一\nlet abcd = 1  # 二\nlet e = 1     # 三\n");
  // What is very long doesn't push the others away.
  const std::string wide = "let a = \"" + std::string(80, 'x') + "\"";
  CHECK(formatted(wide + " # a\nlet b = 1 # b") == wide + "  # a\nlet b = 1  # b\n");
}

TEST_CASE("comments stay where they are") {
  CHECK(formatted("# first\n\n\n#second\nlet a = 1\n # third\n#") ==
        "# first\n\n#second\nlet a = 1\n# third\n#\n");
  CHECK(formatted("model M { # head\n # in\n let a = 1\n\n # last\n } # after\n# end") ==
        "model M {  # head\n  # in\n  let a = 1\n\n  # last\n}  # after\n# end\n");
  CHECK(formatted("model M {\n# only\n}") == "model M {\n  # only\n}\n");
  CHECK(formatted("if a { # a\nshow 1\n} # b\n# c\nelse { # d\n}") ==
        "if a {  # a\n  show 1\n}  # b\n# c\nelse {  # d\n}\n");
}

TEST_CASE("comments inside of expressions break the lines around them") {
  CHECK(formatted("let a = f(x, # one\n y # two\n, z\n # last\n)") ==
        "let a = f(\n  x,  # one\n  y,  # two\n  z\n  # last\n)\n");
  CHECK(formatted("let a = f(# nothing\n)") == "let a = f(  # nothing\n)\n");
  CHECK(formatted("let a = x # one\n|> f # two\n # three\n|> g") ==
        "let a =\n  x |>  # one\n  f |>  # two\n  # three\n  g\n");
  CHECK(formatted("let # name\n# own\na # is\n= # value\n1") ==
        "let  # name\n  # own\n  a =  # is\n  # value\n  1\n");
  CHECK(formatted("option a = 1 # no help\n+ 2 # help") == "option a =\n  1 +  # no help\n  2    # help\n");
}

TEST_CASE("lists that are too long: the whole list on a line of its own, or a line for each part") {
  CHECK(formatted("let value = some_function(first_argument = 1234567, second_argument = 1234567, "
                  "third_argument = 1234567)") ==
        "let value = some_function(\n"
        "  first_argument = 1234567, second_argument = 1234567, third_argument = 1234567\n"
        ")\n");
  CHECK(formatted("let value = some_function(first_argument = some_name_of_its_own, second_argument = "
                  "12345678, third_argument = some_other_name)") ==
        "let value = some_function(\n"
        "  first_argument = some_name_of_its_own,\n"
        "  second_argument = 12345678,\n"
        "  third_argument = some_other_name\n"
        ")\n");
  const std::string forty(40, 'a');
  CHECK(formatted("fn f(" + forty + ": [A], b" + forty + ": [B]) -> [A, B] { let y = 1 return y }") ==
        "fn f(\n  " + forty + ": [A], b" + forty + ": [B]\n) -> [A, B] {\n  let y = 1\n  return y\n}\n");
}

TEST_CASE("names and labels alone fill their lines") {
  std::string source = "axis Word = labels(";
  for (int i = 0; i < 30; ++i) source += (i > 0 ? "," : "") + ("\"word " + std::to_string(i)) + "\"";
  CHECK(formatted(source + ")") ==
        "axis Word = labels(\n"
        "  \"word 0\", \"word 1\", \"word 2\", \"word 3\", \"word 4\", \"word 5\", \"word 6\", \"word 7\", "
        "\"word 8\",\n"
        "  \"word 9\", \"word 10\", \"word 11\", \"word 12\", \"word 13\", \"word 14\", \"word 15\", \"word "
        "16\", \"word 17\",\n"
        "  \"word 18\", \"word 19\", \"word 20\", \"word 21\", \"word 22\", \"word 23\", \"word 24\", \"word "
        "25\", \"word 26\",\n"
        "  \"word 27\", \"word 28\", \"word 29\"\n"
        ")\n");
}

// Each line but the last ends with an operator, so the REPL knows that more is to come.
TEST_CASE("operators that are too many stand at the ends of lines") {
  const std::string forty(40, 'a');
  CHECK(formatted("let x = " + forty + " |> b" + forty + " |> c(1) |> d") ==
        "let x =\n  " + forty + " |> b" + forty + " |> c(1) |> d\n");
  CHECK(formatted("let x = " + forty + "1 |> b" + forty + " |> " + forty + " + 1 |> d") ==
        "let x =\n  " + forty + "1 |>\n  b" + forty + " |>\n  " + forty + " + 1 |>\n  d\n");
  CHECK(formatted("return_this and " + forty + " + 1 and " + forty + " * 2 and c") ==
        "return_this and\n  " + forty + " + 1 and\n  " + forty + " * 2 and\n  c\n");
}

TEST_CASE("the clauses of a training that are too long get lines of their own") {
  const std::string forty(40, 'a');
  CHECK(formatted("train r on d as (x = a) {step{ minimize f(" + forty + ") + 1 over " + forty +
                  " using adam(" + forty + ")}}") == "train r on d as (x = a) {\n  step {\n    minimize f(" +
                                                         forty + ") + 1\n      over " + forty +
                                                         "\n      using adam(" + forty + ")\n  }\n}\n");
  CHECK(formatted("train run on " + forty + " as (x = " + forty + ", y = bbbbbb) {}") ==
        "train run on " + forty + "\n      as (x = " + forty + ", y = bbbbbb) {}\n");
}

TEST_CASE("a text with faults has diagnostics and no form") {
  weft::Sources sources;
  const auto result = weft::format(sources, sources.add("x", "let = 3"));
  CHECK(result.text == "");
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].code.starts_with("E01"));
}

TEST_CASE("a text that would grow too large stays as it is") {
  std::string source;
  for (int i = 0; i < 60; ++i) source += "if a {";
  for (int i = 0; i < 40'000; ++i) source += "\nshow 1";  // indented by 120 columns each
  source += std::string(60, '}');
  weft::Sources sources;
  CHECK((weft::format(sources, sources.add("x", source)).text == source));
}

TEST_CASE("line ends of other systems and byte order marks go") {
  CHECK(formatted("\xEF\xBB\xBFlet a = 1\r\n\r\n\r\n# c \r\nlet b = 2\r\n") ==
        "let a = 1\n\n# c\nlet b = 2\n");
}

TEST_CASE("help stays what it was") {
  CHECK(formatted("let a = 1 # not of f\nfn f() { return 1 }") ==
        "let a = 1  # not of f\nfn f() { return 1 }\n");
  CHECK(formatted("# of f\n# too\nfn f() { return 1 }") == "# of f\n# too\nfn f() { return 1 }\n");
  CHECK(formatted("axis A fn f() { return 1 }") == "axis A\nfn f() { return 1 }\n");
}
