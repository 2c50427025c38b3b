#pragma once

#include "kernels/cpu/gemm.h"

namespace weft::WEFT_ISA {

/// C = A B, or C += A B, in the thread that asks: for the small products inside other kernels.
template <class T>
void block_product(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                   Matrix<T> c, bool add = false) {
  using G = Gemm<T>;
  constexpr std::int64_t kStrips = 16;
  alignas(64) T packed[kStrips * (G::kRows * G::kDepth + G::kWide)];
  const bool direct = G::is_direct(a) && (m <= G::kRows || n <= 256);
  const Pieces blocks = G::blocks(k), bands(m, kStrips * G::kRows);
  for (std::int64_t band = 0; band < bands.count; ++band) {
    const std::int64_t row = bands.begin(band);
    const Pieces strips = G::strips(bands.size_of(band));
    for (std::int64_t x = 0; x < blocks.count; ++x) {
      const std::int64_t from = blocks.begin(x), d = blocks.size_of(x);
      const Matrix<const T> rows = a.block(row, from);
      if (!direct) G::pack_left(strips, 0, strips.count, d, rows, packed);
      const typename G::Left left =
          direct ? typename G::Left{rows, false} : typename G::Left{{packed, 0, 0}, true};
      G::multiply(strips, 0, strips.count, 0, n, d, left, {b.block(from, 0), false}, c.block(row, 0),
                  add || x > 0);
    }
  }
}

}  // namespace weft::WEFT_ISA
