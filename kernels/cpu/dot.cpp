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

// One product C[m, n] = A[m, k] B[k, n].
template <class T>
struct Product {
  std::int64_t m, n, k;
  Matrix<const T> a, b;
  Matrix<T> c;
  bool packed = false;    // b, in panels
  bool gathered = false;  // a is `runs`
  typename Gemm<T>::Gathered runs{};

  // C^T = B^T A^T
  void swap() {
    std::swap(m, n);
    std::swap(a, b);
    a = a.transposed();
    b = b.transposed();
    c = c.transposed();
  }

  bool fits_blas() const {
    return kUseBlas && !packed && !gathered && m * n * k >= 32 * 32 * 32 && m >= 4 && n >= 4 &&
           WEFT_ISA::fits_blas(m, k, a.row, a.column) && WEFT_ISA::fits_blas(k, n, b.row, b.column) &&
           c.column == 1 && c.row >= n && c.row <= 0x7fffffff;
  }

  // Whether the other way round is faster: C should be written along its rows, a single column is a row, and
  // where both sides run along k the smaller one should be the one that has to be turned.
  bool is_better_swapped() const {
    if (gathered) return false;
    if (n == 1) return m > 1;
    if (m == 1) return false;
    if (c.column != 1 && c.row == 1) return true;
    return c.column == 1 && a.column == 1 && b.row == 1 && b.column != 1 && m <= 64 && m < n &&
           Gemm<T>::is_direct(b.transposed());
  }
};

template <class T>
void multiply_with_blas(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                        Matrix<T> c) {
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
}

// How a product is cut into tiles, which threads share. Tiles are bands of strips of A by some panels of B;
// results don't depend on how wide they are, so for several threads small products are cut into more.
template <class T>
struct Tiling {
  using G = Gemm<T>;
  // A single row; OpenBLAS; or A is packed by each tile for itself (a batch's on the stack, others', as wide
  // as C, in the workspace), for all of them before, or not at all.
  enum class Way { row, blas, own, band, shared, direct };
  static constexpr std::int64_t kOwnStrips = G::kTileRows / G::kRows;
  static constexpr std::int64_t kBandStrips = 24;  // a block of k of these is in the second-level cache
  static constexpr std::int64_t kChunkRows = 288 * G::kRows;  // packed for all at once, and
  static constexpr std::int64_t kSharedSize = 1 << 20;        // so many elements
  static constexpr double kTileWork = 3e6;      // multiplications of a tile that is worth its own costs
  static constexpr double kSharedWork = 2.5e5;  // and where several threads wait for tiles

  Way way;
  Pieces chunks;      // of the rows, one after the other
  Pieces strips;      // of a chunk
  Pieces bands;       // of a chunk's strips
  Pieces panels;      // of B
  Pieces columns;     // of the panels
  Pieces blocks;      // of k
  std::int64_t step;  // blocks that are packed at once

  Tiling(const Product<T>& p, std::int64_t batch, int threads)
      : way(choose(p, batch)),
        chunks(p.m, kChunkRows),
        strips(G::strips(chunks.size)),
        bands(strips.count, high()),
        panels(p.n, G::kColumns),
        columns(panels.count, wide(batch, std::min(p.m, bands.size * G::kRows), p.k,
                                   threads > 1 ? kSharedWork : kTileWork, threads)),
        blocks(G::blocks(p.k)) {
    step = way != Way::shared ? blocks.count
                              : std::clamp<std::int64_t>(kSharedSize / packed_block(), 1, blocks.count);
  }

  std::int64_t packed_block() const { return G::packed_left(chunks.size, blocks.size); }
  std::int64_t packed_size() const {
    return way == Way::shared ? step * packed_block() : way == Way::band ? packed_block() : 0;
  }
  std::int64_t count() const { return bands.count * columns.count; }

 private:
  static Way choose(const Product<T>& p, std::int64_t batch) {
    if (p.m == 1 && !p.gathered && (p.packed || Gemv<T>::fits(p.n, p.k, p.a, p.b, p.c))) return Way::row;
    if (p.fits_blas()) return Way::blas;
    if (!p.gathered && G::is_direct(p.a) &&
        (p.m <= G::kRows || p.n <= (std::max(p.a.row, p.a.column) <= 512 ? 256 : 64)))
      return Way::direct;
    const double work = static_cast<double>(p.m) * static_cast<double>(p.n) * static_cast<double>(p.k);
    if (batch == 1 && p.n <= 1024 && p.m >= 2 * kOwnStrips * G::kRows && work > 8 * kTileWork)
      return Way::band;
    return batch == 1 && (work > 2 * kTileWork || p.m > kOwnStrips * G::kRows) ? Way::shared : Way::own;
  }
  // The strips of a tile.
  std::int64_t high() const {
    if (way == Way::own) return kOwnStrips;
    if (way != Way::band) return kBandStrips;
    const std::int64_t pieces = Pieces(strips.count, kBandStrips).count, even = (pieces + 1) / 2 * 2;
    return (strips.count + even - 1) / even;
  }
  // The panels of a tile: few, so that there are tiles enough to share, but not too few.
  std::int64_t wide(std::int64_t batch, std::int64_t rows, std::int64_t k, double tile, int threads) const {
    const double panel =
        static_cast<double>(rows * G::kColumns) * static_cast<double>(std::max<std::int64_t>(k, 1));
    if (way == Way::band) return panels.count;
    if (way == Way::row) {
      // as much of each row of B as can be: a short stretch has ended when the processor sees what comes next
      const std::int64_t worth = std::max(512 / G::kColumns, static_cast<std::int64_t>(2e5 / panel));
      return std::max(worth, (panels.count + threads - 1) / threads);
    }
    const double work = panel * static_cast<double>(panels.count);
    if (work <= 2 * tile || (batch > 8 && work < 16 * kTileWork)) return panels.count;
    const double least = std::clamp(static_cast<double>(panels.count * bands.count) / 16, 2.0, 8.0);
    const Pieces pieces(panels.count, static_cast<std::int64_t>(std::clamp(tile / panel, least, 16.0)));
    const std::int64_t even = (pieces.count + 1) / 2 * 2;
    return (panels.count + even - 1) / even;
  }
};

template <class T>
class Multiplication {
 public:
  using G = Gemm<T>;
  // back: single rows go from their end to their beginning
  Multiplication(const Tiling<T>& tiling, const Product<T>& product, bool back = false)
      : t_(tiling), p_(product), back_(back) {}

  // All tiles of the product, by all threads. `packed` has room for packed_size() elements.
  void run(T* packed, const Workers& workers) const {
    for (std::int64_t chunk = 0; chunk < t_.chunks.count; ++chunk)
      for (std::int64_t block = 0; block < t_.blocks.count; block += t_.step) {
        const std::int64_t until = std::min(t_.blocks.count, block + t_.step);
        if (t_.way == Tiling<T>::Way::shared) pack(chunk, block, until, packed, workers);
        workers.for_each_range(t_.count(), 1, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i)
            tile(chunk, back_ ? t_.count() - 1 - i : i, block, until, packed);
        });
      }
  }

  // One tile of a chunk, blocks [block, until) of k.
  void tile(std::int64_t chunk, std::int64_t index, std::int64_t block, std::int64_t until, T* packed) const {
    const std::int64_t i = t_.chunks.begin(chunk);
    const Pieces strips = strips_of(chunk), bands(strips.count, t_.bands.size);
    const std::int64_t band = index / t_.columns.count, column = index % t_.columns.count;
    if (band >= bands.count) return;
    const std::int64_t first = bands.begin(band), last = bands.begin(band + 1);
    const std::int64_t from = t_.columns.begin(column) * G::kColumns,
                       to = std::min(p_.n, t_.columns.begin(column + 1) * G::kColumns);
    const Matrix<T> c = p_.c.block(i, 0);
    if (t_.way == Tiling<T>::Way::row) {
      if (p_.packed) return Gemv<T>::multiply_packed(from, to, p_.n, p_.k, p_.a, p_.b.data, p_.c.data, back_);
      Gemv<T>::multiply(to - from, p_.k, p_.a, p_.b.block(0, from), p_.c.block(0, from));
      return;
    }
    if (t_.way == Tiling<T>::Way::blas) {
      const std::int64_t row = strips.begin(first);
      multiply_with_blas<T>(strips.begin(last) - row, to - from, p_.k, p_.a.block(i + row, 0),
                            p_.b.block(0, from), c.block(row, from));
      return;
    }
    if (t_.way == Tiling<T>::Way::band) {
      const std::int64_t row = strips.begin(first), rows = strips.begin(last) - row;
      for (std::int64_t x = block; x < until; ++x) {
        const std::int64_t k = t_.blocks.begin(x), d = t_.blocks.size_of(x);
        T* own = packed + row * (t_.blocks.size - d);  // a place of its own, whichever block others are at
        pack(strips, first, last, i, k, d, own);
        typename G::Next next;
        if (x + 1 < until && !p_.gathered)
          next = {rows, t_.blocks.size_of(x + 1), p_.a.block(i + row, k + d)};
        G::multiply(strips, first, last, from, to, d, {{own, 0, 0}, true}, right(k), c, x > 0, next);
      }
      return;
    }
    if (t_.way == Tiling<T>::Way::own) {
      alignas(64) T own[Tiling<T>::kOwnStrips * (G::kRows * G::kDepth + G::kWide)];
      const std::int64_t row = strips.begin(first);
      const Pieces mine = G::strips(strips.begin(last) - row);  // so that they begin with the tile
      for (std::int64_t x = block; x < until; ++x) {
        const std::int64_t k = t_.blocks.begin(x), d = t_.blocks.size_of(x);
        pack(mine, 0, mine.count, i + row, k, d, own);
        G::multiply(mine, 0, mine.count, from, to, d, {{own, 0, 0}, true}, right(k), c.block(row, 0), x > 0);
      }
      return;
    }
    for (std::int64_t x = block; x < until; ++x) {
      const std::int64_t k = t_.blocks.begin(x), d = t_.blocks.size_of(x);
      const typename G::Left left =
          t_.way == Tiling<T>::Way::direct
              ? typename G::Left{p_.a.block(i, k), false}
              : typename G::Left{{packed + (x - block) * t_.packed_block(), 0, 0}, true};
      G::multiply(strips, first, last, from, to, d, left, right(k), c, x > 0);
    }
  }

 private:
  // B from row k on.
  typename G::Right right(std::int64_t k) const {
    if (p_.packed) return {{p_.b.data + G::packed_right(p_.n, k), 0, 0}, true};
    return {p_.b.block(k, 0), false};
  }

  // Strips [from, to) of columns [k, k + d) of A, of which strips.length rows are meant from `row` on.
  void pack(const Pieces& strips, std::int64_t from, std::int64_t to, std::int64_t row, std::int64_t k,
            std::int64_t d, T* packed) const {
    if (p_.gathered)
      G::pack_gathered(strips, from, to, row, k, d, p_.runs, packed);
    else
      G::pack_left(strips, from, to, d, p_.a.block(row, k), packed);
  }

  Pieces strips_of(std::int64_t chunk) const { return G::strips(t_.chunks.size_of(chunk)); }

  void pack(std::int64_t chunk, std::int64_t block, std::int64_t until, T* packed,
            const Workers& workers) const {
    const std::int64_t i = t_.chunks.begin(chunk);
    const Pieces strips = strips_of(chunk);
    const std::int64_t strip = G::kRows * std::max<std::int64_t>(t_.blocks.size, 1);
    const Pieces groups(strips.count, std::max<std::int64_t>(1, 32768 / strip));
    workers.for_each_range(groups.count * (until - block), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t y = begin; y < end; ++y) {
        const std::int64_t x = block + y / groups.count, g = y % groups.count;
        pack(strips, groups.begin(g), groups.begin(g + 1), i, t_.blocks.begin(x), t_.blocks.size_of(x),
             packed + (x - block) * t_.packed_block());
      }
    });
  }

  const Tiling<T>& t_;
  const Product<T>& p_;
  const bool back_;
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

// A call with a third input has one of its factors packed there: which one, the params say.
int packed_factor(const KernelCall& call) {
  return call.params->numbers[0] == 0 ? DotPlan::kA : DotPlan::kB;
}

// The product at some place of the batch, the better way round.
template <class T>
Product<T> product_of(const KernelCall& call, const DotPlan& plan, const Pointers<3>& at) {
  const auto& [out, a, b] = plan.side;
  Product<T> p{plan.m,
               plan.n,
               plan.k,
               {reinterpret_cast<const T*>(at[1]), a.row, a.column},
               {reinterpret_cast<const T*>(at[2]), b.row, b.column},
               {reinterpret_cast<T*>(at[0]), out.row, out.column}};
  p.gathered = plan.gathered;
  if (plan.gathered && call.workspace != nullptr) {
    const auto* begin = reinterpret_cast<const std::int64_t*>(call.workspace + a.offset);
    p.runs = {p.a.data,
              {begin, plan.rows.length, plan.rows.stride},
              {begin + plan.m / plan.rows.length, plan.columns.length, plan.columns.stride}};
  }
  if (call.inputs.size() < 3) {
    if (p.is_better_swapped()) p.swap();
    return p;
  }
  if (packed_factor(call) == DotPlan::kA) p.swap();
  p.b.data = call.inputs[2].template as<const T>();
  p.packed = true;
  return p;
}

// out[batch, m, n] = sum_k a[batch, m, k] b[batch, k, n]; groups {batch, m, n, k}. 0 where there is no k. A
// third input is a factor, packed: the first or the second by numbers {0 or 1}.
template <class T>
void dot(const KernelCall& call) {
  const DotPlan plan(call, !kUseBlas);
  if (plan.m == 0 || plan.n == 0 || plan.batch.size == 0) return;
  const std::array<const View*, 3> views{&call.output, &call.inputs[0], &call.inputs[1]};
  Pointers<3> data = pointers_of<3>(views);
  for (std::size_t i = 0; i < 3; ++i) {
    if (!plan.side[i].copied) continue;
    data[i] = call.workspace + plan.side[i].offset;
    if (i != DotPlan::kOut) copy_operand<T>(plan.side[i], *views[i], false, call);
  }
  if (plan.gathered)
    plan.list_runs(call.inputs[0],
                   reinterpret_cast<std::int64_t*>(call.workspace + plan.side[DotPlan::kA].offset));
  const Product<T> first = product_of<T>(call, plan, data);
  const Tiling<T> tiling(first, plan.batch.size, call.workers->size());
  T* packed = reinterpret_cast<T*>(call.workspace + plan.workspace_bytes);
  if (plan.batch.size == 1) {
    const bool back = tiling.way == Tiling<T>::Way::row && call.iteration % 2 == 1;
    Multiplication<T>(tiling, first, back).run(packed, *call.workers);
  } else {
    const std::int64_t per_item = tiling.chunks.count * tiling.count();
    const double work = static_cast<double>(plan.m) * static_cast<double>(plan.n) *
                        static_cast<double>(std::max<std::int64_t>(plan.k, 1)) /
                        static_cast<double>(per_item);
    const auto grain = static_cast<std::int64_t>(std::max(1.0, 1e6 / work));
    call.workers->for_each_range(
        plan.batch.size * per_item, grain, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) {
            walk(plan.batch, data, i / per_item, i / per_item + 1, [&](const Pointers<3>& p, std::int64_t) {
              const Product<T> one = product_of<T>(call, plan, p);
              const std::int64_t rest = i % per_item;
              Multiplication<T>(tiling, one)
                  .tile(rest / tiling.count(), rest % tiling.count(), 0, tiling.blocks.count, nullptr);
            });
          }
        });
  }
  if (plan.side[DotPlan::kOut].copied) copy_operand<T>(plan.side[DotPlan::kOut], call.output, true, call);
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  const DotPlan plan(call, !kUseBlas);
  if (plan.m == 0 || plan.n == 0 || plan.batch.size == 0) return plan.workspace_bytes;
  const Tiling<T> tiling(product_of<T>(call, plan, {}), plan.batch.size, 1);
  return plan.workspace_bytes + tiling.packed_size() * static_cast<std::int64_t>(sizeof(T));
}

// Whether a single row is multiplied by a matrix of dense rows that fills a cache: packed it is read faster.
template <class T>
bool is_large_for_a_row(const DotPlan& plan, int factor) {
  const auto& [out, a, b] = plan.side;
  const bool right = factor == DotPlan::kB;
  if ((right ? plan.m : plan.n) != 1 || (right ? plan.n : plan.m) < 2) return false;
  if ((right ? b.column : a.row) != 1 || (right ? out.column : out.row) != 1) return false;
  return plan.m * plan.n * plan.k * static_cast<std::int64_t>(sizeof(T)) >= 1 << 20;
}

// So many calls must follow before packing a factor pays: once where each call would have to do it for
// itself; a single row gains only what reading in one stretch gains.
constexpr std::int64_t kPackedCalls = 4, kPackedRowCalls = 64;

// A factor is worth packing where the product would have to do so again in each call: not for OpenBLAS, for a
// single row only where it is large. One factor for a whole batch, and where it lies as a matrix.
template <class T>
std::int64_t packed_bytes(const KernelCall& call, std::int64_t calls) {
  const DotPlan plan(call, !kUseBlas);
  const int factor = packed_factor(call);
  if (kUseBlas || plan.k < 1 || plan.batch.size != 1 || plan.side[factor].copied ||
      (factor == DotPlan::kA && plan.gathered))
    return 0;
  const bool single = plan.m < 2 || plan.n < 2;
  if (calls < (single ? kPackedRowCalls : kPackedCalls)) return 0;
  if (single && !is_large_for_a_row<T>(plan, factor)) return 0;
  const std::int64_t columns = factor == DotPlan::kA ? plan.m : plan.n;
  return Gemm<T>::packed_right(columns, plan.k) * static_cast<std::int64_t>(sizeof(T));
}

template <class T>
void pack(const KernelCall& call) {
  using G = Gemm<T>;
  KernelCall product = call;
  product.inputs = call.inputs.first(2);
  product.output = call.inputs[2];
  const DotPlan plan(product, !kUseBlas);
  const int factor = packed_factor(call);
  const DotPlan::Side& side = plan.side[factor];
  Matrix<const T> b{call.inputs[factor == DotPlan::kA ? 0 : 1].template as<const T>(), side.row, side.column};
  if (factor == DotPlan::kA) b = b.transposed();
  const std::int64_t columns = factor == DotPlan::kA ? plan.m : plan.n;
  const Pieces blocks = G::blocks(plan.k), panels(columns, G::kColumns), groups(panels.count, 8);
  T* to = call.output.template as<T>();
  call.workers->for_each_range(blocks.count * groups.count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t block = i / groups.count, group = i % groups.count, k = blocks.begin(block);
      G::pack_right(groups.begin(group) * G::kColumns,
                    std::min(columns, groups.begin(group + 1) * G::kColumns), blocks.size_of(block),
                    b.block(k, 0), to + G::packed_right(columns, k));
    }
  });
}

template <class T>
constexpr Kernel kKernel{&dot<T>, &workspace_bytes<T>, &packed_bytes<T>, &pack<T>};

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
