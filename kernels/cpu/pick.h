#pragma once

#include "kernels/isa.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// One of two, for reals; other dtypes have none.
inline const Kernel* pick_real(DType dtype, const Kernel& f32, const Kernel& f64) {
  return dtype == DType::f32 ? &f32 : dtype == DType::f64 ? &f64 : nullptr;
}

/// One of three, for numbers.
inline const Kernel* pick_number(DType dtype, const Kernel& f32, const Kernel& f64, const Kernel& i32) {
  return dtype == DType::i32 ? &i32 : pick_real(dtype, f32, f64);
}

/// By the elements' size, for kernels that move them without looking at them.
inline const Kernel* pick_size(DType dtype, const Kernel& one, const Kernel& four, const Kernel& eight) {
  const std::int64_t size = size_of(dtype);
  return size == 1 ? &one : size == 4 ? &four : &eight;
}

}  // namespace weft::WEFT_ISA
