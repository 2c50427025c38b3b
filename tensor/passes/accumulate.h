#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// How the partial results of two batches become that of both, element by element.
enum class Join : std::uint8_t { add, max };

/// Metrics over a whole split, parted into what is computed for each batch and what is computed once at the
/// end.
///
///   for each batch:  run `batch`, join partials[i] into a total by joins[i] (the first is taken as it is)
///   at the end:      run `total` on the joined partials; its `outputs` are the metrics, in the order asked
///   for
struct SplitMetrics {
  explicit SplitMetrics(AxisTable& axes) : batch(axes), total(axes) {}

  Graph batch;
  std::vector<NodeId> partials;            // outputs of `batch`
  std::vector<Join> joins;                 // one for each
  std::vector<std::uint32_t> batch_slots;  // input i of `batch` is the original's input batch_slots[i]

  Graph total;                             // its first inputs are the joined partials, in their order;
  std::vector<std::uint32_t> total_slots;  // input partials.size() + i is the original's input total_slots[i]
  std::vector<NodeId> outputs;             // outputs of `total`
};

/// Parts `outputs` where a sum, mean, max or dot reduces the batch axis: exactly, also where the last batch
/// is smaller or batches hold different numbers of elements (a mean is its sum and its count). An axis is the
/// batch axis if it is `batch_axis` or its extent depends on that of it (merged, or renamed by a call). A
/// length that grows with the batch axis (`B`, `B * T`) is itself a sum over batches. varying_slots: the
/// inputs that change from batch to batch; the others (parameters) may be used on both sides. Throws
/// ShapeError where an output depends on a batch without being reduced over the batch axis, and where a value
/// joins one batch with a total of all, which is not known before the last batch.
SplitMetrics split_metrics(const Graph& graph, std::span<const NodeId> outputs, AxisId batch_axis,
                           std::span<const std::uint32_t> varying_slots);

}  // namespace weft
