#include "tensor/plan/updates.h"

namespace weft::planning {

std::vector<int> written_inputs(OpId id) {
  const Op& row = op(id);
  if (row.in_place < 0) return {};
  std::vector<int> written = {row.in_place};
  for (int i = 1; i <= row.state; ++i) written.push_back(row.in_place + i);
  return written;
}

}  // namespace weft::planning
