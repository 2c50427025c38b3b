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

/// One step of an optimizer: update.apply(parameter, state.., gradient) for every element of N operands, the
/// output and inputs 1 to N - 1; all but the last are written in place.
template <class T, std::size_t N, class Update>
void update_each(const KernelCall& call, const Update& update) {
  std::array<const View*, N> views;
  views[0] = &call.output;
  for (std::size_t k = 1; k < N; ++k) views[k] = &call.inputs[k];
  Space<N> space = space_of<N>(views);
  order_by_first(space);
  const Updated<T, N> elements(space);
  const Pointers<N> data = pointers_of<N>(views);
  call.workers->for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    elements.by(update, data, begin, end);
  });
}

}  // namespace weft::WEFT_ISA
