#pragma once

#include <algorithm>

#include "kernels/cpu/fold.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/space.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// Reductions: groups {kept, reduced}. Work is cut into tiles of results and, where those are few, chunks of
/// what is reduced into each; chunks leave their totals in the workspace and are joined in order. The cut
/// depends on the shape alone.
template <class Op, class T>
class Reduction {
 public:
  using Total = typename Op::Total;
  static constexpr std::int64_t kTile = 256;

  explicit Reduction(const KernelCall& call)
      : call_(call),
        kept_(space_of<2>({&call.inputs[0], &call.output}, 0, call.params->groups[0])),
        reduced_(space_of<1>({&call.inputs[0]}, call.params->groups[0], call.inputs[0].rank)) {
    order_by_first(reduced_);
    by_columns_ =
        reduced_.inner_strides()[0] != kSize && kept_.inner_strides()[0] == kSize && kept_.inner() >= 4;
    const std::int64_t results = std::max<std::int64_t>(kept_.size, 1),
                       each = std::max<std::int64_t>(reduced_.size, 1);
    tile_ = by_columns_ ? kTile : std::clamp<std::int64_t>(kGrain / each, 1, kTile);
    tile_ = std::min(tile_, results);
    tiles_ = (results + tile_ - 1) / tile_;
    chunk_ = each;
    if (tiles_ < 32 && results * each > 2 * kPiece)
      chunk_ = std::min(each, std::max<std::int64_t>(kPiece / tile_, 32));
    chunks_ = (each + chunk_ - 1) / chunk_;
  }

  std::int64_t workspace_bytes() const {
    return chunks_ == 1 ? 0 : chunks_ * kept_.size * static_cast<std::int64_t>(sizeof(Total));
  }

  /// finish(total) -> the element of the output.
  template <class Finish>
  void run(Finish finish) const {
    if (kept_.size == 0) return;
    const Pointers<2> data{call_.inputs[0].data, call_.output.data};
    const auto put = [&](std::int64_t first, std::int64_t last, const Total* totals) {
      walk(kept_, data, first, last, [&](const Pointers<2>& p, std::int64_t n) {
        using Result = decltype(finish(*totals));
        for (std::int64_t i = 0; i < n; ++i)
          *reinterpret_cast<Result*>(p[1] + i * kept_.inner_strides()[1]) = finish(*totals++);
      });
    };
    if (chunks_ == 1) {
      const std::int64_t grain =
          std::max<std::int64_t>(1, kPiece / std::max<std::int64_t>(1, tile_ * reduced_.size));
      call_.workers->for_each_range(tiles_, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t t = begin; t < end; ++t) {
          Total totals[kTile];
          const std::int64_t first = t * tile_, last = std::min(first + tile_, kept_.size);
          reduce(data, first, last, 0, reduced_.size, totals);
          put(first, last, totals);
        }
      });
      return;
    }
    auto* parts = reinterpret_cast<Total*>(call_.workspace);
    call_.workers->for_each_range(tiles_ * chunks_, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t first = i % tiles_ * tile_, chunk = i / tiles_ * chunk_;
        reduce(data, first, std::min(first + tile_, kept_.size), chunk,
               std::min(chunk + chunk_, reduced_.size), parts + i / tiles_ * kept_.size + first);
      }
    });
    for (std::int64_t c = 1; c < chunks_; ++c)
      for (std::int64_t i = 0; i < kept_.size; ++i) parts[i] = Op::join(parts[i], parts[c * kept_.size + i]);
    put(0, kept_.size, parts);
  }

 private:
  static constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
  static constexpr std::int64_t kPiece = 32768;

  /// totals of results [first, last) over elements [begin, end) of what is reduced
  void reduce(const Pointers<2>& data, std::int64_t first, std::int64_t last, std::int64_t begin,
              std::int64_t end, Total* totals) const {
    walk(kept_, data, first, last, [&](const Pointers<2>& p, std::int64_t n) {
      if (by_columns_) {
        columns(p[0], n, begin, end, totals);
      } else {
        for (std::int64_t i = 0; i < n; ++i) totals[i] = row(p[0] + i * kept_.inner_strides()[0], begin, end);
      }
      totals += n;
    });
  }

  Total row(std::byte* x, std::int64_t begin, std::int64_t end) const {
    Total total = Op::nothing();
    const std::int64_t stride = reduced_.inner_strides()[0];
    walk(reduced_, {x}, begin, end, [&](const Pointers<1>& p, std::int64_t n) {
      if (stride == kSize) {
        total = Op::join(total, fold<Op>(reinterpret_cast<const T*>(p[0]), n));
      } else {
        for (std::int64_t i = 0; i < n; ++i)
          total = Op::join(total, static_cast<Total>(*reinterpret_cast<const T*>(p[0] + i * stride)));
      }
    });
    return total;
  }

  /// n columns side by side, n <= kTile: 32 rows at a time, then into the totals
  void columns(std::byte* x, std::int64_t n, std::int64_t begin, std::int64_t end, Total* totals) const {
    using Lane = typename Op::Lane;
    alignas(64) Lane block[kTile];
    const std::int64_t stride = reduced_.inner_strides()[0];
    std::fill_n(totals, n, Op::nothing());
    std::fill_n(block, n, Op::identity());
    int rows = 0;
    const auto flush = [&] {
      for (std::int64_t c = 0; c < n; ++c) totals[c] = Op::join(totals[c], static_cast<Total>(block[c]));
      for (std::int64_t c = 0; c < n; ++c) block[c] = Op::identity();
      rows = 0;
    };
    walk(reduced_, {x}, begin, end, [&](const Pointers<1>& p, std::int64_t m) {
      for (std::int64_t r = 0; r < m; ++r) {
        const auto* values = reinterpret_cast<const T*>(p[0] + r * stride);
        WEFT_INDEPENDENT
        for (std::int64_t c = 0; c < n; ++c) block[c] = Op::join(block[c], static_cast<Lane>(values[c]));
        if (++rows == 32) flush();
      }
    });
    flush();
  }

  const KernelCall& call_;
  Space<2> kept_;     // of x and the output
  Space<1> reduced_;  // of x
  bool by_columns_;
  std::int64_t tile_, tiles_, chunk_, chunks_;
};

}  // namespace weft::WEFT_ISA
