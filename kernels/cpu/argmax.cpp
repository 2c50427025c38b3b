#include <algorithm>

#include "kernels/cpu/fold.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = position of the first largest x over the reduced dims (counted through them, last fastest); NaN
// counts as largest. 0 where there is nothing to choose from.
template <class T>
void argmax(const KernelCall& call) {
  const int kept = call.params->groups[0];
  const View& x = call.inputs[0];
  const Space<2> results = space_of<2>({&x, &call.output}, 0, kept);
  const Space<1> choices = space_of<1>({&x}, kept, x.rank);
  const std::int64_t stride = choices.inner_strides()[0];
  const auto first_largest = [&](std::byte* from) {
    const bool dense = stride == static_cast<std::int64_t>(sizeof(T));
    T best = Max<T>::identity();
    std::int64_t at = 0, passed = 0;
    bool none = true;
    walk(choices, {from}, [&](const Pointers<1>& p, std::int64_t n) {
      const auto value = [&](std::int64_t i) { return *reinterpret_cast<const T*>(p[0] + i * stride); };
      // a stretch is searched for its largest first, which is fast, and only then for where that is
      T top = Max<T>::identity();
      if (dense) {
        top = fold<Max<T>>(reinterpret_cast<const T*>(p[0]), n);
      } else {
        for (std::int64_t i = 0; i < n; ++i) top = Max<T>::join(top, value(i));
      }
      if (none || (best == best && (top > best || top != top))) {
        std::int64_t i = 0;
        while (i < n && !(value(i) == top || (top != top && value(i) != value(i)))) ++i;
        best = top;
        at = passed + i;
        none = false;
      }
      passed += n;
    });
    return static_cast<std::int32_t>(at);
  };
  const std::int64_t grain = kGrain / std::max<std::int64_t>(choices.size, 1) + 1;
  call.workers->for_each_range(results.size, grain, [&](std::int64_t begin, std::int64_t end) {
    walk(results, {x.data, call.output.data}, begin, end, [&](const Pointers<2>& p, std::int64_t n) {
      const auto [from, to] = results.inner_strides();
      for (std::int64_t i = 0; i < n; ++i) {
        *reinterpret_cast<std::int32_t*>(p[1] + i * to) = first_largest(p[0] + i * from);
      }
    });
  });
}

template <class T>
constexpr Kernel kKernel{&argmax<T>, nullptr};

}  // namespace

const Kernel* table::argmax(DType dtype) {
  return pick_number(dtype, kKernel<float>, kKernel<double>, kKernel<std::int32_t>);
}

}  // namespace weft::WEFT_ISA
