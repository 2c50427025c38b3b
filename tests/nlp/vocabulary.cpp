#include "nlp/text/vocabulary.h"

#include <algorithm>
#include <random>
#include <stdexcept>

#include "nlp/text/edit_distance.h"
#include "tests/catch2.h"

using namespace weft::nlp;
using Strings = std::vector<std::string>;

TEST_CASE("vocabulary: by count, ties in byte order, whatever the order of adding") {
  Strings text = {"b", "a", "c", "a", "Z", "é", "c", "a", "b"};  // a 3, b 2, c 2, Z 1, é 1
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(text.begin(), text.end(), random);
    TokenCounter counter;
    for (const auto& token : text) counter.add(token);
    CHECK(counter.total() == 9);
    const auto sorted = counter.sorted();
    REQUIRE(sorted.size() == 5);
    CHECK(sorted[0] == std::pair<std::string, std::int64_t>("a", 3));
    CHECK(Vocabulary(counter, {"<unk>", "<eos>"}, 1).tokens() ==
          Strings{"<unk>", "<eos>", "a", "b", "c", "Z", "é"});
    CHECK(Vocabulary(counter, {"<unk>"}, 2).tokens() == Strings{"<unk>", "a", "b", "c"});
    CHECK(Vocabulary(counter, {}, 4).tokens().empty());
  }
}

TEST_CASE("vocabulary: indices") {
  const Vocabulary vocabulary({"<unk>", "one", "two"});
  CHECK(vocabulary.size() == 3);
  CHECK(vocabulary.id("two") == 2);
  CHECK(vocabulary.id("three") == 0);
  CHECK(vocabulary.token(1) == "one");
  CHECK(vocabulary.contains("one"));
  CHECK_FALSE(vocabulary.contains("three"));
  CHECK_THROWS_AS(vocabulary.token(3), std::out_of_range);
  CHECK(Vocabulary({"one"}).id("two") == -1);
  CHECK_THROWS_WITH(Vocabulary({"a", "b", "a"}), "[vocabulary] expected tokens that differ, got \"a\" twice");
}

TEST_CASE("vocabulary: a counted token that is a special is listed once") {
  TokenCounter counter;
  counter.add("<unk>", 5);
  counter.add("word", 2);
  CHECK(Vocabulary(counter, {"<unk>"}, 1).tokens() == Strings{"<unk>", "word"});
}

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("lable", "label") == 1);
  CHECK(edit_distance("ca", "abc") == 3);  // 2 where a part may be edited twice
  CHECK(nearest_name("lable", {"text", "label"}) == "label");
  CHECK(nearest_name("intent", {"text", "label"}).empty());
}
