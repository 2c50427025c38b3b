#pragma once

#include <string>

#include "tensor/graph.h"

namespace weft::report {

/// A graph in the DOT language of Graphviz: a box a node with its operation and type, the body of a loop as
/// a cluster.
std::string dot(const std::string& title, const Graph& graph);

}  // namespace weft::report
