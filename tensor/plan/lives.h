#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "tensor/plan/program.h"

namespace weft::planning {

/// First and last moment of use; calls and the two ends of each loop and group are the moments.
struct Life {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = -1;
  bool used() const { return last >= 0; }
  bool meets(const Life& other) const { return first <= other.last && other.first <= last; }
  void include(std::int64_t moment) {
    first = std::min(first, moment);
    last = std::max(last, moment);
  }
};

struct Lives {
  std::vector<Life> buffers;
  std::vector<std::int64_t> calls;  // the moment of each
};

/// A buffer used inside a loop and kept from turn to turn of it lives as long as the loop; outputs live to
/// the end. Cost: linear in the operands of all calls.
Lives find_lives(const Program& program, bool at_once = true);

}  // namespace weft::planning
