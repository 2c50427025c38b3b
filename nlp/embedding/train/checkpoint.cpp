#include "nlp/embedding/train/checkpoint.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "tensor/safetensors.h"
#include "tensor/safetensors_header.h"

/// Matrices go to the file and come from it some rows at a time: they may be most of the memory there is.
namespace weft::nlp {

namespace {

static_assert(std::endian::native == std::endian::little, "the file's numbers are written as they lie");

using safetensors::Entry;
using safetensors::File;
using safetensors::Header;
using safetensors::ReplacingFile;

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::uint64_t kPrefix = 8;  // the header's length

std::size_t row_bytes(const Matrix& m) {
  return static_cast<std::size_t>(m.columns()) * sizeof(float);
}

/// body(first row, rows, bytes) for pieces of a matrix.
template <class Body>
void for_each_piece(const Matrix& m, Body&& body) {
  const std::int64_t some = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(kPieceBytes / std::max<std::size_t>(1, row_bytes(m))));
  for (std::int64_t first = 0; first < m.rows(); first += some) {
    const std::int64_t rows = std::min(some, m.rows() - first);
    body(first, rows, static_cast<std::size_t>(rows) * row_bytes(m));
  }
}

void write_rows(ReplacingFile& file, const Matrix& m) {
  std::vector<std::byte> piece;
  for_each_piece(m, [&](std::int64_t first, std::int64_t rows, std::size_t bytes) {
    piece.resize(bytes);
    for (std::int64_t i = 0; i < rows; ++i)
      std::memcpy(piece.data() + static_cast<std::size_t>(i) * row_bytes(m), m.row(first + i), row_bytes(m));
    file.write(piece.data(), bytes);
  });
}

/// A checkpoint that is there, opened.
class Checkpoint {
 public:
  explicit Checkpoint(const std::filesystem::path& path) : path_(path), file_(path) {
    std::uint64_t length = 0;
    if (file_.size() < kPrefix) fail(" is no checkpoint of word vectors; give --checkpoint another name");
    file_.read(reinterpret_cast<std::byte*>(&length), kPrefix, 0);
    if (length > file_.size() - kPrefix)
      fail(" is no checkpoint of word vectors, or one that is cut short; give --checkpoint another name");
    std::string text(length, '\0');
    file_.read(reinterpret_cast<std::byte*>(text.data()), length, kPrefix);
    header_ = safetensors::parse_header(text, file_);
    data_ = kPrefix + length;
  }

  const std::string* metadata(const char* name) const {
    const auto found = header_.metadata.find(name);
    return found == header_.metadata.end() ? nullptr : &found->second;
  }

  /// A number of the metadata, at least 0.
  std::int64_t whole(const char* name) const {
    try {
      const std::string* const text = metadata(name);
      const std::int64_t value = text != nullptr ? std::stoll(*text) : -1;
      if (value >= 0) return value;
    } catch (const std::exception&) {
    }
    fail(std::string(": the checkpoint doesn't say `") + name + "`");
  }

  void read(const char* name, Matrix& m) {
    const auto found = std::find_if(header_.entries.begin(), header_.entries.end(),
                                    [&](const Entry& e) { return e.name == name; });
    const std::uint64_t bytes = static_cast<std::uint64_t>(m.rows()) * row_bytes(m);
    if (found == header_.entries.end() || found->dtype != "F32" ||
        found->shape != std::vector<std::int64_t>{m.rows(), m.columns()} ||
        found->end - found->begin != bytes || found->end > file_.size() - data_) {
      fail(std::string(": the checkpoint has no `") + name + "` of " + std::to_string(m.rows()) + " x " +
           std::to_string(m.columns()));
    }
    std::uint64_t at = data_ + found->begin;
    std::vector<std::byte> piece;
    for_each_piece(m, [&](std::int64_t first, std::int64_t rows, std::size_t some) {
      piece.resize(some);
      file_.read(piece.data(), some, at);
      at += some;
      for (std::int64_t i = 0; i < rows; ++i)
        std::memcpy(m.row(first + i), piece.data() + static_cast<std::size_t>(i) * row_bytes(m),
                    row_bytes(m));
    });
  }

  [[noreturn]] void fail(const std::string& what) const { throw ModelFileError(path_.string() + what); }

 private:
  std::filesystem::path path_;
  File file_;
  Header header_;
  std::uint64_t data_ = 0;
};

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const std::string& run, const EmbeddingModel& model,
                      const TrainingPlace& place) {
  Header header;
  header.metadata = {{"weft.embedding_run", run},
                     {"epoch", std::to_string(place.epoch)},
                     {"chunk", std::to_string(place.chunk)},
                     {"finished", place.finished ? "1" : "0"}};
  std::uint64_t end = 0;
  const auto add = [&](const char* name, const Matrix& m) {
    const std::uint64_t begin = end;
    end += static_cast<std::uint64_t>(m.rows()) * row_bytes(m);
    header.entries.push_back({name, "F32", {m.rows(), m.columns()}, begin, end});
  };
  add("input", model.input);
  add("output", model.output);
  std::string text = safetensors::header_text(header);
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::uint64_t length = text.size();
  ReplacingFile file(path);
  file.write(reinterpret_cast<const std::byte*>(&length), kPrefix);
  file.write(reinterpret_cast<const std::byte*>(text.data()), text.size());
  write_rows(file, model.input);
  write_rows(file, model.output);
  file.commit();
}

bool read_checkpoint(const std::filesystem::path& path, const std::string& run, EmbeddingModel& model,
                     TrainingPlace& place) {
  if (!std::filesystem::exists(path)) return false;
  Checkpoint from(path);
  const std::string* const of = from.metadata("weft.embedding_run");
  if (of == nullptr) from.fail(" is no checkpoint of word vectors; give --checkpoint another name");
  if (*of != run)
    from.fail(" is the checkpoint of other options or of another corpus; delete it to start afresh");
  place.epoch = from.whole("epoch");
  place.chunk = from.whole("chunk");
  place.finished = from.whole("finished") != 0;
  from.read("input", model.input);
  from.read("output", model.output);
  return true;
}

}  // namespace weft::nlp
