#include "nlp/embedding/classifier/features.h"

#include <stdexcept>
#include <string>

#include "nlp/embedding/classifier/line_tokens.h"
#include "nlp/embedding/subwords.h"

namespace weft::nlp {

namespace {

std::uint64_t signed_hash(std::uint32_t hash) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(hash)));
}

}  // namespace

void append_word_ngrams(std::span<const std::uint32_t> hashes, const EmbeddingSettings& settings,
                        std::int64_t words, std::span<const std::int32_t> kept,
                        std::vector<std::int32_t>& rows) {
  if (settings.word_ngrams < 2 || settings.buckets <= 0) return;
  const auto buckets = static_cast<std::uint64_t>(settings.buckets);
  const auto longest = static_cast<std::size_t>(settings.word_ngrams);
  for (std::size_t i = 0; i + 1 < hashes.size(); ++i) {
    std::uint64_t h = signed_hash(hashes[i]);
    for (std::size_t j = i + 1; j < hashes.size() && j < i + longest; ++j) {
      h = h * 116049371 + signed_hash(hashes[j]);
      auto bucket = static_cast<std::int32_t>(h % buckets);
      if (!kept.empty() && (bucket = kept[static_cast<std::size_t>(bucket)]) < 0) continue;
      rows.push_back(static_cast<std::int32_t>(words) + bucket);
    }
  }
}

ExampleFeatures::ExampleFeatures(const EmbeddingModel& model, const Examples& examples)
    : model_(model), examples_(examples) {
  if (examples.labels() != model.dictionary.labels())
    throw std::invalid_argument("[classifier] expected a corpus read with the model's own labels");
  const std::int32_t words = examples.words();
  plain_ = !model.settings.has_subwords() && words == model.dictionary.words();
  if (plain_) return;
  std::vector<std::int64_t> rows;
  for (std::int32_t i = 0; i < words + examples.rare().size(); ++i) {
    begin_.push_back(rows_.size());
    rows.clear();
    model.append_rows(i < words ? examples.dictionary().text(i) : examples.rare().text(i - words), rows);
    for (const std::int64_t r : rows) rows_.push_back(static_cast<std::int32_t>(r));
  }
  begin_.push_back(rows_.size());
}

void ExampleFeatures::rows(const Examples::Example& example, std::vector<std::uint32_t>& hashes,
                           std::vector<std::int32_t>& rows) const {
  rows.clear();
  if (plain_) {
    const auto words = static_cast<std::uint32_t>(examples_.words());
    for (const std::uint32_t w : example.words)
      if (w < words) rows.push_back(static_cast<std::int32_t>(w));
  } else {
    for (const std::uint32_t w : example.words)
      rows.insert(rows.end(), rows_.begin() + static_cast<std::ptrdiff_t>(begin_[w]),
                  rows_.begin() + static_cast<std::ptrdiff_t>(begin_[w + 1]));
  }
  if (model_.settings.word_ngrams < 2) return;
  hashes.clear();
  for (const std::uint32_t w : example.words) hashes.push_back(examples_.hashes()[w]);
  append_word_ngrams(hashes, model_.settings, model_.dictionary.words(), model_.kept_buckets, rows);
}

void TextFeatures::read(const EmbeddingModel& model, std::string_view text) {
  rows.clear();
  labels.clear();
  hashes_.clear();
  words = unknown_labels = 0;
  const Dictionary& dictionary = model.dictionary;
  const auto word = [&](std::string_view token, std::uint32_t hash, std::int32_t known) {
    hashes_.push_back(hash);
    if (known >= 0 && !model.settings.has_subwords()) {
      rows.push_back(known);
      return;
    }
    wide_.clear();
    model.append_rows(token, wide_);
    for (const std::int64_t r : wide_) rows.push_back(static_cast<std::int32_t>(r));
  };
  for_each_token(text, [&](std::string_view token, std::uint32_t hash) {
    const std::int32_t known = dictionary.find(token);
    if (known >= dictionary.words()) {
      labels.push_back(known - dictionary.words());
    } else if (known < 0 && token.starts_with(model.settings.label_prefix)) {
      ++unknown_labels;
    } else {
      ++words;
      word(token, hash, known);
    }
  });
  word(kLineEnd, fasttext_hash(kLineEnd), dictionary.find(kLineEnd));
  append_word_ngrams(hashes_, model.settings, dictionary.words(), model.kept_buckets, rows);
}

}  // namespace weft::nlp
