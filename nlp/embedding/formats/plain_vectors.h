#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "nlp/embedding/formats/format.h"

namespace weft::nlp {

/// Collects words and their vectors from a file without counts, and says what to do about the faulty ones.
class PlainVectors {
 public:
  /// Room for `rows` words, which the file must be large enough for.
  PlainVectors(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report, std::int64_t rows,
               std::int32_t dimension);

  /// Where a word's vector goes; taken over by add().
  std::span<float> next_row() { return model_.input[model_.dictionary.words()]; }
  /// Takes the word for the row that was filled. `fail` tells where a fault lies.
  using Fail = std::function<void(const std::string& what, const std::string& hint)>;
  void add(std::string_view word, const Fail& fail, std::int64_t count = 0);
  bool full() const { return model_.dictionary.words() == model_.input.rows(); }
  std::int64_t words() const { return model_.dictionary.words(); }

  /// A fault that is an error, or is passed over where that was asked for.
  void fault(const Fail& fail, const std::string& what, const std::string& hint);
  /// One that is the file's, not a word's.
  bool pass_over(const std::string& what);

  EmbeddingModel take();

 private:
  const EmbeddingReading& options_;
  EmbeddingReport& report_;
  std::string name_;
  EmbeddingModel model_;
};

/// Settings of vectors whose training isn't known.
EmbeddingSettings plain_settings(std::int32_t dimension);

/// The first of a vector's elements that is NaN or infinite, or -1.
std::int64_t first_not_finite(std::span<const float> v);

/// A word in a message: quoted, shortened, with what isn't UTF-8 or would move the cursor shown as `?`.
std::string quoted_word(std::string_view word);

/// Calls take(word, vector) for each word of a model.
void for_each_word(const EmbeddingModel& model,
                   const std::function<void(std::string_view, std::span<const float>)>& take);

/// Throws EmbeddingFileError where a word of the model holds one of these bytes, which the format can't
/// write.
void require_words_without(const EmbeddingModel& model, std::string_view bytes,
                           const std::filesystem::path& path, const char* format);

}  // namespace weft::nlp
