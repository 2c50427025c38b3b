#include "corpora/rows.h"

#include <algorithm>
#include <array>
#include <optional>

#include "corpora/encoder.h"
#include "corpora/in_order.h"
#include "corpora/learn_pieces.h"
#include "corpora/permutation.h"
#include "corpora/readers/reader.h"
#include "corpora/share_of.h"
#include "corpora/temp_file.h"
#include "nlp/text/edit_distance.h"

namespace weft::corpora {

namespace {

constexpr std::int32_t kNoToken = -1;  // an empty text, in the temporary file until the vocabulary is known

/// The ids of one field, row after row.
struct FieldStore {
  TempArray<std::int32_t> ids;
  TempArray<std::int64_t> ends;  // of each row's; not of a single field

  std::int64_t begin(std::int64_t row) const { return row == 0 ? 0 : ends[row - 1]; }
};

/// The rows of a split.
struct Rows {
  explicit Rows(std::size_t count) : fields(count) {}
  std::vector<FieldStore> fields;
  std::int64_t count = 0;
};

/// What the columns are made of, when all is read.
struct Composition {
  struct Column {
    std::size_t field = 0;
    int axis = -1;
    std::int32_t before = -1, after = -1, pad = 0;  // -1: none
    std::int32_t extra() const { return (before >= 0 ? 1 : 0) + (after >= 0 ? 1 : 0); }
  };
  std::vector<Column> columns;
  std::vector<int> padded;              // axes
  std::vector<std::size_t> lengths_of;  // for each of them, the column that tells the lengths
  std::size_t axes = 1;
};

class RowStream : public BatchStream {
 public:
  RowStream(std::shared_ptr<const Rows> rows, std::shared_ptr<const Composition> composition,
            std::int64_t batch_rows, ShareOf share, std::optional<Permutation> order)
      : rows_(std::move(rows)),
        composition_(std::move(composition)),
        batch_rows_(batch_rows),
        share_(share),
        order_(std::move(order)) {}

  bool next(Batch& batch) override {
    const std::int64_t count = std::min(batch_rows_, share_.count - done_);
    if (count <= 0) return false;
    taken_.clear();
    for (std::int64_t i = done_; i < done_ + count; ++i)
      taken_.push_back(share_.record(order_ ? (*order_)[i] : i));
    done_ += count;
    const Composition& c = *composition_;
    batch.extents.assign(c.axes, 0);
    batch.extents[0] = count;
    batch.lengths.resize(c.padded.size());
    batch.tokens = 0;
    for (std::size_t p = 0; p < c.padded.size(); ++p) {
      const Composition::Column& column = c.columns[c.lengths_of[p]];
      std::int32_t most = 0;
      batch.lengths[p].clear();
      for (const std::int64_t row : taken_) {
        batch.lengths[p].push_back(length(column, row));
        most = std::max(most, batch.lengths[p].back());
        batch.tokens += batch.lengths[p].back();
      }
      batch.extents[static_cast<std::size_t>(c.padded[p])] = most;
    }
    batch.columns.resize(c.columns.size());
    for (std::size_t i = 0; i < c.columns.size(); ++i) fill(c.columns[i], batch, batch.columns[i]);
    return true;
  }

 private:
  std::int32_t length(const Composition::Column& column, std::int64_t row) const {
    const FieldStore& field = rows_->fields[column.field];
    return static_cast<std::int32_t>(field.ends[row] - field.begin(row)) + column.extra();
  }

  void fill(const Composition::Column& column, const Batch& batch, std::vector<std::int32_t>& out) const {
    const FieldStore& field = rows_->fields[column.field];
    const std::size_t rows = taken_.size();
    if (column.axis < 0) {
      out.resize(rows);
      for (std::size_t i = 0; i < rows; ++i) out[i] = field.ids[taken_[i]];
      return;
    }
    const auto width = static_cast<std::size_t>(batch.extents[static_cast<std::size_t>(column.axis)]);
    out.resize(rows * width);
    for (std::size_t i = 0; i < rows; ++i) {
      std::int32_t* at = out.data() + i * width;
      std::int32_t* const end = at + width;
      if (column.before >= 0) *at++ = column.before;
      const std::int64_t begin = field.begin(taken_[i]);
      at = std::copy_n(field.ids.data() + begin, field.ends[taken_[i]] - begin, at);
      if (column.after >= 0) *at++ = column.after;
      std::fill(at, end, column.pad);
    }
  }

  std::shared_ptr<const Rows> rows_;
  std::shared_ptr<const Composition> composition_;
  std::int64_t batch_rows_;
  ShareOf share_;
  std::int64_t done_ = 0;
  std::optional<Permutation> order_;
  std::vector<std::int64_t> taken_;  // rows of the batch at hand
};

/// The texts of rows, for what is learnt from them before they become tokens.
class TextSink : public RowSink {
 public:
  explicit TextSink(const TakeText& take) : take_(take) {}
  void text(int, std::string_view text) override { take_(record_, text); }
  void token(int, std::string_view) override {}
  bool word(int, std::string_view word) override {
    take_(record_, word);
    return true;
  }
  void end(std::int64_t) override { ++record_; }
  void remark(int) override {}

 private:
  const TakeText& take_;
  std::int64_t record_ = 0;
};

/// What all threads read into.
struct Gathered {
  explicit Gathered(const RowLayout& layout) : sets(layout.sets.size()), remarks(layout.remarks.size()) {
    for (auto& split : splits) split = std::make_shared<Rows>(layout.fields.size());
  }
  std::vector<TokenIndex> sets;
  std::array<std::shared_ptr<Rows>, 2> splits;                               // by Split
  std::vector<std::int64_t> empty = std::vector<std::int64_t>(sets.size());  // training texts without a token
  std::vector<std::int64_t> remarks;
  std::int64_t records = 0;
};

class RowWork : public PieceWork, public RowSink {
 public:
  RowWork(const ReaderRequest& request, const RowReader& reader, RecordSource& source, bool validation,
          Gathered& gathered)
      : request_(request),
        reader_(reader),
        layout_(reader.layout),
        source_(source),
        validation_(validation),
        gathered_(gathered),
        tokenizer_(nlp::make_tokenizer(request.tokens)),
        encoders_(layout_.sets.size()),
        fields_(layout_.fields.size()),
        remarks_(layout_.remarks.size()) {}

  bool take() override { return source_.next(piece_); }
  void work() override {
    lines_.clear();
    for (Field& field : fields_) {
      field.ids.clear();
      field.ends.clear();
    }
    std::fill(remarks_.begin(), remarks_.end(), 0);
    reader_.parse(piece_, *this);
  }
  void join() override;

  // --- RowSink ---

  void text(int field, std::string_view text) override {
    tokenizer_->tokenize(text, [&](std::string_view token) { this->token(field, token); });
  }
  void token(int field, std::string_view token) override {
    Field& to = fields_[static_cast<std::size_t>(field)];
    if (full(field)) return;
    to.ids.push_back(encoder(field).number(token));
  }
  bool word(int field, std::string_view word) override {
    if (full(field)) return false;
    form_.clear();
    tokenizer_->tokenize(word, [&](std::string_view token) { form_ += token; });
    token(field, form_.empty() ? word : form_);
    return true;
  }
  void end(std::int64_t line) override {
    lines_.push_back(line);
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      Field& field = fields_[f];
      if (field.ids.size() == field.begin()) field.ids.push_back(kNoToken);
      field.ends.push_back(field.ids.size());
    }
  }
  void remark(int which) override { ++remarks_[static_cast<std::size_t>(which)]; }

 private:
  struct Field {
    std::vector<std::int32_t> ids;
    std::vector<std::size_t> ends;
    std::size_t begin() const { return ends.empty() ? 0 : ends.back(); }
  };

  bool full(int field) const {
    const Field& f = fields_[static_cast<std::size_t>(field)];
    return static_cast<std::int64_t>(f.ids.size() - f.begin()) >=
           layout_.fields[static_cast<std::size_t>(field)].most;
  }
  Encoder& encoder(int field) {
    return encoders_[static_cast<std::size_t>(layout_.fields[static_cast<std::size_t>(field)].set)];
  }
  void require_known_classes() const;
  void add(std::size_t f, std::size_t row, Split split);

  const ReaderRequest& request_;
  const RowReader& reader_;
  const RowLayout& layout_;
  RecordSource& source_;
  bool validation_;
  Gathered& gathered_;
  std::unique_ptr<nlp::Tokenizer> tokenizer_;
  std::vector<Encoder> encoders_;  // by set
  std::string form_;

  // Of the piece at hand:
  RecordPiece piece_;
  std::vector<Field> fields_;
  std::vector<std::int64_t> lines_;  // by row
  std::vector<std::int64_t> remarks_;
};

/// A file for validation can't bring new classes.
void RowWork::require_known_classes() const {
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const auto set = static_cast<std::size_t>(layout_.fields[f].set);
    if (layout_.sets[set].vocabulary) continue;
    const Encoder& encoder = encoders_[set];
    const TokenIndex& known = gathered_.sets[set];
    for (std::size_t row = 0; row < lines_.size(); ++row) {
      for (std::size_t i = row == 0 ? 0 : fields_[f].ends[row - 1]; i < fields_[f].ends[row]; ++i) {
        const std::int32_t id = fields_[f].ids[i];
        if (id < 0 || static_cast<std::size_t>(id) < encoder.published()) continue;
        const std::string name(encoder.token(id));
        if (known.find(name) >= 0) continue;
        std::vector<std::string> names;
        for (std::int32_t n = 0; n < std::min(known.size(), 10'000); ++n) names.emplace_back(known.token(n));
        std::sort(names.begin(), names.end());
        const std::string near = nlp::nearest_name(name, names);
        throw DataError(
            piece_.place.file, lines_[row],
            "the " + layout_.sets[set].member + " \"" + name + "\" is not one of " + request_.path,
            near.empty() ? "" : "did you mean " + near + "?");
      }
    }
  }
}

void RowWork::join() {
  if (validation_) require_known_classes();
  for (std::size_t set = 0; set < encoders_.size(); ++set) encoders_[set].publish(gathered_.sets[set]);
  for (std::size_t row = 0; row < lines_.size(); ++row) {
    const Split split = validation_ ? Split::valid : split_of(request_, gathered_.records);
    ++gathered_.records;
    for (std::size_t f = 0; f < fields_.size(); ++f) add(f, row, split);
    ++gathered_.splits[static_cast<std::size_t>(split)]->count;
  }
  for (std::size_t i = 0; i < remarks_.size(); ++i) gathered_.remarks[i] += remarks_[i];
  for (Encoder& encoder : encoders_) encoder.forget_if_large();
}

void RowWork::add(std::size_t f, std::size_t row, Split split) {
  const auto set = static_cast<std::size_t>(layout_.fields[f].set);
  const Encoder& encoder = encoders_[set];
  TokenIndex& index = gathered_.sets[set];
  FieldStore& store = gathered_.splits[static_cast<std::size_t>(split)]->fields[f];
  for (std::size_t i = row == 0 ? 0 : fields_[f].ends[row - 1]; i < fields_[f].ends[row]; ++i) {
    const std::int32_t own = fields_[f].ids[i];
    if (own == kNoToken) {
      store.ids.push(kNoToken);
      if (split == Split::train) ++gathered_.empty[set];
      continue;
    }
    const std::int32_t number = encoder.common(own);
    store.ids.push(number);
    if (split == Split::train) index.count(number);
  }
  if (!layout_.fields[f].single) store.ends.push(store.ids.size());
}

class RowData : public Dataset {
 public:
  RowData(const ReaderRequest& request, const ReaderSchema& schema, const RowReader& reader)
      : request_(request), schema_(schema), layout_(reader.layout) {
    ready_tokens(request_, [&](const TakeText& take) {
      TextSink texts(take);
      const auto source = reader.open(false);
      for (RecordPiece piece; source->next(piece);) reader.parse(piece, texts);
    });
    Gathered gathered(layout_);
    read(reader, false, gathered);
    if (gathered.records == 0) throw DataError(request.path, 0, "the file has a header and no rows");
    labels_.resize(layout_.sets.size());
    for (std::size_t s = 0; s < labels_.size(); ++s) {
      if (!layout_.sets[s].vocabulary) name_classes(s, gathered.sets[s]);
    }
    if (!request.valid_path.empty()) read(reader, true, gathered);
    require_rows(gathered);
    translate(gathered);
    splits_ = {gathered.splits[0], gathered.splits[1]};
    for (std::size_t i = 0; i < gathered.remarks.size(); ++i) {
      const std::int64_t n = gathered.remarks[i];
      if (n == 1) notes_.push_back("one " + layout_.remarks[i].one);
      if (n > 1) notes_.push_back(std::to_string(n) + " " + layout_.remarks[i].many);
    }
  }

  const ReaderSchema& schema() const override { return schema_; }
  const std::vector<std::string>& labels(std::string_view set) const override {
    std::string all;
    for (std::size_t s = 0; s < schema_.label_sets.size(); ++s) {
      if (schema_.label_sets[s] == set) return labels_[s];
      all += (s == 0 ? "" : " or ") + schema_.label_sets[s];
    }
    throw std::invalid_argument("[" + schema_.name + "] expected the label set " + all + ", got \"" +
                                std::string(set) + "\"");
  }
  const nlp::TokenizerSettings& tokenizer() const override { return request_.tokens; }
  const std::vector<std::string>& notes() const override { return notes_; }

  std::int64_t batches(Split split) const override {
    return (share_of(split).count + request_.extents[0] - 1) / request_.extents[0];
  }
  std::int64_t tokens(Split split) const override { return tokens_[static_cast<std::size_t>(split)]; }
  double unknown_share() const override { return unknown_share_; }

  std::unique_ptr<BatchStream> stream(Split split, std::uint64_t epoch) const override {
    std::optional<Permutation> order;
    const ShareOf share = share_of(split);
    if (split == Split::train) order.emplace(share.count, request_.seed, epoch);
    return std::make_unique<RowStream>(splits_[static_cast<std::size_t>(split)], composition_,
                                       request_.extents[0], share, order);
  }

 private:
  void read(const RowReader& reader, bool validation, Gathered& gathered) {
    const auto source = reader.open(validation);
    std::vector<std::unique_ptr<PieceWork>> workers;
    for (int i = 0; i < thread_count(request_.threads); ++i)
      workers.push_back(std::make_unique<RowWork>(request_, reader, *source, validation, gathered));
    run_in_order(workers);
    if (!source->any_text()) throw holds_no_text(validation ? request_.valid_path : request_.path);
    if (const std::string note = source->note(); !note.empty()) notes_.push_back(note);
  }

  ShareOf share_of(Split split) const {
    return corpora::share_of(request_, split, splits_[static_cast<std::size_t>(split)]->count);
  }

  void name_classes(std::size_t s, const TokenIndex& index) {
    const RowSet& set = layout_.sets[s];
    for (std::int32_t n = 0; n < index.size(); ++n) labels_[s].emplace_back(index.token(n));
    std::sort(labels_[s].begin(), labels_[s].end());
    if (labels_[s].size() < 2) {
      throw DataError(request_.path, 0,
                      "all " + set.bearers + " have the " + set.member + " \"" + labels_[s].front() + "\"",
                      "a classifier needs at least two classes; is the " + set.member + " column right?");
    }
  }

  void require_rows(const Gathered& gathered) const {
    if (gathered.splits[0]->count == 0) {
      throw DataError(request_.path, 0, "holdout leaves no row for training", "choose a smaller holdout");
    }
    if (request_.holdout > 0 && gathered.splits[1]->count == 0) {
      throw DataError(request_.path, 0, "holdout keeps no row for validation",
                      "choose a larger holdout, or give a file with valid");
    }
  }

  /// Makes indices into the label sets of the numbers that were written.
  void translate(Gathered& gathered) {
    std::vector<nlp::Vocabulary> sets(layout_.sets.size());
    std::vector<std::vector<std::int32_t>> indices(sets.size());
    std::int64_t unknown = 0, counted = 0;
    for (std::size_t s = 0; s < sets.size(); ++s) {
      const TokenIndex& index = gathered.sets[s];
      if (layout_.sets[s].vocabulary) {
        sets[s] = text_vocabulary(request_, index, layout_.sets[s].specials);
        unknown += index.unknown(sets[s]) + gathered.empty[s];
        counted += index.counted() + gathered.empty[s];
        labels_[s] = sets[s].tokens();
        indices[s] = index.translation(sets[s]);
      } else {
        for (std::int32_t n = 0; n < index.size(); ++n) {
          const auto at = std::lower_bound(labels_[s].begin(), labels_[s].end(), index.token(n));
          indices[s].push_back(static_cast<std::int32_t>(at - labels_[s].begin()));
        }
      }
      gathered.sets[s] = {};
    }
    unknown_share_ = share(unknown, counted);
    for (auto& split : gathered.splits) {
      for (std::size_t f = 0; f < layout_.fields.size(); ++f) {
        const auto s = static_cast<std::size_t>(layout_.fields[f].set);
        const std::int32_t none = layout_.sets[s].vocabulary ? sets[s].id(nlp::kUnknown) : 0;
        FieldStore& field = split->fields[f];
        field.ids.rewrite([&](std::int32_t number) {
          return number == kNoToken ? none : indices[s][static_cast<std::size_t>(number)];
        });
        field.ids.seal();
        field.ends.seal();
      }
    }
    compose(sets, gathered);
  }

  void compose(const std::vector<nlp::Vocabulary>& sets, const Gathered& gathered) {
    auto composition = std::make_shared<Composition>();
    composition->axes = schema_.axes.size();
    composition->padded = schema_.padded;
    for (const RowColumn& column : layout_.columns) {
      const auto s = static_cast<std::size_t>(layout_.fields[static_cast<std::size_t>(column.field)].set);
      const auto special = [&](const std::string& name) { return name.empty() ? -1 : sets[s].id(name); };
      const std::int32_t pad = layout_.sets[s].vocabulary ? special(std::string(nlp::kPad)) : 0;
      composition->columns.push_back({static_cast<std::size_t>(column.field), column.axis,
                                      special(column.before), special(column.after), pad});
    }
    for (const int axis : schema_.padded) {
      const auto first = std::find_if(composition->columns.begin(), composition->columns.end(),
                                      [&](const auto& column) { return column.axis == axis; });
      composition->lengths_of.push_back(static_cast<std::size_t>(first - composition->columns.begin()));
      for (const Split split : {Split::train, Split::valid}) {
        const Rows& rows = *gathered.splits[static_cast<std::size_t>(split)];
        const FieldStore& field = rows.fields[first->field];
        const ShareOf share = corpora::share_of(request_, split, rows.count);
        std::int64_t& tokens = tokens_[static_cast<std::size_t>(split)];
        tokens += share.count * first->extra();
        for (std::int64_t i = 0; i < share.count; ++i)
          tokens += field.ends[share.record(i)] - field.begin(share.record(i));
      }
    }
    composition_ = std::move(composition);
  }

  ReaderRequest request_;
  const ReaderSchema& schema_;
  RowLayout layout_;
  std::vector<std::vector<std::string>> labels_;  // by set
  std::array<std::int64_t, 2> tokens_{};          // by split
  double unknown_share_ = 0;
  std::vector<std::string> notes_;
  std::array<std::shared_ptr<const Rows>, 2> splits_;  // by Split
  std::shared_ptr<const Composition> composition_;
};

}  // namespace

std::unique_ptr<Dataset> open_rows(const ReaderRequest& request, const ReaderSchema& schema,
                                   const RowReader& reader) {
  return std::make_unique<RowData>(request, schema, reader);
}

}  // namespace weft::corpora
