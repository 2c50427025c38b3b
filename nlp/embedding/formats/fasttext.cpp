#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "nlp/embedding/formats/bytes_out.h"
#include "nlp/embedding/formats/format.h"
#include "nlp/embedding/formats/plain_vectors.h"
#include "nlp/text/tokenizer.h"

/// fastText's models, `.bin` and `.ftz`, version 12: settings, dictionary, pruned n-grams, input matrix,
/// output matrix, either of them quantized. Version 11, which fastText reads too, has the same form.
namespace weft::nlp {

namespace {

constexpr std::int32_t kMagic = 793712314;
constexpr std::int32_t kVersion = 12;
/// Of a model with pruned n-grams, where the file's size says nothing of the number of buckets.
constexpr std::int32_t kMostPrunedBuckets = 1 << 26;
constexpr std::int32_t kCentroids = 256;

/// Reads one number after another, and knows what it reads for messages.
class Reader {
 public:
  explicit Reader(const BytesIn& in) : in_(in) {}

  std::size_t left() const { return in_.bytes().size() - at_; }

  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const {
    in_.fail_at_byte(begin_, what, hint);
  }
  [[noreturn]] void fail_short(const char* what) const {
    in_.fail("the file ends at byte " + std::to_string(in_.bytes().size()) + ", within " + what,
             "it is cut short: fetch or train it again");
  }

  template <class T>
  T number(const char* what) {
    T value;
    raw(&value, 1, sizeof value, what);
    return value;
  }
  /// `count` elements; nothing is read where the file is too short for them.
  void raw(void* to, std::int64_t count, std::size_t size, const char* what) {
    require(count, size, what);
    const std::size_t bytes = static_cast<std::size_t>(count) * size;
    if (bytes > 0) std::memcpy(to, in_.bytes().data() + at_, bytes);
    at_ += bytes;
  }
  void require(std::int64_t count, std::size_t size, const char* what) {
    begin_ = at_;
    if (static_cast<std::uint64_t>(count) > left() / size) fail_short(what);
  }
  std::string_view text(const char* what) {
    begin_ = at_;
    const std::size_t end = in_.bytes().find('\0', at_);
    if (end == std::string_view::npos) fail_short(what);
    const std::string_view s = in_.bytes().substr(at_, end - at_);
    at_ = end + 1;
    return s;
  }
  bool flag(const char* what) {
    const auto value = number<std::uint8_t>(what);
    if (value > 1) fail("expected 0 or 1 for " + std::string(what) + ", got " + std::to_string(value));
    return value == 1;
  }
  /// A number that must be in [least, most].
  template <class T>
  T within(const char* what, std::int64_t least, std::int64_t most) {
    const T value = number<T>(what);
    if (value < least || value > most)
      fail("expected " + std::string(what) + " between " + std::to_string(least) + " and " +
               std::to_string(most) + ", got " + std::to_string(value),
           "the file is damaged, or not fastText's");
    return value;
  }

 private:
  const BytesIn& in_;
  std::size_t at_ = 0, begin_ = 0;
};

constexpr std::int64_t kMostInt = std::numeric_limits<std::int32_t>::max();

EmbeddingSettings read_settings(Reader& r) {
  const std::int64_t any = kMostInt;
  EmbeddingSettings s;
  s.dimension = r.within<std::int32_t>("the dimension", 1, any);
  s.window = r.number<std::int32_t>("the window");
  s.epochs = r.number<std::int32_t>("the epochs");
  s.min_count = r.number<std::int32_t>("the least count");
  s.negatives = r.number<std::int32_t>("the negatives");
  s.word_ngrams = r.within<std::int32_t>("the n-grams of words", 0, any);
  s.loss = static_cast<EmbeddingLoss>(r.within<std::int32_t>("the loss", 1, 4));
  s.task = static_cast<EmbeddingTask>(r.within<std::int32_t>("the task", 1, 3));
  s.buckets = r.within<std::int32_t>("the buckets", 0, any);
  s.min_n = r.within<std::int32_t>("the shortest n-gram", 0, any);
  s.max_n = r.within<std::int32_t>("the longest n-gram", 0, any);
  s.rate_update = r.number<std::int32_t>("the update of the rate");
  s.sample = r.number<double>("the sampling threshold");
  s.noise_power = 0.5;
  return s;
}

void read_entries(Reader& r, std::int32_t entries, std::int32_t words, std::int32_t labels,
                  const EmbeddingReading& options, EmbeddingReport& report, Dictionary& d) {
  std::string mended;
  for (std::int32_t i = 0; i < entries; ++i) {
    const char* what = "the dictionary";
    std::string_view text = r.text(what);
    if (check_utf8(text) != std::string_view::npos) {
      if (!options.skip_faults)
        r.fail(
            "entry " + std::to_string(i + 1) + " of the dictionary, " + quoted_word(text) + ", isn't UTF-8",
            "--skip-faults puts a replacement character there");
      mended = text;
      for (std::size_t at = 0; (at = check_utf8(mended)) != std::string::npos;)
        mended.replace(at, 1, "\xEF\xBF\xBD");
      text = mended;
      ++report.skipped;
    }
    if (d.find(text) >= 0) r.fail(quoted_word(text) + " is listed twice in the dictionary");
    const auto count = r.number<std::int64_t>(what);
    const auto kind = r.within<std::int8_t>("the kind of a dictionary's entry", 0, 1);
    if ((kind == 0) != (i < words))
      r.fail("expected " + std::to_string(words) + " words and then " + std::to_string(labels) +
             " labels in the dictionary, got entry " + std::to_string(i + 1) + " out of order");
    d.add(text, count, static_cast<Dictionary::Kind>(kind));
  }
}

/// Gives how many rows of n-grams there are.
std::int64_t read_dictionary(Reader& r, const EmbeddingReading& options, EmbeddingReport& report,
                             EmbeddingModel& m) {
  const auto entries = r.within<std::int32_t>("the size of the dictionary", 0, kMostInt / 2);
  const auto words = r.within<std::int32_t>("the number of words", 0, entries);
  const auto labels = r.within<std::int32_t>("the number of labels", entries - words, entries - words);
  m.dictionary.tokens = r.number<std::int64_t>("the number of tokens");
  const auto pruned = r.within<std::int64_t>("the number of n-grams kept", -1, m.settings.buckets);
  constexpr std::size_t kLeastEntry = 1 + 8 + 1;
  r.require(entries, kLeastEntry, "the dictionary");
  m.dictionary.reserve(entries, entries * 8);
  read_entries(r, entries, words, labels, options, report, m.dictionary);
  if (pruned < 0) return m.settings.buckets;
  r.require(pruned, 8, "the n-grams kept");
  if (m.settings.buckets > kMostPrunedBuckets)
    r.fail("expected at most " + std::to_string(kMostPrunedBuckets) + " buckets of pruned n-grams, got " +
           std::to_string(m.settings.buckets));
  m.kept_buckets.assign(static_cast<std::size_t>(m.settings.buckets), -1);
  for (std::int64_t i = 0; i < pruned; ++i) {
    const auto bucket = r.within<std::int32_t>("the bucket of an n-gram kept", 0, m.settings.buckets - 1);
    const auto row = r.within<std::int32_t>("the row of an n-gram kept", 0, pruned - 1);
    std::int32_t& kept = m.kept_buckets[static_cast<std::size_t>(bucket)];
    if (kept >= 0) r.fail("the bucket " + std::to_string(bucket) + " is listed twice");
    kept = row;
  }
  return pruned;
}

Matrix read_dense(Reader& r, std::int64_t rows, std::int64_t least, std::int32_t columns, const char* what) {
  const std::string name(what);
  const auto m = r.within<std::int64_t>((name + "'s rows").c_str(), least, rows);
  if (m != rows && m != least)
    r.fail("expected " + std::to_string(rows) + " rows of " + name + ", got " + std::to_string(m));
  const auto n = r.number<std::int64_t>((name + "'s columns").c_str());
  if (n != columns && m > 0)
    r.fail("expected " + std::to_string(columns) + " columns of " + name + ", got " + std::to_string(n));
  if (m == 0) return Matrix(0, columns);
  r.require(m, static_cast<std::size_t>(columns) * sizeof(float), what);
  Matrix out(m, columns);
  for (std::int64_t i = 0; i < m; ++i) {
    r.raw(out.row(i), columns, sizeof(float), what);
    if (const std::int64_t d = first_not_finite(out[i]); d >= 0)
      r.fail("element " + std::to_string(d + 1) + " of row " + std::to_string(i + 1) + " of " + name +
                 " is no finite number",
             "its training diverged: train again with a lower rate");
  }
  return out;
}

std::vector<float> read_centroids(Reader& r, std::int32_t columns, std::int32_t& block, const char* what) {
  const auto dim = r.within<std::int32_t>("the quantizer's dimension", columns, columns);
  const auto blocks = r.within<std::int32_t>("the quantizer's blocks", 1, dim);
  block = r.within<std::int32_t>("the quantizer's block", 1, dim);
  const std::int64_t expected = (static_cast<std::int64_t>(dim) + block - 1) / block;
  if (blocks != expected)
    r.fail("expected " + std::to_string(expected) + " blocks of a quantizer of " + std::to_string(block) +
           " of " + std::to_string(dim) + " dimensions, got " + std::to_string(blocks));
  const std::int32_t last = dim % block == 0 ? block : dim % block;
  r.within<std::int32_t>("the quantizer's last block", last, last);
  r.require(static_cast<std::int64_t>(dim) * kCentroids, sizeof(float), what);
  std::vector<float> centroids(static_cast<std::size_t>(dim) * kCentroids);
  r.raw(centroids.data(), static_cast<std::int64_t>(centroids.size()), sizeof(float), what);
  if (first_not_finite(centroids) >= 0)
    r.fail("a centroid of " + std::string(what) + " is no finite number", "its training diverged");
  return centroids;
}

std::unique_ptr<QuantizedMatrix> read_quantized(Reader& r, std::int64_t rows, std::int32_t columns,
                                                const char* what) {
  auto q = std::make_unique<QuantizedMatrix>();
  const std::string name(what);
  q->norms = r.flag("whether norms are quantized");
  q->rows = r.within<std::int64_t>((name + "'s rows").c_str(), rows, rows);
  q->columns =
      static_cast<std::int32_t>(r.within<std::int64_t>((name + "'s columns").c_str(), columns, columns));
  const auto codes = r.within<std::int32_t>((name + "'s codes").c_str(), 0, kMostInt);
  r.require(codes, 1, what);
  q->codes.resize(static_cast<std::size_t>(codes));
  r.raw(q->codes.data(), codes, 1, what);
  q->centroids = read_centroids(r, columns, q->block, what);
  if (codes != rows * q->blocks())
    r.fail("expected " + std::to_string(rows * q->blocks()) + " codes of " + name + ", got " +
           std::to_string(codes));
  if (!q->norms) return q;
  r.require(rows, 1, what);
  q->norm_codes.resize(static_cast<std::size_t>(rows));
  r.raw(q->norm_codes.data(), rows, 1, what);
  std::int32_t block = 0;
  q->norm_centroids = read_centroids(r, 1, block, what);
  return q;
}

bool fits(std::string_view bytes) {
  std::int32_t magic = 0;
  if (bytes.size() >= sizeof magic) std::memcpy(&magic, bytes.data(), sizeof magic);
  return magic == kMagic;
}

/// How many things a model predicts.
std::int64_t targets_of(const EmbeddingModel& m) {
  return m.settings.task == EmbeddingTask::supervised ? m.dictionary.labels() : m.dictionary.words();
}

EmbeddingModel read(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report) {
  Reader r(in);
  EmbeddingModel m;
  r.within<std::int32_t>("fastText's mark", kMagic, kMagic);
  const auto version = r.number<std::int32_t>("the version");
  if (version != kVersion && version != kVersion - 1)
    r.fail("expected a file of version 12 or 11, got " + std::to_string(version),
           "load it with the fastText that wrote it, and save it as text");
  m.settings = read_settings(r);
  if (version < kVersion && m.settings.task == EmbeddingTask::supervised) m.settings.max_n = 0;
  const std::int64_t ngrams = read_dictionary(r, options, report, m);
  const std::int64_t rows = m.dictionary.words() + ngrams;
  const bool quantized = r.flag("whether the input is quantized");
  if (quantized) {
    m.quantized_input = read_quantized(r, rows, m.settings.dimension, "the input matrix");
  } else {
    if (!m.kept_buckets.empty())
      r.fail("the n-grams are pruned and the matrix isn't quantized, as no fastText writes it");
    m.input = read_dense(r, rows, rows, m.settings.dimension, "the input matrix");
  }
  const bool quantized_output = r.flag("whether the output is quantized");
  if (quantized && quantized_output)
    m.quantized_output = read_quantized(r, targets_of(m), m.settings.dimension, "the output matrix");
  else
    m.output = read_dense(r, targets_of(m), 0, m.settings.dimension, "the output matrix");
  if (r.left() > 0)
    in.fail_at_byte(in.bytes().size() - r.left(), "the model ends here, and the file goes on");
  return m;
}

std::int32_t as_int32(std::int64_t n) {
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(n, std::numeric_limits<std::int32_t>::min(), kMostInt));
}

void write_dense(BytesOut& out, const Matrix& m, std::int32_t columns) {
  out.number<std::int64_t>(m.rows());
  out.number<std::int64_t>(columns);
  for (std::int64_t i = 0; i < m.rows(); ++i)
    out.write(m.row(i), static_cast<std::size_t>(columns) * sizeof(float));
}

void write_centroids(BytesOut& out, const std::vector<float>& centroids, std::int32_t columns,
                     std::int32_t block) {
  const std::int32_t blocks = (columns + block - 1) / block;
  out.number<std::int32_t>(columns);
  out.number<std::int32_t>(blocks);
  out.number<std::int32_t>(block);
  out.number<std::int32_t>(columns - (blocks - 1) * block);
  out.write(centroids.data(), centroids.size() * sizeof(float));
}

void write_quantized(BytesOut& out, const QuantizedMatrix& q) {
  out.number<std::uint8_t>(q.norms);
  out.number<std::int64_t>(q.rows);
  out.number<std::int64_t>(q.columns);
  out.number<std::int32_t>(static_cast<std::int32_t>(q.codes.size()));
  out.write(q.codes.data(), q.codes.size());
  write_centroids(out, q.centroids, q.columns, q.block);
  if (!q.norms) return;
  out.write(q.norm_codes.data(), q.norm_codes.size());
  write_centroids(out, q.norm_centroids, 1, 1);
}

void write_head(BytesOut& out, const EmbeddingSettings& s) {
  out.number<std::int32_t>(kMagic);
  out.number<std::int32_t>(kVersion);
  for (const std::int64_t n :
       {std::int64_t{s.dimension}, std::int64_t{s.window}, std::int64_t{s.epochs}, s.min_count,
        std::int64_t{s.negatives}, std::int64_t{s.word_ngrams}, static_cast<std::int64_t>(s.loss),
        static_cast<std::int64_t>(s.task), std::int64_t{s.buckets}, std::int64_t{s.min_n},
        std::int64_t{s.max_n}, std::int64_t{s.rate_update}})
    out.number<std::int32_t>(as_int32(n));
  out.number<double>(s.sample);
}

void write_dictionary(BytesOut& out, const EmbeddingModel& m) {
  const Dictionary& d = m.dictionary;
  const std::int64_t kept =
      std::count_if(m.kept_buckets.begin(), m.kept_buckets.end(), [](auto r) { return r >= 0; });
  out.number<std::int32_t>(d.size());
  out.number<std::int32_t>(d.words());
  out.number<std::int32_t>(d.labels());
  out.number<std::int64_t>(d.tokens);
  out.number<std::int64_t>(m.kept_buckets.empty() ? -1 : kept);
  for (std::int32_t i = 0; i < d.size(); ++i) {
    out.write(d.text(i));
    out.number<char>('\0');
    // A table of negatives is made from the counts on loading: vectors of unknown counts have them alike.
    out.number<std::int64_t>(std::max<std::int64_t>(1, d.count(i)));
    out.number<std::int8_t>(static_cast<std::int8_t>(d.kind(i)));
  }
  for (std::size_t b = 0; b < m.kept_buckets.size(); ++b) {
    if (m.kept_buckets[b] < 0) continue;
    out.number<std::int32_t>(static_cast<std::int32_t>(b));
    out.number<std::int32_t>(m.kept_buckets[b]);
  }
}

void write(const EmbeddingModel& m, const std::filesystem::path& path) {
  const auto refuse = [&](const std::string& what, const std::string& hint) {
    throw EmbeddingFileError(path.string() + ": fastText's format can't hold " + what + " (" + hint + ")");
  };
  for (std::int32_t i = 0; i < m.dictionary.size(); ++i) {
    const std::string_view text = m.dictionary.text(i);
    if (text.find('\0') != std::string_view::npos)
      refuse("the word " + quoted_word(text) + ", which has a NUL", "safetensors can");
  }
  if (m.quantized_input && m.quantized_input->codes.size() > static_cast<std::size_t>(kMostInt))
    refuse("more than 2 GiB of codes", "prune the model");
  if (!m.kept_buckets.empty() && !m.quantized_input)
    refuse("pruned n-grams that aren't quantized", "quantize the model");
  if (m.quantized_output && !m.quantized_input)
    refuse("a quantized output without a quantized input", "quantize both");
  BytesOut out(path);
  write_head(out, m.settings);
  write_dictionary(out, m);
  out.number<std::uint8_t>(m.quantized_input != nullptr);
  if (m.quantized_input)
    write_quantized(out, *m.quantized_input);
  else
    write_dense(out, m.input, m.dimension());
  out.number<std::uint8_t>(m.quantized_output != nullptr);
  if (m.quantized_output)
    write_quantized(out, *m.quantized_output);
  else
    write_dense(out, m.output, m.dimension());
  out.commit();
}

}  // namespace

EmbeddingFormat fasttext_format() {
  return {"fasttext", {".bin", ".ftz"}, "fastText's models, also quantized", fits, read, write};
}

}  // namespace weft::nlp
