#include "kernels/cpu/attention.h"
#include "kernels/cpu/attention_dropout.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// inputs: masks (two at most), q, k, v, dy; outputs dq, dk, dv; numbers: {scale, and what dropout takes}. An
// element of the batch is one thread's, which adds up dk and dv over the blocks of rows. See
// tensor/ops/attention_grad.cpp for the formula.
template <class T>
struct Backward {
  using A = Attention<T>;

  explicit Backward(const KernelCall& call)
      : masks(static_cast<int>(call.inputs.size()) - 4),
        views(views_of(call, masks)),
        attention(call, views, masks),
        dropout(call),
        scale(static_cast<T>(call.params->numbers[0])),
        results(space_of<3>(result_views(call), 0, call.params->groups[0])),
        pieces(attention.batch.size, (attention.block_size() + (attention.rows + 1) * attention.line) *
                                         static_cast<std::int64_t>(sizeof(T))) {
    const auto& groups = call.params->groups;
    const int q_dim = groups[0], s_dim = q_dim + groups[1], k_dim = s_dim + 1, v_dim = k_dim + groups[3] - 1;
    const auto to = result_views(call);
    dq = {nullptr, groups[1] > 0 ? to[0]->strides[q_dim] : 0, to[0]->strides[k_dim]};
    dk = {nullptr, to[1]->strides[s_dim], to[1]->strides[k_dim]};
    dv = {nullptr, to[2]->strides[s_dim], to[2]->strides[v_dim]};
  }

  static std::array<const View*, A::kOperands> views_of(const KernelCall& call, int masks) {
    const View* first = call.inputs.data() + masks;
    return {first,
            first + 1,
            first + 2,
            first + 3,
            masks > 0 ? &call.inputs[0] : first,
            masks > 1 ? &call.inputs[1] : first};
  }
  static std::array<const View*, 3> result_views(const KernelCall& call) {
    return {&call.output, &call.more_outputs[0], &call.more_outputs[1]};
  }

  static Matrix<T> at_place(const Matrix<T>& m, std::byte* data) {
    return {reinterpret_cast<T*>(data), m.row, m.column};
  }

  void block(const Pointers<A::kOperands>& at, const Pointers<3>& to, std::int64_t element,
             std::int64_t first, T* room) const {
    const std::int64_t count = std::min(attention.rows, attention.q - first), line = attention.line,
                       s = attention.s;
    T *dp = room, *factors = room + attention.rows * line, *p = factors + line;
    const auto source = [&](typename A::Operand o) { return attention.source(o, at[o]); };
    const Matrix<const T> dy = source(A::kY).block(first, 0);
    block_product<T>(count, s, attention.v, dy, source(A::kV).transposed(), Matrix<T>{dp, line, 1});
    typename AttentionDropout<T>::Rows drawn(dropout, element, first, count);
    attention.weights(at, first, count, p, [&](std::int64_t r, T one) {
      T *weight = p + r * line, *d = dp + r * line;
      if (dropout.any()) {
        drawn.row(first + r, [&](std::int64_t j, const T* some, std::int64_t n) {
          std::copy(some, some + n, factors + j);
        });
        multiply(d, factors, s);
      }
      double sum = 0;
      alignas(64) T product[kFoldBlock];
      for (std::int64_t j = 0; j < s; j += kFoldBlock) {
        const std::int64_t m = std::min(kFoldBlock, s - j);
        T* w = weight + j;
        const T* g = d + j;
        WEFT_INDEPENDENT
        for (std::int64_t i = 0; i < m; ++i) {
          w[i] *= one;
          product[i] = w[i] * g[i];
        }
        sum += fold_block<Sum<T>>(product, m);
      }
      const T mean = static_cast<T>(sum), by = scale;
      WEFT_INDEPENDENT
      for (std::int64_t j = 0; j < s; ++j) d[j] = by * (weight[j] * (d[j] - mean));
      if (dropout.any()) multiply(weight, factors, s);  // those that the values were summed with
    });
    block_product<T>(count, attention.k, s, Matrix<const T>{dp, line, 1}, source(A::kK),
                     at_place(dq, to[0]).block(first, 0));
    const bool add = first > 0;
    block_product<T>(s, attention.k, count, {dp, 1, line}, source(A::kQ).block(first, 0), at_place(dk, to[1]),
                     add);
    block_product<T>(s, attention.v, count, {p, 1, line}, dy, at_place(dv, to[2]), add);
  }

  static void multiply(T* x, const T* by, std::int64_t n) {
    WEFT_INDEPENDENT
    for (std::int64_t i = 0; i < n; ++i) x[i] *= by[i];
  }

  void element(const Pointers<A::kOperands>& at, const Pointers<3>& to, std::int64_t number, T* room) const {
    for (std::int64_t first = 0; first < attention.q; first += attention.rows)
      block(at, to, number, first, room);
    if (attention.q > 0) return;
    for (std::int64_t j = 0; j < attention.s; ++j) {
      for (std::int64_t c = 0; c < attention.k; ++c) *at_place(dk, to[1]).at(j, c) = 0;
      for (std::int64_t c = 0; c < attention.v; ++c) *at_place(dv, to[2]).at(j, c) = 0;
    }
  }

  int masks;
  std::array<const View*, A::kOperands> views;
  A attention;
  AttentionDropout<T> dropout;
  T scale;
  Space<3> results;
  Matrix<T> dq, dk, dv;  // their strides
  AttentionPieces pieces;
};

template <class T>
void attention_grad(const KernelCall& call) {
  const Backward<T> b(call);
  const auto data = pointers_of<Attention<T>::kOperands>(b.views);
  const auto to = pointers_of<3>(Backward<T>::result_views(call));
  b.pieces.template for_each<T>(call, [&](std::int64_t i, T* room) {
    walk(b.attention.batch, data, i, i + 1, [&](const auto& at, std::int64_t) {
      walk(b.results, to, i, i + 1,
           [&](const auto& result, std::int64_t) { b.element(at, result, i, room); });
    });
  });
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  return Backward<T>(call).pieces.bytes();
}

template <class T>
constexpr Kernel kKernel{&attention_grad<T>, &workspace_bytes<T>};

}  // namespace

const Kernel* table::attention_grad(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
