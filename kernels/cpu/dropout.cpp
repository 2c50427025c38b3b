#include "kernels/cpu/buffered.h"
#include "kernels/cpu/dropout_factors.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = x / (1 - p) with probability 1 - p, else 0 x (which is 0, and NaN where x is not finite); numbers:
// {p}. Source: Srivastava et al. 2014, in the form that leaves the expectation as it is.
template <class T>
void dropout(const KernelCall& call) {
  using Factors = DropoutFactors<T>;
  const Factors factors(call, call.params->stream, call.params->numbers[0]);
  const std::array<const View*, 2> views{&call.output, &call.inputs[0]};
  const Space<2> space = space_of<2>(views);
  call.workers->for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    alignas(64) T factor[Factors::kMost];
    for (std::int64_t first = begin; first < end; first += Factors::kMost) {
      const std::int64_t n = std::min(end - first, Factors::kMost);
      factors.fill(first, n, factor);
      const T* by = factor;
      walk(space, pointers_of<2>(views), first, first + n, [&](const Pointers<2>& at, std::int64_t m) {
        Buffered<T, T>::apply(at, space.inner_strides(), m, [&by](T* out, const T* x, std::int64_t count) {
          const T* mine = by;
          // + 0: never -0
          WEFT_INDEPENDENT
          for (std::int64_t i = 0; i < count; ++i) out[i] = x[i] * mine[i] + T(0);
          by += count;
        });
      });
    }
  });
}

template <class T>
constexpr Kernel kKernel{&dropout<T>, nullptr};

}  // namespace

const Kernel* table::dropout(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
