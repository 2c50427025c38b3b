#include "tests/catch2.h"
#include "tests/lang/parse_support.h"

using weft::test::faults;
using weft::test::Program;

TEST_CASE("what was expected is said in the words of the language") {
  CHECK(faults("let x =\nlet y = 3") == "E0110 1:8 `` expected an expression after `=`\n");
  CHECK(faults("let x = )") == "E0108 1:9 `)` this `)` closes nothing\n");
  CHECK(faults("let x = a +\n") == "E0110 1:12 `` expected an expression after `+`\n");
  CHECK(faults("let x = * 2") == "E0110 1:9 `*` expected an expression after `=`\n");
  CHECK(faults("let = 2") == "E0110 1:5 `=` expected a name after `let`\n");
  CHECK(faults("let x 2") == "E0110 1:7 `2` expected `=` after `x`\n");
  CHECK(faults("let x, = 2") == "E0110 1:8 `=` expected a name after `,`\n");
  CHECK(faults("let x = f(a b)") == "E0110 1:13 `b` expected `,` or `)` after `a`\n");
  CHECK(faults("let x = f(a,)") == "E0110 1:13 `)` expected an expression after `,`\n");
  CHECK(faults("let x = f(*)") == "E0110 1:11 `*` expected an expression or `)` after `(`\n");
  CHECK(faults("let x = (a b)") == "E0110 1:12 `b` expected an operator or `)` after `a`\n");
  CHECK(faults("let x = f[3]") == "E0110 1:11 `3` expected an axis or `]` after `[`\n");
  CHECK(faults("let x = f[H:]") == "E0110 1:13 `]` expected an extent after `:`\n");
  CHECK(faults("let x = f[a ->]") == "E0110 1:15 `]` expected an axis after `->`\n");
  CHECK(faults("let x = f[a < b]") == "E0110 1:13 `<` expected `,` or `]` after `a`\n");
  CHECK(faults("let x = a. + b") == "E0110 1:12 `+` expected a name after `.`\n");
  CHECK(faults("let x = a.\nlet y = 3") == "E0110 1:11 `` expected a name after `.`\n");
  CHECK(faults("param W [B]") == "E0110 1:9 `[` expected `:` and a type after `W`\n");
  CHECK(faults("param W: = 3") == "E0110 1:10 `=` expected a type after `:`\n");
  CHECK(faults("fn f(x) { }") == "E0110 1:7 `)` expected `:` and a type after `x`\n");
  CHECK(faults("fn f { }") == "E0110 1:6 `{` expected a name or `(` after `f`\n");
  CHECK(faults("fn f() -> { }") == "E0110 1:11 `{` expected a type after `->`\n");
  CHECK(faults("model A(x: [B]) { }") == "E0110 1:10 `:` expected `,` or `)` after `x`\n");
  CHECK(faults("model A\nlet x = 1") == "E0110 1:8 `` expected `{` after `A`\n");
  CHECK(faults("save lm \"x\"") == "E0110 1:9 `\"x\"` expected `to` after `lm`\n");
  CHECK(faults("import 3") ==
        "E0110 1:8 `3` expected a file in quotes or a name such as std.nn after `import`\n");
  CHECK(faults("train r on d as (x) { }") == "E0110 1:18 `x` expected `name = column` after `(`\n");
  CHECK(faults("train r on d { step { minimize a using b } }") ==
        "E0110 1:34 `using` expected `over` after `a`\n");
  CHECK(faults("train r on d { step { minimize a over b } }") ==
        "E0110 1:41 `}` expected `using` after `b`\n");
  CHECK(faults("train r on d { validate { } }") == "E0110 1:25 `{` expected `on` after `validate`\n");
  CHECK(faults("let x = scan(a) { }") == "E0110 1:13 `(` expected `[` after `scan`\n");
  CHECK(faults("let x = scan[T](a; b) { }") == "E0110 1:20 `b` expected `name = value` after `;`\n");
  CHECK(faults("let x = repeat { A() }") == "E0110 1:16 `{` expected a count after `repeat`\n");
  CHECK(faults("let x = repeat repeat 2 { a } { b }") ==
        "E0110 1:16 `repeat` expected a count after `repeat`\n");
  CHECK(faults("let x = repeat 3 { }") == "E0110 1:20 `}` expected an expression after `{`\n");
}

TEST_CASE("a missing expression is pointed at where it should be") {
  CHECK(Program("let x = \n\nlet y = 2\n").rendered() ==
        "error[E0110]: expected an expression after `=`\n"
        " --> test.weft:1:8\n"
        "  |\n"
        "1 | let x = \n"
        "  |        ^ the line ends here\n");
  CHECK(Program("let x = = 2\n").rendered() ==
        "error[E0110]: expected an expression after `=`\n"
        " --> test.weft:1:9\n"
        "  |\n"
        "1 | let x = = 2\n"
        "  |         ^ found `=`\n");
}

TEST_CASE("unknown statements propose the nearest word") {
  CHECK(Program("lett x = 3").rendered() ==
        "error[E0111]: unknown statement `lett`\n"
        " --> test.weft:1:1\n"
        "  |\n"
        "1 | lett x = 3\n"
        "  | ^^^^\n"
        "  = help: did you mean `let`?\n");
  CHECK(Program("modle A { }").diagnostics().at(0).help == "did you mean `model`?");
  CHECK(Program("improt \"x\"").diagnostics().at(0).help == "did you mean `import`?");
  CHECK(Program("draw x").faults() == "E0111 1:1 `draw` unknown statement `draw`\n");
  CHECK(Program("draw x").diagnostics().at(0).help == "");
  CHECK(Program("train r on d {\n  epochs 5\n}").diagnostics().at(0).help ==
        "a setting is written `epochs = value`");
}

TEST_CASE("what doesn't start a statement") {
  CHECK(faults("else { }") == "E0113 1:1 `else` `else` without an `if`\n");
  CHECK(faults("if a { } let b = 3 else { }") == "E0113 1:20 `else` `else` without an `if`\n");
  CHECK(faults("over x") == "E0110 1:1 `over` expected a statement\n");
  CHECK(faults("* 3") == "E0110 1:1 `*` expected a statement\n");
  CHECK(faults("let x = a b") == "E0114 1:11 `b` unexpected `b` after `a`\n");
  CHECK(faults("expect a = b") == "E0114 1:10 `=` unexpected `=` after `a`\n");
  CHECK(faults("let x = 3 y = 4") == "E0114 1:11 `y` unexpected `y` after `3`\n");
}

TEST_CASE("words of the language are no names") {
  CHECK(faults("let model = 3") == "E0112 1:5 `model` `model` is a word of the language\n");
  CHECK(faults("axis B, on") == "E0112 1:9 `on` `on` is a word of the language\n");
  CHECK(faults("fn step() { }") == "E0112 1:4 `step` `step` is a word of the language\n");
  CHECK(faults("train data on x { }") == "E0112 1:7 `data` `data` is a word of the language\n");
  CHECK(faults("let x = model + 1") == "E0110 1:9 `model` expected an expression after `=`\n");
  CHECK(faults("let x' = 3") == "E0118 1:5 `x'` a prime on a name that isn't an axis\n");
  CHECK(faults("let y = a.b'") == "E0118 1:11 `b'` a prime on a name that isn't an axis\n");
}

TEST_CASE("operators that don't go together") {
  CHECK(Program("let x = a < b <= c").rendered() ==
        "error[E0115]: comparisons don't chain\n"
        " --> test.weft:1:15\n"
        "  |\n"
        "1 | let x = a < b <= c\n"
        "  |               ^^ a second comparison\n"
        "  |           - the first one\n"
        "  = help: write `a < b and b < c`\n");
  CHECK(faults("let x = a == not b") == "E0116 1:14 `not` `not` binds looser than what stands before it\n");
  CHECK(faults("let x = - not b") == "E0116 1:11 `not` `not` binds looser than what stands before it\n");
  CHECK(faults("let x = 2 ^ not b") == "E0116 1:13 `not` `not` binds looser than what stands before it\n");
}

TEST_CASE("characters and numbers") {
  CHECK(faults("let x = 1e400") == "E0106 1:9 `1e400` a number out of range\n");
  CHECK(faults("let x = 1e-400") == "E0106 1:9 `1e-400` a number out of range\n");
  CHECK(faults("let x = 9007199254740992 + 007") == "");
  CHECK(faults("let x = 9007199254740993") ==
        "E0106 1:9 `9007199254740993` an integer too large to be exact\n");
  CHECK(faults("let x = 99999999999999999999") ==
        "E0106 1:9 `99999999999999999999` an integer too large to be exact\n");
  CHECK(faults("let x = 12abc") == "E0105 1:9 `12abc` a number and a name without anything between them\n");
  CHECK(faults("let x = 3e") == "E0105 1:9 `3e` a number and a name without anything between them\n");
  CHECK(faults("let x = .5") == "E0110 1:9 `.` expected an expression after `=`\n");
  CHECK(faults("let x = a && b") == "E0102 1:11 `&&` `&&` isn't an operator of the language\n");
  CHECK(faults("let x = a ** b") == "E0102 1:11 `**` `**` isn't an operator of the language\n");
  CHECK(faults("let x = !a") == "E0102 1:9 `!` `!` isn't an operator of the language\n");
  CHECK(faults("let x = 'a'") == "E0102 1:9 `'` `'` isn't an operator of the language\n");
  CHECK(faults("let x = a$") == "E0102 1:10 `$` `$` has no meaning in a program\n");
  CHECK(faults("let x = a\x01") ==
        "E0102 1:10 `\x01` the control character U+0001 has no meaning in a program\n");
  CHECK(faults("let x = f(a，b)") == "E0102 1:12 `，` `，` has no meaning in a program\n");
  CHECK(Program("let x = f(a，b)").diagnostics().at(0).help == "write `,`");
  CHECK(faults("let x = “a”") == "E0102 1:9 `“` `“` has no meaning in a program\n");
}

TEST_CASE("texts") {
  CHECK(faults("let x = \"abc\nlet y = 1") == "E0103 1:9 `\"` a text that is never closed\n");
  CHECK(faults("let x = \"abc\\\"") == "E0103 1:9 `\"` a text that is never closed\n");
  CHECK(faults("let x = f(\"abc)\nlet y = 1") == "E0103 1:11 `\"` a text that is never closed\n");
  CHECK(faults(R"(let x = "a\qb")") == "E0104 1:11 `\\q` unknown escape `\\q`\n");
  CHECK(faults(R"(let x = "\u{d800}")") ==
        "E0104 1:10 `\\u{d800}` `\\u{...}` needs the number of a Unicode character\n");
  CHECK(faults(R"(let x = "\u{110000}")") ==
        "E0104 1:10 `\\u{110000}` `\\u{...}` needs the number of a Unicode character\n");
  CHECK(faults(R"(let x = "\u{}")") ==
        "E0104 1:10 `\\u{}` `\\u{...}` needs the number of a Unicode character\n");
  CHECK(faults(R"(let x = "\u41")") == "E0104 1:10 `\\u` unknown escape `\\u`\n");
}

TEST_CASE("brackets") {
  CHECK(faults("let x = (a") == "E0107 1:9 `(` this `(` is never closed\n");
  CHECK(faults("let x = f[a)") ==
        "E0107 1:10 `[` this `[` is never closed\nE0108 1:12 `)` this `)` closes nothing\n");
  CHECK(faults("let x = (f[a)") == "E0107 1:11 `[` this `[` is never closed\n");
  CHECK(faults("model A {\n  let x = 1\n") == "E0107 1:9 `{` this `{` is never closed\n");
  CHECK(faults("}\nlet x = 1") == "E0108 1:1 `}` this `}` closes nothing\n");
  CHECK(faults("model A {\n  let x = f(a\n  let y = 2\n}") == "E0107 2:12 `(` this `(` is never closed\n");
  CHECK(Program("model A {\n  let x = f(a\n}\n").rendered() ==
        "error[E0107]: this `(` is never closed\n"
        " --> test.weft:2:12\n"
        "  |\n"
        "2 |   let x = f(a\n"
        "  |            ^ needs a `)`\n"
        "  |\n"
        "3 | }\n"
        "  | - `)` had to come before this\n");
}

TEST_CASE("bytes that are no text") {
  CHECK(faults("let x = 1\n\xFF\xFE") == "E0101 2:1 `\xFF` not UTF-8: byte 0xFF at offset 10\n");
  CHECK(faults("# caf\xE9\n") == "E0101 1:6 `\xE9` not UTF-8: byte 0xE9 at offset 5\n");
  CHECK(faults("\xC0\xAF") == "E0101 1:1 `\xC0` not UTF-8: byte 0xC0 at offset 0\n");      // overlong
  CHECK(faults("\xED\xA0\x80") == "E0101 1:1 `\xED` not UTF-8: byte 0xED at offset 0\n");  // surrogate
  CHECK(faults("let \xE4\xB8") == "E0101 1:5 `\xE4` not UTF-8: byte 0xE4 at offset 4\n");  // cut short
  CHECK(Program(std::string("let a\0b = 1", 11)).diagnostics().at(0).message == "a NUL byte at offset 5");
}

TEST_CASE("statements in the wrong block") {
  CHECK(faults("return 3") == "E0117 1:1 `return` `return` can't stand at the top of a program\n");
  CHECK(faults("x = 3") == "E0117 1:1 `x` a setting can't stand at the top of a program\n");
  CHECK(Program("x = 3").diagnostics().at(0).help == "a value is declared with `let x = ...`");
  CHECK(faults("model A {\n  show x\n}") == "E0117 2:3 `show` `show` can't stand in a model\n");
  CHECK(faults("fn f() {\n  param W: [B]\n  next h = 2\n}") ==
        "E0117 2:3 `param` `param` can't stand in a function\n"
        "E0117 3:3 `next` `next` can't stand in a function\n");
  CHECK(faults("train r on d {\n  let x = 3\n  step {\n    save a to \"b\"\n  }\n}") ==
        "E0117 2:3 `let` `let` can't stand in a train block\n"
        "E0117 4:5 `save` `save` can't stand in a step\n");
  CHECK(faults("step { }") == "E0117 1:1 `step` `step` can't stand at the top of a program\n");
}
