#pragma once

#include <cstring>

#include "kernels/cpu/indices.h"
#include "kernels/cpu/owners.h"

namespace weft::WEFT_ISA {

/// out[.., idx_1[c], .., idx_g[c]] += factor * x[c], over a space of x's dims and then the g gathered dims,
/// as scatter_add and sgd_rows need it. Places outside an index' axis take nothing. Every place sums in the
/// order of x, on any number of threads.
template <class T>
class Scatter {
 public:
  Scatter(const View& out, const View& x, std::span<const View> indices, int dims)
      : indices_(out, dims, indices),
        operands_(out, x, indices, dims),
        rows_(operands_.has_rows(indices_.count())),
        length_(rows_ ? operands_.space.inner() : 1),
        count_(length_ == 0 ? 0 : operands_.space.size / length_),
        origin_(out.data) {}

  std::int64_t workspace_bytes() const {
    return is_small() ? 0 : count_ * static_cast<std::int64_t>(sizeof(Row)) + Owners::workspace_bytes(count_);
  }

  void run(T factor, std::byte* workspace, const Workers& workers) const {
    const std::int64_t to = operands_.space.inner_strides()[0], from = operands_.space.inner_strides()[1];
    for_each_owned(workspace, workers,
                   [&](std::byte* y, const std::byte* x) { add(y, to, x, from, factor); });
  }

  /// The same with `=` for `+=`: of the rows that go to one place the last stays. T is any type of the
  /// elements' size.
  void write(std::byte* workspace, const Workers& workers) const {
    constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
    const std::int64_t to = operands_.space.inner_strides()[0], from = operands_.space.inner_strides()[1];
    for_each_owned(workspace, workers, [&](std::byte* y, const std::byte* x) {
      if (to == kSize && from == kSize) {
        std::memmove(y, x, static_cast<std::size_t>(length_) * sizeof(T));
      } else {
        for (std::int64_t i = 0; i < length_; ++i) std::memcpy(y + i * to, x + i * from, sizeof(T));
      }
    });
  }

 private:
  struct Row {
    std::int64_t place;  // bytes into the output
    const std::byte* x;
  };

  bool is_small() const { return operands_.space.size <= kGrain; }

  /// f(to, x) for the rows that go somewhere: each place on one thread, its rows in their order.
  template <class F>
  void for_each_owned(std::byte* workspace, const Workers& workers, F&& f) const {
    if (is_small() || (workers.size() == 1 && !rows_)) {
      for_each_row([&](std::int64_t, std::int64_t place, const std::byte* x) {
        if (place >= 0) f(origin_ + place, x);
      });
      return;
    }
    auto* row = reinterpret_cast<Row*>(workspace);
    for_each_row([&](std::int64_t r, std::int64_t place, const std::byte* x) { row[r] = {place, x}; });
    // The table is larger than the caches: rows are asked for before their turn.
    constexpr std::int64_t kAhead = 6;
    if (workers.size() == 1) {
      for (std::int64_t r = 0; r < count_; ++r) {
        if (r + kAhead < count_) fetch(row[r + kAhead].place);
        if (row[r].place >= 0) f(origin_ + row[r].place, row[r].x);
      }
      return;
    }
    const Owners owners(count_, workspace + count_ * static_cast<std::int64_t>(sizeof(Row)),
                        [&](std::int64_t r) { return row[r].place; });
    workers.for_each_range(kOwners, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t o = first; o < last; ++o)
        for (const std::int64_t *r = owners.begin(o), *end = owners.end(o); r != end; ++r) {
          if (end - r > kAhead) fetch(row[r[kAhead]].place);
          f(origin_ + row[*r].place, row[*r].x);
        }
    });
  }

  void fetch(std::int64_t place) const {
    if (place < 0 || operands_.space.inner_strides()[0] != static_cast<std::int64_t>(sizeof(T))) return;
    for (std::int64_t i = 0; i < length_ * static_cast<std::int64_t>(sizeof(T)); i += 64)
      __builtin_prefetch(origin_ + place + i, 1);
  }

  /// f(row, place, x)
  template <class F>
  void for_each_row(F&& f) const {
    std::int64_t r = 0;
    const auto& strides = operands_.space.inner_strides();
    walk(operands_.space, operands_.data, [&](Pointers<kIndexed> p, std::int64_t n) {
      for (std::int64_t i = 0; i < n; i += length_) {
        const std::int64_t offset = indices_.offset(&p[2]);
        f(r++, offset < 0 ? -1 : p[0] - origin_ + offset, p[1]);
        for (std::size_t k = 0; k < 2 + indices_.count(); ++k) p[k] += strides[k];
      }
    });
  }

  void add(std::byte* to, std::int64_t to_stride, const std::byte* from, std::int64_t from_stride,
           T factor) const {
    constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
    if (to_stride == kSize && from_stride == kSize) {
      auto* y = reinterpret_cast<T*>(to);
      const auto* x = reinterpret_cast<const T*>(from);
      WEFT_INDEPENDENT
      for (std::int64_t i = 0; i < length_; ++i) y[i] += factor * x[i];
    } else {
      for (std::int64_t i = 0; i < length_; ++i)
        *reinterpret_cast<T*>(to + i * to_stride) +=
            factor * *reinterpret_cast<const T*>(from + i * from_stride);
    }
  }

  Indices indices_;
  Indexed operands_;
  bool rows_;
  std::int64_t length_, count_;
  std::byte* origin_;
};

}  // namespace weft::WEFT_ISA
