#include "kernels/cpu/buffered.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/random_words.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = normally distributed numbers; numbers: {mean, standard deviation}. See kernels/random.h for the
// draws.
template <class T>
void random_normal(const KernelCall& call) {
  const auto mean = static_cast<T>(call.params->numbers[0]),
             deviation = static_cast<T>(call.params->numbers[1]);
  const Space<1> space = space_of<1>({&call.output});
  const auto numbers = [=](const std::uint32_t* words, T* to, std::int64_t n) {
    const T centre = mean, by = deviation;  // local copies, which can't be what is written to
    for (std::int64_t i = 0; i < n / 2; ++i) {
      T first, second;
      philox::normal(words[2 * i], words[2 * i + 1], first, second);
      to[2 * i] = centre + by * first;
      to[2 * i + 1] = centre + by * second;
    }
  };
  RandomWords(call, call.params->stream)
      .for_each_stretch<T>(space, {call.output.data}, *call.workers, numbers,
                           [&](const Pointers<1>& p, const T* from, std::int64_t n) {
                             store_strided(p[0], space.inner_strides()[0], from, n);
                           });
}

template <class T>
constexpr Kernel kKernel{&random_normal<T>, nullptr};

}  // namespace

const Kernel* table::random_normal(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
