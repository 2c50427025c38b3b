#include <cblas.h>

#include "kernels/cpu/copy.h"
#include "kernels/cpu/dot_plan.h"
#include "kernels/cpu/gemm.h"
#include "kernels/cpu/gemv.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// Without vectors of its own to count on, this compilation leaves large products to OpenBLAS, which has code
// for many processors. On AVX2 and AVX-512 ours is as fast or faster, and it doesn't depend on OpenBLAS
// knowing the processor (one it doesn't know gets its SSE3 code, at a quarter of the speed).
#if defined(__AVX2__)
constexpr bool kUseBlas = false;
#else
constexpr bool kUseBlas = true;
#endif

bool fits_blas(std::int64_t rows, std::int64_t columns, std::int64_t row, std::int64_t column) {
  return (column == 1 && row >= columns && row <= 0x7fffffff) ||
         (row == 1 && column >= rows && column <= 0x7fffffff);
}

template <class T>
bool multiply_with_blas(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                        Matrix<T> c) {
  if (!kUseBlas || m * n * k < 32 * 32 * 32 || m < 4 || n < 4) return false;
  if (!fits_blas(m, k, a.row, a.column) || !fits_blas(k, n, b.row, b.column)) return false;
  if (c.column != 1 || c.row < n || c.row > 0x7fffffff) return false;
  const auto trans = [](const Matrix<const T>& x) { return x.column == 1 ? CblasNoTrans : CblasTrans; };
  const auto step = [](const Matrix<const T>& x) {
    return static_cast<int>(x.column == 1 ? x.row : x.column);
  };
  const int im = static_cast<int>(m), in = static_cast<int>(n), ik = static_cast<int>(k);
  if constexpr (sizeof(T) == 4) {
    cblas_sgemm(CblasRowMajor, trans(a), trans(b), im, in, ik, 1, a.data, step(a), b.data, step(b), 0, c.data,
                static_cast<int>(c.row));
  } else {
    cblas_dgemm(CblasRowMajor, trans(a), trans(b), im, in, ik, 1, a.data, step(a), b.data, step(b), 0, c.data,
                static_cast<int>(c.row));
  }
  return true;
}

// The tiles of one product: from its shape alone, so that results don't depend on threads.
template <class T>
struct Tiling {
  std::int64_t m, n, tile_m, tile_n, count_m, count_n;

  Tiling(std::int64_t rows, std::int64_t columns, std::int64_t k) : m(rows), n(columns) {
    // as many tiles as are worth a thread's while, but none too small to run at full speed
    const double work = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    const auto wanted = static_cast<std::int64_t>(std::min(work / (m == 1 ? 2e5 : 2e6), 64.0));
    const std::int64_t least_n = m == 1 ? 512 : 2 * Gemm<T>::kColumns, least_m = 4 * Gemm<T>::kRows;
    count_m = pieces(m, Gemm<T>::kTileRows);
    count_n = std::clamp<std::int64_t>(wanted / count_m, 1, pieces(n, least_n));
    count_m = std::max(count_m, std::min(wanted / count_n, pieces(m, least_m)));
    tile_m = pieces(pieces(m, count_m), Gemm<T>::kRows) * Gemm<T>::kRows;
    tile_n = pieces(pieces(n, count_n), Gemm<T>::kColumns) * Gemm<T>::kColumns;
    count_m = pieces(m, tile_m);
    count_n = pieces(n, tile_n);
  }

  static std::int64_t pieces(std::int64_t x, std::int64_t size) { return (x + size - 1) / size; }
  std::int64_t count() const { return count_m * count_n; }
};

template <class T>
struct Product {
  std::int64_t m, n, k;
  Matrix<const T> a, b;
  Matrix<T> c;

  // C^T = B^T A^T
  void swap() {
    std::swap(m, n);
    std::swap(a, b);
    a = a.transposed();
    b = b.transposed();
    c = c.transposed();
  }

  // Whether the other way round is faster: C should be written along its rows, a single column is a row, and
  // where both sides run along k the smaller one should be the one that has to be turned.
  bool is_better_swapped() const {
    if (n == 1) return m > 1;
    if (m == 1) return false;
    if (c.column != 1 && c.row == 1) return true;
    return c.column == 1 && a.column == 1 && b.row == 1 && b.column != 1 && m <= 64 && m < n;
  }

  void tile(const Tiling<T>& tiling, std::int64_t index) const {
    const std::int64_t i = index / tiling.count_n * tiling.tile_m, j = index % tiling.count_n * tiling.tile_n;
    const std::int64_t h = std::min(tiling.tile_m, m - i), w = std::min(tiling.tile_n, n - j);
    const Matrix<const T> a_rows = a.block(i, 0), b_columns = b.block(0, j);
    const Matrix<T> to = c.block(i, j);
    if (h == 1 && Gemv<T>::multiply(w, k, a_rows, b_columns, to)) return;
    if (multiply_with_blas<T>(h, w, k, a_rows, b_columns, to)) return;
    Gemm<T>::tile(h, w, k, a_rows, b_columns, to);
  }
};

// Copies between an operand and its dense copy; dims it lacks count once.
template <class T>
void copy_operand(const DotPlan::Side& side, const View& view, bool back, const KernelCall& call) {
  View dense = side.dense, outside = view;
  dense.data = call.workspace + side.offset;
  outside.extents = dense.extents;
  if (back)
    copy_view<T>(outside, dense, *call.workers);
  else
    copy_view<T>(dense, outside, *call.workers);
}

// out[batch, m, n] = sum_k a[batch, m, k] b[batch, k, n]; groups {batch, m, n, k}. 0 where there is no k.
template <class T>
void dot(const KernelCall& call) {
  const DotPlan plan(call);
  if (plan.m == 0 || plan.n == 0 || plan.batch.size == 0) return;
  const std::array<const View*, 3> views{&call.output, &call.inputs[0], &call.inputs[1]};
  Pointers<3> data = pointers_of<3>(views);
  for (std::size_t i = 0; i < 3; ++i) {
    if (!plan.side[i].copied) continue;
    data[i] = call.workspace + plan.side[i].offset;
    if (i != DotPlan::kOut) copy_operand<T>(plan.side[i], *views[i], false, call);
  }
  const auto product = [&](const Pointers<3>& p) {
    const auto& [out, a, b] = plan.side;
    return Product<T>{plan.m,
                      plan.n,
                      plan.k,
                      {reinterpret_cast<const T*>(p[1]), a.row, a.column},
                      {reinterpret_cast<const T*>(p[2]), b.row, b.column},
                      {reinterpret_cast<T*>(p[0]), out.row, out.column}};
  };
  Product<T> first = product(data);
  const bool swapped = first.is_better_swapped();
  if (swapped) first.swap();
  const Tiling<T> tiling(first.m, first.n, first.k);
  const double work = static_cast<double>(tiling.tile_m) * static_cast<double>(tiling.tile_n) *
                      static_cast<double>(std::max<std::int64_t>(plan.k, 1));
  const auto grain = static_cast<std::int64_t>(std::max(1.0, 1e6 / work));
  call.workers->for_each_range(
      plan.batch.size * tiling.count(), grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const std::int64_t item = i / tiling.count();
          walk(plan.batch, data, item, item + 1, [&](const Pointers<3>& p, std::int64_t) {
            Product<T> one = product(p);
            if (swapped) one.swap();
            one.tile(tiling, i % tiling.count());
          });
        }
      });
  if (plan.side[DotPlan::kOut].copied) copy_operand<T>(plan.side[DotPlan::kOut], call.output, true, call);
}

std::int64_t workspace_bytes(const KernelCall& call) {
  return DotPlan(call).workspace_bytes;
}

template <class T>
constexpr Kernel kKernel{&dot<T>, &workspace_bytes};

}  // namespace

const Kernel* table::dot(DType dtype) {
  if (kUseBlas) {
    // tiles are spread over our own threads
    static const bool once = (openblas_set_num_threads(1), true);
    static_cast<void>(once);
  }
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
