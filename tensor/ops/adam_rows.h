#pragma once

#include "tensor/ops/table_rows.h"

namespace weft {

/// Checks what adam_rows and adam_catch_up begin with, (w, m and v as w, last [V], rates [V]), Adam's
/// numbers, and `index` and `rows` as expect_table_rows does.
void expect_adam_rows(const Graph&, OpId, Inputs, const Attributes&, int index, int rows);

}  // namespace weft
