#include "nlp/embedding/train/line_trainer.h"

#include <algorithm>

namespace weft::nlp {

template <class Rows>
LineTrainer<Rows>::LineTrainer(const TrainingData& data, Rows rows)
    : data_(data),
      settings_(data.settings()),
      kernels_(embedding_kernels()),
      rows_(std::move(rows)),
      stride_(data.model->input.stride()),
      subwords_(settings_.has_subwords()),
      tree_(settings_.loss == EmbeddingLoss::hierarchical_softmax) {
  const bool is_cbow = settings_.task == EmbeddingTask::cbow;
  const std::int64_t m = is_cbow ? kGroup : std::max(kPairs, 2 * std::int64_t{settings_.window});
  const std::int64_t n = tree_ ? std::max(1, data.tree.longest()) : kPairs + settings_.negatives;
  scratch_.resize(noise_scratch(m, n));
  inputs_.resize(static_cast<std::size_t>(2 * settings_.window + kPairs));
  outputs_.resize(static_cast<std::size_t>(n));
  labels_.resize(static_cast<std::size_t>(m * n + 16));
  if (is_cbow) means_.resize(2 * kGroup * stride_);
  if (subwords_) {
    ring_ = 2 * settings_.window + 1 + kGroup;
    places_.resize(2 * ring_ * stride_);
  }
}

template <class Rows>
void LineTrainer<Rows>::train(Line line, float rate, RandomStream& random) {
  entered_ = left_ = 0;
  if (settings_.task == EmbeddingTask::cbow)
    cbow(line, rate, random);
  else if (tree_ || subwords_)
    skipgram(line, rate, random);
  else
    skipgram_pairs(line, rate, random);
  if (subwords_) leave_until(line, entered_);
}

template <class Rows>
float* LineTrainer<Rows>::place(Line line, std::int64_t p) {
  return subwords_ ? kept(p, 1) : rows_.input(line[static_cast<std::size_t>(p)]);
}

template <class Rows>
void LineTrainer<Rows>::enter_until(Line line, std::int64_t end) {
  const auto length = static_cast<std::int64_t>(line.size());
  for (end = std::min(end, length); entered_ < end; ++entered_) {
    if (entered_ + 1 < length)
      for (const std::int32_t r : data_.rows.of(line[static_cast<std::size_t>(entered_ + 1)]))
        rows_.fetch_input(r);
    const auto rows = data_.rows.of(line[static_cast<std::size_t>(entered_)]);
    row_list_.clear();
    for (const std::int32_t r : rows) row_list_.push_back(rows_.input(r));
    kernels_.sum_rows(row_list_.data(), static_cast<std::int64_t>(rows.size()),
                      1.0F / static_cast<float>(rows.size()), stride_, kept(entered_, 0));
    std::copy_n(kept(entered_, 0), stride_, kept(entered_, 1));
  }
}

template <class Rows>
void LineTrainer<Rows>::leave_until(Line line, std::int64_t end) {
  for (; left_ < std::min(end, entered_); ++left_) {
    row_list_.clear();
    for (const std::int32_t r : data_.rows.of(line[static_cast<std::size_t>(left_)]))
      row_list_.push_back(rows_.input(r));
    kernels_.add_change(row_list_.data(), static_cast<std::int64_t>(row_list_.size()), 1.0F, kept(left_, 0),
                        kept(left_, 1), stride_);
  }
}

/// Negatives for the targets, into drawn_: none of them is a target, where the vocabulary has other words.
template <class Rows>
void LineTrainer<Rows>::draw(Line targets, RandomStream& random) {
  constexpr int kTries = 32;
  drawn_.clear();
  for (std::int32_t k = 0; k < settings_.negatives; ++k) {
    for (int tries = 0; tries < kTries && !data_.noise.empty(); ++tries) {
      const std::int32_t word = data_.noise.draw(random);
      if (std::find(targets.begin(), targets.end(), word) != targets.end()) continue;
      drawn_.push_back(word);
      rows_.fetch_output(word);
      break;
    }
  }
}

template <class Rows>
void LineTrainer<Rows>::label_first(std::int64_t m, std::int64_t n) {
  if (labels_m_ >= m && labels_n_ == n) return;
  labels_m_ = 2 * settings_.window;
  labels_n_ = n;
  std::fill(labels_.begin(), labels_.end(), 0.0F);
  for (std::int64_t i = 0; i < labels_m_; ++i) labels_[static_cast<std::size_t>(i * n)] = 1;
}

template <class Rows>
void LineTrainer<Rows>::label_path(std::int64_t m, std::span<const float> codes) {
  for (std::int64_t i = 0; i < m; ++i)
    std::copy(codes.begin(), codes.end(), labels_.begin() + i * static_cast<std::int64_t>(codes.size()));
}

template <class Rows>
void LineTrainer<Rows>::path_outputs(std::int32_t word) {
  std::size_t j = 0;
  for (const std::int32_t node : data_.tree.path(word)) outputs_[j++] = rows_.output(node);
}

/// Where the loss of the next step goes: nowhere for most.
template <class Rows>
double* LineTrainer<Rows>::loss_of(std::int64_t m) {
  if (steps_++ % kLossEvery != 0) return nullptr;
  predictions += static_cast<double>(m);
  return &loss;
}

/// inputs_ against outputs_.
template <class Rows>
void LineTrainer<Rows>::step(std::int64_t m, std::int64_t n, const float* labels, float rate) {
  kernels_.pair_step({inputs_.data(), m, outputs_.data(), n, labels, settings_.dimension, rate,
                      scratch_.data(), loss_of(m)});
}

/// inputs_ against as many targets, which outputs_ begins with, and the noise behind them.
template <class Rows>
void LineTrainer<Rows>::noise_step(std::int64_t m, float rate) {
  kernels_.noise_step({inputs_.data(), outputs_.data(), m, outputs_.data() + kPairs,
                       static_cast<std::int64_t>(drawn_for_step_), settings_.dimension, rate, scratch_.data(),
                       loss_of(m)});
}

template <class Rows>
void LineTrainer<Rows>::noise_outputs() {
  drawn_for_step_ = drawn_.size();
  for (std::size_t k = 0; k < drawn_.size(); ++k)
    outputs_[static_cast<std::size_t>(kPairs) + k] = rows_.output(drawn_[k]);
}

template <class Rows>
void LineTrainer<Rows>::skipgram(Line line, float rate, RandomStream& random) {
  const auto length = static_cast<std::int64_t>(line.size());
  const std::int64_t window = settings_.window;
  if (!tree_) draw(line.first(std::min<std::size_t>(1, line.size())), random);
  for (std::int64_t t = 0; t < length; ++t) {
    const std::int32_t target = line[static_cast<std::size_t>(t)];
    std::int64_t n = 0;
    if (tree_) {
      n = static_cast<std::int64_t>(data_.tree.path(target).size());
      path_outputs(target);
    } else {
      outputs_[static_cast<std::size_t>(n++)] = rows_.output(target);
      for (const std::int32_t word : drawn_) outputs_[static_cast<std::size_t>(n++)] = rows_.output(word);
      // what the next word needs is on its way while this one is trained
      if (t + 1 < length) {
        rows_.fetch_output(line[static_cast<std::size_t>(t + 1)]);
        draw(line.subspan(static_cast<std::size_t>(t + 1), 1), random);
      }
    }
    if (subwords_)
      enter_until(line, t + window + 1);
    else if (t + window + 1 < length)
      rows_.fetch_input(line[static_cast<std::size_t>(t + window + 1)]);
    const std::int64_t b = 1 + random.below(static_cast<std::uint32_t>(window));
    std::int64_t m = 0;
    for (std::int64_t c = std::max<std::int64_t>(0, t - b); c < std::min(length, t + b + 1); ++c)
      if (c != t) inputs_[static_cast<std::size_t>(m++)] = place(line, c);
    if (m > 0 && n > 0) {
      if (tree_)
        label_path(m, data_.tree.codes(target));
      else
        label_first(m, n);
      step(m, n, labels_.data(), rate);
    }
    if (subwords_) leave_until(line, t + 1 - window);
  }
}

template <class Rows>
void LineTrainer<Rows>::skipgram_pairs(Line line, float rate, RandomStream& random) {
  const auto length = static_cast<std::int64_t>(line.size());
  const auto fetch = [&](std::int64_t begin) {
    for (std::int64_t t = begin; t < std::min(length, begin + kStretch); ++t) {
      rows_.fetch_input(line[static_cast<std::size_t>(t)]);
      rows_.fetch_output(line[static_cast<std::size_t>(t)]);
    }
  };
  fetch(0);
  for (std::int64_t begin = 0; begin < length; begin += kStretch) {
    pairs_.clear();
    for (std::int64_t t = begin; t < std::min(length, begin + kStretch); ++t) {
      const std::int64_t b = 1 + random.below(static_cast<std::uint32_t>(settings_.window));
      for (std::int64_t c = std::max<std::int64_t>(0, t - b); c < std::min(length, t + b + 1); ++c)
        if (c != t) pairs_.push_back({line[static_cast<std::size_t>(c)], line[static_cast<std::size_t>(t)]});
    }
    // Each step takes every so-manieth pair.
    const std::size_t steps = (pairs_.size() + kPairs - 1) / kPairs;
    const auto draw_for = [&](std::size_t s) {
      targets_.clear();
      for (std::size_t p = s; p < pairs_.size(); p += steps) targets_.push_back(pairs_[p].target);
      draw(targets_, random);
    };
    if (steps > 0) draw_for(0);
    for (std::size_t s = 0; s < steps; ++s) {
      std::size_t m = 0;
      for (std::size_t p = s; p < pairs_.size(); p += steps, ++m) {
        inputs_[m] = rows_.input(pairs_[p].input);
        outputs_[m] = rows_.output(pairs_[p].target);
      }
      noise_outputs();
      // what the next step needs is on its way while this one is made
      if (s + 1 < steps) draw_for(s + 1);
      noise_step(static_cast<std::int64_t>(m), rate);
    }
    fetch(begin + kStretch);
  }
}

template <class Rows>
void LineTrainer<Rows>::cbow(Line line, float rate, RandomStream& random) {
  const auto length = static_cast<std::int64_t>(line.size());
  const std::int64_t window = settings_.window;
  const std::int64_t group = tree_ ? 1 : kGroup;
  const auto targets_at = [&](std::int64_t t) {
    return line.subspan(static_cast<std::size_t>(t),
                        static_cast<std::size_t>(std::max<std::int64_t>(0, std::min(group, length - t))));
  };
  if (length < 2) return;  // a word without context is predicted by nothing
  if (!tree_) draw(targets_at(0), random);
  for (std::int64_t t = 0; t < length; t += group) {
    const Line targets = targets_at(t);
    const auto m = static_cast<std::int64_t>(targets.size());
    if (subwords_) {
      enter_until(line, t + m + window);
    } else {
      for (std::int64_t p = t + group + window; p < std::min(length, t + 2 * group + window); ++p)
        rows_.fetch_input(line[static_cast<std::size_t>(p)]);
    }
    std::int64_t begin[kGroup], end[kGroup];
    float* context[2 * 1024];
    const auto context_of = [&](std::int64_t i) {
      std::int64_t count = 0;
      for (std::int64_t c = begin[i]; c < end[i]; ++c)
        if (c != t + i) context[count++] = place(line, c);
      return count;
    };
    for (std::int64_t i = 0; i < m; ++i) {
      const std::int64_t b = 1 + random.below(static_cast<std::uint32_t>(window));
      begin[i] = std::max<std::int64_t>(0, t + i - b);
      end[i] = std::min(length, t + i + b + 1);
      const std::int64_t count = context_of(i);
      float* const mean = means_.data() + 2 * i * stride_;
      kernels_.sum_rows(context, count, 1.0F / static_cast<float>(count), stride_, mean);
      std::copy_n(mean, stride_, mean + stride_);
      inputs_[static_cast<std::size_t>(i)] = mean + stride_;
    }
    if (tree_) {
      const auto n = static_cast<std::int64_t>(data_.tree.path(targets[0]).size());
      path_outputs(targets[0]);
      label_path(m, data_.tree.codes(targets[0]));
      if (n > 0) step(m, n, labels_.data(), rate);
    } else {
      for (std::size_t i = 0; i < targets.size(); ++i) outputs_[i] = rows_.output(targets[i]);
      noise_outputs();
      const Line next = targets_at(t + group);
      for (const std::int32_t word : next) rows_.fetch_output(word);
      if (!next.empty()) draw(next, random);
      noise_step(m, rate);
    }
    for (std::int64_t i = 0; i < m; ++i) {
      const float* const mean = means_.data() + 2 * i * stride_;
      kernels_.add_change(context, context_of(i), 1.0F, mean, mean + stride_, stride_);
    }
    if (subwords_) leave_until(line, t + group - window);
  }
}

template class LineTrainer<SharedRows>;
template class LineTrainer<CopiedRows>;

}  // namespace weft::nlp
