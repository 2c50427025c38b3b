#pragma once

#include <algorithm>
#include <cstring>
#include <utility>

#include "kernels/cpu/indices.h"
#include "kernels/cpu/owners.h"
#include "kernels/cpu/vector.h"
#include "kernels/prefetch.h"

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
        starts_(rows_ ? without_inner(operands_.space) : operands_.space),
        count_(starts_.size),
        origin_(out.data) {}

  std::int64_t workspace_bytes() const {
    return is_small() ? 0 : count_ * static_cast<std::int64_t>(sizeof(Row)) + Owners::workspace_bytes(count_);
  }

  void run(T factor, std::byte* workspace, const Workers& workers) const {
    const std::int64_t to = operands_.space.inner_strides()[0], from = operands_.space.inner_strides()[1];
    const std::int64_t n = length_;
    if (is_dense()) {
      for_each_owned(workspace, workers, [=](std::byte* y, const std::byte* x) {
        add_dense(reinterpret_cast<T*>(y), reinterpret_cast<const T*>(x), factor, n);
      });
    } else {
      for_each_owned(workspace, workers, [=](std::byte* y, const std::byte* x) {
        for (std::int64_t i = 0; i < n; ++i)
          *reinterpret_cast<T*>(y + i * to) += factor * *reinterpret_cast<const T*>(x + i * from);
      });
    }
  }

  /// The same with `=` for `+=`: of the rows that go to one place the last stays. T is any type of the
  /// elements' size.
  void write(std::byte* workspace, const Workers& workers) const {
    const std::int64_t to = operands_.space.inner_strides()[0], from = operands_.space.inner_strides()[1];
    for_each_owned(workspace, workers, [&](std::byte* y, const std::byte* x) {
      if (is_dense()) {
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

  static constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));

  /// Whether the elements of a row lie side by side, here and there.
  bool is_dense() const {
    const auto& strides = operands_.space.inner_strides();
    return length_ == 1 || (strides[0] == kSize && strides[1] == kSize);
  }
  bool is_small() const { return operands_.space.size <= kGrain; }

  /// f(to, x) for the rows that go somewhere: each place on one thread, its rows in their order.
  template <class F>
  void for_each_owned(std::byte* workspace, const Workers& workers, F&& f) const {
    // Copies, as f's stores could be to members for all the compiler knows.
    std::byte* const origin = origin_;
    const std::int64_t bytes = is_dense() ? length_ * kSize : 0;
    const auto visit = [&](const Row& r) {
      if (r.place >= 0) f(origin + r.place, r.x);
    };
    // The table is larger than the caches: rows are asked for before their turn.
    const std::int64_t ahead = rows_ahead(bytes);
    const auto ask_for = [&](const Row& r) {
      if (r.place >= 0) prefetch(origin + r.place, bytes);
    };
    if (is_small()) {
      for_each_row([&](std::int64_t, const Row& r) { visit(r); });
      return;
    }
    if (workers.size() == 1) {
      Row waiting[kMostAhead];
      std::fill_n(waiting, ahead, Row{-1, nullptr});
      std::int64_t next = 0;
      for_each_row([&](std::int64_t, const Row& r) {
        ask_for(r);
        visit(std::exchange(waiting[next], r));
        next = next + 1 < ahead ? next + 1 : 0;
      });
      for (std::int64_t i = 0; i < ahead; ++i) visit(waiting[(next + i) % ahead]);
      return;
    }
    auto* const row = reinterpret_cast<Row*>(workspace);
    for_each_row([&](std::int64_t i, const Row& r) { row[i] = r; });
    const Owners owners(count_, workspace + count_ * static_cast<std::int64_t>(sizeof(Row)),
                        [&](std::int64_t r) { return row[r].place; });
    workers.for_each_range(kOwners, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t o = first; o < last; ++o)
        for (const std::int64_t *r = owners.begin(o), *end = owners.end(o); r != end; ++r) {
          if (end - r > ahead) ask_for(row[r[ahead]]);
          visit(row[*r]);
        }
    });
  }

  /// f(its number, row)
  template <class F>
  void for_each_row(F&& f) const {
    if (indices_.count() == 1)
      for_each_row(std::integral_constant<std::size_t, 1>(), f);
    else
      for_each_row(indices_.count(), f);
  }
  template <class Count, class F>
  void for_each_row(Count count, F&& f) const {
    // Copies, as f may store numbers that these could be for all the compiler knows.
    const Indices indices = indices_;
    const auto strides = starts_.inner_strides();
    std::byte* const origin = origin_;
    std::int64_t r = 0;
    walk(starts_, operands_.data, [&](Pointers<kIndexed> p, std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i) {
        const std::int64_t offset = indices.offset(&p[2], count);
        f(r++, Row{offset < 0 ? -1 : p[0] - origin + offset, p[1]});
        for (std::size_t k = 0; k < 2 + count; ++k) p[k] += strides[k];
      }
    });
  }

  /// y[n] += factor x[n]
  static void add_dense(T* y, const T* x, T factor, std::int64_t n) {
    std::int64_t i = 0;
    for (; i + kLanes<T> <= n; i += kLanes<T>) store(y + i, load(y + i) + factor * load(x + i));
    if constexpr (kMasks) {
      if (i < n) store_some(y + i, load_some(y + i, n - i) + factor * load_some(x + i, n - i), n - i);
    } else {
      for (; i < n; ++i) y[i] += factor * x[i];
    }
  }

  Indices indices_;
  Indexed operands_;
  bool rows_;
  std::int64_t length_;
  Space<kIndexed> starts_;  // of the rows
  std::int64_t count_;
  std::byte* origin_;
};

}  // namespace weft::WEFT_ISA
