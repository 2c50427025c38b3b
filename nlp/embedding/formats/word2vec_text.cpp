#include <algorithm>

#include "nlp/embedding/formats/bytes_out.h"
#include "nlp/embedding/formats/format.h"
#include "nlp/embedding/formats/plain_vectors.h"
#include "nlp/embedding/formats/text_rows.h"

/// word2vec's text and fastText's `.vec`: a line "V D", then a line for each word: the word and D numbers.
namespace weft::nlp {

namespace {

/// Whether a head is followed by text, not by the bytes of floats.
bool fits(std::string_view bytes) {
  const std::string_view line = first_line(bytes);
  return text_header(line) && is_text(bytes.substr(std::min(line.size() + 1, bytes.size())));
}

EmbeddingModel read(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report) {
  const std::string_view line = first_line(in.bytes());
  const auto header = text_header(line);
  if (!header)
    in.fail_at_line(1, "expected the numbers of words and dimensions, got " + quoted_word(line),
                    "a file without this line can be read with --from glove");
  if (header->words == 0) in.fail_at_line(1, "the file has no words");
  return read_text_rows(in, std::min(line.size() + 1, in.bytes().size()), 2, header->dimension, header->words,
                        false, options, report);
}

void write(const EmbeddingModel& model, const std::filesystem::path& path) {
  require_words_without(model, " \t\r\n", path, "word2vec-text");
  BytesOut out(path);
  out.write(std::to_string(model.dictionary.words()) + " " + std::to_string(model.dimension()) + "\n");
  std::string line;
  for_each_word(model, [&](std::string_view word, std::span<const float> vector) {
    line.clear();
    append_text_row(line, word, vector);
    out.write(line);
  });
  out.commit();
}

}  // namespace

EmbeddingFormat word2vec_text_format() {
  return {"word2vec-text", {".vec", ".txt"}, "word2vec's text and fastText's .vec", fits, read, write};
}

}  // namespace weft::nlp
