#pragma once

#include "tensor/passes/subexpressions.h"

namespace weft {

/// Lets rows that adam_rows has let lie catch up before they are read: a lookup in such a table is preceded
/// by adam_catch_up of the rows it looks up, any other use by that of all rows. What reads the table before
/// the update sees it as of the step before, what reads the updated table as of this one. The graph as it is
/// where there is no adam_rows. Not for choice: without it a graph with adam_rows reads old values.
SharedGraph catch_up_rows(SharedGraph);

}  // namespace weft
