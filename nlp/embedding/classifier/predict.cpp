#include "nlp/embedding/classifier/predict.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace weft::nlp {

namespace {

/// As fastText takes it of a probability.
float offset_log(float p) {
  return static_cast<float>(std::log(static_cast<double>(p) + 1e-5));
}

/// The logistic function as fastText's table of 512 steps between -8 and 8 gives it.
float stepped_sigmoid(float x) {
  if (x < -8) return 0;
  if (x > 8) return 1;
  const auto i = static_cast<std::int64_t>((x + 8) * 512 / 8 / 2);
  return static_cast<float>(1.0 / (1.0 + std::exp(-(static_cast<double>(i) * 2 * 8 / 512 - 8))));
}

bool likelier(const LabelScore& a, const LabelScore& b) {
  return a.probability != b.probability ? a.probability > b.probability : a.label < b.label;
}

/// Keeps the `top` likeliest in a heap whose front is the least likely.
void keep(std::vector<LabelScore>& heap, std::size_t top, LabelScore next) {
  if (heap.size() == top) {
    if (!likelier(next, heap.front())) return;
    std::pop_heap(heap.begin(), heap.end(), likelier);
    heap.back() = next;
  } else {
    heap.push_back(next);
  }
  std::push_heap(heap.begin(), heap.end(), likelier);
}

}  // namespace

LabelPredictor::LabelPredictor(const EmbeddingModel& model)
    : model_(model), kernels_(classifier_kernels()), labels_(model.dictionary.labels()) {
  if (model.settings.task != EmbeddingTask::supervised || labels_ == 0 ||
      (model.output.empty() && !model.quantized_output)) {
    throw std::invalid_argument("[classifier] expected a classifier with labels");
  }
  if (model.settings.loss == EmbeddingLoss::hierarchical_softmax)
    tree_.emplace(label_counts(model.dictionary));
}

LabelPredictor::Scratch LabelPredictor::scratch() const {
  Scratch out;
  out.hidden = AlignedFloats(model_.dimension());
  out.scores = AlignedFloats(labels_ + 16);
  return out;
}

std::string_view LabelPredictor::name(std::int32_t label) const {
  std::string_view text = model_.dictionary.text(model_.dictionary.words() + label);
  if (text.starts_with(model_.settings.label_prefix)) text.remove_prefix(model_.settings.label_prefix.size());
  return text;
}

void LabelPredictor::hidden(std::span<const std::int32_t> rows, Scratch& scratch) const {
  float* const h = scratch.hidden.data();
  if (!model_.quantized_input) {
    kernels_.mean(model_.input.row(0), model_.input.stride(), rows.data(),
                  static_cast<std::int64_t>(rows.size()), h);
    return;
  }
  const std::span<float> out(h, static_cast<std::size_t>(model_.dimension()));
  std::fill(out.begin(), out.end(), 0.0F);
  for (const std::int32_t r : rows) model_.quantized_input->add_row(r, 1, out);
  const float share = 1.0F / static_cast<float>(rows.size());
  for (float& x : out) x *= share;
}

void LabelPredictor::output_scores(Scratch& scratch) const {
  const float* const h = scratch.hidden.data();
  float* const scores = scratch.scores.data();
  if (!model_.quantized_output) {
    kernels_.scores(model_.output.row(0), model_.output.stride(), nullptr, labels_, h, scores);
    return;
  }
  const std::span<const float> x(h, static_cast<std::size_t>(model_.dimension()));
  for (std::int32_t i = 0; i < labels_; ++i) scores[i] = model_.quantized_output->dot(i, x);
}

float LabelPredictor::inner(std::int32_t node, const Scratch& scratch) const {
  const std::int32_t row = node - tree_->leaves();
  const std::span<const float> x(scratch.hidden.data(), static_cast<std::size_t>(model_.dimension()));
  float score = 0;
  if (model_.quantized_output) {
    score = model_.quantized_output->dot(row, x);
  } else {
    const float* const o = model_.output.row(row);
    for (std::size_t d = 0; d < x.size(); ++d) score += o[d] * x[d];
  }
  return static_cast<float>(1.0 / (1.0 + std::exp(-static_cast<double>(score))));
}

void LabelPredictor::descend(std::int32_t node, float log_probability, std::size_t top, float least,
                             Scratch& scratch) const {
  // As deep as the tree, which counts keep from degenerating: a path of n nodes takes Fibonacci(n) examples.
  if (log_probability < least) return;
  if (scratch.heap.size() == top && log_probability < scratch.heap.front().probability) return;
  const LabelTree::Node& at = (*tree_)[node];
  if (at.left < 0) return keep(scratch.heap, top, {node, log_probability});
  const float right = inner(node, scratch);
  descend(at.left, log_probability + offset_log(1 - right), top, least, scratch);
  descend(at.right, log_probability + offset_log(right), top, least, scratch);
}

std::span<const LabelScore> LabelPredictor::predict(std::span<const std::int32_t> rows, std::int64_t top,
                                                    float threshold, Scratch& scratch) const {
  std::vector<LabelScore>& heap = scratch.heap;
  heap.clear();
  if (rows.empty() || top <= 0) return heap;
  hidden(rows, scratch);
  const auto most = static_cast<std::size_t>(std::min<std::int64_t>(top, labels_));
  if (tree_) {
    descend(tree_->root(), 0, most, offset_log(threshold), scratch);
    std::sort_heap(heap.begin(), heap.end(), likelier);
    for (LabelScore& s : heap) s.probability = std::exp(s.probability);
    return heap;
  }
  output_scores(scratch);
  float* const scores = scratch.scores.data();
  const bool softmax = model_.settings.loss == EmbeddingLoss::softmax;
  if (softmax) kernels_.softmax(scores, labels_);
  for (std::int32_t i = 0; i < labels_; ++i) keep(heap, most, {i, scores[i]});
  std::sort_heap(heap.begin(), heap.end(), likelier);
  if (!softmax)
    for (LabelScore& s : heap) s.probability = stepped_sigmoid(s.probability);
  while (!heap.empty() && !(heap.back().probability >= threshold)) heap.pop_back();
  for (LabelScore& s : heap) s.probability = std::exp(offset_log(s.probability));
  return heap;
}

std::span<const LabelScore> LabelPredictor::predict(std::string_view text, std::int64_t top, float threshold,
                                                    Scratch& scratch) const {
  scratch.features.read(model_, text);
  return predict(scratch.features.rows, top, threshold, scratch);
}

void LabelPredictor::spread(std::int32_t node, float probability, const Scratch& scratch, float* to) const {
  const LabelTree::Node& at = (*tree_)[node];
  if (at.left < 0) {
    to[node] = probability;
    return;
  }
  const float right = inner(node, scratch);
  spread(at.left, probability * (1 - right), scratch, to);
  spread(at.right, probability * right, scratch, to);
}

std::span<const float> LabelPredictor::probabilities(std::span<const std::int32_t> rows,
                                                     Scratch& scratch) const {
  if (rows.empty()) return {};
  hidden(rows, scratch);
  float* const scores = scratch.scores.data();
  if (tree_) {
    spread(tree_->root(), 1, scratch, scores);
  } else {
    output_scores(scratch);
    if (model_.settings.loss == EmbeddingLoss::softmax)
      kernels_.softmax(scores, labels_);
    else
      kernels_.sigmoid(scores, labels_);
  }
  return {scores, static_cast<std::size_t>(labels_)};
}

}  // namespace weft::nlp
