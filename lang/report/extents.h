#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lang/program.h"

namespace weft::report {

/// How long the axes of a report are, and how that is known.
struct Extents {
  struct Known {
    std::string name;
    std::int64_t value = 0;
    std::string why;
    bool assumed = false;
  };
  Bindings bindings;
  std::vector<Known> known;

  void bind(SymbolId symbol, std::string name, std::int64_t value, std::string why, bool assumed = false);
};

/// The batches' axes, as long as they were asked for.
void bind_batches(const Program&, Extents&);
/// The label sets of all data: of each corpus whose file is there it is opened and counted; for others sizes
/// are assumed, 10000 words of a vocabulary and 10 classes.
void bind_labels(const Program&, Extents&);
/// What is open still in a graph: assumed to be 100 long.
void bind_rest(const Graph&, Extents&);

}  // namespace weft::report
