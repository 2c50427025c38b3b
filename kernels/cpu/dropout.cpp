#include "kernels/cpu/buffered.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/random_words.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = x / (1 - p) with probability 1 - p, else 0 x (which is 0, and NaN where x is not finite); numbers:
// {p}. See kernels/random.h for the draws. Source: Srivastava et al. 2014, in the form that leaves the
// expectation as it is.
template <class T>
void dropout(const KernelCall& call) {
  const double p = call.params->numbers[0];
  const bool none = p >= 1;  // nothing is kept
  const T scale = none ? T(0) : static_cast<T>(1.0 / (1.0 - p));
  const auto threshold = static_cast<std::uint32_t>(none || p <= 0 ? 0 : p * 4294967296.0);
  const std::array<const View*, 2> views{&call.output, &call.inputs[0]};
  const Space<2> space = space_of<2>(views);
  const auto factors = [scale, threshold](const std::uint32_t* words, T* factor, std::int64_t n) {
    const T kept =
        scale;  // a local copy: what is captured might be the memory written to, for all the compiler knows
    const std::uint32_t least = threshold;
    for (std::int64_t i = 0; i < n; ++i) factor[i] = words[i] >= least ? kept : T(0);
  };
  RandomWords(call).for_each_stretch<T>(
      space, pointers_of<2>(views), *call.workers, factors,
      [&](const Pointers<2>& at, const T* factor, std::int64_t n) {
        Buffered<T, T>::apply(at, space.inner_strides(), n, [&factor](T* out, const T* x, std::int64_t m) {
          const T* by = factor;
          // + 0: never -0
          WEFT_INDEPENDENT
          for (std::int64_t i = 0; i < m; ++i) out[i] = x[i] * by[i] + T(0);
          factor += m;
        });
      });
}

template <class T>
constexpr Kernel kKernel{&dropout<T>, nullptr};

}  // namespace

const Kernel* table::dropout(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
