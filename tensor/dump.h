#pragma once

#include <string>

#include "tensor/graph.h"

namespace weft {

/// The listing of a graph (see graph.h) from a node on: what a pass added at its end.
std::string dump_from(const Graph& graph, NodeId first);

}  // namespace weft
