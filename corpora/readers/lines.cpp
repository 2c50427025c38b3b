// lines: text for language models. The lines of a split, each closed by <eos>, make one stream of tokens, cut
// into windows of T + 1 that overlap by one: the first T are `ids`, the last T `next`.

#include <algorithm>
#include <array>
#include <optional>

#include "corpora/line_source.h"
#include "corpora/permutation.h"
#include "corpora/readers/reader.h"
#include "corpora/temp_file.h"

namespace weft::corpora {

namespace {

constexpr std::int32_t kEndOfLine = -1;  // <eos> in the temporary file until the vocabulary is known

struct Windows {
  TempArray<std::int32_t> ids;
  std::int64_t length = 0;  // T

  /// Window i is ids[i T .. i T + T]; what is left at the end is no window.
  std::int64_t count() const { return std::max<std::int64_t>(ids.size() - 1, 0) / length; }
};

class WindowStream : public BatchStream {
 public:
  WindowStream(std::shared_ptr<const Windows> windows, std::int64_t rows, std::optional<Permutation> order)
      : windows_(std::move(windows)), rows_(rows), order_(order) {}

  bool next(Batch& batch) override {
    const std::int64_t rows = std::min(rows_, windows_->count() - done_);
    if (rows <= 0) return false;
    const std::int64_t length = windows_->length;
    batch.extents.assign({rows, length});
    batch.columns.resize(2);
    for (auto& column : batch.columns) column.resize(static_cast<std::size_t>(rows * length));
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::int64_t window = order_ ? (*order_)[done_ + row] : done_ + row;
      const std::int32_t* const ids = windows_->ids.data() + window * length;
      std::copy_n(ids, length, batch.columns[0].data() + row * length);
      std::copy_n(ids + 1, length, batch.columns[1].data() + row * length);
    }
    batch.lengths.clear();
    batch.tokens = rows * length;
    done_ += rows;
    return true;
  }

 private:
  std::shared_ptr<const Windows> windows_;
  std::int64_t rows_;
  std::int64_t done_ = 0;
  std::optional<Permutation> order_;
};

class Lines : public Dataset {
 public:
  Lines(const ReaderRequest& request, const ReaderSchema& schema, const Stop& stop)
      : request_(request), schema_(schema), tokenizer_(nlp::make_tokenizer(request.tokens)) {
    for (auto& windows : splits_) {
      windows = std::make_shared<Windows>();
      windows->length = request.extents[1];
    }
    TokenIndex index;
    read(request.path, index, stop, [&](std::int64_t record) { return split_of(request, record); });
    if (!request.valid_path.empty()) {
      read(request.valid_path, index, stop, [](std::int64_t) { return Split::valid; });
    }
    vocabulary_ = text_vocabulary(request, index, {std::string(nlp::kUnknown), std::string(nlp::kEnd)});
    unknown_share_ = share(index.unknown(vocabulary_), index.counted());
    require_windows();

    const std::vector<std::int32_t> translation = index.translation(vocabulary_);
    const std::int32_t end = vocabulary_.id(nlp::kEnd);
    for (auto& windows : splits_) {
      windows->ids.rewrite([&](std::int32_t number) {
        return number == kEndOfLine ? end : translation[static_cast<std::size_t>(number)];
      });
      windows->ids.seal();
    }
  }

  const ReaderSchema& schema() const override { return schema_; }

  const std::vector<std::string>& labels(std::string_view set) const override {
    if (set == "vocab") return vocabulary_.tokens();
    throw std::invalid_argument("[lines] expected the label set vocab, got \"" + std::string(set) + "\"");
  }

  std::int64_t batches(Split split) const override {
    return (windows(split)->count() + request_.extents[0] - 1) / request_.extents[0];
  }
  std::int64_t tokens(Split split) const override { return windows(split)->count() * request_.extents[1]; }
  double unknown_share() const override { return unknown_share_; }

  std::unique_ptr<BatchStream> stream(Split split, std::uint64_t epoch) const override {
    std::optional<Permutation> order;
    if (split == Split::train) order.emplace(windows(split)->count(), request_.seed, epoch);
    return std::make_unique<WindowStream>(windows(split), request_.extents[0], order);
  }

 private:
  const std::shared_ptr<Windows>& windows(Split split) const {
    return splits_[static_cast<std::size_t>(split)];
  }

  template <class SplitOf>
  void read(const std::string& path, TokenIndex& index, const Stop& stop, SplitOf split_of_record) {
    LineSource source(path, LineSource::kBufferBytes, stop);
    LinePiece piece;
    std::int64_t record = -1;
    bool any_token = false;
    Split split = Split::train;
    while (source.next(piece)) {
      if (piece.first) {
        split = split_of_record(++record);
        any_token = false;
      }
      TempArray<std::int32_t>& ids = windows(split)->ids;
      tokenizer_->tokenize(piece.text, [&](std::string_view token) {
        ids.push(index.add(token, split == Split::train));
        any_token = true;
      });
      if (piece.last && any_token) ids.push(kEndOfLine);
    }
  }

  void require_windows() const {
    const std::string needed = ", and one window of T = " + std::to_string(request_.extents[1]) + " needs " +
                               std::to_string(request_.extents[1] + 1);
    const auto tokens = [&](Split split) { return std::to_string(windows(split)->ids.size()) + " tokens"; };
    if (windows(Split::train)->count() == 0) {
      throw DataError(request_.path, 0, "the training text has " + tokens(Split::train) + needed,
                      "choose a smaller T or give more text");
    }
    if (windows(Split::valid)->count() > 0) return;
    if (!request_.valid_path.empty()) {
      throw DataError(request_.valid_path, 0, "the validation text has " + tokens(Split::valid) + needed,
                      "choose a smaller T or give more text");
    }
    if (request_.holdout > 0) {
      throw DataError(
          request_.path, 0, "holdout keeps " + tokens(Split::valid) + " for validation" + needed,
          "whole lines are held out: choose a larger holdout, a smaller T, or a text of more lines");
    }
  }

  ReaderRequest request_;
  const ReaderSchema& schema_;
  std::unique_ptr<nlp::Tokenizer> tokenizer_;
  nlp::Vocabulary vocabulary_;
  double unknown_share_ = 0;
  std::array<std::shared_ptr<Windows>, 2> splits_;  // by Split
};

}  // namespace

ReaderSchema lines_schema() {
  ReaderSchema schema;
  schema.name = "lines";
  schema.axes = {"batch", "time"};
  schema.arguments = {
      {"tokens", ArgumentKind::tokenizer, false, "how text becomes tokens, such as words(min_count = 2)"},
      {"vocab", ArgumentKind::vocabulary, false, "the labels of an axis as vocabulary, with its tokens"},
      {"holdout", ArgumentKind::number, false, "share of the lines kept for validation, from 0 up to 1"},
      {"valid", ArgumentKind::text, false, "a text file for validation, in place of holdout"},
  };
  schema.columns = {{"ids", "vocab", {0, 1}}, {"next", "vocab", {0, 1}}};
  schema.label_sets = {"vocab"};
  return schema;
}

std::unique_ptr<Dataset> open_lines(const ReaderRequest& request, const ReaderSchema& schema,
                                    const Stop& stop) {
  return std::make_unique<Lines>(request, schema, stop);
}

}  // namespace weft::corpora
