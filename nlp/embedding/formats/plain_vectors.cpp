#include "nlp/embedding/formats/plain_vectors.h"

#include <algorithm>
#include <cmath>

#include "nlp/text/tokenizer.h"

namespace weft::nlp {

namespace {

constexpr std::size_t kNotes = 5;
constexpr auto kSkipHint = "--skip-faults leaves such words out";

}  // namespace

PlainVectors::PlainVectors(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report,
                           std::int64_t rows, std::int32_t dimension)
    : options_(options), report_(report), name_(in.name()) {
  model_.settings = plain_settings(dimension);
  model_.input = Matrix(rows, dimension);
  model_.dictionary.reserve(rows, rows * 8);
}

void PlainVectors::fault(const Fail& fail, const std::string& what, const std::string& hint) {
  if (!options_.skip_faults) fail(what, hint.empty() ? kSkipHint : hint + "; " + kSkipHint);
  ++report_.skipped;
  if (report_.notes.size() < kNotes) {
    try {
      fail(what, "");
    } catch (const EmbeddingFileError& e) {
      report_.notes.emplace_back(e.what());
    }
  }
}

bool PlainVectors::pass_over(const std::string& what) {
  if (!options_.skip_faults) return false;
  if (report_.notes.size() < kNotes) report_.notes.push_back(name_ + ": " + what);
  return true;
}

void PlainVectors::add(std::string_view word, const Fail& fail, std::int64_t count) {
  if (word.empty()) return fault(fail, "a word without a letter", "");
  if (check_utf8(word) != std::string_view::npos)
    return fault(fail, "the word " + quoted_word(word) + " isn't UTF-8",
                 "`iconv -c -t utf-8` mends a text file");
  if (model_.dictionary.find(word) >= 0)
    return fault(fail, "the word " + quoted_word(word) + " is listed a second time", "");
  if (const std::int64_t d = first_not_finite(next_row()); d >= 0)
    return fault(fail,
                 "element " + std::to_string(d + 1) + " of the vector of " + quoted_word(word) +
                     " is no finite number",
                 "its training diverged");
  model_.dictionary.add(word, count);
}

EmbeddingModel PlainVectors::take() {
  Dictionary& words = model_.dictionary;
  if (words.words() < model_.input.rows()) {  // some were left out
    Matrix rows(words.words(), model_.input.columns());
    for (std::int64_t i = 0; i < rows.rows(); ++i)
      std::copy_n(model_.input.row(i), rows.columns(), rows.row(i));
    model_.input = std::move(rows);
  }
  return std::move(model_);
}

EmbeddingSettings plain_settings(std::int32_t dimension) {
  EmbeddingSettings s;
  s.dimension = dimension;
  s.min_count = 0;
  return s;
}

std::int64_t first_not_finite(std::span<const float> v) {
  bool finite = true;
  for (const float x : v) finite &= std::isfinite(x);
  if (finite) return -1;
  return std::find_if(v.begin(), v.end(), [](float x) { return !std::isfinite(x); }) - v.begin();
}

std::string quoted_word(std::string_view word) {
  constexpr std::size_t kMost = 60;
  std::string text(word.substr(0, kMost));
  if (word.size() > kMost) {  // not in the middle of a character
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.pop_back();
  }
  for (std::size_t at = 0; (at = check_utf8(text)) != std::string_view::npos;) text[at] = '?';
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return "`" + text + (word.size() > kMost ? "..." : "") + "`";
}

void for_each_word(const EmbeddingModel& model,
                   const std::function<void(std::string_view, std::span<const float>)>& take) {
  const bool rows_are_vectors = !model.quantized_input && !model.settings.has_subwords();
  std::vector<float> vector(static_cast<std::size_t>(model.dimension()));
  for (std::int32_t i = 0; i < model.dictionary.words(); ++i) {
    const std::string_view word = model.dictionary.text(i);
    if (rows_are_vectors) {
      take(word, model.input[i]);
    } else {
      model.vector(word, vector);
      take(word, vector);
    }
  }
}

void require_words_without(const EmbeddingModel& model, std::string_view bytes,
                           const std::filesystem::path& path, const char* format) {
  for (std::int32_t i = 0; i < model.dictionary.words(); ++i) {
    const std::string_view word = model.dictionary.text(i);
    if (word.find_first_of(bytes) != std::string_view::npos)
      throw EmbeddingFileError(path.string() + ": the format " + format + " can't hold the word " +
                               quoted_word(word) + ", which has white space (safetensors can)");
  }
}

}  // namespace weft::nlp
