#include <algorithm>
#include <mutex>
#include <span>

#include "lang/run/machine.h"
#include "nlp/embedding/train/train_embedding.h"

/// word2vec and fasttext in a script: the table of an Embed learnt from a corpus that is open.
namespace weft {

namespace {

/// A token as a word among white space: what is white space in it becomes U+2581, as SentencePiece writes it.
std::string as_word(const std::string& token) {
  std::string word;
  for (const char c : token) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      word += "\xE2\x96\x81";
    } else {
      word += c;
    }
  }
  return word;
}

/// The rows of a corpus' column of tokens, each a line of words.
class CorpusText final : public nlp::TextBlocks {
 public:
  CorpusText(const corpora::Dataset& dataset, const TrainEmbedding& training)
      : dataset_(dataset),
        split_(training.split),
        column_(static_cast<std::size_t>(training.column)),
        schema_(dataset.schema().columns[column_]) {
    for (const std::string& label : dataset.labels(schema_.labels)) words_.push_back(as_word(label));
    rewind();
  }

  bool next(nlp::TextBlock& block) override {
    const std::lock_guard lock(mutex_);
    if (!stream_->next(batch_)) return false;
    const auto size = [&](std::size_t axis) {
      return batch_.extents[static_cast<std::size_t>(schema_.axes[axis])];
    };
    const std::vector<std::int32_t>* lengths = nullptr;
    const auto& padded = dataset_.schema().padded;
    for (std::size_t p = 0; p < padded.size(); ++p) {
      if (padded[p] == schema_.axes[1]) lengths = &batch_.lengths[p];
    }
    const std::vector<std::int32_t>& ids = batch_.columns[column_];
    block.storage.clear();
    for (std::int64_t row = 0; row < size(0); ++row) {
      const std::int64_t length = lengths ? (*lengths)[static_cast<std::size_t>(row)] : size(1);
      for (std::int64_t t = 0; t < length; ++t) {
        if (t) block.storage += ' ';
        block.storage += words_[static_cast<std::size_t>(ids[static_cast<std::size_t>(row * size(1) + t)])];
      }
      block.storage += '\n';
    }
    bytes_read_ += static_cast<std::int64_t>(block.storage.size());
    block.number = number_++;
    block.text = block.storage;
    block.starts_line = block.ends_line = true;
    return true;
  }

  void rewind() override {
    stream_ = dataset_.stream(split_, 0);
    number_ = bytes_read_ = 0;
  }
  bool can_rewind() const override { return true; }
  std::int64_t bytes_read() const override { return bytes_read_; }
  std::int64_t bytes() const override { return 0; }
  std::int64_t line_of(const nlp::TextBlock&, std::size_t) override { return 0; }

 private:
  const corpora::Dataset& dataset_;
  corpora::Split split_;
  std::size_t column_;
  const corpora::ColumnSchema& schema_;
  std::vector<std::string> words_;
  std::mutex mutex_;
  std::unique_ptr<corpora::BatchStream> stream_;
  corpora::Batch batch_;
  std::int64_t number_ = 0, bytes_read_ = 0;
};

Progress progress_of(const TrainEmbedding& training, const nlp::EmbeddingProgress& p) {
  Progress out;
  out.run = training.name;
  out.epoch = p.epoch;
  out.epochs = p.epochs;
  out.step = p.words;
  out.steps = p.all_words;
  out.has_loss = p.loss > 0;
  out.loss = p.loss;
  out.tokens_per_second = p.words_per_second;
  out.seconds_left = p.seconds_left;
  out.epoch_done = p.epoch_done;
  return out;
}

/// The rows of a table whose labels the vectors hold; how many there were.
template <class Real>
std::int64_t fill_rows(std::span<Real> table, const Labels& labels, const nlp::EmbeddingModel& model) {
  std::vector<float> vector(static_cast<std::size_t>(model.dimension()));
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < labels.size(); ++i) {
    if (!model.vector(as_word(labels.at(i)), vector)) continue;
    std::copy(vector.begin(), vector.end(), table.begin() + i * model.dimension());
    ++found;
  }
  return found;
}

}  // namespace

void Machine::execute(const TrainEmbedding& action) {
  const OpenedData& data = opened(action.data);
  Tensor& table = value(action.table);
  const AxisId axis = table.axes()[0].axis;
  nlp::EmbeddingSettings settings = action.settings;
  settings.dimension = static_cast<std::int32_t>(table.axes()[1].extent);

  CorpusText text(*data.dataset, action);
  nlp::EmbeddingTraining training;
  training.seed = options_.seed;
  training.deterministic = action.deterministic;
  training.progress = [&](const nlp::EmbeddingProgress& p) { observer_.progress(progress_of(action, p)); };
  training.note = [&](const std::string& line) { observer_.note(line); };
  training.stop = [&] { return observer_.interrupted(); };
  const nlp::EmbeddingResult result = nlp::train_embedding(text, settings, workers_, training);
  if (!result.finished) throw Stopped{};

  // By label, so that the axis may be another corpus' vocabulary; a word that the text lacks keeps its start.
  const Labels& labels = *program_.axes[axis].labels;
  const std::int64_t learnt = table.dtype() == DType::f32
                                  ? fill_rows(table.values<float>(), labels, result.model)
                                  : fill_rows(table.values<double>(), labels, result.model);
  observer_.note(action.name + ": vectors of " + std::to_string(learnt) + " of " +
                 std::to_string(labels.size()) + " words of " + program_.axes.name(axis) + " learnt from " +
                 std::to_string(result.words) + " words of text");
}

}  // namespace weft
