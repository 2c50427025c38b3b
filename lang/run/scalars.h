#pragma once

#include <cstdint>

#include "tensor/tensor.h"

namespace weft {

/// Writes the one element of a scalar.
void set_scalar(Tensor& t, double value);

}  // namespace weft
