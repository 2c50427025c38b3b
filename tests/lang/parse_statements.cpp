#include "tests/catch2.h"
#include "tests/lang/parse_support.h"

using weft::test::Program;
using weft::test::tree;

TEST_CASE("declarations") {
  CHECK(tree("axis B, T") == "(axis (B -) (T -))\n");
  CHECK(tree("axis E = 256, H = 2 * E") == "(axis (E 256) (H (chain 2 * E)))\n");
  CHECK(tree("data book = lines[B: 32](corpus)") == "(data book (postfix lines [B:32] (call corpus)))\n");
  CHECK(tree("let x = 1") == "(let x 1)\n");
  CHECK(tree("let a, b, c = f(x)") == "(let a b c (postfix f (call x)))\n");
  CHECK(tree("param W: [In, Out] = glorot()") == "(param W (type - [In Out]) (postfix glorot (call)))\n");
  CHECK(tree("param b: [H]") == "(param b (type - [H]) -)\n");
  CHECK(tree("import \"layers.weft\"\nimport std.nn") == "(import \"layers.weft\")\n(import std.nn)\n");
}

TEST_CASE("functions and their types") {
  CHECK(
      tree("fn f[Q, S](q: [.., Q], v: V[B], seen: bool[..], n: int[] = 3, s: text) -> V'[Q] { return q }") ==
      "(fn f [Q S] ((q (type - [.. Q]) -) (v (type V [B]) -) (seen (type bool [..]) -) (n (type int []) 3) "
      "(s (type text -) -)) (type V' [Q]) help=\"\" {\n"
      "  (return q)\n"
      "})\n");
  CHECK(tree("fn f() { }") == "(fn f - () - help=\"\" {})\n");
  CHECK(tree("model M {\n  fn [T](x: [T]) { return x, x }\n}") ==
        "(model M - () help=\"\" {\n"
        "  (fn - [T] ((x (type - [T]) -)) - help=\"\" {\n"
        "    (return x x)\n"
        "  })\n"
        "})\n");
}

TEST_CASE("models") {
  CHECK(tree("model GRU[In -> H](layers = 1, dropout) {\n  axis K = 2\n  param W: [In]\n  let a = A()\n}") ==
        "(model GRU [In -> H] ((layers - 1) (dropout - -)) help=\"\" {\n"
        "  (axis (K 2))\n"
        "  (param W (type - [In]) -)\n"
        "  (let a (postfix A (call)))\n"
        "})\n");
}

TEST_CASE("training") {
  CHECK(tree("train run on book.train as (x = ids, y = next) {\n"
             "  step {\n"
             "    let loss = mean[B](x)\n"
             "    minimize loss over lm, lm.embed using adam(3e-3, clip = 1.0)\n"
             "    show loss\n"
             "  }\n"
             "  validate on book.valid { show perplexity = exp(x), x }\n"
             "  epochs = 5, patience = 2\n"
             "  seed = 1\n"
             "}") ==
        "(train run (postfix book .train) (columns x=ids y=next) {\n"
        "  (step {\n"
        "    (let loss (postfix mean [B] (call x)))\n"
        "    (minimize loss (over lm (postfix lm .embed)) (postfix adam (call 0.003 clip=1.0)))\n"
        "    (show loss)\n"
        "  })\n"
        "  (validate (postfix book .valid) {\n"
        "    (show perplexity=(postfix exp (call x)) x)\n"
        "  })\n"
        "  (settings epochs=5 patience=2)\n"
        "  (settings seed=1)\n"
        "})\n");
  CHECK(tree("train gan { step { } epochs = 2 }") ==
        "(train gan - (columns) {\n  (step {})\n  (settings epochs=2)\n})\n");
}

TEST_CASE("other statements") {
  CHECK(tree("show a, b = c + 1") == "(show a b=(chain c + 1))\n");
  CHECK(tree("save lm to \"lm.\" + name") == "(save lm (chain \"lm.\" + name))\n");
  CHECK(tree("expect run.perplexity < 400") == "(expect (chain (postfix run .perplexity) < 400))\n");
  CHECK(tree("a + b") == "(evaluate (chain a + b))\n");
  CHECK(tree("not b\n\"c\"\n3\n(d)\nrepeat 2 { a }") ==
        "(evaluate (prefix not b))\n(evaluate \"c\")\n(evaluate 3)\n(evaluate d)\n(evaluate (repeat 2 a))\n");
}

TEST_CASE("what is drawn, explained, changed and frozen") {
  CHECK(tree("plot run, w = lm.w") == "(plot run w=(postfix lm .w))\n");
  CHECK(tree("explain lm, run") == "(explain lm run)\n");
  CHECK(tree("freeze lm.embed, lm.out") == "(freeze (postfix lm .embed) (postfix lm .out))\n");
  CHECK(tree("set b = b + 1") == "(set b (chain b + 1))\n");
  CHECK(tree("train t { step { set at[S](Q, s) = 3 } }") ==
        "(train t - (columns) {\n"
        "  (step {\n"
        "    (set (postfix at [S] (call Q s)) 3)\n"
        "  })\n"
        "})\n");
  CHECK(tree("option rate: real = 1   # how fast") == "(option rate real 1 help=\"how fast\")\n");
}

TEST_CASE("choices") {
  CHECK(tree("if a > 1 { show a }") == "(if ((chain a > 1) {\n  (show a)\n}))\n");
  CHECK(tree("model M {\n  if a {\n    param b: [H]\n  } else if c { }\n  else { let d = 1 }\n}") ==
        "(model M - () help=\"\" {\n"
        "  (if (a {\n"
        "    (param b (type - [H]) -)\n"
        "  }) (c {}) (- {\n"
        "    (let d 1)\n"
        "  }))\n"
        "})\n");
  // What may stand in an `if` is what may stand around it.
  CHECK(weft::test::faults("if a { return a }") ==
        "E0117 1:8 `return` `return` can't stand at the top of a program\n");
  CHECK(weft::test::faults("fn f() { if a { return a } }") == "");
  CHECK(weft::test::faults("if a { } else { step { } }") ==
        "E0117 1:17 `step` `step` can't stand at the top of a program\n");
}

TEST_CASE("statements end where the next begins") {
  CHECK(tree("let a = 1 let b = 2 show a") == "(let a 1)\n(let b 2)\n(show a)\n");
  CHECK(tree("axis B,\n     T\nlet a = 1") == "(axis (B -) (T -))\n(let a 1)\n");
  CHECK(tree("# only a comment\n\n") == "");
  CHECK(tree("") == "");
  CHECK(tree("\xEF\xBB\xBFlet a = 1\r\nlet b = 2\r\n") == "(let a 1)\n(let b 2)\n");
}

TEST_CASE("comments are the help of what they stand beside") {
  const Program program(
      "option corpus = \"kjv.txt\"     # a text file, one paragraph a line  \n"
      "option epochs = 5\n"
      "# not of an option\n"
      "option rate = 3e-3 option b = 2 # of b\n"
      "\n"
      "# Not this one.\n"
      "\n"
      "# Attention,\n"
      "#   by Vaswani et al.\n"
      "fn f() { }   # nor this\n"
      "let x = 1  # nor this\n"
      "model A {\n"
      "  # The call.\n"
      "  fn () { }\n"
      "}\n"
      "# Of B.\n"
      "model B { }\n");
  REQUIRE(program.faults() == "");
  const auto option = [&](std::size_t i) {
    return std::get<weft::ast::OptionDecl>(program.statement(i).form).help;
  };
  CHECK(option(0) == "a text file, one paragraph a line");
  CHECK(option(1) == "");
  CHECK(option(2) == "");
  CHECK(option(3) == "of b");
  CHECK(std::get<weft::ast::FnDecl>(program.statement(4).form).help == "Attention,\nby Vaswani et al.");
  const auto& a = std::get<weft::ast::ModelDecl>(program.statement(6).form);
  CHECK(a.help == "");
  CHECK(std::get<weft::ast::FnDecl>(a.members.at(0).form).help == "The call.");
  CHECK(std::get<weft::ast::ModelDecl>(program.statement(7).form).help == "Of B.");
}
