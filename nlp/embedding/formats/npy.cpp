#include <algorithm>
#include <charconv>
#include <cstring>

#include "nlp/embedding/formats/bytes_out.h"
#include "nlp/embedding/formats/format.h"
#include "nlp/embedding/formats/plain_vectors.h"

/// numpy's arrays: X.npy, float32 or float64 of shape (words, dimension), and beside it X.words, a word a
/// line. Source: numpy.lib.format, versions 1 to 3.
namespace weft::nlp {

namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);

std::filesystem::path words_path(std::filesystem::path npy) {
  if (npy.extension() == ".gz") npy.replace_extension();
  return npy.replace_extension(".words");
}

/// What stands behind 'key': in a header, up to `end`.
std::string_view value_of(std::string_view header, std::string_view key, std::string_view end) {
  const std::string quoted = "'" + std::string(key) + "':";
  std::size_t at = header.find(quoted);
  if (at == header.npos) return {};
  at = header.find_first_not_of(' ', at + quoted.size());
  if (at == header.npos) return {};
  const std::size_t until = header.find_first_of(end, at + 1);
  return header.substr(at, until == header.npos ? until : until - at + 1);
}

struct Header {
  std::size_t begin = 0;  // of the data
  std::int64_t rows = 0, columns = 0;
  bool wide = false;  // float64
};

Header read_header(const BytesIn& in) {
  const std::string_view bytes = in.bytes();
  const auto refuse = [&](const std::string& what, const std::string& hint = {}) { in.fail(what, hint); };
  const char* const cut = "the .npy file is cut short";
  if (bytes.size() < 10) refuse(cut);
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  const bool old = byte(6) == 1;
  if (!old && byte(6) != 2 && byte(6) != 3)
    refuse("expected .npy of version 1 to 3, got " + std::to_string(byte(6)));
  Header h;
  std::size_t length = byte(8) | byte(9) << 8;
  h.begin = 10;
  if (!old) {
    if (bytes.size() < 12) refuse(cut);
    length |= byte(10) << 16 | byte(11) << 24;
    h.begin = 12;
  }
  if (length > bytes.size() - h.begin) refuse(cut);
  const std::string_view text = bytes.substr(h.begin, length);
  h.begin += length;
  const std::string_view type = value_of(text, "descr", "'\"");
  if (type != "'<f4'" && type != "'<f8'")
    refuse("expected numbers of type '<f4' or '<f8', got " + quoted_word(type),
           "save it with .astype('float32')");
  h.wide = type == "'<f8'";
  if (value_of(text, "fortran_order", ",}").substr(0, 5) != "False")
    refuse("expected rows one after another, got columns", "save numpy.ascontiguousarray(x)");
  const std::string_view shape = value_of(text, "shape", ")");
  const char *p = shape.data() + !shape.empty(), *const end = shape.data() + shape.size();
  const auto rows = std::from_chars(p, end, h.rows);
  p = rows.ptr;
  while (p < end && (*p == ',' || *p == ' ')) ++p;
  const auto columns = std::from_chars(p, end, h.columns);
  p = columns.ptr;
  while (p < end && (*p == ',' || *p == ' ')) ++p;
  if (rows.ec != std::errc() || columns.ec != std::errc() || p >= end || *p != ')' || h.rows < 0 ||
      h.columns <= 0)
    refuse("expected an array of two axes, words and dimensions, got the shape " + quoted_word(shape));
  const auto left = static_cast<std::int64_t>(bytes.size() - h.begin), width = std::int64_t{h.wide ? 8 : 4};
  if (h.columns > left / width || h.rows > left / width / h.columns || h.rows * h.columns * width != left)
    refuse("expected an array of " + std::to_string(h.rows) + " x " + std::to_string(h.columns) +
               " numbers, got " + std::to_string(left) + " bytes",
           "the file is cut short or damaged: fetch or save it again");
  return h;
}

bool fits(std::string_view bytes) {
  return bytes.substr(0, kMagic.size()) == kMagic;
}

EmbeddingModel read(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report) {
  const Header h = read_header(in);
  const std::filesystem::path path = words_path(in.name());
  std::error_code missing;
  if (!std::filesystem::exists(path, missing))
    in.fail("its words are expected in " + path.string() + ", a word a line, and there is no such file");
  const BytesIn words(path);
  std::string_view text = words.bytes();
  const auto lines = std::count(text.begin(), text.end(), '\n') + (!text.empty() && text.back() != '\n');
  if (lines != h.rows)
    words.fail("expected a line for each of the " + std::to_string(h.rows) + " vectors, got " +
               std::to_string(lines));
  PlainVectors out(in, options, report, h.rows, static_cast<std::int32_t>(h.columns));
  const char* row = in.bytes().data() + h.begin;
  for (std::int64_t i = 0; i < h.rows; ++i) {
    const std::span<float> to = out.next_row();
    if (h.wide) {
      for (std::size_t d = 0; d < to.size(); ++d) {
        double value = 0;
        std::memcpy(&value, row + d * sizeof value, sizeof value);
        to[d] = static_cast<float>(value);
      }
      row += to.size() * sizeof(double);
    } else {
      std::memcpy(to.data(), row, to.size_bytes());
      row += to.size_bytes();
    }
    std::string_view word = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!word.empty() && word.back() == '\r') word.remove_suffix(1);
    out.add(word,
            [&](const std::string& what, const std::string& hint) { words.fail_at_line(i + 1, what, hint); });
  }
  return out.take();
}

void write(const EmbeddingModel& model, const std::filesystem::path& path) {
  require_words_without(model, "\r\n", path, "npy");
  BytesOut words(words_path(path));
  BytesOut out(path);
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                       std::to_string(model.dictionary.words()) + ", " + std::to_string(model.dimension()) +
                       "), }";
  header.append(63 - (10 + header.size()) % 64, ' ').push_back('\n');
  out.write(kMagic);
  out.write(std::string_view("\x01\x00", 2));
  out.number<std::uint16_t>(static_cast<std::uint16_t>(header.size()));
  out.write(header);
  for_each_word(model, [&](std::string_view word, std::span<const float> vector) {
    words.write(word);
    words.write("\n");
    out.write(vector.data(), vector.size_bytes());
  });
  words.commit();
  out.commit();
}

}  // namespace

EmbeddingFormat npy_format() {
  return {"npy", {".npy"}, "a numpy array, and the words in NAME.words", fits, read, write};
}

}  // namespace weft::nlp
