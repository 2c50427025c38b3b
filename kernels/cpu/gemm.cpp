#include "kernels/cpu/gemm.h"

namespace weft::WEFT_ISA {

template struct Gemm<float>;
template struct Gemm<double>;

}  // namespace weft::WEFT_ISA
