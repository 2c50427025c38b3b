#pragma once

#include <algorithm>

#include "kernels/cpu/random_words.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// Dropout of an attention's weights: numbers {scale, p, i}. The weights are counted over the batch's dims,
/// the queries as number i among them, and then the keys, so that each row of keys draws its numbers side by
/// side. The numbers are those that the op dropout draws for weights in that order.
template <class T>
class AttentionDropout {
 public:
  explicit AttentionDropout(const KernelCall& call)
      : words_(call), rate_(call.params->numbers[1]), keys_(1), queries_(1), inner_(1) {
    const auto& groups = call.params->groups;
    const auto extent = [&](int dim) { return call.output.extents[static_cast<std::size_t>(dim)]; };
    if (groups[1] > 0) queries_ = extent(groups[0]);
    keys_ = extent(groups[0] + groups[1]);
    for (int dim = static_cast<int>(call.params->numbers[2]); dim < groups[0]; ++dim) inner_ *= extent(dim);
  }

  bool any() const { return rate_ > 0; }

  /// f(first, factors, n) for the weights of one query of one element of the batch.
  template <class F>
  void for_each(std::int64_t element, std::int64_t query, F&& f) const {
    const std::int64_t row = (element / inner_ * queries_ + query) * inner_ + element % inner_;
    const T kept = static_cast<T>(1.0 / (1.0 - rate_));
    const auto least = static_cast<std::uint32_t>(rate_ * 4294967296.0);
    alignas(64) std::uint32_t words[RandomWords::kWords];
    alignas(64) T factors[RandomWords::kWords];
    for (std::int64_t j = 0; j < keys_;) {
      const std::int64_t number = row * keys_ + j, before = number % 4;
      const std::int64_t n = std::min(keys_ - j, RandomWords::kWords - before);
      words_.fill(number - before, n + before, words);
      for (std::int64_t i = 0; i < n; ++i) factors[i] = words[before + i] >= least ? kept : T(0);
      f(j, static_cast<const T*>(factors), n);
      j += n;
    }
  }

 private:
  RandomWords words_;
  double rate_;
  std::int64_t keys_, queries_, inner_;  // inner: elements of the batch's dims behind the queries
};

}  // namespace weft::WEFT_ISA
