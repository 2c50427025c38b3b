#pragma once

#include <cstdint>

#include "kernels/instruction_set.h"

namespace weft {

/// What a linear classifier over means of rows is trained with. Rows are `width` floats, a multiple of 16,
/// filled up with zeros; matrices, vectors and scores begin on a cache line. `rows` lists n rows of a matrix,
/// or is null for its first n. Several threads may train one matrix without locks (Hogwild: Recht et al.
/// 2011).
struct ClassifierKernels {
  /// out = 1/n sum_i matrix[rows_i]; zeros where n is 0.
  void (*mean)(const float* matrix, std::int64_t width, const std::int32_t* rows, std::int64_t n, float* out);
  /// out_i = <matrix[rows_i], x>. `out` has room for n rounded up to 16.
  void (*scores)(const float* matrix, std::int64_t width, const std::int32_t* rows, std::int64_t n,
                 const float* x, float* out);
  /// s_i := exp(s_i - max s) / sum_j exp(s_j - max s); n >= 1.
  void (*softmax)(float* scores, std::int64_t n);
  /// s_i := 1 / (1 + exp(-s_i))
  void (*sigmoid)(float* scores, std::int64_t n);
  /// For each i, with o the row as it was: gradient += step_i o, o += step_i x. Rows whose step is 0 are
  /// left alone.
  void (*step)(float* matrix, std::int64_t width, const std::int32_t* rows, std::int64_t n,
               const float* steps, const float* x, float* gradient);
  /// The same for the first n rows and `count` <= kMostSteps vectors at once: with o the row as it was,
  /// gradients_b += steps_bi o for each b, o += sum_b steps_bi x_b. So a row is read and written once for all
  /// of them.
  void (*steps)(float* matrix, std::int64_t width, std::int64_t n, std::int64_t count,
                const float* const* steps, const float* const* x, float* const* gradients);
  static constexpr std::int64_t kMostSteps = 4;
  /// matrix[rows_i] += scale x for each i; a row that is listed twice gets it twice.
  void (*add)(float* matrix, std::int64_t width, const std::int32_t* rows, std::int64_t n, const float* x,
              float scale);
  /// codes_i = the index of the nearest of 256 centroids of `d` elements to the i-th point, the least of
  /// those equally near; points and centroids lie one after another without gaps.
  void (*nearest)(const float* points, std::int64_t n, std::int64_t d, const float* centroids,
                  std::uint8_t* codes);
};

/// Those of one instruction set, for tests; nullptr where this processor lacks it.
const ClassifierKernels* find_classifier_kernels(InstructionSet);
/// Those of the best one.
const ClassifierKernels& classifier_kernels();

}  // namespace weft
