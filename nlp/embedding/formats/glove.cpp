#include <algorithm>
#include <map>

#include "nlp/embedding/formats/bytes_out.h"
#include "nlp/embedding/formats/format.h"
#include "nlp/embedding/formats/plain_vectors.h"
#include "nlp/embedding/formats/text_rows.h"

/// GloVe's text: word2vec's without the first line. Words may hold spaces, so the last fields are the vector.
namespace weft::nlp {

namespace {

constexpr int kLinesAsked = 100;

/// How many numbers end most of the first lines: a word may end in numbers itself, and a line may be faulty.
std::int64_t dimension_of(std::string_view bytes) {
  std::map<std::int64_t, int> lines;  // by how many numbers end them
  for (int i = 0; i < kLinesAsked && !bytes.empty(); ++i) {
    const std::string_view line = first_line(bytes);
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    if (const std::int64_t n = trailing_numbers(line); n > 0) ++lines[n];
  }
  const auto most = std::max_element(lines.begin(), lines.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == lines.end() ? 0 : most->first;
}

bool fits(std::string_view bytes) {
  return is_text(bytes) && trailing_numbers(first_line(bytes)) >= 2;
}

EmbeddingModel read(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report) {
  const std::int64_t dimension = dimension_of(in.bytes());
  if (dimension == 0)
    in.fail_at_line(1, "expected a word and numbers, got " + quoted_word(first_line(in.bytes())));
  return read_text_rows(in, 0, 1, dimension, -1, true, options, report);
}

void write(const EmbeddingModel& model, const std::filesystem::path& path) {
  require_words_without(model, "\r\n", path, "glove");
  BytesOut out(path);
  std::string line;
  for_each_word(model, [&](std::string_view word, std::span<const float> vector) {
    line.clear();
    append_text_row(line, word, vector);
    out.write(line);
  });
  out.commit();
}

}  // namespace

EmbeddingFormat glove_format() {
  return {"glove", {".glove"}, "GloVe's text, without a first line of numbers", fits, read, write};
}

}  // namespace weft::nlp
