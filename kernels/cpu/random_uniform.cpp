#include "kernels/cpu/buffered.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/random_words.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = numbers from [low, high), all alike likely; numbers: {low, high}. See kernels/random.h for the draws.
template <class T>
void random_uniform(const KernelCall& call) {
  const auto low = static_cast<T>(call.params->numbers[0]);
  const auto range = static_cast<T>(call.params->numbers[1] - call.params->numbers[0]);
  const Space<1> space = space_of<1>({&call.output});
  const auto numbers = [=](const std::uint32_t* words, T* to, std::int64_t n) {
    const T from = low, by = range;  // local copies, which can't be what is written to
    for (std::int64_t i = 0; i < n; ++i) to[i] = from + by * philox::uniform(words[i], T());
  };
  RandomWords(call, call.params->stream)
      .for_each_stretch<T>(space, {call.output.data}, *call.workers, numbers,
                           [&](const Pointers<1>& p, const T* from, std::int64_t n) {
                             store_strided(p[0], space.inner_strides()[0], from, n);
                           });
}

template <class T>
constexpr Kernel kKernel{&random_uniform<T>, nullptr};

}  // namespace

const Kernel* table::random_uniform(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
