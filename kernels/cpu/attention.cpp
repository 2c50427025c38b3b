#include "kernels/cpu/attention.h"

#include "kernels/cpu/attention_dropout.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// inputs: masks (two at most), q, k, v; numbers: {scale, and what dropout takes}. See
// tensor/ops/attention.cpp for the formula.
template <class T>
struct Forward {
  using A = Attention<T>;

  explicit Forward(const KernelCall& call)
      : masks(static_cast<int>(call.inputs.size()) - 3),
        views(views_of(call, masks)),
        attention(call, views, masks),
        dropout(call),
        blocks((attention.q + attention.rows - 1) / std::max<std::int64_t>(attention.rows, 1)),
        pieces(attention.batch.size * blocks, attention.block_size() * static_cast<std::int64_t>(sizeof(T))) {
  }

  static std::array<const View*, A::kOperands> views_of(const KernelCall& call, int masks) {
    const View* first = call.inputs.data() + masks;
    const View* none = first;  // a mask there isn't
    return {first,
            first + 1,
            first + 2,
            &call.output,
            masks > 0 ? &call.inputs[0] : none,
            masks > 1 ? &call.inputs[1] : none};
  }

  void block(const Pointers<A::kOperands>& at, std::int64_t element, std::int64_t first, T* scores) const {
    const std::int64_t count = std::min(attention.rows, attention.q - first);
    const Matrix<T> y = attention.target(A::kY, at[A::kY]).block(first, 0);
    T scale[128];
    typename AttentionDropout<T>::Rows factors(dropout, element, first, count);
    attention.weights(at, first, count, scores, [&](std::int64_t r, T one) {
      scale[r] = one;
      if (!dropout.any()) return;
      factors.row(first + r, [&](std::int64_t j, const T* by, std::int64_t n) {
        T* w = scores + r * attention.line + j;
        WEFT_INDEPENDENT
        for (std::int64_t i = 0; i < n; ++i) w[i] *= by[i];
      });
    });
    block_product<T>(count, attention.v, attention.s, Matrix<const T>{scores, attention.line, 1},
                     attention.source(A::kV, at[A::kV]), y);
    if (attention.s == 0) return;
    for (std::int64_t r = 0; r < count; ++r)
      for (std::int64_t j = 0; j < attention.v; ++j) *y.at(r, j) *= scale[r];
  }

  int masks;
  std::array<const View*, A::kOperands> views;
  A attention;
  AttentionDropout<T> dropout;
  std::int64_t blocks;
  AttentionPieces pieces;
};

template <class T>
void attention(const KernelCall& call) {
  const Forward<T> f(call);
  const auto data = pointers_of<Attention<T>::kOperands>(f.views);
  f.pieces.template for_each<T>(call, [&](std::int64_t i, T* scores) {
    const std::int64_t element = i / f.blocks;
    walk(f.attention.batch, data, element, element + 1, [&](const auto& at, std::int64_t) {
      f.block(at, element, i % f.blocks * f.attention.rows, scores);
    });
  });
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  return Forward<T>(call).pieces.bytes();
}

template <class T>
constexpr Kernel kKernel{&attention<T>, &workspace_bytes<T>};

}  // namespace

const Kernel* table::attention(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
