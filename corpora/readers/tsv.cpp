// tsv: labelled texts for classification, one a row. Texts are cut at T tokens and padded to the longest of
// their batch. An empty text is one <unk>, so that no row has length 0. The vocabulary counts the tokens that
// are kept of the training texts; the classes are those of the whole main file, held out or not, in byte
// order.

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>

#include "corpora/permutation.h"
#include "corpora/readers/reader.h"
#include "corpora/readers/tsv_rows.h"
#include "corpora/temp_file.h"
#include "nlp/text/edit_distance.h"
#include "nlp/text/segments.h"

namespace weft::corpora {

namespace {

constexpr std::int32_t kNoToken = -1;  // an empty text, in the temporary file until the vocabulary is known

struct Example {
  std::int64_t begin = 0;  // of its ids
  std::int32_t length = 0;
  std::int32_t label = 0;
};

struct Examples {
  TempArray<std::int32_t> ids;
  TempArray<Example> rows;
};

class ExampleStream : public BatchStream {
 public:
  ExampleStream(std::shared_ptr<const Examples> examples, std::int64_t rows, std::int32_t pad,
                std::optional<Permutation> order)
      : examples_(std::move(examples)), rows_(rows), pad_(pad), order_(order) {}

  bool next(Batch& batch) override {
    const std::int64_t rows = std::min(rows_, examples_->rows.size() - done_);
    if (rows <= 0) return false;
    std::int32_t width = 0;
    for (std::int64_t row = 0; row < rows; ++row) width = std::max(width, example(row).length);
    batch.extents.assign({rows, width});
    batch.columns.resize(2);
    batch.columns[0].resize(static_cast<std::size_t>(rows));
    batch.columns[1].assign(static_cast<std::size_t>(rows * width), pad_);
    batch.lengths.resize(static_cast<std::size_t>(rows));
    for (std::int64_t row = 0; row < rows; ++row) {
      const Example& from = example(row);
      batch.columns[0][static_cast<std::size_t>(row)] = from.label;
      batch.lengths[static_cast<std::size_t>(row)] = from.length;
      std::copy_n(examples_->ids.data() + from.begin, from.length, batch.columns[1].data() + row * width);
    }
    batch.tokens = std::accumulate(batch.lengths.begin(), batch.lengths.end(), std::int64_t{0});
    done_ += rows;
    return true;
  }

 private:
  const Example& example(std::int64_t row) const {
    return examples_->rows[order_ ? (*order_)[done_ + row] : done_ + row];
  }

  std::shared_ptr<const Examples> examples_;
  std::int64_t rows_;
  std::int32_t pad_;
  std::int64_t done_ = 0;
  std::optional<Permutation> order_;
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && nlp::is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && nlp::is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

class Tsv : public Dataset {
 public:
  Tsv(const ReaderRequest& request, const ReaderSchema& schema, const Stop& stop)
      : request_(request), schema_(schema), tokenizer_(nlp::make_tokenizer(request.tokens)) {
    if (request.label_column == request.text_column) {
      throw DataError(request.path, 0, "label and text are the same column");
    }
    for (auto& split : splits_) split = std::make_shared<Examples>();
    read(request.path, false, stop);
    name_classes();
    if (!request.valid_path.empty()) read(request.valid_path, true, stop);
    vocabulary_ = text_vocabulary(request, index_, {std::string(nlp::kUnknown), std::string(nlp::kPad)});
    require_examples();
    unknown_share_ = share(index_.unknown(vocabulary_) + empty_, index_.counted() + empty_);
    translate();
  }

  const ReaderSchema& schema() const override { return schema_; }

  const std::vector<std::string>& labels(std::string_view set) const override {
    if (set == "vocab") return vocabulary_.tokens();
    if (set == "classes") return classes_;
    throw std::invalid_argument("[tsv] expected the label set vocab or classes, got \"" + std::string(set) +
                                "\"");
  }

  std::int64_t batches(Split split) const override {
    return (examples(split)->rows.size() + request_.extents[0] - 1) / request_.extents[0];
  }
  std::int64_t tokens(Split split) const override { return examples(split)->ids.size(); }
  double unknown_share() const override { return unknown_share_; }

  std::unique_ptr<BatchStream> stream(Split split, std::uint64_t epoch) const override {
    std::optional<Permutation> order;
    if (split == Split::train) order.emplace(examples(split)->rows.size(), request_.seed, epoch);
    return std::make_unique<ExampleStream>(examples(split), request_.extents[0], vocabulary_.id(nlp::kPad),
                                           order);
  }

 private:
  const std::shared_ptr<Examples>& examples(Split split) const {
    return splits_[static_cast<std::size_t>(split)];
  }

  void read(const std::string& path, bool validation, const Stop& stop) {
    TsvRows rows(path, {request_.label_column, request_.text_column}, stop);
    std::vector<std::string_view> fields;
    for (std::int64_t record = 0; rows.next(fields); ++record) {
      const Split split = validation ? Split::valid : split_of(request_, record);
      const std::int32_t label = number_of(trim(fields[0]), rows, validation);
      add(fields[1], label, split);
    }
  }

  /// The number of a class, as they first appear; a validation file can't bring new ones.
  std::int32_t number_of(std::string_view name, const TsvRows& rows, bool validation) {
    if (name.empty()) throw DataError(rows.path(), rows.line(), "the label is empty");
    const auto found = class_numbers_.find(name);
    if (found != class_numbers_.end()) return found->second;
    if (validation) {
      const std::string near = nlp::nearest_name(name, classes_);
      throw DataError(rows.path(), rows.line(),
                      "the label \"" + std::string(name) + "\" is not one of " + request_.path,
                      near.empty() ? "" : "did you mean " + near + "?");
    }
    const auto number = static_cast<std::int32_t>(class_numbers_.size());
    class_numbers_.emplace(name, number);
    return number;
  }

  void add(std::string_view text, std::int32_t label, Split split) {
    Examples& to = *examples(split);
    const std::int64_t begin = to.ids.size();
    tokenizer_->tokenize(text, [&](std::string_view token) {
      if (to.ids.size() - begin == request_.extents[1]) return;
      to.ids.push(index_.add(token, split == Split::train));
    });
    if (to.ids.size() == begin) {
      to.ids.push(kNoToken);
      if (split == Split::train) ++empty_;
    }
    to.rows.push({begin, static_cast<std::int32_t>(to.ids.size() - begin), label});
  }

  void name_classes() {
    for (const auto& [name, number] : class_numbers_) classes_.push_back(name);  // a map: in byte order
    if (classes_.empty()) throw DataError(request_.path, 0, "the file has a header and no rows");
    if (classes_.size() < 2) {
      throw DataError(request_.path, 0, "all rows have the label \"" + classes_.front() + "\"",
                      "a classifier needs at least two classes; is the label column right?");
    }
  }

  void require_examples() const {
    if (examples(Split::train)->rows.size() == 0) {
      throw DataError(request_.path, 0, "holdout leaves no row for training", "choose a smaller holdout");
    }
    if (request_.holdout > 0 && examples(Split::valid)->rows.size() == 0) {
      throw DataError(request_.path, 0, "holdout keeps no row for validation",
                      "choose a larger holdout, or give a file with valid");
    }
  }

  void translate() {
    const std::vector<std::int32_t> translation = index_.translation(vocabulary_);
    const std::int32_t unknown = vocabulary_.id(nlp::kUnknown);
    std::vector<std::int32_t> sorted(class_numbers_.size());
    std::int32_t place = 0;
    for (const auto& [name, number] : class_numbers_) sorted[static_cast<std::size_t>(number)] = place++;
    for (auto& split : splits_) {
      split->ids.rewrite([&](std::int32_t number) {
        return number == kNoToken ? unknown : translation[static_cast<std::size_t>(number)];
      });
      split->rows.rewrite([&](Example row) {
        row.label = sorted[static_cast<std::size_t>(row.label)];
        return row;
      });
      split->ids.seal();
      split->rows.seal();
    }
    index_ = {};
  }

  ReaderRequest request_;
  const ReaderSchema& schema_;
  std::unique_ptr<nlp::Tokenizer> tokenizer_;
  TokenIndex index_;
  std::int64_t empty_ = 0;  // training texts without a token
  std::map<std::string, std::int32_t, std::less<>> class_numbers_;
  std::vector<std::string> classes_;
  nlp::Vocabulary vocabulary_;
  double unknown_share_ = 0;
  std::array<std::shared_ptr<Examples>, 2> splits_;  // by Split
};

}  // namespace

ReaderSchema tsv_schema() {
  ReaderSchema schema;
  schema.name = "tsv";
  schema.axes = {"batch", "time"};
  schema.padded = 1;
  schema.arguments = {
      {"label", ArgumentKind::column, false,
       "the column of the class: its number, or its name in a header; 1"},
      {"text", ArgumentKind::column, false, "the column of the text: its number, or its name in a header; 2"},
      {"tokens", ArgumentKind::tokenizer, false, "how text becomes tokens, such as words(min_count = 2)"},
      {"vocab", ArgumentKind::vocabulary, false, "the labels of an axis as vocabulary, with its tokens"},
      {"holdout", ArgumentKind::number, false, "share of the rows kept for validation, from 0 up to 1"},
      {"valid", ArgumentKind::text, false, "a file of rows for validation, in place of holdout"},
  };
  schema.columns = {{"label", "classes", {0}}, {"text", "vocab", {0, 1}}};
  schema.label_sets = {"vocab", "classes"};
  return schema;
}

std::unique_ptr<Dataset> open_tsv(const ReaderRequest& request, const ReaderSchema& schema,
                                  const Stop& stop) {
  return std::make_unique<Tsv>(request, schema, stop);
}

}  // namespace weft::corpora
