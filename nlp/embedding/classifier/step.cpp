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

}  // namespace

std::vector<std::int64_t> label_counts(const Dictionary& dictionary) {
  std::vector<std::int64_t> out;
  for (std::int32_t i = dictionary.words(); i < dictionary.size(); ++i) out.push_back(dictionary.count(i));
  return out;
}

StepScratch::StepScratch(const EmbeddingModel& model, std::int64_t outputs)
    : hidden(model.dimension()), gradient(model.dimension()), scores(outputs + 16) {}

ClassifierStep::ClassifierStep(EmbeddingModel& model)
    : model_(model), kernels_(classifier_kernels()), outputs_(model.output.rows()) {
  if (model.settings.task != EmbeddingTask::supervised || model.input.empty() || model.output.empty())
    throw std::invalid_argument("[classifier] expected a classifier with both matrices");
  const std::vector<std::int64_t> counts = label_counts(model.dictionary);
  if (model.settings.loss == EmbeddingLoss::hierarchical_softmax) tree_.emplace(counts);
  if (model.settings.loss == EmbeddingLoss::negative_sampling) noise_.emplace(counts, 0.5);
}

double ClassifierStep::operator()(std::span<const std::int32_t> rows, std::span<const std::uint32_t> labels,
                                  float rate, StepRandom random, StepScratch& scratch) {
  float* const input = model_.input.row(0);
  float* const output = model_.output.row(0);
  const std::int64_t width = model_.input.stride();
  const auto m = static_cast<std::int64_t>(rows.size());
  float* const h = scratch.hidden.data();
  float* const gradient = scratch.gradient.data();
  float* const scores = scratch.scores.data();
  kernels_.mean(input, width, rows.data(), m, h);
  std::fill(gradient, gradient + width, 0.0F);

  std::uint32_t label = labels[0];
  if (labels.size() > 1 && model_.settings.loss != EmbeddingLoss::one_vs_all)
    label = labels[random_below(random_bits(random.seed, RandomUse::label, random.step), labels.size())];

  double loss = 0;
  const std::int32_t* which = nullptr;
  std::int64_t n = outputs_;
  switch (model_.settings.loss) {
    case EmbeddingLoss::softmax: {
      kernels_.scores(output, width, nullptr, n, h, scores);
      kernels_.softmax(scores, n);
      loss = minus_log(scores[label]);
      if (std::isnan(scores[label])) loss = scores[label];
      scores[label] -= 1;
      for (std::int64_t i = 0; i < n; ++i) scores[i] *= -rate;
      break;
    }
    case EmbeddingLoss::one_vs_all: {
      kernels_.scores(output, width, nullptr, n, h, scores);
      kernels_.sigmoid(scores, n);
      scratch.targets.assign(static_cast<std::size_t>(n), 0.0F);
      for (const std::uint32_t l : labels) scratch.targets[l] = 1;
      break;
    }
    case EmbeddingLoss::hierarchical_softmax:
      tree_->path(static_cast<std::int32_t>(label), scratch.rows, scratch.targets);
      break;
    case EmbeddingLoss::negative_sampling: {
      const auto target = static_cast<std::int32_t>(label), several = static_cast<std::int32_t>(outputs_);
      RandomStream stream(random.seed, static_cast<std::uint64_t>(RandomUse::negative), random.step);
      scratch.rows.assign(1, target);
      scratch.targets.assign(1, 1.0F);
      for (std::int32_t k = 0; k < model_.settings.negatives && several > 1; ++k) {
        std::int32_t drawn = noise_->draw(stream);
        for (int tries = 0; drawn == target; ++tries)
          drawn = tries < 64 ? noise_->draw(stream) : (target + 1) % several;
        scratch.rows.push_back(drawn);
        scratch.targets.push_back(0.0F);
      }
      break;
    }
  }
  if (model_.settings.loss != EmbeddingLoss::softmax) {
    if (model_.settings.loss != EmbeddingLoss::one_vs_all) {
      which = scratch.rows.data();
      n = static_cast<std::int64_t>(scratch.rows.size());
      if (n == 0) return 0;  // one label alone: its way has no node
      kernels_.scores(output, width, which, n, h, scores);
      kernels_.sigmoid(scores, n);
    }
    for (std::int64_t i = 0; i < n; ++i) {
      const float target = scratch.targets[static_cast<std::size_t>(i)];
      loss += std::isnan(scores[i]) ? static_cast<double>(scores[i])
                                    : minus_log(target != 0 ? scores[i] : 1 - scores[i]);
      scores[i] = rate * (target - scores[i]);
    }
  }
  kernels_.step(output, width, which, n, scores, h, gradient);
  kernels_.add(input, width, rows.data(), m, gradient, 1.0F / static_cast<float>(m));
  return loss;
}

}  // namespace weft::nlp
