#pragma once

#include <algorithm>

#include "kernels/cpu/buffered.h"
#include "kernels/cpu/fold.h"
#include "kernels/kernel.h"
#include "kernels/math.h"

namespace weft::WEFT_ISA {

/// The n values of one row of logits, `stride` bytes apart. Read in chunks, which are the memory itself where
/// the values lie side by side.
template <class T>
class ClassRow {
 public:
  static constexpr std::int64_t kChunk = kFoldBlock;

  ClassRow(const std::byte* data, std::int64_t stride, std::int64_t n)
      : data_(data), stride_(stride), n_(n) {}

  std::int64_t size() const { return n_; }
  T operator[](std::int64_t i) const { return *reinterpret_cast<const T*>(data_ + i * stride_); }

  /// f(first, values, count)
  template <class F>
  void for_each_chunk(F&& f) const {
    alignas(64) T buffer[kChunk];
    for (std::int64_t i = 0; i < n_; i += kChunk) {
      const std::int64_t m = std::min(kChunk, n_ - i);
      if (stride_ == static_cast<std::int64_t>(sizeof(T))) {
        f(i, reinterpret_cast<const T*>(data_) + i, m);
      } else {
        load_strided(buffer, data_ + i * stride_, stride_, m);
        f(i, buffer, m);
      }
    }
  }

  T max() const {
    T top = Max<T>::identity();
    for_each_chunk(
        [&](std::int64_t, const T* x, std::int64_t m) { top = Max<T>::join(top, fold_block<Max<T>>(x, m)); });
    return top;
  }

  /// sum of x_i
  double sum() const {
    double sum = 0;
    for_each_chunk([&](std::int64_t, const T* x, std::int64_t m) {
      sum += static_cast<double>(fold_block<Sum<T>>(x, m));
    });
    return sum;
  }

  /// sum of e^(x_i - shift)
  double sum_exp(T shift) const {
    double sum = 0;
    alignas(64) T e[kChunk];
    for_each_chunk([&](std::int64_t, const T* x, std::int64_t m) {
      exp_into(e, x, shift, m);
      sum += fold_block<Sum<T>>(e, m);
    });
    return sum;
  }

  static void exp_into(T* to, const T* x, T shift, std::int64_t m) {
    WEFT_INDEPENDENT
    for (std::int64_t i = 0; i < m; ++i) to[i] = math::exp(x[i] - shift);
  }

 private:
  const std::byte* data_;
  std::int64_t stride_, n_;
};

/// The same to write to.
template <class T>
class ClassRowOut {
 public:
  ClassRowOut(std::byte* data, std::int64_t stride) : data_(data), stride_(stride) {}

  /// f(room) fills elements [first, first + m), m <= kChunk.
  template <class F>
  void write(std::int64_t first, std::int64_t m, F&& f) const {
    if (stride_ == static_cast<std::int64_t>(sizeof(T))) {
      f(reinterpret_cast<T*>(data_) + first);
    } else {
      alignas(64) T buffer[ClassRow<T>::kChunk];
      f(buffer);
      store_strided(data_ + first * stride_, stride_, buffer, m);
    }
  }

  /// The n values already written, each multiplied by `factor`.
  void scale(std::int64_t n, T factor) const {
    if (stride_ == static_cast<std::int64_t>(sizeof(T))) {
      T* y = reinterpret_cast<T*>(data_);
      for (std::int64_t i = 0; i < n; ++i) y[i] *= factor;
    } else {
      for (std::int64_t i = 0; i < n; ++i) *reinterpret_cast<T*>(data_ + i * stride_) *= factor;
    }
  }

 private:
  std::byte* data_;
  std::int64_t stride_;
};

/// What cross_entropy and its gradient are told beside their operands: numbers {smoothing, 1 where a target
/// is ignored, that target}.
struct Targets {
  double smoothing;
  bool ignores;
  std::int64_t ignored;

  explicit Targets(const KernelCall& call)
      : smoothing(call.params->numbers[0]),
        ignores(call.params->numbers[1] != 0),
        ignored(static_cast<std::int64_t>(call.params->numbers[2])) {}

  bool ignore(std::int64_t target) const { return ignores && target == ignored; }
  /// What stands against log sum e^x in the loss: x_t, of smoothed targets (1 - s) x_t + s mean x.
  template <class T>
  T expected(const ClassRow<T>& row, std::int64_t target) const {
    if (smoothing == 0) return row[target];
    const double mean = row.sum() / static_cast<double>(row.size());
    return static_cast<T>((1 - smoothing) * static_cast<double>(row[target]) + smoothing * mean);
  }
};

/// How many rows of n classes make a piece of work.
inline std::int64_t rows_grain(std::int64_t n) {
  return std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(n, 1));
}

}  // namespace weft::WEFT_ISA
