#include "tests/catch2.h"
#include "tests/lang/parse_support.h"

using weft::test::expression;
using weft::test::Program;

TEST_CASE("numbers are read exactly and know how they were written") {
  CHECK(expression("64") == "64");
  CHECK(expression("0") == "0");
  CHECK(expression("3e-3") == "0.003");
  CHECK(expression("0.5") == "0.5");
  CHECK(expression("1.0") == "1.0");
  CHECK(expression("1e3") == "1000.0");
  CHECK(expression("0.1") == "0.1");
  CHECK(expression("9007199254740992") == "9007199254740992");
  CHECK(expression("-inf") == "(prefix - inf)");
}

TEST_CASE("texts have their escapes resolved") {
  const auto value = [](const std::string& source) {
    const Program program("let it = " + source);
    REQUIRE(program.faults() == "");
    return std::get<weft::ast::Text>(std::get<weft::ast::LetDecl>(program.statement(0).form).value->form)
        .value;
  };
  CHECK(value(R"("kjv.txt")") == "kjv.txt");
  CHECK(value(R"("")") == "");
  CHECK(value(R"("a\nb\tc\"d\\e")") == "a\nb\tc\"d\\e");
  CHECK(value(R"("\u{3bb}\u{1F600}\u{41}")") ==
        "\xCE\xBB\xF0\x9F\x98\x80"
        "A");
  CHECK(value(R"("no # comment")") == "no # comment");
  CHECK(value("\"语言\"") == "语言");
}

TEST_CASE("references") {
  CHECK(expression("x") == "x");
  CHECK(expression("_") == "_");
  CHECK(expression("i_r2") == "i_r2");
  CHECK(expression("T'") == "T'");
  CHECK(expression("T''") == "T''");
  CHECK(expression("letx") == "letx");
  CHECK(expression("orange + android - nothing") == "(chain orange + android - nothing)");
  CHECK(expression("变量 + λ") == "(chain 变量 + λ)");
}

TEST_CASE("operators by precedence") {
  CHECK(expression("a + b * c") == "(chain a + (chain b * c))");
  CHECK(expression("a * b + c") == "(chain (chain a * b) + c)");
  CHECK(expression("a - b + c") == "(chain a - b + c)");
  CHECK(expression("a / b * c") == "(chain a / b * c)");
  CHECK(expression("a + b < c - d") == "(chain (chain a + b) < (chain c - d))");
  CHECK(expression("a == b and c != d or e") == "(chain (chain (chain a == b) and (chain c != d)) or e)");
  CHECK(expression("a <= b") == "(chain a <= b)");
  CHECK(expression("a >= b") == "(chain a >= b)");
  CHECK(expression("a > b") == "(chain a > b)");
  CHECK(expression("not a and b") == "(chain (prefix not a) and b)");
  CHECK(expression("not a == b") == "(prefix not (chain a == b))");
  CHECK(expression("not not a") == "(prefix not not a)");
  CHECK(expression("not - a") == "(prefix not (prefix - a))");
  CHECK(expression("a or b |> f") == "(chain (chain a or b) |> f)");
  CHECK(expression("embed(x) |> rnn[T] |> out") ==
        "(chain (postfix embed (call x)) |> (postfix rnn [T]) |> out)");
  CHECK(expression("x |> f(a)") == "(chain x |> (postfix f (call a)))");
}

TEST_CASE("minus and powers") {
  CHECK(expression("-x^2") == "(prefix - (chain x ^ 2))");
  CHECK(expression("2^-1") == "(chain 2 ^ (prefix - 1))");
  CHECK(expression("2^-x^3") == "(chain 2 ^ (prefix - (chain x ^ 3)))");
  CHECK(expression("2^-1 * y") == "(chain (chain 2 ^ (prefix - 1)) * y)");
  CHECK(expression("a ^ b ^ c") == "(chain a ^ b ^ c)");  // one chain, grouped from the right
  CHECK(expression("- - x") == "(prefix - - x)");
  CHECK(expression("--x") == "(prefix - - x)");
  CHECK(expression("a - -b") == "(chain a - (prefix - b))");
  CHECK(expression("a--b") == "(chain a - (prefix - b))");
  CHECK(expression("-a * b") == "(chain (prefix - a) * b)");
  CHECK(expression("a < -1") == "(chain a < (prefix - 1))");
  CHECK(expression("a<-1") == "(chain a < (prefix - 1))");
  CHECK(expression("-f(x).y") == "(prefix - (postfix f (call x) .y))");
}

TEST_CASE("parentheses group") {
  CHECK(expression("(a + b) * c") == "(chain (chain a + b) * c)");
  CHECK(expression("(a + b) + c") == "(chain (chain a + b) + c)");
  CHECK(expression("((a))") == "a");
  CHECK(expression("(a < b) == (b < c)") == "(chain (chain a < b) == (chain b < c))");
  CHECK(expression("(a |> f) + 1") == "(chain (chain a |> f) + 1)");
  CHECK(expression("(-x)^2") == "(chain (prefix - x) ^ 2)");
  CHECK(expression("- (not a)") == "(prefix - (prefix not a))");
}

TEST_CASE("suffixes in any order") {
  CHECK(expression("f()") == "(postfix f (call))");
  CHECK(expression("f(a, b = 2)") == "(postfix f (call a b=2))");
  CHECK(expression("f[T](x).y.z[B](1)") == "(postfix f [T] (call x) .y .z [B] (call 1))");
  CHECK(expression("f(a)(b)") == "(postfix f (call a) (call b))");
  CHECK(expression("(a + b)[T]") == "(postfix (chain a + b) [T])");
  CHECK(expression("f(\n  a,\n  b\n)") == "(postfix f (call a b))");
  CHECK(expression("book\n  .train") == "(postfix book .train)");
  CHECK(expression("f(a == b, c = d == e)") == "(postfix f (call (chain a == b) c=(chain d == e)))");
}

TEST_CASE("words of the language are names where nothing else can stand") {
  CHECK(expression("book.next") == "(postfix book .next)");
  CHECK(expression("run.step.data.model") == "(postfix run .step .data .model)");
  CHECK(
      expression("f(on = 1, to = 2, as = 3, step = 4, data = 5, model = 6, next = 7, over = 8, using = 9)") ==
      "(postfix f (call on=1 to=2 as=3 step=4 data=5 model=6 next=7 over=8 using=9))");
  CHECK(weft::test::tree("train r on d as (x = ids, y = next, z = state, a = x.on) { }") ==
        "(train r d (columns x=ids y=next z=state a=(postfix x .on)) {})\n");
}

TEST_CASE("axis lists") {
  CHECK(expression("f[]") == "(postfix f [])");
  CHECK(expression("f[B, T']") == "(postfix f [B T'])");
  CHECK(expression("f[.., Q, K]") == "(postfix f [.. Q K])");
  CHECK(expression("LSTM[E -> H: 256]") == "(postfix LSTM [E -> H:256])");
  CHECK(expression("Linear[D -> Head, K]") == "(postfix Linear [D -> Head K])");
  CHECK(expression("rename[T -> T']") == "(postfix rename [T -> T'])");
  CHECK(expression("f[T'->T]") == "(postfix f [T' -> T])");
  CHECK(expression("f[H: 4 * K - 1->J: N / 2]") ==
        "(postfix f [H:(chain (chain 4 * K) - 1) -> J:(chain N / 2)])");
  CHECK(expression("f[H: (a < b)]") == "(postfix f [H:(chain a < b)])");
}

TEST_CASE("scan and repeat") {
  CHECK(expression("scan[T](x, y = f(z); h = zeros[.., H](), c = 0) {\n  next h = c\n  return h\n}") ==
        "(scan [T] (walked x y=(postfix f (call z))) (carried h=(postfix zeros [.. H] (call)) c=0) {\n"
        "  (next h=c)\n"
        "  (return h)\n"
        "})");
  CHECK(expression("scan[T](x) { return x }") == "(scan [T] (walked x) (carried) {\n  (return x)\n})");
  CHECK(expression("scan[T](; h = 1) { return h }") ==
        "(scan [T] (walked) (carried h=1) {\n  (return h)\n})");
  CHECK(expression("repeat 6 { Block[T, D]() }") == "(repeat 6 (postfix Block [T D] (call)))");
  CHECK(expression("repeat layers - 1 { A() }(x)") ==
        "(postfix (repeat (chain layers - 1) (postfix A (call))) (call x))");
  CHECK(expression("x |> repeat n { A() } |> f") == "(chain x |> (repeat n (postfix A (call))) |> f)");
  CHECK(expression("scan[T](x) { return x }.last") ==
        "(postfix (scan [T] (walked x) (carried) {\n  (return x)\n}) .last)");
}

TEST_CASE("lines: what goes on and what doesn't") {
  using weft::test::tree;
  CHECK(tree("let x = a\n  |> out") == "(let x (chain a |> out))\n");
  CHECK(tree("let x = a\n  + b\n  - c") == "(let x (chain a + b - c))\n");
  CHECK(tree("let x = a +\n  b") == "(let x (chain a + b))\n");
  CHECK(tree("let x =\n  a") == "(let x a)\n");
  CHECK(tree("let x = a  # why\n  # more\n  * b") == "(let x (chain a * b))\n");
  // A bracket on a new line is a statement of its own.
  CHECK(tree("let x = a\n(b)") == "(let x a)\n(evaluate b)\n");
  CHECK(weft::test::faults("let x = a\n[b]") == "E0110 2:1 `[` expected a statement\n");
}
