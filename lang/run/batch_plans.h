#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lang/run/batch_source.h"

namespace weft {

/// Plans for one computation fed with batches, one for each combination of batch extents, the latest kept.
class BatchPlans {
 public:
  struct Entry {
    std::vector<std::int64_t> extents;
    Fed fed;  // the columns
    std::unique_ptr<Plan> plan;
    std::uint64_t used = 0;
  };

  /// The plan for these extents, or nullptr.
  Entry* find(const std::vector<std::int64_t>& extents);
  Entry& add(std::vector<std::int64_t> extents, Entry entry);

 private:
  static constexpr std::size_t kKept = 32;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::uint64_t clock_ = 0;
};

}  // namespace weft
