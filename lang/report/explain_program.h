#pragma once

#include <string>

#include "lang/check/elaborator.h"
#include "lang/report/extents.h"

namespace weft::report {

/// What there is to say of a whole program: each model of the top level, each parameter outside of models,
/// each training, in the order of the source; then the extents that
/// came from outside.
std::string explain_program(const check::Elaborator&, const Program&, Extents, DType real);

}  // namespace weft::report
