#include "lang/diagnostic.h"
#include "tests/catch2.h"

using weft::nearest;

TEST_CASE("the nearest name is proposed") {
  const std::vector<std::string> names{"let", "model", "param", "perplexity", "holdout", "LSTM"};
  CHECK(nearest("lett", names) == "let");
  CHECK(nearest("modle", names) == "model");  // neighbours swapped: one edit
  CHECK(nearest("pram", names) == "param");
  CHECK(nearest("perplexty", names) == "perplexity");
  CHECK(nearest("preplexty", names) == "perplexity");
  CHECK(nearest("hold_out", names) == "holdout");
  CHECK(nearest("lstm", names) == "LSTM");  // only the case differs
  CHECK(nearest("quite_else", names) == "");
  CHECK(nearest("", names) == "");
  CHECK(nearest("let", {}) == "");
}

TEST_CASE("no more than a third of a name is mended") {
  CHECK(nearest("abcdef", {"abcdxy"}) == "abcdxy");  // 2 of 6
  CHECK(nearest("abcde", {"abcxy"}) == "");          // 2 of 5
  CHECK(nearest("x", {"y", "z"}) == "");             // nothing of it would be left
  CHECK(nearest("ab", {"xb"}) == "xb");
}

TEST_CASE("the first of the nearest, never the name itself") {
  CHECK(nearest("cot", {"cat", "cut", "coat"}) == "cat");
  CHECK(nearest("state", {"state", "states"}) == "states");
  CHECK(nearest("abcdefghi", {"abcdefxyz", "abcdefghx"}) == "abcdefghx");
}

TEST_CASE("characters are counted, not bytes") {
  CHECK(nearest("变量甲", {"变量乙"}) == "变量乙");
  CHECK(nearest("变量甲乙丙丁", {"变量甲乙"}) == "变量甲乙");
  CHECK(nearest(std::string(100000, 'a'), {"a"}) == "");
}
