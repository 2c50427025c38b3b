// lines: text for language models. The lines of a split, each closed by <eos>, make one stream of tokens, cut
// into windows of T + 1 that overlap by one: the first T are `ids`, the last T `next`.

#include <algorithm>
#include <array>
#include <optional>

#include "corpora/encoder.h"
#include "corpora/in_order.h"
#include "corpora/learn_pieces.h"
#include "corpora/permutation.h"
#include "corpora/readers/reader.h"
#include "corpora/records.h"
#include "corpora/share_of.h"
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
  WindowStream(std::shared_ptr<const Windows> windows, std::int64_t rows, ShareOf share,
               std::optional<Permutation> order)
      : windows_(std::move(windows)), rows_(rows), share_(share), order_(std::move(order)) {}

  bool next(Batch& batch) override {
    const std::int64_t rows = std::min(rows_, share_.count - done_);
    if (rows <= 0) return false;
    const std::int64_t length = windows_->length;
    batch.extents.assign({rows, length});
    batch.columns.resize(2);
    for (auto& column : batch.columns) column.resize(static_cast<std::size_t>(rows * length));
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::int64_t window = share_.record(order_ ? (*order_)[done_ + row] : done_ + row);
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
  ShareOf share_;
  std::int64_t done_ = 0;
  std::optional<Permutation> order_;
};

using Splits = std::array<std::shared_ptr<Windows>, 2>;  // by Split

/// What all threads read into, and where in a line that goes on they are.
struct Reading {
  TokenIndex index;
  std::int64_t records = 0;
  Split split = Split::train;
  bool any_token = false;  // in the line at hand
};

class LineWork : public PieceWork {
 public:
  LineWork(const ReaderRequest& request, RecordSource& source, bool validation, Reading& reading,
           const Splits& splits)
      : request_(request),
        source_(source),
        validation_(validation),
        reading_(reading),
        splits_(splits),
        tokenizer_(nlp::make_tokenizer(request.tokens)) {}

  bool take() override { return source_.next(piece_); }

  void work() override {
    ids_.clear();
    lines_.clear();
    const std::string_view text = piece_.text;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view line = text.substr(begin, end - begin);
      const bool first = begin > 0 || piece_.starts_line, last = end < text.size() || piece_.ends_line;
      begin = end + 1;
      if (first && last && is_blank(line)) continue;
      tokenizer_->tokenize(line, [&](std::string_view token) { ids_.push_back(encoder_.number(token)); });
      lines_.push_back({ids_.size(), first, last});
    }
  }

  void join() override {
    encoder_.publish(reading_.index);
    std::size_t i = 0;
    for (const Line& line : lines_) {
      if (line.first) {
        reading_.split = validation_ ? Split::valid : split_of(request_, reading_.records);
        ++reading_.records;
        reading_.any_token = false;
      }
      TempArray<std::int32_t>& to = splits_[static_cast<std::size_t>(reading_.split)]->ids;
      const bool counts = reading_.split == Split::train;
      reading_.any_token = reading_.any_token || i < line.end;
      for (; i < line.end; ++i) {
        const std::int32_t number = encoder_.common(ids_[i]);
        to.push(number);
        if (counts) reading_.index.count(number);
      }
      if (line.last && reading_.any_token) to.push(kEndOfLine);
    }
    encoder_.forget_if_large();
  }

 private:
  struct Line {
    std::size_t end = 0;  // of its ids
    bool first = true, last = true;
  };

  const ReaderRequest& request_;
  RecordSource& source_;
  bool validation_;
  Reading& reading_;
  const Splits& splits_;
  std::unique_ptr<nlp::Tokenizer> tokenizer_;
  Encoder encoder_;
  RecordPiece piece_;
  std::vector<std::int32_t> ids_;
  std::vector<Line> lines_;
};

class Lines : public Dataset {
 public:
  Lines(const ReaderRequest& request, const ReaderSchema& schema, const Watch& watch)
      : request_(request), schema_(schema) {
    ready_tokens(request_, [&](const TakeText& take) { all_texts(take, watch); });
    for (auto& windows : splits_) {
      windows = std::make_shared<Windows>();
      windows->length = request.extents[1];
    }
    Reading reading;
    read(request.path, false, reading, watch);
    if (!request.valid_path.empty()) read(request.valid_path, true, reading, watch);
    const TokenIndex& index = reading.index;
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
  const nlp::TokenizerSettings& tokenizer() const override { return request_.tokens; }
  const std::vector<std::string>& notes() const override { return notes_; }

  std::int64_t batches(Split split) const override {
    return (share_of(split).count + request_.extents[0] - 1) / request_.extents[0];
  }
  std::int64_t tokens(Split split) const override { return share_of(split).count * request_.extents[1]; }
  double unknown_share() const override { return unknown_share_; }

  std::unique_ptr<BatchStream> stream(Split split, std::uint64_t epoch) const override {
    std::optional<Permutation> order;
    const ShareOf share = share_of(split);
    if (split == Split::train) order.emplace(share.count, request_.seed, epoch);
    return std::make_unique<WindowStream>(windows(split), request_.extents[0], share, order);
  }

 private:
  const std::shared_ptr<Windows>& windows(Split split) const {
    return splits_[static_cast<std::size_t>(split)];
  }
  ShareOf share_of(Split split) const { return corpora::share_of(request_, split, windows(split)->count()); }

  void read(const std::string& path, bool validation, Reading& reading, const Watch& watch) {
    const auto source = line_pieces(open_blocks(request_, path, watch));
    std::vector<std::unique_ptr<PieceWork>> workers;
    for (int i = 0; i < thread_count(request_.threads); ++i)
      workers.push_back(std::make_unique<LineWork>(request_, *source, validation, reading, splits_));
    run_in_order(workers);
    if (!source->any_text()) throw holds_no_text(path);
    if (const std::string note = source->note(); !note.empty()) notes_.push_back(note);
  }

  /// What LineWork reads, on one thread.
  void all_texts(const TakeText& take, const Watch& watch) const {
    const auto source = line_pieces(open_blocks(request_, request_.path, watch));
    RecordPiece piece;
    for (std::int64_t record = -1; source->next(piece);) {
      for (std::size_t begin = 0; begin < piece.text.size();) {
        const std::size_t end = std::min(piece.text.find('\n', begin), piece.text.size());
        const std::string_view line = piece.text.substr(begin, end - begin);
        const bool first = begin > 0 || piece.starts_line, last = end < piece.text.size() || piece.ends_line;
        begin = end + 1;
        if (first && last && is_blank(line)) continue;
        if (first) ++record;
        take(record, line);
      }
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
  nlp::Vocabulary vocabulary_;
  double unknown_share_ = 0;
  std::vector<std::string> notes_;
  Splits splits_;
};

}  // namespace

ReaderSchema lines_schema() {
  ReaderSchema schema;
  schema.name = "lines";
  schema.axes = {"batch", "time"};
  schema.arguments = common_arguments("lines");
  schema.columns = {{"ids", "vocab", {0, 1}}, {"next", "vocab", {0, 1}}};
  schema.label_sets = {"vocab"};
  return schema;
}

std::unique_ptr<Dataset> open_lines(const ReaderRequest& request, const ReaderSchema& schema,
                                    const Watch& watch) {
  return std::make_unique<Lines>(request, schema, watch);
}

}  // namespace weft::corpora
