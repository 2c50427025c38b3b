#include "nlp/embedding/classifier/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <system_error>

#include "nlp/embedding/classifier/random.h"
#include "tensor/safetensors.h"

namespace weft::nlp {

namespace {

constexpr std::uint64_t kMagic = 0x3170636674666577U;  // "weftfcp1"

struct Head {
  std::uint64_t magic = kMagic, fingerprint = 0;
  ClassifierState state;
  std::int64_t input_rows = 0, output_rows = 0, columns = 0, has_best = 0;
};

class File {
 public:
  File(const std::filesystem::path& path, int flags) : path_(path), file_(open(path.c_str(), flags, 0666)) {
    if (file_ < 0) fail("can't open ");
  }
  ~File() {
    if (file_ >= 0) close(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(const void* data, std::size_t n) {
    const char* at = static_cast<const char*>(data);
    while (n > 0) {
      const ssize_t done = ::write(file_, at, std::min(n, std::size_t{1} << 30));
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) fail("can't write ");
      at += done;
      n -= static_cast<std::size_t>(done);
    }
  }
  void read(void* data, std::size_t n) {
    char* at = static_cast<char*>(data);
    while (n > 0) {
      const ssize_t done = ::read(file_, at, std::min(n, std::size_t{1} << 30));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) fail("can't read ");
      if (done == 0)
        throw ModelFileError(path_.string() + ": the checkpoint is cut short; delete it and begin anew");
      at += done;
      n -= static_cast<std::size_t>(done);
    }
  }
  void sync() {
    if (fsync(file_) != 0) fail("can't write ");
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw std::system_error(errno, std::generic_category(), what + path_.string());
  }
  std::filesystem::path path_;
  int file_;
};

std::size_t bytes_of(const Matrix& m) {
  return static_cast<std::size_t>(m.rows() * m.stride()) * sizeof(float);
}

}  // namespace

std::uint64_t fingerprint(const Examples& examples, const EmbeddingSettings& s, std::uint64_t seed,
                          bool deterministic) {
  std::uint64_t h = seed;
  const auto add = [&](std::uint64_t x) { h = mix(h ^ x); };
  for (const std::int64_t x :
       {examples.size(), std::int64_t{s.dimension}, std::int64_t{s.epochs}, std::int64_t{s.negatives},
        std::int64_t{s.word_ngrams}, std::int64_t{s.buckets}, std::int64_t{s.min_n}, std::int64_t{s.max_n},
        static_cast<std::int64_t>(s.loss), std::int64_t{deterministic}, examples.counts().tokens}) {
    add(static_cast<std::uint64_t>(x));
  }
  add(std::bit_cast<std::uint64_t>(s.rate));
  for (std::int32_t i = 0; i < examples.dictionary().size(); ++i) {
    add(fasttext_hash(examples.dictionary().text(i)));
    add(static_cast<std::uint64_t>(examples.dictionary().count(i)));
  }
  return h;
}

void write_checkpoint(const std::filesystem::path& path, std::uint64_t fingerprint,
                      const EmbeddingModel& model, const EmbeddingModel* best, const ClassifierState& state) {
  const std::filesystem::path temporary = path.string() + ".new";
  {
    File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    Head head;
    head.fingerprint = fingerprint;
    head.state = state;
    head.input_rows = model.input.rows();
    head.output_rows = model.output.rows();
    head.columns = model.dimension();
    head.has_best = best ? 1 : 0;
    file.write(&head, sizeof head);
    for (const EmbeddingModel* m : {&model, best}) {
      if (!m) continue;
      file.write(m->input.row(0), bytes_of(m->input));
      file.write(m->output.row(0), bytes_of(m->output));
    }
    file.sync();
  }
  std::filesystem::rename(temporary, path);
}

void read_checkpoint(const std::filesystem::path& path, std::uint64_t fingerprint, EmbeddingModel& model,
                     EmbeddingModel& best, ClassifierState& state) {
  File file(path, O_RDONLY);
  Head head;
  file.read(&head, sizeof head);
  if (head.magic != kMagic) throw ModelFileError(path.string() + ": it is no checkpoint of a classifier");
  if (head.fingerprint != fingerprint || head.input_rows != model.input.rows() ||
      head.output_rows != model.output.rows() || head.columns != model.dimension()) {
    throw ModelFileError(path.string() +
                         ": the checkpoint is of another corpus or other options; "
                         "give those again, or delete it and begin anew");
  }
  file.read(model.input.row(0), bytes_of(model.input));
  file.read(model.output.row(0), bytes_of(model.output));
  if (head.has_best) {
    best.input = Matrix(model.input.rows(), model.dimension());
    best.output = Matrix(model.output.rows(), model.dimension());
    file.read(best.input.row(0), bytes_of(best.input));
    file.read(best.output.row(0), bytes_of(best.output));
  }
  state = head.state;
}

}  // namespace weft::nlp
