#include "repl/line_classifier.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>

#include "lang/run/print.h"
#include "nlp/embedding/classifier/predict.h"
#include "nlp/embedding/formats/embedding_file.h"
#include "tensor/safetensors.h"

namespace weft::repl {

namespace {

bool likelier(const ScoredLabel& a, const ScoredLabel& b) {
  return a.probability != b.probability ? a.probability > b.probability : a.label < b.label;
}

/// A model that a script saved.
class SessionClassifier : public LineClassifier {
 public:
  SessionClassifier(const std::string& path, const CommonOptions& common, Console& console)
      : session_({common.machine(), {}, false}, console) {
    session_.load(path);
    reader_ = session_.reader();
  }

  const std::vector<std::string>& labels() const override { return labels_; }
  int digits() const override { return 4; }

  std::vector<std::vector<ScoredLabel>> classify(const std::vector<std::string_view>& lines, std::size_t top,
                                                 float threshold) override {
    std::vector<std::vector<ScoredLabel>> out;
    for (const std::string_view line : lines) {
      const std::vector<float> all = one(line);
      std::vector<ScoredLabel>& ranked = out.emplace_back();
      for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i] >= threshold) ranked.push_back({static_cast<std::int32_t>(i), all[i]});
      std::sort(ranked.begin(), ranked.end(), likelier);
      if (ranked.size() > top) ranked.resize(top);
    }
    return out;
  }

  void probabilities(const std::vector<std::string_view>& lines, std::span<float> out) override {
    std::size_t at = 0;
    for (const std::string_view line : lines)
      for (const float p : one(line)) out[at++] = p;
  }

  /// The labels are known from the result of a text alone.
  void ask_for_labels() { one("a"); }

 private:
  std::vector<float> one(std::string_view line) {
    const Tensor result = session_.machine().predict(reader_.model, std::string(line));
    const AxisTable& axes = session_.program().axes;
    const Tensor::Size* classes = nullptr;
    for (const Tensor::Size& s : result.axes()) {
      if (axes[s.axis].labels) {
        classes = &s;
      } else if (s.extent != 1) {
        classes = nullptr;
        break;
      }
    }
    if (!classes || classes->extent != result.size()) {
      throw ModelFileError(
          "the model gives no scores over one labelled axis for a text; predict needs a classifier");
    }
    if (labels_.empty())
      for (std::int64_t i = 0; i < result.size(); ++i) labels_.push_back(axes[classes->axis].labels->at(i));
    std::vector<double> scores;
    double top = -INFINITY, total = 0;
    for (std::int64_t i = 0; i < result.size(); ++i) top = std::max(top, result.at(i));
    for (std::int64_t i = 0; i < result.size(); ++i)
      total += scores.emplace_back(reader_.probabilities ? result.at(i) : std::exp(result.at(i) - top));
    std::vector<float> out;
    for (const double s : scores) out.push_back(static_cast<float>(reader_.probabilities ? s : s / total));
    return out;
  }

  Session session_;
  Session::Reader reader_;
  std::vector<std::string> labels_;
};

/// A classifier as fastText has them.
class EmbeddingClassifier : public LineClassifier {
 public:
  EmbeddingClassifier(nlp::EmbeddingModel model, int threads)
      : model_(std::move(model)), predictor_(model_), workers_(threads) {
    for (std::int32_t i = 0; i < predictor_.labels(); ++i) labels_.emplace_back(predictor_.name(i));
  }

  const std::vector<std::string>& labels() const override { return labels_; }
  int digits() const override { return 6; }

  std::vector<std::vector<ScoredLabel>> classify(const std::vector<std::string_view>& lines, std::size_t top,
                                                 float threshold) override {
    std::vector<std::vector<ScoredLabel>> out(lines.size());
    each(lines.size(), [&](std::size_t i, nlp::LabelPredictor::Scratch& scratch) {
      for (const nlp::LabelScore& s :
           predictor_.predict(lines[i], static_cast<std::int64_t>(top), threshold, scratch))
        out[i].push_back({s.label, s.probability});
    });
    return out;
  }

  void probabilities(const std::vector<std::string_view>& lines, std::span<float> out) override {
    std::fill(out.begin(), out.end(), 0.0F);
    each(lines.size(), [&](std::size_t i, nlp::LabelPredictor::Scratch& scratch) {
      scratch.features.read(model_, lines[i]);
      const std::span<const float> all = predictor_.probabilities(scratch.features.rows, scratch);
      std::copy(all.begin(), all.end(), out.begin() + static_cast<std::ptrdiff_t>(i * labels_.size()));
    });
  }

 private:
  template <class Body>
  void each(std::size_t n, Body&& body) {
    workers_.for_each_range(static_cast<std::int64_t>(n), 256, [&](std::int64_t begin, std::int64_t end) {
      nlp::LabelPredictor::Scratch scratch = predictor_.scratch();
      for (std::int64_t i = begin; i < end; ++i) body(static_cast<std::size_t>(i), scratch);
    });
  }

  nlp::EmbeddingModel model_;
  nlp::LabelPredictor predictor_;
  Workers workers_;
  std::vector<std::string> labels_;
};

/// Whether a file begins as fastText's do, or is packed, which none of `save` is.
bool is_fasttext(const std::string& path) {
  unsigned char b[4] = {};
  std::ifstream(path, std::ios::binary).read(reinterpret_cast<char*>(b), 4);
  const std::uint32_t magic = b[0] | (b[1] << 8) | (b[2] << 16) | (static_cast<std::uint32_t>(b[3]) << 24);
  return magic == 793712314 || (b[0] == 0x1F && b[1] == 0x8B);
}

}  // namespace

std::unique_ptr<LineClassifier> open_classifier(const std::string& path, const CommonOptions& common,
                                                Console& console) {
  if (!is_fasttext(path)) {
    auto out = std::make_unique<SessionClassifier>(path, common, console);
    out->ask_for_labels();
    return out;
  }
  nlp::EmbeddingModel model = nlp::read_embedding(path);
  if (model.settings.task != nlp::EmbeddingTask::supervised || model.dictionary.labels() == 0)
    throw ModelFileError(path + ": it holds word vectors and no classifier; weft vectors uses them");
  return std::make_unique<EmbeddingClassifier>(std::move(model), common.threads);
}

}  // namespace weft::repl
