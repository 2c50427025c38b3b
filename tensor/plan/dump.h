#pragma once

#include <string>

#include "tensor/plan/program.h"

namespace weft::planning {

/// One line a call, those of a loop indented below its own:
///   loop T = 35, backward
///     %7 dot [32, 512, 256] <- arena 4096 moving, input 0 -> arena 8192
std::string dump(const Program& program);

}  // namespace weft::planning
