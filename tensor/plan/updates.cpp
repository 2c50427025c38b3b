#include "tensor/plan/updates.h"

namespace weft::planning {

std::vector<int> written_inputs(OpId id) {
  const int in_place = op(id).in_place;
  if (in_place < 0) return {};
  if (id == OpId::adam) return {in_place, 1, 2};  // and both moments
  return {in_place};
}

}  // namespace weft::planning
