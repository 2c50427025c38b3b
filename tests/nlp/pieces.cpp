#include <cstring>
#include <random>
#include <stdexcept>
#include <thread>

#include "nlp/text/in_child.h"
#include "nlp/text/piece_model.h"
#include "nlp/text/piece_model_check.h"
#include "nlp/text/piece_trainer.h"
#include "tests/catch2.h"
#include "tests/nlp/tokens.h"

using namespace weft::nlp;
using Strings = std::vector<std::string>;

namespace {

const char* const kLines[] = {"the cat sat on the mat and the rat sat on the hat",
                              "a cat and a rat and a bat met at the mat",
                              "the hat of the cat is the hat of the rat",
                              "that is that and this is this",
                              "she sells sea shells by the sea shore",
                              "the shells she sells are sea shells"};

std::shared_ptr<const PieceModel> learn(const PieceTraining& training) {
  PieceTrainer trainer(training);
  std::int64_t number = 0;
  for (const char* line : kLines) trainer.add(number++, line);
  return trainer.train();
}

const std::shared_ptr<const PieceModel>& model() {
  static const auto one = learn({30, "unigram"});
  return one;
}

TokenizerSettings pieces_of(std::shared_ptr<const PieceModel> pieces) {
  auto settings = TokenizerSettings::of("sentencepiece");
  settings.pieces = std::move(pieces);
  return settings;
}

// --- models written by hand ---

std::string varint(std::size_t n) {
  std::string out;
  for (; n > 127; n >>= 7) out += static_cast<char>((n & 127) | 128);
  return out + static_cast<char>(n);
}
std::string field(int number, const std::string& bytes) {
  return varint(static_cast<std::size_t>(number) << 3 | 2) + varint(bytes.size()) + bytes;
}
std::string piece(const std::string& text, float score = -1, char type = 1) {
  std::string number(4, '\0');
  std::memcpy(number.data(), &score, 4);
  return field(1, field(1, text) + "\x15" + number + "\x18" + type);
}
std::string normalizer(const std::string& table) {
  return field(3, field(1, "own") + field(2, table));
}
std::string trie(const std::vector<std::uint32_t>& units, const std::string& texts) {
  const auto bytes = static_cast<std::uint32_t>(4 * units.size());
  std::string out(4 + bytes, '\0');
  std::memcpy(out.data(), &bytes, 4);
  std::memcpy(out.data() + 4, units.data(), bytes);
  return out + texts;
}
/// <unk>, the word "the", and letters.
std::shared_ptr<const PieceModel> by_hand() {
  std::string bytes = piece("<unk>", 0, 2) + piece("\u2581the") + piece("\u2581", -9);
  for (const char* letter : {"t", "h", "e", "a"}) bytes += piece(letter, -9);
  return PieceModel::load(bytes + field(2, "\x18\x01"));
}
std::string small() {
  return piece("<unk>", 0, 2) + piece("\u2581a") + piece("b") + piece("\u2581");
}

}  // namespace

TEST_CASE("sentencepiece: the same lines give the same model, in any order") {
  for (const char* kind : {"unigram", "bpe"}) {
    const PieceTraining training{30, kind};
    const auto one = learn(training);
    CHECK(one->size() == 30);
    CHECK(one->piece(0) == "<unk>");
    CHECK(one->bytes() == learn(training)->bytes());
    PieceTrainer trainer(training);
    for (std::int64_t i = 6; i-- > 0;) trainer.add(i, kLines[i]);
    CHECK(one->bytes() == trainer.train()->bytes());
  }
  CHECK(learn({30, "unigram"})->bytes() != learn({30, "bpe"})->bytes());
}

TEST_CASE("sentencepiece: a text that is too large is thinned out by the numbers of its lines") {
  const auto learn_some = [](bool backwards) {
    PieceTrainer trainer({30, "bpe"}, 2000);
    for (std::int64_t i = 0; i < 600; ++i) {
      const std::int64_t number = backwards ? 599 - i : i;
      trainer.add(number, kLines[number % 6]);
    }
    return trainer.train()->bytes();
  };
  CHECK(learn_some(false) == learn_some(true));
}

TEST_CASE("sentencepiece: tokens and text") {
  const auto tokenizer = make_tokenizer(pieces_of(model()));
  for (const std::string text : {"the cat sat on the mat", "she sells hats", ""}) {
    const auto tokens = tokens_of(*tokenizer, text);
    CHECK(tokenizer->detokenize(tokens) == text);
    for (const auto& token : tokens) CHECK(model()->id(token) != model()->unknown());
  }
  const auto hand = by_hand();
  const auto with_the = make_tokenizer(pieces_of(hand));
  CHECK(tokens_of(*with_the, "the  tea x") == Strings{"\u2581the", "\u2581", "t", "e", "a", "\u2581", "x"});
  CHECK(with_the->detokenize({"\u2581the", "\u2581", "a", "<eos>", "\u2581the"}) == "the a\nthe");
  CHECK(hand->id("\u2581the") == 1);
  CHECK(hand->piece(1) == "\u2581the");
  CHECK(model()->id("no such piece") == model()->unknown());
  CHECK_THROWS_AS(model()->piece(30), std::out_of_range);
  CHECK_THROWS_WITH(
      make_tokenizer(TokenizerSettings::of("sentencepiece")),
      "[tokenizer] expected a SentencePiece model, got settings whose pieces are neither learnt nor "
      "loaded yet");
}

TEST_CASE("sentencepiece: the library's own segmentation, worked by hand") {
  // Unigram: of all ways to cut, the one whose scores add up to the most.
  const auto one = PieceModel::load(piece("<unk>", 0, 2) + piece("\u2581") + piece("a", -1) + piece("b", -1) +
                                    piece("ab", -1.5F) + piece("ba", -3) + field(2, "\x18\x01"));
  CHECK(tokens_of(pieces_of(one), "abab") == Strings{"\u2581", "ab", "ab"});
  CHECK(tokens_of(pieces_of(one), "ba") == Strings{"\u2581", "b", "a"});
  // BPE: the pair of the best score first.
  const auto two =
      PieceModel::load(piece("<unk>", 0, 2) + piece("\u2581", -9) + piece("a", -9) + piece("b", -9) +
                       piece("ab", -2) + piece("ba", -1) + field(2, "\x18\x02"));
  CHECK(tokens_of(pieces_of(two), "aba") == Strings{"\u2581", "a", "ba"});
}

TEST_CASE("sentencepiece: words that come again give the pieces of the library") {
  const auto all_equal = [](const std::shared_ptr<const PieceModel>& pieces, const std::string& letters) {
    const auto tokenizer = make_tokenizer(pieces_of(pieces));
    std::mt19937 random(17);
    int differ = 0;
    for (int round = 0; round < 400; ++round) {
      std::string line;
      for (auto n = random() % 40; n > 0; --n) line += letters[random() % letters.size()];
      Strings expected;
      pieces->encode(line, [&](std::string_view piece, ByteSpan) { expected.emplace_back(piece); });
      differ += tokens_of(*tokenizer, line) == expected ? 0 : 1;
    }
    return differ == 0;
  };
  CHECK(model()->cuts_words_alone());
  CHECK(all_equal(model(), "thecasor   n"));
  CHECK(all_equal(model(), "thecasXYZ123,.   \t"));
  CHECK(all_equal(learn({30, "bpe"}), "thecasor   n"));
  // Ways of equal score: which one the library takes depends on the whole line.
  const auto close =
      PieceModel::load(piece("<unk>", 0, 2) + piece("\u2581", -2.7F) + piece("a", -1.1F) + piece("b", -1.3F) +
                       piece("ab", -2.4F) + piece("ba", -2.4F) + piece("\u2581a", -3.8F) +
                       field(2, "\x18\x01") + field(3, field(1, "identity")));
  CHECK(close->cuts_words_alone());
  CHECK(all_equal(close, "aabb "));
  CHECK(close->cut("ab").margin < 1e-5F);
  CHECK(close->cut("a").score == Approx(-3.8));
  CHECK_FALSE(close->cut("x").sure);
  // A piece that goes beyond a word, or a normalization that isn't known: the library does it all.
  CHECK_FALSE(PieceModel::load(small() + piece("b\u2581a"))->cuts_words_alone());
  CHECK_FALSE(PieceModel::load(small() + normalizer(""))->cuts_words_alone());
  CHECK(all_equal(PieceModel::load(small() + piece("b\u2581a", 5) + field(3, field(1, "identity"))), "ab "));
}

TEST_CASE("sentencepiece: spans, also through a normalization") {
  auto settings = pieces_of(by_hand());
  const auto spans = [&](const std::string& text) {
    std::string out;
    make_tokenizer(settings)->tokenize_spans(text, [&](std::string_view, ByteSpan span) {
      out += text.substr(span.begin, span.end - span.begin) + "|";
    });
    return out;
  };
  CHECK(spans("the the") == "the| the|");
  settings.fold_case = true;
  settings.normalize = Normalize::nfkc;
  settings.strip_accents = true;
  CHECK(spans("TH\u00C9 \uFF34he") == "TH\u00C9| \uFF34he|");
}

TEST_CASE("sentencepiece: settings hold the model through JSON") {
  const auto settings = pieces_of(model());
  const auto back = TokenizerSettings::from_json(settings.to_json());
  CHECK(back == settings);
  REQUIRE(back.pieces);
  CHECK(back.pieces->bytes() == model()->bytes());
  CHECK_FALSE(back == TokenizerSettings::of("sentencepiece"));
}

TEST_CASE("sentencepiece: several threads share a model") {
  const auto expected = tokens_of(pieces_of(model()), kLines[0]);
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (auto& count : wrong) {
    threads.emplace_back([&] {
      const auto tokenizer = make_tokenizer(pieces_of(model()));
      for (int i = 0; i < 200; ++i) count += tokens_of(*tokenizer, kLines[0]) == expected ? 0 : 1;
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : wrong) CHECK(count == 0);
}

TEST_CASE("sentencepiece: what can't be learnt") {
  CHECK_THROWS_WITH(learn({500, "bpe"}),
                    Catch::Matchers::Contains("the text is too small for 500 pieces; it is enough for "));
  CHECK_THROWS_WITH(learn({3, "unigram"}),
                    Catch::Matchers::Contains("the text has too many characters for 3 pieces; it needs "));
  CHECK_THROWS_WITH(PieceTrainer({30, "unigram"}).train(),
                    "[sentencepiece] there is no text to learn pieces from");
  CHECK_THROWS_WITH(PieceTrainer({0, "bpe"}), "[sentencepiece] expected a size from 1 to 1000000, got 0");
  CHECK_THROWS_WITH(PieceTrainer({9, "word"}),
                    "[sentencepiece] expected the model unigram or bpe, got \"word\"");
  // The size that is told of can be had.
  CHECK(learn({58, "bpe"})->size() == 58);
}

TEST_CASE("sentencepiece: models from outside are looked through") {
  const auto fault = [](const std::string& bytes) -> std::string {
    try {
      PieceModel::load(bytes);
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "";
  };
  CHECK(fault(small()).empty());
  CHECK(fault("") == "[sentencepiece] the model is empty");
  CHECK(fault("weft") == "[sentencepiece] not a SentencePiece model, or a damaged one");
  CHECK(fault(field(2, "")) == "[sentencepiece] not a SentencePiece model: it has no pieces");
  CHECK(fault(small().substr(0, small().size() - 3)) ==
        "[sentencepiece] not a SentencePiece model, or a damaged one");
  CHECK(fault(small() + piece(std::string(300'000, 'x'))) ==
        "[sentencepiece] piece 4 of the model has 300000 bytes; at most 4096 are taken");
  CHECK(fault(small() + piece("\xC3")) == "[sentencepiece] piece 4 of the model is not UTF-8");
  CHECK(fault(small() + piece("c", std::nanf(""))) ==
        "[sentencepiece] piece 4 of the model has a score that is no number");
  CHECK(fault(small() + piece("b")).find("the library refuses the model") != std::string::npos);
  CHECK(fault(piece("a") + piece("b")).find("the library refuses the model") != std::string::npos);

  const std::string damaged = "[sentencepiece] the model's table of normalization is damaged";
  std::vector<std::uint32_t> units(512);
  units[0] = 256U << 10;  // the root's children stand from 256 on
  CHECK(fault(small() + normalizer(trie(units, std::string(1, '\0')))).empty());
  CHECK(fault(small() + normalizer("abc")) == damaged);
  CHECK(fault(small() + normalizer(trie(units, ""))) == damaged);
  CHECK(fault(small() + normalizer(trie(units, "x"))) == damaged);
  CHECK(fault(small() + normalizer(trie(units, std::string("\xFF\0", 2)))) == damaged);
  units[0] = 512U << 10;  // beyond the end
  CHECK(fault(small() + normalizer(trie(units, std::string(1, '\0')))) == damaged);
  units[0] = 256U << 10;
  units[256 ^ 'a'] = 1U << 8 | 'a';  // `a` ends here, and its value ..
  units[(256 ^ 'a') ^ 0] = 1U << 8 | 'a';
  units[256 ^ 'a' ^ 0] = (1U << 8) | 'a' | (3U << 10);
  units[(256 ^ 'a') ^ 3] = 1U << 31 | 77;  // .. is no place in the texts
  CHECK(fault(small() + normalizer(trie(units, std::string(1, '\0')))) == damaged);
}

TEST_CASE("sentencepiece: damaged models give an error or work", "[slow]") {
  // Every one is loaded in a process of its own first, so that a crash fails the test and not the program.
  const std::string good = model()->bytes();
  std::mt19937 random(11);
  int refused = 0;
  for (int round = 0; round < 60; ++round) {
    std::string bytes = good;
    if (round % 3 == 0) bytes.resize(random() % bytes.size());
    for (int n = 0; n < 1 + round % 8; ++n) {
      if (!bytes.empty()) bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    try {
      const auto damaged = PieceModel::load(bytes);
      const ChildEnd end = in_child(20, [&] {
        for (const char* line : kLines) tokens_of(pieces_of(damaged), line);
        std::string all;
        for (int c = 1; c < 256; ++c)
          all += {static_cast<char>(0xC2 + c / 64), static_cast<char>(0x80 + c % 64)};
        tokens_of(pieces_of(damaged), all);
      });
      CHECK(end.kind == ChildEnd::Kind::returned);
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  }
  CHECK(refused > 10);
}

TEST_CASE("a child process: what becomes of it") {
  CHECK(in_child(5, [] {}).kind == ChildEnd::Kind::returned);
  const ChildEnd threw = in_child(5, [] { throw std::runtime_error("no"); });
  CHECK(threw.kind == ChildEnd::Kind::threw);
  CHECK(threw.message == "no");
  CHECK(in_child(5, [] { std::abort(); }).kind == ChildEnd::Kind::died);
  CHECK(in_child(5, [] { std::_Exit(3); }).kind == ChildEnd::Kind::died);
}
