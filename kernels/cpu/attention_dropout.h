#pragma once

#include <algorithm>

#include "kernels/cpu/dropout_factors.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// Dropout of an attention's weights: numbers {scale, p, i}. The weights are counted over the batch's dims,
/// the queries as number i among them, and then the keys, so that each row of keys draws its numbers side by
/// side. The numbers are those that the op dropout draws for weights in that order.
template <class T>
class AttentionDropout {
 public:
  explicit AttentionDropout(const KernelCall& call)
      : factors_(call, call.params->stream, call.params->numbers[1]),
        any_(call.params->numbers[1] > 0),
        keys_(1),
        queries_(1),
        inner_(1) {
    const auto& groups = call.params->groups;
    const auto extent = [&](int dim) { return call.output.extents[static_cast<std::size_t>(dim)]; };
    if (groups[1] > 0) queries_ = extent(groups[0]);
    keys_ = extent(groups[0] + groups[1]);
    for (int dim = static_cast<int>(call.params->numbers[2]); dim < groups[0]; ++dim) inner_ *= extent(dim);
  }

  bool any() const { return any_; }

  /// The factors of an element of the batch, queries from `first` on, one after the other.
  class Rows {
   public:
    Rows(const AttentionDropout& dropout, std::int64_t element, std::int64_t first, std::int64_t count)
        : dropout_(dropout), element_(element), last_(first + count) {}

    /// f(first, factors, n) for the weights of a query.
    template <class F>
    void row(std::int64_t query, F&& f) {
      const std::int64_t keys = dropout_.keys_, from = number(query);
      // of the rows that follow where they are counted next, several at once
      const std::int64_t until = from + (dropout_.inner_ == 1 ? last_ - query : 1) * keys;
      for (std::int64_t j = 0; j < keys;) {
        if (from + j < begin_ || from + j >= end_) {
          begin_ = from + j;
          end_ = std::min(until, begin_ + DropoutFactors<T>::kMost);
          dropout_.factors_.fill(begin_, end_ - begin_, drawn_);
        }
        const std::int64_t n = std::min(keys - j, end_ - (from + j));
        f(j, static_cast<const T*>(drawn_ + (from + j - begin_)), n);
        j += n;
      }
    }

   private:
    /// Of the first weight of a query.
    std::int64_t number(std::int64_t query) const {
      const std::int64_t inner = dropout_.inner_;
      return ((element_ / inner * dropout_.queries_ + query) * inner + element_ % inner) * dropout_.keys_;
    }

    const AttentionDropout& dropout_;
    std::int64_t element_, last_;
    std::int64_t begin_ = 0, end_ = 0;  // the weights in drawn_
    alignas(64) T drawn_[DropoutFactors<T>::kMost];
  };

 private:
  DropoutFactors<T> factors_;
  bool any_;
  std::int64_t keys_, queries_, inner_;  // inner: elements of the batch's dims behind the queries
};

}  // namespace weft::WEFT_ISA
