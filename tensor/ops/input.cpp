#include "tensor/ops/common.h"

namespace weft {

/// input: a value from outside, slot attributes.index: parameters, state, batch columns.
/// Shapes: -> attributes.type.  Errors: duplicate_axis.
const OpRule input_op{.arity = 0, .formula = "a value from outside", .infer = infer_given<OpId::input>};

}  // namespace weft
