#pragma once

#include <optional>

#include "tensor/ops/common.h"

namespace weft {

/// The axes of an attention by their part in it.
struct AttentionAxes {
  std::vector<Dim> batch;  // in queries, keys and values
  std::vector<Dim> query;  // one at most
  Dim key;                 // what a query looks at
  Dim inner;               // summed in the scores
  Dim value;               // of the values; may be the same as `inner`
};

/// Whether softmax over `key` of query . keys over `inner` can be one attention: the parts, or what stands
/// against it as an empty optional. Masks are not looked at.
std::optional<AttentionAxes> attention_axes(const TensorType& q, const TensorType& k, const TensorType& v,
                                            AxisId inner, AxisId key);

/// What attention and its gradient share: `trailing` inputs follow queries, keys and values.
AttentionAxes expect_attention(const Graph&, OpId, Inputs, const Attributes&, std::size_t trailing);
/// {batch, query, key, inner and, where it is another axis, value}
IterationSpace attention_space(const AttentionAxes&);

}  // namespace weft
