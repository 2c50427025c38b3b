#include "nlp/embedding/train/train_embedding.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>

#include "nlp/embedding/subwords.h"
#include "nlp/embedding/train/corpus_tokens.h"
#include "nlp/embedding/train/huffman.h"
#include "nlp/embedding/train/noise.h"
#include "nlp/embedding/train/spread_buckets.h"
#include "nlp/embedding/train/token_store.h"
#include "nlp/embedding/train/training_data.h"
#include "nlp/embedding/train/word_rows.h"
#include "tests/catch2.h"
#include "tests/nlp/text_of.h"

using namespace weft;
using namespace weft::nlp;

namespace {

/// Sentences of two kinds without a word in common.
std::string two_worlds(int lines) {
  std::mt19937 random(7);
  const auto pick = [&](std::initializer_list<const char*> of) {
    return std::string(of.begin()[random() % of.size()]);
  };
  std::string text;
  for (int i = 0; i < lines; ++i) {
    if (random() % 2 == 0) {
      text += "the " + pick({"king", "queen", "prince"}) + " rules the ";
      text += pick({"castle", "palace", "realm"}) + " with " + pick({"crown", "sceptre"}) + "\n";
    } else {
      text += "a " + pick({"cook", "baker", "chef"}) + " heats a ";
      text += pick({"soup", "bread", "stew"}) + " in " + pick({"oven", "pot"}) + "\n";
    }
  }
  return text;
}

EmbeddingSettings small() {
  EmbeddingSettings s;
  s.dimension = 20;
  s.window = 3;
  s.min_count = 1;
  s.sample = 0;
  return s;
}

EmbeddingResult train(const std::string& text, const EmbeddingSettings& settings, int threads = 1,
                      const EmbeddingTraining& training = {}) {
  TextOf blocks(text, 4096);
  return train_embedding(blocks, settings, Workers(threads), training);
}

bool same(const Matrix& a, const Matrix& b) {
  if (a.rows() != b.rows() || a.columns() != b.columns()) return false;
  for (std::int64_t i = 0; i < a.rows(); ++i)
    if (!std::equal(a[i].begin(), a[i].end(), b[i].begin())) return false;
  return true;
}

double cosine(const EmbeddingModel& model, const char* a, const char* b) {
  std::vector<float> x(static_cast<std::size_t>(model.dimension())), y(x);
  REQUIRE(model.vector(a, x));
  REQUIRE(model.vector(b, y));
  float xy = 0, xx = 0, yy = 0;
  for (std::size_t d = 0; d < x.size(); ++d) {
    xy += x[d] * y[d];
    xx += x[d] * x[d];
    yy += y[d] * y[d];
  }
  return static_cast<double>(xy / std::sqrt(xx * yy));
}

std::vector<std::int32_t> tokens_of(const CorpusTokens& corpus) {
  std::vector<std::int32_t> out;
  std::vector<std::uint32_t> buffer;
  for (std::int64_t i = 0; i < corpus.store.chunks(); ++i)
    for (const std::uint32_t id : corpus.store.chunk(i, buffer)) out.push_back(corpus.map[id]);
  return out;
}

}  // namespace

TEST_CASE("huffman: a textbook's tree, paths from the root, a prefix code") {
  // Cormen, Leiserson, Rivest and Stein 2009, figure 16.5: codes of 1, 3, 3, 3, 4 and 4 bits
  const HuffmanTree tree(std::vector<std::int64_t>{45, 16, 13, 12, 9, 5});
  const std::vector<std::size_t> lengths = {1, 3, 3, 3, 4, 4};
  double kraft = 0;
  for (std::int32_t leaf = 0; leaf < 6; ++leaf) {
    CHECK(tree.path(leaf).size() == lengths[static_cast<std::size_t>(leaf)]);
    CHECK(tree.path(leaf)[0] == 4);  // the root is the node made last
    kraft += std::pow(0.5, static_cast<double>(tree.codes(leaf).size()));
  }
  CHECK(kraft == 1.0);
  CHECK(tree.longest() == 4);
  CHECK(HuffmanTree(std::vector<std::int64_t>{3}).path(0).empty());
  const HuffmanTree other = HuffmanTree::of_any(std::vector<std::int64_t>{5, 45, 9, 16, 12, 13});
  CHECK(other.path(0).size() == 4);
  CHECK(other.path(1).size() == 1);
  CHECK(other.codes(3).size() == 3);
}

TEST_CASE("noise: drawn by count^power, a word of count 0 never") {
  const std::vector<std::int64_t> counts = {1000, 0, 100, 10, 1};
  const double power = GENERATE(0.5, 0.75, 1.0);
  const Noise noise(counts, power);
  RandomStream random(3, 1, 4);
  const int draws = 200000;
  std::vector<int> seen(5, 0);
  for (int i = 0; i < draws; ++i) ++seen[static_cast<std::size_t>(noise.draw(random))];
  double sum = 0;
  for (const auto c : counts) sum += c > 0 ? std::pow(static_cast<double>(c), power) : 0;
  CHECK(seen[1] == 0);
  for (const std::size_t i : {0U, 2U, 3U, 4U}) {
    const double expected = std::pow(static_cast<double>(counts[i]), power) / sum * draws;
    CHECK(std::abs(seen[i] - expected) < 5 * std::sqrt(expected) + 1);
  }
  CHECK(Noise(std::vector<std::int64_t>{0, 0}, 1).empty());
}

TEST_CASE("sub-sampling keeps a word with sqrt(t / f) + t / f") {
  Dictionary d;
  d.add("often", 9000);
  d.add("some", 999);
  d.add("once", 1);
  const auto keep = keep_thresholds(d, 1e-3);
  const double ratio = 1e-3 / 0.9;
  CHECK(keep[0] / 0x1p32 == Approx(std::sqrt(ratio) + ratio).epsilon(1e-6));
  CHECK(keep[2] == 0xFFFFFFFFU);
  CHECK(keep_thresholds(d, 0)[0] == 0xFFFFFFFFU);
}

TEST_CASE("word rows: each bucket in use has one row, in the order of the words") {
  EmbeddingSettings s = small();
  s.buckets = 100000;
  s.min_n = s.max_n = 3;
  Dictionary d;
  d.add("</s>", 5);
  d.add("cat", 4);   // <ca cat at>
  d.add("cats", 2);  // <ca cat ats ts>
  const WordRows rows(d, s);
  CHECK(rows.of(0).size() == 1);
  REQUIRE(rows.of(1).size() == 4);
  CHECK(rows.of(1)[1] == 3);
  REQUIRE(rows.of(2).size() == 5);
  CHECK(rows.of(2)[2] == rows.of(1)[2]);
  CHECK(rows.rows() == 3 + 5);
  std::vector<std::int64_t> buckets;
  append_subwords("cat", s, 0, buckets);
  CHECK(rows.kept_buckets()[static_cast<std::size_t>(buckets[0])] == 0);
}

TEST_CASE("reading: the same words and tokens for any threads and blocks") {
  const std::string text = two_worlds(1000) + "odd\tspacing \f here\r\n\nlast without end";
  CorpusTokens one, many;
  TextOf whole(text, 1 << 20), pieces(text, 3000);
  CHECK(read_corpus(whole, Workers(1), {1, nullptr, nullptr, nullptr}, one));
  CHECK(read_corpus(pieces, Workers(3), {1, nullptr, nullptr, nullptr}, many));
  CHECK(one.dictionary.count(one.dictionary.find("</s>")) == 1002);
  CHECK(one.dictionary.count(one.dictionary.find("without")) == 1);
  CHECK(one.dictionary.find("odd") >= 0);
  REQUIRE(many.dictionary.words() == one.dictionary.words());
  for (std::int32_t w = 0; w < one.dictionary.words(); ++w) {
    CHECK(many.dictionary.text(w) == one.dictionary.text(w));
    CHECK(many.dictionary.count(w) == one.dictionary.count(w));
    CHECK((w == 0 || one.dictionary.count(w - 1) >= one.dictionary.count(w)));
  }
  CHECK(tokens_of(one) == tokens_of(many));
  CHECK(static_cast<std::int64_t>(tokens_of(one).size()) == one.dictionary.tokens);
}

TEST_CASE("token store: what doesn't fit into memory comes back from the file") {
  TokenStore store(400);  // 100 tokens
  std::vector<std::uint32_t> first(80), second(120);
  for (std::uint32_t i = 0; i < 120; ++i) second[i] = 1000 + i;
  for (std::uint32_t i = 0; i < 80; ++i) first[i] = i;
  store.add(1, second, {50, 120});
  store.add(2, std::vector<std::uint32_t>(7, 3), {7});
  store.add(0, first, {80});
  store.finish();
  REQUIRE(store.chunks() == 4);
  CHECK(store.tokens() == 207);
  std::vector<std::uint32_t> buffer;
  CHECK(store.chunk(0, buffer)[79] == 79);
  CHECK(store.chunk(2, buffer).size() == 70);
  CHECK(store.chunk(2, buffer)[0] == 1050);
  CHECK(store.tokens_before(3) == 200);
}

TEST_CASE("training: words of the same company come to be neighbours") {
  EmbeddingSettings s = small();
  s.epochs = 20;
  s.rate = 0.1;
  s.task = GENERATE(EmbeddingTask::skipgram, EmbeddingTask::cbow);
  s.loss = GENERATE(EmbeddingLoss::negative_sampling, EmbeddingLoss::hierarchical_softmax);
  const bool subwords = GENERATE(false, true);
  if (subwords) {
    s.buckets = 5000;
    s.min_n = 3;
    s.max_n = 5;
  }
  EmbeddingTraining training;
  training.deterministic = GENERATE(false, true);
  double first = 0, last = 0;
  training.progress = [&](const EmbeddingProgress& p) {
    if (p.epoch_done && p.epoch == 1) first = p.loss;
    if (p.epoch_done) last = p.loss;
  };
  const EmbeddingResult r = train(two_worlds(400), s, 1, training);
  INFO("task " << static_cast<int>(s.task) << ", loss " << static_cast<int>(s.loss) << ", n-grams "
               << subwords << ", deterministic " << training.deterministic);
  CHECK(cosine(r.model, "king", "queen") > cosine(r.model, "king", "baker") + 0.3);
  CHECK(cosine(r.model, "soup", "stew") > cosine(r.model, "soup", "palace") + 0.3);
  CHECK(last < first);
  CHECK(r.model.kept_buckets.empty() == !subwords);
}

TEST_CASE("training: deterministic gives the same bits for any number of threads") {
  const std::string text = two_worlds(2500);
  EmbeddingSettings s = small();
  s.task = GENERATE(EmbeddingTask::skipgram, EmbeddingTask::cbow);
  s.epochs = 2;
  EmbeddingTraining training;
  training.deterministic = true;
  training.seed = 5;
  const EmbeddingResult one = train(text, s, 1, training), three = train(text, s, 3, training);
  CHECK(same(one.model.input, three.model.input));
  CHECK(same(one.model.output, three.model.output));
  training.seed = 6;
  CHECK_FALSE(same(one.model.input, train(text, s, 1, training).model.input));
}

TEST_CASE("training: stopped and resumed equals never stopped") {
  const std::string text = two_worlds(2500);
  const auto folder = std::filesystem::temp_directory_path() / "weft-embedding-checkpoint";
  std::filesystem::create_directories(folder);
  EmbeddingSettings s = small();
  s.epochs = 3;
  EmbeddingTraining training;
  training.deterministic = true;
  const EmbeddingResult whole = train(text, s, 2, training);
  training.checkpoint = folder / "run.ckpt";
  std::filesystem::remove(training.checkpoint);
  for (int stops = 0; stops < 3; ++stops) {
    int asked = 0;
    training.stop = [&] { return ++asked > 30 + stops; };
    CHECK_FALSE(train(text, s, 1, training).finished);
  }
  training.stop = nullptr;
  const EmbeddingResult resumed = train(text, s, 2, training);
  CHECK(resumed.finished);
  CHECK(same(whole.model.input, resumed.model.input));
  CHECK(same(whole.model.output, resumed.model.output));
  s.window = 4;
  CHECK_THROWS_WITH(train(text, s, 1, training), Catch::Contains("checkpoint of other options"));
  std::filesystem::remove_all(folder);
}

TEST_CASE("training goes on with a corpus that brings new words") {
  EmbeddingSettings s = small();
  s.epochs = 10;
  if (GENERATE(false, true)) {
    s.buckets = 3000;
    s.min_n = 3;
    s.max_n = 4;
  }
  EmbeddingResult first = train(two_worlds(400), s);
  std::vector<float> before(20), after(20);
  first.model.vector("palace", before);
  EmbeddingTraining training;
  training.start = &first.model;
  s.epochs = 0;
  const EmbeddingResult unchanged = train("emperor rules the palace\n", s, 1, training);
  unchanged.model.vector("palace", after);
  CHECK(before == after);
  CHECK(unchanged.model.dictionary.words() == first.model.dictionary.words() + 1);
  CHECK(unchanged.model.dictionary.find("palace") == first.model.dictionary.find("palace"));
  s.epochs = 30;
  std::string news;
  for (int i = 0; i < 60; ++i) news += "the emperor rules the palace with crown\nthe king rules the realm\n";
  const EmbeddingResult grown = train(news, s, 1, training);
  CHECK(cosine(grown.model, "emperor", "king") > cosine(grown.model, "emperor", "soup") + 0.3);
}

TEST_CASE("training: a row for each bucket leaves the words' vectors as they are") {
  EmbeddingSettings s = small();
  s.buckets = 3000;
  s.min_n = 3;
  s.max_n = 4;
  EmbeddingResult r = train(two_worlds(50), s);
  std::vector<float> before(20), after(20);
  r.model.vector("palace", before);
  CHECK(r.model.input.rows() < 1000);
  spread_buckets(r.model);
  r.model.vector("palace", after);
  CHECK(before == after);
  CHECK(r.model.input.rows() == r.model.dictionary.words() + 3000);
  CHECK(r.model.kept_buckets.empty());
}

TEST_CASE("training: corpora without anything to learn") {
  EmbeddingSettings s = small();
  CHECK_THROWS_WITH(train("", s), "the corpus has no words");
  CHECK_THROWS_WITH(train("  \t ", s), "the corpus has no words");
  CHECK_THROWS_WITH(train("\n\n\n\n", s), "the corpus has no words");
  s.min_count = 3;
  CHECK_THROWS_WITH(train("a\nb\nc\n", s), Catch::Contains("none of the corpus' 3 different words"));
  CHECK_THROWS_WITH(train("a b\n", s), Catch::Contains("try --min_count 1"));
  s.min_count = 1;
  for (const auto loss : {EmbeddingLoss::negative_sampling, EmbeddingLoss::hierarchical_softmax})
    for (const auto task : {EmbeddingTask::skipgram, EmbeddingTask::cbow}) {
      s.loss = loss;
      s.task = task;
      CHECK(train("word", s).model.dictionary.words() == 1);
      CHECK(train("word word word", s).model.dictionary.words() == 1);
      CHECK(train("word\n", s).model.dictionary.words() == 2);
    }
}

TEST_CASE("training: steps that are too long are told as the cause of NaN") {
  EmbeddingSettings s = small();
  s.rate = 1e30;
  CHECK_THROWS_WITH(train(two_worlds(300), s), Catch::Contains("too long; try --rate 2.5e+29"));
  EmbeddingResult fine = train(two_worlds(50), small());
  fine.model.input[2][3] = std::nanf("");
  EmbeddingTraining training;
  training.start = &fine.model;
  CHECK_THROWS_WITH(train(two_worlds(50), small(), 1, training), Catch::Contains("to go on from"));
}
