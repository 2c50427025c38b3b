#pragma once

#include <concepts>

#include "kernels/cpu/buffered.h"
#include "kernels/cpu/stored.h"
#include "kernels/functors.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// out_i = f(in_i...) for i < n
template <class F, class... In, class Out>
inline void each(Out* out, std::int64_t n, const stored_t<In>*... in) {
  WEFT_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) out[i] = F{}(value_of<In>(in[i])...);
}

/// `where` along a stretch whose condition stays the same, as a mask of rows does: all of one operand. False
/// where it isn't so.
template <class T>
inline bool choose_stretch(const Pointers<4>& p, const std::array<std::int64_t, 4>& strides, std::int64_t n) {
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
  if (strides[1] != 0 || strides[0] != kSize) return false;
  const std::size_t from = *reinterpret_cast<const unsigned char*>(p[1]) != 0 ? 2 : 3;
  if (strides[from] == kSize) {
    std::memmove(p[0], p[from], static_cast<std::size_t>(n * kSize));
  } else {
    load_strided(reinterpret_cast<T*>(p[0]), p[from], strides[from], n);
  }
  return true;
}

/// out = f(in...) over the whole space, operands of any strides. The output may be the memory of an input
/// with the same strides; otherwise they don't overlap.
template <class F, class Out, class... In>
void elementwise(const KernelCall& call) {
  constexpr std::size_t kOperands = 1 + sizeof...(In);
  std::array<const View*, kOperands> views;
  views[0] = &call.output;
  for (std::size_t i = 1; i < kOperands; ++i) views[i] = &call.inputs[i - 1];
  Space<kOperands> space = space_of<kOperands>(views);
  order_by_first(space);
  const Pointers<kOperands> data = pointers_of<kOperands>(views);
  call.workers->for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    walk(space, data, begin, end, [&](const Pointers<kOperands>& p, std::int64_t n) {
      if constexpr (std::same_as<F, functor::where>) {
        if (choose_stretch<Out>(p, space.inner_strides(), n)) return;
      }
      Buffered<Out, In...>::apply(p, space.inner_strides(), n, [](Out* out, const In*... in, std::int64_t m) {
        each<F, In...>(out, m, reinterpret_cast<const stored_t<In>*>(in)...);
      });
    });
  });
}

/// The kernel of functor F for an operand type, or nullptr where F does not take it.
template <class F, class T>
const Kernel* elementwise_kernel() {
  if constexpr (std::invocable<F, T>) {
    static constexpr Kernel kernel{&elementwise<F, std::invoke_result_t<F, T>, T>, nullptr};
    return &kernel;
  } else if constexpr (std::invocable<F, T, T>) {
    static constexpr Kernel kernel{&elementwise<F, std::invoke_result_t<F, T, T>, T, T>, nullptr};
    return &kernel;
  } else if constexpr (std::invocable<F, bool, T, T>) {
    // Conditions are read as bytes: loops over bool stay scalar.
    static constexpr Kernel kernel{&elementwise<F, T, unsigned char, T, T>, nullptr};
    return &kernel;
  } else {
    return nullptr;
  }
}

template <class F>
const Kernel* elementwise_kernel(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return elementwise_kernel<F, float>();
    case DType::f64:
      return elementwise_kernel<F, double>();
    case DType::i32:
      return elementwise_kernel<F, std::int32_t>();
    case DType::boolean:
      return elementwise_kernel<F, bool>();
  }
  return nullptr;
}

}  // namespace weft::WEFT_ISA
