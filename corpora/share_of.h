#pragma once

#include "corpora/dataset.h"

namespace weft::corpora {

/// The records of a split that one of several who share a training draws: every `world`-th.
struct ShareOf {
  std::int64_t count = 0;
  std::int64_t rank = 0, world = 1;
  std::int64_t record(std::int64_t i) const { return i * world + rank; }
};

/// Of a split of n records; all of them for validation.
inline ShareOf share_of(const ReaderRequest& request, Split split, std::int64_t n) {
  if (split == Split::valid) return {n, 0, 1};
  return {(n - request.rank + request.world - 1) / request.world, request.rank, request.world};
}

}  // namespace weft::corpora
