#include "tensor/ops/common.h"

namespace weft {

/// logical_and: a and b, for booleans.
/// Shapes:   the union of the axes, by name.  Errors: element, extents.
/// Gradient: none
const OpRule logical_and_op{.arity = 2, .formula = "a and b", .infer = infer_logical<OpId::logical_and>};

}  // namespace weft
