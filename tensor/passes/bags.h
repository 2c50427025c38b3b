#pragma once

#include "tensor/passes/subexpressions.h"

namespace weft {

/// Bags of embeddings, forward and back, without a row for each position in memory:
///
///   sum[T](where(mask, gather(table, idx), 0))          ->  gather_sum[T](table, idx')
///   sgd_rows(table, idx, where(mask, dy, 0), ..)        ->  sgd_rows(table, idx', dy, ..)
///   scatter_add(idx, where(mask, dy, 0))                ->  scatter_add(idx', dy)
///
/// with idx' = where(mask, idx, -1), no row of any table; all of them also without a mask, and the first then
/// also for `mean`. The first where nothing else reads what is gathered, the others where dy lacks an axis of
/// idx, along which it was repeated. Axes renamed on the way don't matter. Values are those of the graph as
/// it was, up to the order in which rows are summed where there are several axes of them, fewer than four
/// elements, or very long bags. To be done after all gradients. Loops' bodies are left as they are.
SharedGraph join_bags(SharedGraph graph);

}  // namespace weft
