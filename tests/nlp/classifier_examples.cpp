#include <cstdint>

#include "nlp/embedding/classifier/features.h"
#include "nlp/embedding/classifier/order.h"
#include "nlp/embedding/classifier/train.h"
#include "tests/catch2.h"
#include "tests/nlp/labelled.h"

using namespace weft;
using namespace weft::nlp;

namespace {

std::string words_of(const Examples& e, std::int64_t i) {
  std::string out;
  for (const std::uint32_t l : e[i].labels)
    out += "[" + std::string(e.dictionary().text(e.words() + static_cast<std::int32_t>(l))) + "]";
  for (const std::uint32_t w : e[i].words) {
    const auto n = static_cast<std::int32_t>(w);
    out += " " + std::string(n < e.words() ? e.dictionary().text(n) : e.rare().text(n - e.words()));
  }
  return out;
}

}  // namespace

TEST_CASE("labelled lines become numbers by falling count") {
  const Examples e =
      read("__label__b x y\n\n__label__a __label__b y z\nno label\n__label__a\r\n__label__b y\r\n");
  REQUIRE(e.size() == 3);
  CHECK(words_of(e, 0) == "[__label__b] x y </s>");
  CHECK(words_of(e, 1) == "[__label__a][__label__b] y z </s>");
  CHECK(words_of(e, 2) == "[__label__b] y </s>");
  CHECK(e.dictionary().text(0) == "</s>");
  CHECK(e.dictionary().text(1) == "y");
  CHECK(e.dictionary().text(e.words()) == "__label__b");
  CHECK(e.counts().lines == 6);
  CHECK(e.counts().empty == 1);
  CHECK(e.counts().unlabelled == 1);
  CHECK(e.counts().textless == 1);
}

TEST_CASE("tab-separated lines have the label first") {
  ExampleReading reading;
  reading.form = LabelForm::tsv;
  const Examples e = read("two words\tsome text\nlabel\t\n\ttext\nno tab\n", reading);
  REQUIRE(e.size() == 1);
  CHECK(words_of(e, 0) == "[__label__two words] some text </s>");
  CHECK(e.counts().textless == 1);
  CHECK(e.counts().unlabelled == 2);
}

TEST_CASE("threads and blocks don't show in what is read") {
  const std::string text = three_labels(200);
  const Examples one = read(text, {}, 1, 100000);
  const Examples many = read(text, {}, 4, 70);
  REQUIRE(one.size() == many.size());
  REQUIRE(one.dictionary().size() == many.dictionary().size());
  for (std::int32_t i = 0; i < one.dictionary().size(); ++i) {
    CHECK(one.dictionary().text(i) == many.dictionary().text(i));
    CHECK(one.dictionary().count(i) == many.dictionary().count(i));
  }
  for (std::int64_t i = 0; i < one.size(); ++i) CHECK(words_of(one, i) == words_of(many, i));
}

TEST_CASE("a line longer than a block is one example") {
  std::string line = "__label__x";
  for (int i = 0; i < 500; ++i) line += " w" + std::to_string(i % 7);
  const Examples e = read("__label__y a\n" + line + "\n__label__y b\n", {}, 2, 40);
  REQUIRE(e.size() == 3);
  CHECK(e[1].words.size() == 501);
  CHECK(words_of(e, 2) == "[__label__y] b </s>");
}

TEST_CASE("rare words have no row, rare labels no example") {
  ExampleReading reading;
  reading.min_count = 2;
  reading.min_label_count = 2;
  const Examples e = read("__label__a x once\n__label__a x\n__label__b x\n", reading);
  REQUIRE(e.size() == 2);
  CHECK(e.words() == 2);
  CHECK(e.labels() == 1);
  CHECK(e.counts().rare_labels == 1);
  CHECK(e.rare().size() == 1);
}

TEST_CASE("a second corpus is read with the first one's words") {
  const Examples train = read("__label__a x y\n__label__b y\n");
  ExampleReading reading;
  reading.dictionary = &train.dictionary();
  const Examples held = read("__label__b x new\n__label__c x\n", reading);
  REQUIRE(held.size() == 1);
  CHECK(held.counts().unknown_labels == 1);
  CHECK(words_of(held, 0) == "[__label__b] x new </s>");
}

TEST_CASE("an order is a permutation") {
  for (const std::int64_t n : {1, 2, 3, 17, 1000}) {
    const Order order(n, 5, 2);
    std::vector<int> seen(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) ++seen[static_cast<std::size_t>(order[i])];
    for (const int s : seen) CHECK(s == 1);
  }
  int moved = 0;
  const Order a(1000, 5, 2), b(1000, 5, 3);
  for (std::int64_t i = 0; i < 1000; ++i) moved += a[i] != b[i];
  CHECK(moved > 900);
}

TEST_CASE("word n-grams fall into fastText's buckets") {
  // By hand: hashes 3 and -2 (as signed), then 3 * 116049371 - 2 = 348148111.
  EmbeddingSettings s = small_settings();
  s.buckets = 1000;
  std::vector<std::int32_t> rows;
  const std::uint32_t hashes[] = {3, static_cast<std::uint32_t>(-2), 5};
  append_word_ngrams(hashes, s, 100, {}, rows);
  // (-2 * 116049371 + 5) mod 2^64 mod 1000: 2^64 = 18446744073709551616, so 18446744073477452879.
  CHECK(rows == std::vector<std::int32_t>{100 + 111, 100 + 879});
  rows.clear();
  s.word_ngrams = 3;
  append_word_ngrams(hashes, s, 100, {}, rows);
  CHECK(rows.size() == 3);
}

TEST_CASE("a text has the same rows as the example it came from") {
  EmbeddingSettings s = small_settings();
  s.min_n = 2;
  s.max_n = 3;
  const std::string text = three_labels(20);
  const Examples e = read(text);
  const EmbeddingModel model = new_classifier(e, s, 1, Workers(1));
  const ExampleFeatures features(model, e);
  TextFeatures of_text;
  std::vector<std::uint32_t> hashes;
  std::vector<std::int32_t> rows;
  std::size_t at = 0;
  for (std::int64_t i = 0; i < e.size(); ++i) {
    const std::size_t end = text.find('\n', at);
    of_text.read(model, std::string_view(text).substr(at, end - at));
    at = end + 1;
    features.rows(e[i], hashes, rows);
    CHECK(rows == of_text.rows);
    REQUIRE(of_text.labels.size() == 1);
    CHECK(static_cast<std::uint32_t>(of_text.labels[0]) == e[i].labels[0]);
  }
}
