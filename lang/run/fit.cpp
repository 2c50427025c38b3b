#include "lang/run/fit.h"

#include <limits>
#include <stdexcept>

#include "tensor/memory.h"
#include "tensor/plan/cost.h"

namespace weft {

std::string batch_advice(const Computation& step, const std::vector<Dim>& axes,
                         const std::vector<std::int64_t>& extents, Bindings bindings, DType real,
                         std::int64_t free) {
  if (axes.empty() || !axes[0].extent.symbol()) return {};
  const SymbolId rows = *axes[0].extent.symbol();
  PlanOptions options;
  options.real = real;
  const auto needed = [&](std::int64_t batch) {
    bindings.release(rows);
    bindings.bind(rows, batch);
    try {
      return plan_cost(*step.graph, step.outputs, step.effects, bindings, options).arena_bytes;
    } catch (const OutOfMemory&) {
      return std::numeric_limits<std::int64_t>::max();
    }
  };
  const AxisTable& table = step.graph->axes();
  const std::string name = table.name(axes[0].axis);
  const auto batch = [&](std::int64_t n) { return name + " = " + std::to_string(n); };
  std::int64_t all = 0;
  try {
    all = needed(extents[0]);
  } catch (const std::invalid_argument&) {  // an extent that something else than the batch binds
    return {};
  }
  std::string text = "the step needs ";
  text += all == std::numeric_limits<std::int64_t>::max() ? "more memory than can be addressed"
                                                          : memory_size(all) + " of memory";
  text += " for " + batch(extents[0]) + "; " + memory_size(free) + " are free";
  // Memory grows with the batch: the largest that fits lies between one that does and one that doesn't.
  std::int64_t fits = 0, too_large = extents[0];
  while (too_large - fits > 1) {
    const std::int64_t middle = fits + (too_large - fits) / 2;
    (needed(middle) <= free ? fits : too_large) = middle;
  }
  text += fits > 0 ? "; " + batch(fits) + " would fit" : "; not even " + batch(1) + " fits";
  return text;
}

}  // namespace weft
