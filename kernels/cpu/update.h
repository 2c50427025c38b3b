#pragma once

#include <cmath>
#include <limits>
#include <utility>

#include "kernels/cpu/space.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// An optimizer's constants.
using Numbers = decltype(KernelParams::numbers);

/// What fades below the normal numbers becomes 0: subnormal ones would stay for ever and are slow.
template <class T>
inline T faded(T x) {
  return __builtin_fabs(x) < std::numeric_limits<T>::min() ? T(0) : x;
}

/// a b + c, rounded once where the processor has an instruction for it. In a b + c d the compiler chooses
/// which product is rounded, and not in every loop the same one: an element's bits would depend on where it
/// stands.
template <class T>
inline T multiply_add(T a, T b, T c) {
#ifdef __FP_FAST_FMAF
  return std::fma(a, b, c);
#else
  return a * b + c;
#endif
}

/// Elements of N operands that an optimizer changes together.
template <class T, std::size_t N>
class Updated {
 public:
  explicit Updated(const Space<N>& space) : space_(space) {
    for (const std::int64_t s : space_.inner_strides()) dense_ &= s == static_cast<std::int64_t>(sizeof(T));
  }

  std::int64_t size() const { return space_.size; }

  /// update.apply(parameter, state.., gradient) for elements [begin, end), the operands' first at `data`.
  template <class Update>
  void by(const Update& update, const Pointers<N>& data, std::int64_t begin, std::int64_t end) const {
    const auto& strides = space_.inner_strides();
    const auto side_by_side = [](const Update u, std::int64_t n, auto*... p) {
      WEFT_INDEPENDENT
      for (std::int64_t i = 0; i < n; ++i) u.apply(p[i]...);
    };
    const auto apart = [&](const Pointers<N>& at, std::int64_t i, auto... k) {
      update.apply(*reinterpret_cast<T*>(at[k] + i * strides[k])...);
    };
    walk(space_, data, begin, end, [&](const Pointers<N>& at, std::int64_t n) {
      [&]<std::size_t... K>(std::index_sequence<K...>) {
        if (dense_) {
          side_by_side(update, n, reinterpret_cast<T*>(at[K])...);
        } else {
          for (std::int64_t i = 0; i < n; ++i) apart(at, i, K...);
        }
      }
      (std::make_index_sequence<N>());
    });
  }

  /// For all elements.
  template <class Update>
  void by(const Update& update, const Pointers<N>& data) const {
    by(update, data, 0, space_.size);
  }

 private:
  Space<N> space_;
  bool dense_ = true;
};

/// What an optimizer's operands begin with: the output, which is the parameter, then inputs 1 to N - 1.
template <std::size_t N>
std::array<const View*, N> first_operands(const KernelCall& call) {
  std::array<const View*, N> views{&call.output};
  for (std::size_t k = 1; k < N; ++k) views[k] = &call.inputs[k];
  return views;
}

/// The kernel of an optimizer: inputs param, its states (written in place), grad, rate, scale and, where it
/// counts them, the step, all scalars; params.numbers as Update::step takes them. Nothing changes where rate
/// or scale is not finite.
template <class Update>
void update_whole(const KernelCall& call) {
  using T = typename Update::T;
  constexpr std::size_t kGradient = Update::kStates + 1, kOperands = kGradient + 1;
  const auto scalar = [&](std::size_t i) { return *call.inputs[kGradient + i].template as<T>(); };
  const T rate = scalar(1), scale = scalar(2);
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  const bool counts = call.inputs.size() > kGradient + 3;
  const auto update = Update::step(call.params->numbers, rate, scale, counts ? double{scalar(3)} : 0);
  const auto views = first_operands<kOperands>(call);
  Space<kOperands> space = space_of<kOperands>(views);
  order_by_first(space);
  const Updated<T, kOperands> elements(space);
  const Pointers<kOperands> data = pointers_of<kOperands>(views);
  call.workers->for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    elements.by(update, data, begin, end);
  });
}

template <class Update>
inline constexpr Kernel kUpdateWhole{&update_whole<Update>, nullptr};

}  // namespace weft::WEFT_ISA
