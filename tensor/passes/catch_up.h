#pragma once

#include <optional>

#include "tensor/passes/subexpressions.h"

namespace weft {

/// The op by which the rows that an optimizer's op lets lie catch up, nullopt where it lets none lie. Its
/// operands are those that the optimizer's op writes over and perhaps the indices of the rows.
std::optional<OpId> catch_up_of(OpId);

/// Lets rows that adam_rows and its like (tensor/ops/lazy_rows.h) have let lie catch up before they are read:
/// a lookup in such a table is preceded by adam_catch_up of the rows it looks up, any other use by that of
/// all rows. What reads the table before the update sees it as of the step before, what reads the updated
/// table as of this one. The graph as it is where there is no such op. Not for choice: without it a graph
/// that has one reads old values.
SharedGraph catch_up_rows(SharedGraph);

}  // namespace weft
