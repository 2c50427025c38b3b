#include "tensor/ops/common.h"

namespace weft {

/// not_equal: a != b, for reals, integers, or indices into one axis.
/// Shapes:   the union of the axes, by name, to booleans.  Errors: element, extents.
/// Gradient: none
const OpRule not_equal_op{.arity = 2, .formula = "a != b", .infer = infer_comparison<OpId::not_equal>};

}  // namespace weft
