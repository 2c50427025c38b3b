#include "nlp/embedding/classifier/step.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nlp/embedding/classifier/random.h"

namespace weft::nlp {

namespace {

double minus_log(float p) {
  return -std::log(std::max(static_cast<double>(p), 1e-30));
}

/// The sum of the logistic losses of probabilities in `scores`, which become steps.
double binary_losses(const std::vector<float>& targets, float rate, float* scores) {
  double loss = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    loss += std::isnan(scores[i]) ? static_cast<double>(scores[i])
                                  : minus_log(targets[i] != 0 ? scores[i] : 1 - scores[i]);
    scores[i] = rate * (targets[i] - scores[i]);
  }
  return loss;
}

}  // namespace

std::vector<std::int64_t> label_counts(const Dictionary& dictionary) {
  std::vector<std::int64_t> out;
  for (std::int32_t i = dictionary.words(); i < dictionary.size(); ++i) out.push_back(dictionary.count(i));
  return out;
}

StepScratch::StepScratch(const EmbeddingModel& model, std::int64_t outputs) {
  for (Text& t : text)
    t = {AlignedFloats(model.dimension()), AlignedFloats(model.dimension()), AlignedFloats(outputs + 16)};
}

ClassifierStep::ClassifierStep(EmbeddingModel& model)
    : model_(model), kernels_(classifier_kernels()), outputs_(model.output.rows()) {
  if (model.settings.task != EmbeddingTask::supervised || model.input.empty() || model.output.empty())
    throw std::invalid_argument("[classifier] expected a classifier with both matrices");
  const std::vector<std::int64_t> counts = label_counts(model.dictionary);
  if (model.settings.loss == EmbeddingLoss::hierarchical_softmax) tree_.emplace(counts);
  if (model.settings.loss == EmbeddingLoss::negative_sampling) noise_.emplace(counts, 0.5);
}

std::uint32_t ClassifierStep::label_of(const StepExample& e) const {
  if (e.labels.size() == 1) return e.labels[0];
  return e.labels[random_below(random_bits(e.random.seed, RandomUse::label, e.random.step), e.labels.size())];
}

void ClassifierStep::begin(const StepExample& e, StepScratch::Text& text) const {
  const std::int64_t width = model_.input.stride();
  kernels_.mean(model_.input.row(0), width, e.rows.data(), static_cast<std::int64_t>(e.rows.size()),
                text.hidden.data());
  std::fill_n(text.gradient.data(), width, 0.0F);
}

void ClassifierStep::end(const StepExample& e, StepScratch::Text& text) {
  const auto m = static_cast<std::int64_t>(e.rows.size());
  kernels_.add(model_.input.row(0), model_.input.stride(), e.rows.data(), m, text.gradient.data(),
               1.0F / static_cast<float>(m));
}

/// Leaves in text.scores by how much each label's row changes.
double ClassifierStep::over_all(const StepExample& e, float rate, StepScratch::Text& text,
                                std::vector<float>& targets) const {
  float* const scores = text.scores.data();
  const std::int64_t n = outputs_;
  kernels_.scores(model_.output.row(0), model_.input.stride(), nullptr, n, text.hidden.data(), scores);
  if (model_.settings.loss == EmbeddingLoss::softmax) {
    const std::uint32_t label = label_of(e);
    kernels_.softmax(scores, n);
    const double loss =
        std::isnan(scores[label]) ? static_cast<double>(scores[label]) : minus_log(scores[label]);
    scores[label] -= 1;
    for (std::int64_t i = 0; i < n; ++i) scores[i] *= -rate;
    return loss;
  }
  kernels_.sigmoid(scores, n);
  targets.assign(static_cast<std::size_t>(n), 0.0F);
  for (const std::uint32_t l : e.labels) targets[l] = 1;
  return binary_losses(targets, rate, scores);
}

/// The losses that only look at some rows of the output.
double ClassifierStep::over_some(const StepExample& e, float rate, StepScratch& scratch) {
  const std::uint32_t label = label_of(e);
  if (tree_) {
    tree_->path(static_cast<std::int32_t>(label), scratch.rows, scratch.targets);
  } else {
    const auto target = static_cast<std::int32_t>(label), several = static_cast<std::int32_t>(outputs_);
    RandomStream stream(e.random.seed, static_cast<std::uint64_t>(RandomUse::negative), e.random.step);
    scratch.rows.assign(1, target);
    scratch.targets.assign(1, 1.0F);
    for (std::int32_t k = 0; k < model_.settings.negatives && several > 1; ++k) {
      std::int32_t drawn = noise_->draw(stream);
      for (int tries = 0; drawn == target; ++tries)
        drawn = tries < 64 ? noise_->draw(stream) : (target + 1) % several;
      scratch.rows.push_back(drawn);
      scratch.targets.push_back(0.0F);
    }
  }
  const auto n = static_cast<std::int64_t>(scratch.rows.size());
  if (n == 0) return 0;  // one label alone: its way has no node
  StepScratch::Text& text = scratch.text[0];
  float *const output = model_.output.row(0), *const scores = text.scores.data();
  const std::int64_t width = model_.input.stride();
  begin(e, text);
  kernels_.scores(output, width, scratch.rows.data(), n, text.hidden.data(), scores);
  kernels_.sigmoid(scores, n);
  const double loss = binary_losses(scratch.targets, rate, scores);
  kernels_.step(output, width, scratch.rows.data(), n, scores, text.hidden.data(), text.gradient.data());
  end(e, text);
  return loss;
}

double ClassifierStep::operator()(std::span<const StepExample> examples, float rate, StepScratch& scratch) {
  double loss = 0;
  if (!passes_over_all()) {
    for (const StepExample& e : examples) loss += over_some(e, rate, scratch);
    return loss;
  }
  const float *steps[kMost] = {}, *x[kMost] = {};
  float* gradients[kMost] = {};
  const std::size_t count = std::min(examples.size(), kMost);
  for (std::size_t b = 0; b < count; ++b) {
    StepScratch::Text& text = scratch.text[b];
    begin(examples[b], text);
    loss += over_all(examples[b], rate, text, scratch.targets);
    steps[b] = text.scores.data();
    x[b] = text.hidden.data();
    gradients[b] = text.gradient.data();
  }
  kernels_.steps(model_.output.row(0), model_.input.stride(), outputs_, static_cast<std::int64_t>(count),
                 steps, x, gradients);
  for (std::size_t b = 0; b < count; ++b) end(examples[b], scratch.text[b]);
  return loss;
}

}  // namespace weft::nlp
