#include "kernels/cpu/cast.h"
#include "kernels/cpu/buffered.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

template <class To, class From>
void cast_to(const KernelCall& call) {
  const std::array<const View*, 2> views{&call.output, &call.inputs[0]};
  Space<2> space = space_of<2>(views);
  order_by_first(space);
  call.workers->for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    walk(space, pointers_of<2>(views), begin, end, [&](const Pointers<2>& p, std::int64_t n) {
      Buffered<To, From>::apply(p, space.inner_strides(), n, [](To* to, const From* from, std::int64_t m) {
        WEFT_INDEPENDENT
        for (std::int64_t i = 0; i < m; ++i) to[i] = converted<To>(from[i]);
      });
    });
  });
}

template <class From>
void cast(const KernelCall& call) {
  switch (call.output.dtype) {
    case DType::f32:
      return cast_to<float, From>(call);
    case DType::f64:
      return cast_to<double, From>(call);
    case DType::i32:
      return cast_to<std::int32_t, From>(call);
    case DType::boolean:
      return cast_to<bool, From>(call);
  }
}

template <class T>
constexpr Kernel kKernel{&cast<T>, nullptr};

}  // namespace

const Kernel* table::cast(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return &kKernel<float>;
    case DType::f64:
      return &kKernel<double>;
    case DType::i32:
      return &kKernel<std::int32_t>;
    case DType::boolean:
      return &kKernel<bool>;
  }
  return nullptr;
}

}  // namespace weft::WEFT_ISA
