#pragma once

#include <cstdint>
#include <set>
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

/// What every row is tested by.
enum class OpPart {
  reference,  // its values against the formula
  gradient,   // by finite differences
  fault,      // operands it can't take, with the exact message (ops_errors.cpp)
  edges       // no positions, one, and numbers of them that fill no vector
};

/// A part that a row has no test for, and why.
struct OpLack {
  OpId op{};
  OpPart part{};
  const char* reason;
};

const std::vector<OpLack>& op_lacks();

/// The ops that ops_errors.cpp gives operands they can't take.
std::set<OpId> ops_with_faults();

}  // namespace weft
