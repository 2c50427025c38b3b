#include "tensor/ops/common.h"

namespace weft {

/// logical_not: not a, for booleans.
/// Shapes:   those of a.  Errors: element.
/// Gradient: none
const OpRule logical_not_op{.arity = 1, .formula = "not a", .infer = infer_logical<OpId::logical_not>};

}  // namespace weft
