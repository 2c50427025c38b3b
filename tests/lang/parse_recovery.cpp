#include "tests/catch2.h"
#include "tests/lang/parse_support.h"

using weft::test::faults;
using weft::test::Program;

TEST_CASE("two independent errors are both reported, in source order") {
  const Program program("let a = = 1\nlet b = 2\nshow f(b\nlet c = 3\nmodle M { }\nlet d = 4\n");
  CHECK(program.faults() ==
        "E0110 1:9 `=` expected an expression after `=`\n"
        "E0107 3:7 `(` this `(` is never closed\n"
        "E0111 5:1 `modle` unknown statement `modle`\n");
  CHECK(program.dump() == "(let b 2)\n(show (postfix f (call b)))\n(let c 3)\n(let d 4)\n");
  CHECK_FALSE(program.parsed.incomplete);
}

TEST_CASE("an error in a body leaves the rest of the body") {
  const Program program(
      "model A[T] {\n"
      "  let x =\n"
      "  fn (x: [T]) -> [T] {\n"
      "    let y = x + * 2\n"
      "    return y\n"
      "  }\n"
      "  param W [T]\n"
      "}\n"
      "train run on d as (x = ids) {\n"
      "  step {\n"
      "    minimize over lm using adam()\n"
      "    show x\n"
      "  }\n"
      "  epochs 5\n"
      "  patience = 2\n"
      "}\n"
      "show A\n");
  CHECK(program.faults() ==
        "E0110 2:10 `` expected an expression after `=`\n"
        "E0110 4:17 `*` expected an expression after `+`\n"
        "E0110 7:11 `[` expected `:` and a type after `W`\n"
        "E0110 11:14 `over` expected an expression after `minimize`\n"
        "E0111 14:3 `epochs` unknown statement `epochs`\n");
  CHECK(program.dump() ==
        "(model A [T] () help=\"\" {\n"
        "  (fn - - ((x (type - [T]) -)) (type - [T]) help=\"\" {\n"
        "    (return y)\n"
        "  })\n"
        "})\n"
        "(train run d (columns x=ids) {\n"
        "  (step {\n"
        "    (show x)\n"
        "  })\n"
        "  (settings patience=2)\n"
        "})\n"
        "(show A)\n");
}

TEST_CASE("an error in a scan leaves the statements around it") {
  const Program program(
      "fn f() {\n"
      "  let y = scan[T](x; h = 0) {\n"
      "    let z = (\n"
      "    next h = z\n"
      "    let w = 1 +\n"
      "  }\n"
      "  return y\n"
      "}\n");
  CHECK(program.faults() ==
        "E0107 3:13 `(` this `(` is never closed\n"
        "E0110 5:16 `` expected an expression after `+`\n");
  CHECK(program.dump() ==
        "(fn f - () - help=\"\" {\n"
        "  (let y (scan [T] (walked x) (carried h=0) {\n"
        "    (next h=z)\n"
        "  }))\n"
        "  (return y)\n"
        "})\n");
}

TEST_CASE("an error in a head leaves what follows the body") {
  CHECK(Program("model A foo {\n  let x = 1\n}\nlet y = 2\n").dump() == "(let y 2)\n");
  CHECK(faults("model A foo {\n  let x = 1\n}\nlet y = 2\n") == "E0110 1:9 `foo` expected `{` after `A`\n");
}

TEST_CASE("one error a statement, no cascades") {
  CHECK(faults("let x = f(a,, b) + ) 3 ]\nlet y = 1") ==
        "E0108 1:20 `)` this `)` closes nothing\n"
        "E0108 1:24 `]` this `]` closes nothing\n");
  CHECK(faults("let x = a && b || c\n") == "E0102 1:11 `&&` `&&` isn't an operator of the language\n");
  CHECK(faults("let x = f(a b c d e)(g h)\nlet y = 1") == "E0110 1:13 `b` expected `,` or `)` after `a`\n");
  CHECK(faults("let a, b c d = =\n  3 4 5\n  (6)\n") == "E0110 1:10 `c` expected `=` after `b`\n");
  // An argument on a line of its own that looks like a statement.
  CHECK(faults("let x = f(\n  data = a,\n  next = b,\n  step = c)\n") == "");
}

TEST_CASE("at most a hundred diagnostics") {
  std::string source;
  for (int i = 0; i < 1000; ++i) source += "let x = = 1\n";
  CHECK(Program(source).diagnostics().size() == 100);
}

TEST_CASE("a text that ends too early is incomplete") {
  const auto incomplete = [](const char* source) { return Program(source).parsed.incomplete; };
  for (const char* source : {"let x =",
                             "let",
                             "let x",
                             "let x = a +",
                             "let x = a +\n\n",
                             "let x = f(",
                             "let x = f(a,\n",
                             "model A {",
                             "model A",
                             "model A {\n  let x = f(\n",
                             "train r on d as (x = ids) {\n  step {\n",
                             "let x = \"abc",
                             "show f(\"abc",
                             "save lm",
                             "save lm to",
                             "axis B,",
                             "x |>",
                             "let y = not",
                             "let y = a.",
                             "fn f(x: [T])",
                             "import",
                             "let x = scan[T](x; h = 0) {\n return h\n",
                             "f(x",
                             "let x = a + # and\n"}) {
    INFO(source);
    CHECK(incomplete(source));
  }
  for (const char* source :
       {"", "# comment", "let x = 1", "f(x)", "model A { }", "let x = )", "let x = = ", "lett x = f(y)",
        "let x = \"abc\nlet y = f(", "let x = f(a\nlet y = 2", "let x = 1e999 +", "\xFF", "x"}) {
    INFO(source);
    CHECK_FALSE(incomplete(source));
  }
}
