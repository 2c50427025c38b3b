#include <algorithm>
#include <cstring>

#include "nlp/embedding/formats/bytes_out.h"
#include "nlp/embedding/formats/format.h"
#include "nlp/embedding/formats/plain_vectors.h"
#include "nlp/embedding/formats/text_rows.h"

/// word2vec's binary files: a line "V D", then for each word: the word, a space, D little-endian floats, and,
/// as word2vec writes it but not everybody, a line end.
namespace weft::nlp {

namespace {

constexpr std::size_t kLongestWord = 65536;

bool fits(std::string_view bytes) {
  const std::string_view line = first_line(bytes);
  return line.size() < bytes.size() && text_header(line) && !is_text(bytes.substr(line.size() + 1));
}

EmbeddingModel read(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report) {
  const std::string_view bytes = in.bytes(), line = first_line(bytes);
  const auto header = text_header(line);
  if (!header)
    in.fail_at_line(1, "expected the numbers of words and dimensions, got " + quoted_word(line),
                    "is it a file of word2vec?");
  if (header->words == 0) in.fail_at_line(1, "the file has no words");
  std::size_t at = std::min(line.size() + 1, bytes.size());
  const std::size_t left = bytes.size() - at;
  if (header->dimension == 0 || static_cast<std::size_t>(header->dimension) > left / sizeof(float))
    in.fail_at_line(1,
                    "vectors of " + std::to_string(header->dimension) + " numbers in a file of " +
                        std::to_string(bytes.size()) + " bytes",
                    "the file is cut short, or it is none of word vectors");
  const std::size_t row = static_cast<std::size_t>(header->dimension) * sizeof(float);
  const auto most = static_cast<std::int64_t>(left / (row + 1));
  const std::string promise = "the first line promises " + std::to_string(header->words) + " words of " +
                              std::to_string(header->dimension) + " numbers";
  const std::string mend = "the file is cut short: fetch it again, or --skip-faults reads what is there";
  if (header->words > most && !options.skip_faults)
    in.fail_at_line(1, promise + ", for which the file is too short", mend);
  PlainVectors out(in, options, report, std::min(header->words, most),
                   static_cast<std::int32_t>(header->dimension));
  for (std::int64_t i = 0; i < header->words; ++i) {
    while (at < bytes.size() && bytes[at] == '\n') ++at;
    const std::size_t begin = at;
    const std::size_t space = bytes.substr(at, kLongestWord).find(' ');
    if (space == bytes.npos && bytes.size() - at >= kLongestWord)
      in.fail_at_byte(begin, "expected the word " + std::to_string(i + 1) + " and a space, found none",
                      "are the numbers in the first line right?");
    if (space == bytes.npos || bytes.size() - (at + space + 1) < row) {
      const std::string what = promise + ", the file ends within word " + std::to_string(i + 1);
      if (!out.pass_over(what)) in.fail(what, mend);
      break;
    }
    const std::string_view word = bytes.substr(at, space);
    at += space + 1;
    std::memcpy(out.next_row().data(), bytes.data() + at, row);
    at += row;
    out.add(word,
            [&](const std::string& what, const std::string& hint) { in.fail_at_byte(begin, what, hint); });
  }
  while (at < bytes.size() && bytes[at] == '\n') ++at;
  if (at < bytes.size() && !out.pass_over(promise + ", and the file goes on after them"))
    in.fail_at_byte(at, promise + ", and the file goes on after them", "mend the numbers in the first line");
  return out.take();
}

void write(const EmbeddingModel& model, const std::filesystem::path& path) {
  require_words_without(model, " \n", path, "word2vec-binary");
  BytesOut out(path);
  out.write(std::to_string(model.dictionary.words()) + " " + std::to_string(model.dimension()) + "\n");
  for_each_word(model, [&](std::string_view word, std::span<const float> vector) {
    out.write(word);
    out.write(" ");
    out.write(vector.data(), vector.size_bytes());
    out.write("\n");
  });
  out.commit();
}

}  // namespace

EmbeddingFormat word2vec_binary_format() {
  return {"word2vec-binary", {".w2v"}, "word2vec's binary files", fits, read, write};
}

}  // namespace weft::nlp
