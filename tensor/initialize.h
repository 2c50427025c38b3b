#pragma once

#include <cstdint>

#include "kernels/kernel.h"
#include "tensor/tensor.h"

namespace weft {

/// How a parameter starts. With fan_in the extent of its first axis and fan_out that of its last:
///   zeros, ones, constant(a)
///   uniform     U(a, b)                       normal  N(a, b^2)
///   glorot      U(-l, l), l = sqrt(6 / (fan_in + fan_out))        Glorot and Bengio 2010, eq. 16
///   he          N(0, 2 / fan_in)                                  He et al. 2015, eq. 10
///   orthogonal  first x last axis orthogonal, each slice of the other axes on its own    Saxe et al. 2014
struct Initializer {
  enum class Kind : std::uint8_t { zeros, ones, constant, uniform, normal, glorot, he, orthogonal };
  Kind kind = Kind::zeros;
  double a = 0, b = 0;
};

/// Fills a real tensor. The numbers depend on (seed, stream) and the tensor's axes alone.
void initialize(Tensor& tensor, const Initializer& how, std::uint64_t seed, std::uint32_t stream,
                const Workers& workers);

}  // namespace weft
