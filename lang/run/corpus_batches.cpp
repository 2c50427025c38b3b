#include <cstring>

#include "lang/run/batch_source.h"
#include "tensor/safetensors.h"

/// Batches of a corpus, and of nothing.
namespace weft {

namespace {

/// The one number of a cursor: batches that were taken.
std::int64_t batches_taken(const std::vector<double>& cursor, std::int64_t batches) {
  if (cursor.empty()) return 0;
  if (cursor.size() != 1 || cursor[0] < 0 || cursor[0] > static_cast<double>(batches))
    throw ModelFileError("the place in the data is none");
  return static_cast<std::int64_t>(cursor[0]);
}

class CorpusSource : public BatchSource {
 public:
  CorpusSource(const corpora::Dataset& dataset, const DataSource& data, corpora::Split split,
               std::uint64_t order)
      : dataset_(dataset), data_(data), split_(split), order_(order) {}

  const std::vector<Dim>& axes() const override { return data_.axes; }
  std::vector<VariableId> columns() const override {
    std::vector<VariableId> all = data_.columns;
    all.insert(all.end(), data_.lengths.begin(), data_.lengths.end());
    return all;
  }
  std::int64_t batches() const override { return dataset_.batches(split_); }

  void begin(std::int64_t epoch, const std::vector<double>& cursor) override {
    stream_ = dataset_.stream(split_, order_ + static_cast<std::uint64_t>(epoch));
    taken_ = 0;
    for (const std::int64_t skip = batches_taken(cursor, batches()); taken_ < skip;) next();
  }
  bool next() override {
    if (!stream_->next(batch_)) return false;
    ++taken_;
    return true;
  }

  const std::vector<std::int64_t>& extents() const override { return batch_.extents; }
  void fill(Fed& fed) const override {
    const auto copy = [&](VariableId variable, const std::vector<std::int32_t>& values) {
      const auto it = fed.find(variable);
      if (it == fed.end()) return;
      std::memcpy(it->second.data(), values.data(), static_cast<std::size_t>(it->second.bytes()));
    };
    for (std::size_t c = 0; c < data_.columns.size(); ++c) copy(data_.columns[c], batch_.columns[c]);
    for (std::size_t i = 0; i < data_.lengths.size(); ++i) copy(data_.lengths[i], batch_.lengths[i]);
  }
  std::int64_t tokens() const override { return batch_.tokens; }
  std::vector<double> cursor() const override { return {static_cast<double>(taken_)}; }

 private:
  const corpora::Dataset& dataset_;
  const DataSource& data_;
  corpora::Split split_;
  std::uint64_t order_;
  std::unique_ptr<corpora::BatchStream> stream_;
  corpora::Batch batch_;
  std::int64_t taken_ = 0;
};

class NoSource : public BatchSource {
 public:
  explicit NoSource(std::int64_t count) : count_(count) {}

  std::int64_t batches() const override { return count_; }
  void begin(std::int64_t, const std::vector<double>& cursor) override {
    taken_ = batches_taken(cursor, count_);
  }
  bool next() override {
    if (taken_ == count_) return false;
    ++taken_;
    return true;
  }
  std::vector<double> cursor() const override { return {static_cast<double>(taken_)}; }

 private:
  std::int64_t count_;
  std::int64_t taken_ = 0;
};

}  // namespace

std::unique_ptr<BatchSource> corpus_batches(const corpora::Dataset& dataset, const DataSource& data,
                                            corpora::Split split, std::uint64_t order) {
  return std::make_unique<CorpusSource>(dataset, data, split, order);
}

std::unique_ptr<BatchSource> no_batches(std::int64_t count) {
  return std::make_unique<NoSource>(count);
}

}  // namespace weft
