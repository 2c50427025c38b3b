#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lang/program.h"
#include "tensor/plan.h"

namespace weft {

/// What to tell where memory for a batch can't be had: what it needs, what is free, and how large a batch
/// would fit: "the step needs 48.20 GiB for B = 512; 21.00 GiB are free; B = 200 would fit". `axes` are the
/// batch's, the first that of its rows, bound to `extents`; empty where no plan for them can be made at all.
std::string batch_advice(const Computation& step, const std::vector<Dim>& axes,
                         const std::vector<std::int64_t>& extents, Bindings bindings, DType real,
                         std::int64_t free);

}  // namespace weft
