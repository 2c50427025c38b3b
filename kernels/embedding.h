#pragma once

#include <cstdint>

#include "kernels/instruction_set.h"

/// The inner loops of training word vectors: plain functions on rows of float32. A row is `stride` floats, a
/// multiple of 16, on a cache line, with zeros behind its last element.
namespace weft {

/// One step of stochastic gradient descent on the logistic loss of m inputs against n outputs that all of
/// them share:
///
///     s_ij = <input_i, output_j>
///     g_ij = rate (label_ij - sigmoid(s_ij))
///     input_i += sum_j g_ij output_j       output_j += sum_i g_ij input_i
///
/// with the values from before the step on the right, whichever rows are the same. Sources: Mikolov et al.
/// 2013, "Distributed representations ...", eq. 4 (negative sampling: label 1 for the word, 0 for the others)
/// and the hierarchical softmax of its section 2.1; Ji et al. 2016, "Parallelizing word2vec in shared and
/// distributed memory", for the three products that shared outputs make of it.
struct PairStep {
  float* const* inputs;
  std::int64_t m;
  float* const* outputs;
  std::int64_t n;
  const float* labels;   // m x n; readable to the next multiple of 16
  std::int64_t columns;  // elements of a row; zeros behind them stay zeros
  float rate;
  float* scratch;          // pair_scratch(m, n) floats, on a cache line
  double* loss = nullptr;  // the loss of the pairs is added to it
};

/// Floats of scratch that a step needs.
constexpr std::int64_t pair_scratch(std::int64_t m, std::int64_t n) {
  return (m * n + 64) / 16 * 16 + (m + n) * 16;
}

/// The same for pairs of an input and a target, each with label 1, and outputs with label 0 that all of them
/// share, the noise: m inner products of pairs and m x n with the noise,
///
///     g_i = rate (1 - sigmoid(<input_i, target_i>)),   h_ij = -rate sigmoid(<input_i, noise_j>)
///     input_i += g_i target_i + sum_j h_ij noise_j,   target_i += g_i input_i,   noise_j += sum_i h_ij
///     input_i
///
/// with g and h from before the step, and pair after pair: an input or target that comes again is found as
/// the pairs before have left it. No target may be among the noise.
struct NoiseStep {
  float* const* inputs;
  float* const* targets;
  std::int64_t m;
  float* const* noise;
  std::int64_t n;
  std::int64_t columns;  // elements of a row; zeros behind them stay zeros
  float rate;
  float* scratch;          // noise_scratch(m, n) floats, on a cache line
  double* loss = nullptr;  // the loss of the pairs and the noise is added to it
};

constexpr std::int64_t noise_scratch(std::int64_t m, std::int64_t n) {
  return (m + 32) / 16 * 16 + pair_scratch(m, n);
}

struct EmbeddingKernels {
  void (*pair_step)(const PairStep&);
  void (*noise_step)(const NoiseStep&);
  /// out = scale * sum_k rows[k]
  void (*sum_rows)(const float* const* rows, std::int64_t count, float scale, std::int64_t stride,
                   float* out);
  /// rows[k] += scale * (after - before) for each k
  void (*add_change)(float* const* rows, std::int64_t count, float scale, const float* before,
                     const float* after, std::int64_t stride);
};

/// Those for the best instruction set of this processor.
const EmbeddingKernels& embedding_kernels();
/// Those for one set, for tests and benchmarks; nullptr where there are none.
const EmbeddingKernels* embedding_kernels(InstructionSet);

}  // namespace weft
