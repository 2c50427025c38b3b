#pragma once

#include "tensor/ops/common.h"

/// What the updates of a table's rows share. The table is operand 0, its axis attributes.axes[0].
namespace weft {

/// Throws ShapeError unless operands 1 to `states` are as the table, `index` looks up the table's axis and
/// `rows` has the elements of a row for each index; -1: there is no such operand.
void expect_table_rows(const Graph&, OpId, Inputs, const Attributes&, int states, int index, int rows);

/// {rows, elements of a row, the table's axis}; the rows are those of operand `index`, none where it is -1.
IterationSpace table_rows_space(const Graph&, NodeId, int index);

}  // namespace weft
