#include <random>

#include "lang/syntax/limits.h"
#include "tests/catch2.h"
#include "tests/lang/parse_support.h"

// Any bytes give a tree or diagnostics: these return at all, without stack or memory running out.

using weft::test::faults;
using weft::test::Program;

namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

/// All of it is parsed, printed and told.
void survive(const std::string& source) {
  const Program program(source);
  CHECK(program.diagnostics().size() <= weft::syntax::kMostFaults);
  (void)program.dump();
  (void)program.rendered();
}

}  // namespace

TEST_CASE("nesting up to 256 brackets, and not one more") {
  const auto nested = [](int depth) {
    return "let x = " + repeated("(", static_cast<std::size_t>(depth)) + "a" +
           repeated(")", static_cast<std::size_t>(depth)) + "\n";
  };
  CHECK(weft::test::tree(nested(256)) == "(let x a)\n");
  CHECK(faults(nested(257)) == "E0109 1:265 `(` brackets nested more than 256 deep\n");
  CHECK(faults(nested(10000)) == "E0109 1:265 `(` brackets nested more than 256 deep\n");
  CHECK(faults("let x = " + repeated("f[H: ", 256) + "1" + repeated("]", 256)) == "");
  CHECK(faults(repeated("model A { ", 65)) == "E0109 1:649 `{` blocks nested more than 64 deep\n");
  survive("let x = " + repeated("scan[T](x) { let y = ", 64) + "a" + repeated(" return y }", 64));
  survive("let x = " + repeated("repeat 2 { ", 64) + "a" + repeated(" }", 64));
  survive("let x = " + repeated("scan[T](x) { let y = ((f[H: ", 64) + "a");
}

TEST_CASE("long without being deep") {
  CHECK(faults("let x = " + repeated("a + ", 100000) + "a") == "");
  CHECK(faults("let x = " + repeated("a ^ ", 100000) + "a") == "");
  CHECK(faults("let x = " + repeated("-", 100000) + "a") == "");
  CHECK(faults("let x = " + repeated("not ", 100000) + "a") == "");
  CHECK(faults("let x = a" + repeated(".b", 100000)) == "");
  CHECK(faults("let x = a" + repeated("()", 100000)) == "");
  CHECK(faults("let x = f(" + repeated("a, ", 100000) + "a)") == "");
  CHECK(faults(repeated("let x = mean[B, T](cross_entropy[V](lm(x), y))\n", 10000)) == "");
  CHECK(faults("let x = " + repeated("a ^ -", 100000) + "a") ==
        "E0109 1:331 `^` more than 64 signed exponents in one another\n");
}

TEST_CASE("a mebibyte of anything") {
  for (const char* part :
       {"(",  ")",    "{",     "[",   "([{",           "a",       "1",           "\"", "#",  "'",
        "-",  "let ", "let\n", "&\n", "let x = = 1\n", "repeat ", "model A {\n", "\t", "\n", "a.",
        "|>", "语",   "\xFF"}) {
    INFO(part);
    survive(repeated(part, kMebibyte / std::string_view(part).size()));
  }
  survive("let x = \"" + std::string(kMebibyte, 'a'));
  survive("let x = " + std::string(kMebibyte, '1'));
  CHECK(faults(std::string(5 * kMebibyte, 'a')) == "E0119 1:1 `` a program of more than 4 MiB\n");
}

TEST_CASE("random bytes and random tokens") {
  std::mt19937 random(20240229);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  std::string bytes(kMebibyte, '\0');
  for (char& c : bytes) c = static_cast<char>(below(256));
  survive(bytes);
  for (char& c : bytes) c = static_cast<char>(' ' + below(95));
  survive(bytes);

  const std::vector<std::string> words = {
      "axis ",     "option ",   "data ",   "let ",  "param ",  "fn ",     "model ", "train ", "step ",
      "minimize ", "validate ", "show ",   "save ", "expect ", "return ", "next ",  "scan",   "repeat ",
      "import ",   " over ",    " using ", " on ",  " as ",    " to ",    " and ",  " or ",   "not ",
      "if ",       "set ",      "x",       "T'",    "3",       "0.5",     "\"a\"",  "(",      ")",
      "[",         "]",         "{",       "}",     ",",       ":",       ";",      ".",      "..",
      "->",        "=",         "==",      "<",     "|>",      "+",       "-",      "*",      "^",
      "\n",        "\n",        "\n",      "# c\n", " "};
  for (int round = 0; round < 300; ++round) {
    std::string source;
    for (std::size_t i = below(300); i > 0; --i) source += words[below(words.size())];
    INFO(source);
    survive(source);
  }
}

TEST_CASE("every beginning of a program") {
  const std::string source =
      "axis B, T\noption c = \"k\\n\"  # help\nmodel A[T -> H: 3](n = 1) {\n  param W: [T] = f()\n"
      "  fn (x: V[B, T']) -> [T] {\n    return scan[T](x; h = -1) { next h = x |> f(a) return h }\n  }\n}\n"
      "train r on d as (x = next) {\n  step { minimize a over b using c() }\n  epochs = 2^-1\n}\n语 = 3\n";
  for (std::size_t length = 0; length <= source.size(); ++length) survive(source.substr(0, length));
}
