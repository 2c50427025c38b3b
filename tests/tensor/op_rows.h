#pragma once

#include <cstdint>
#include <vector>

#include "tests/tensor/gradient_check.h"

namespace weft {

/// One example for each row of tensor/ops.def: all that the checks made for every op need to know of it.
struct OpRow {
  OpId op{};
  /// Adds the op to the sample, with extents that follow from n (0, 1, odd ones), and gives its node.
  NodeId (*build)(Sample&, std::int64_t n) = nullptr;
  enum class Check {
    gradient,  // against the reference and by finite differences
    values,    // against the reference: it has no gradient
    random,    // its own tests (ops_random.cpp): the reference draws no numbers
    elsewhere  // its own tests (scan*.cpp)
  } check = Check::values;
  /// Whether it means something over no positions.
  bool empty = true;
};

const std::vector<OpRow>& op_rows();

}  // namespace weft
