#include "tensor/ops/common.h"

namespace weft {

/// logical_or: a or b, for booleans.
/// Shapes:   the union of the axes, by name.  Errors: element, extents.
/// Gradient: none
const OpRule logical_or_op{.arity = 2, .formula = "a or b", .infer = infer_logical<OpId::logical_or>};

}  // namespace weft
