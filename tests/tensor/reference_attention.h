#pragma once

#include "tests/tensor/ops_reference.h"

namespace weft::reference {

/// softmax over `key` of scale q . k over `inner`, -infinity where a mask is 0, times v: y over `axes`.
Array attention(const std::vector<Size>& axes, const std::vector<Array>& operands, AxisId inner, AxisId key,
                double scale);

/// Its gradients to q, k and v for the cotangent dy, the last of the operands.
std::vector<Array> attention_gradients(const std::vector<Array>& operands, AxisId inner, AxisId key,
                                       double scale);

}  // namespace weft::reference
