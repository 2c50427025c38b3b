#pragma once

#include "tests/tensor/ops_reference.h"

namespace weft::reference {

/// What an optimizer's step or an assignment makes of its first operand, into y.
void update(const Node& node, const std::vector<Array>& operands, Array& y);

}  // namespace weft::reference
