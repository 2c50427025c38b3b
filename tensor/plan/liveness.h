#pragma once

#include <map>
#include <span>
#include <vector>

#include "tensor/graph.h"

namespace weft::planning {

struct ScanLiveness;

/// Which nodes of a graph some root needs; for scans, which of their results and inputs.
struct Liveness {
  std::vector<bool> nodes;               // by id
  std::map<NodeId, ScanLiveness> scans;  // the live ones
};

struct ScanLiveness {
  std::vector<bool> results;  // some `item` is read, by index
  std::vector<bool> carried;  // read by an item or by the body
  Liveness body;
};

Liveness find_live(const Graph& graph, std::span<const NodeId> roots);

}  // namespace weft::planning
