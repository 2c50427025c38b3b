#pragma once

#include <algorithm>
#include <array>

#include "kernels/cpu/block_product.h"
#include "kernels/cpu/class_rows.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/stored.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// One attention as its kernels see it: for each element of the batch Q [q, k], K [s, k] and V [s, v]
/// somewhere in memory, taken in blocks of rows of Q whose scores against all of K stay in the second-level
/// cache. Depends on shapes alone, so results don't depend on threads.
template <class T>
class Attention {
 public:
  enum Operand { kQ, kK, kV, kY, kMaskA, kMaskB, kOperands };
  static constexpr int kMasks = 2;

  /// `views` in the order of Operand; groups {batch, q, s, k and v's own}.
  Attention(const KernelCall& call, const std::array<const View*, kOperands>& views, int masks)
      : masks_(masks), scale_(static_cast<T>(call.params->numbers[0])) {
    const auto& groups = call.params->groups;
    batch = space_of<kOperands>(views, 0, groups[0]);
    const int q_dim = groups[0], s_dim = q_dim + groups[1], k_dim = s_dim + 1, v_dim = k_dim + groups[3] - 1;
    const View& any = *views[kQ];
    q = groups[1] > 0 ? any.extents[q_dim] : 1;
    s = any.extents[s_dim];
    k = any.extents[k_dim];
    v = any.extents[v_dim];
    const auto stride = [&](Operand o, int dim) { return views[o]->strides[dim]; };
    const auto query = [&](Operand o) { return groups[1] > 0 ? stride(o, q_dim) : 0; };
    side_[kQ] = {query(kQ), stride(kQ, k_dim)};
    side_[kK] = {stride(kK, s_dim), stride(kK, k_dim)};
    side_[kV] = {stride(kV, s_dim), stride(kV, v_dim)};
    side_[kY] = {query(kY), stride(kY, v_dim)};
    for (const Operand mask : {kMaskA, kMaskB}) side_[mask] = {query(mask), stride(mask, s_dim)};
    constexpr std::int64_t kElements = 1 << 17;  // of a block of scores
    const std::int64_t most = std::clamp<std::int64_t>(kElements / std::max<std::int64_t>(s, 1), 8, 128);
    const std::int64_t blocks = std::max<std::int64_t>(1, (q + most - 1) / most);
    rows = (q + blocks - 1) / blocks;
    line = (s + 15) / 16 * 16;
  }

  std::int64_t q, s, k, v;
  std::int64_t rows;  // in a block of Q, at most
  std::int64_t line;  // from one row of scores to the next
  Space<kOperands> batch;

  Matrix<const T> source(Operand o, const std::byte* at) const {
    return {reinterpret_cast<const T*>(at), side_[o].row, side_[o].column};
  }
  Matrix<T> target(Operand o, std::byte* at) const {
    return {reinterpret_cast<T*>(at), side_[o].row, side_[o].column};
  }

  /// Elements of T that a block of rows takes: its scores, and the rows of masks that don't lie dense.
  std::int64_t block_size() const {
    return rows * line +
           kMasks * line * static_cast<std::int64_t>(sizeof(bool)) / static_cast<std::int64_t>(sizeof(T)) + 1;
  }

  /// Rows [first, first + count) of e^(scale (score - largest score of the row)), a line each, in `scores`
  /// with block_size() elements; f(row, 1 / their sum).
  template <class F>
  void weights(const Pointers<kOperands>& at, std::int64_t first, std::int64_t count, T* scores,
               F&& f) const {
    block_product<T>(count, s, k, source(kQ, at[kQ]).block(first, 0), source(kK, at[kK]).transposed(),
                     Matrix<T>{scores, line, 1});
    std::array<Mask, kMasks> masks;
    for (int m = 0; m < masks_; ++m) {
      const Side& side = side_[static_cast<std::size_t>(kMaskA + m)];
      masks[m] = {reinterpret_cast<const Byte*>(at[kMaskA + m]) + first * side.row, side.row, side.column,
                  reinterpret_cast<Byte*>(scores + rows * line) + m * line};
    }
    for (std::int64_t r = 0; r < count; ++r) {
      T* row = scores + r * line;
      for (int m = 0; m < masks_; ++m) masks[m].apply(r, s, row);
      const T top = ClassRow<T>(reinterpret_cast<const std::byte*>(row), sizeof(T), s).max(), scale = scale_;
      double sum = 0;
      for (std::int64_t j = 0; j < s; j += kFoldBlock) {
        const std::int64_t m = std::min(kFoldBlock, s - j);
        T* e = row + j;
        WEFT_INDEPENDENT
        for (std::int64_t l = 0; l < m; ++l) e[l] = math::exp(scale * (e[l] - top));
        sum += fold_block<Sum<T>>(e, m);
      }
      f(r, static_cast<T>(1.0 / sum));
    }
  }

 private:
  struct Side {
    std::int64_t row = 0, column = 0;
  };

  using Byte = stored_t<bool>;

  /// Which keys the rows of a block may look at. A row that has gaps is copied together; one that serves all
  /// rows only once.
  struct Mask {
    const Byte* allowed;
    std::int64_t row, column;
    Byte* dense;

    void apply(std::int64_t r, std::int64_t n, T* scores) const {
      constexpr T kForbidden = -std::numeric_limits<T>::infinity();
      const Byte* from = allowed + r * row;
      if (column != 1) {
        if (r == 0 || row != 0)
          for (std::int64_t j = 0; j < n; ++j) dense[j] = from[j * column];
        from = dense;
      }
      WEFT_INDEPENDENT
      for (std::int64_t j = 0; j < n; ++j) scores[j] = from[j] != 0 ? scores[j] : kForbidden;
    }
  };

  int masks_;
  T scale_;
  std::array<Side, kOperands> side_;
};

/// Work in units, of which a piece has room of its own in the workspace.
struct AttentionPieces {
  std::int64_t units, grain, count, room;
  AttentionPieces(std::int64_t all, std::int64_t bytes)
      : units(all),
        grain(std::max<std::int64_t>(1, (all + 63) / 64)),
        count((all + grain - 1) / grain),
        room((bytes + 63) / 64 * 64) {}
  std::int64_t bytes() const { return count * room; }

  /// f(unit, its room), units of a piece one after the other.
  template <class T, class F>
  void for_each(const KernelCall& call, F&& f) const {
    call.workers->for_each_range(units, grain, [&](std::int64_t begin, std::int64_t end) {
      T* mine = reinterpret_cast<T*>(call.workspace + begin / grain * room);
      for (std::int64_t i = begin; i < end; ++i) f(i, mine);
    });
  }
};

}  // namespace weft::WEFT_ISA
