#pragma once

#include <limits>
#include <utility>

#include "kernels/cpu/space.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// What fades below the normal numbers becomes 0: subnormal ones would stay for ever and are slow.
template <class T>
inline T faded(T x) {
  return __builtin_fabs(x) < std::numeric_limits<T>::min() ? T(0) : x;
}

/// One step of an optimizer: update.apply(parameter, state.., gradient) for every element of N operands, the
/// output and inputs 1 to N - 1; all but the last are written in place.
template <class T, std::size_t N, class Update>
void update_each(const KernelCall& call, const Update& update) {
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
  std::array<const View*, N> views;
  views[0] = &call.output;
  for (std::size_t k = 1; k < N; ++k) views[k] = &call.inputs[k];
  Space<N> space = space_of<N>(views);
  order_by_first(space);
  const auto strides = space.inner_strides();
  bool dense = true;
  for (const std::int64_t s : strides) dense &= s == kSize;
  const auto side_by_side = [](const Update u, std::int64_t n, auto*... p) {
    WEFT_INDEPENDENT
    for (std::int64_t i = 0; i < n; ++i) u.apply(p[i]...);
  };
  const auto apart = [&](const Pointers<N>& at, std::int64_t i, auto... k) {
    update.apply(*reinterpret_cast<T*>(at[k] + i * strides[k])...);
  };
  call.workers->for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    walk(space, pointers_of<N>(views), begin, end, [&](const Pointers<N>& at, std::int64_t n) {
      [&]<std::size_t... K>(std::index_sequence<K...>) {
        if (dense) {
          side_by_side(update, n, reinterpret_cast<T*>(at[K])...);
        } else {
          for (std::int64_t i = 0; i < n; ++i) apart(at, i, K...);
        }
      }
      (std::make_index_sequence<N>());
    });
  });
}

}  // namespace weft::WEFT_ISA
