#pragma once

#include <string_view>
#include <vector>

namespace weft {

/// A source of the standard library or a recipe, as embedded in the binary.
struct StandardSource {
  std::string_view name;  // "std.nn"; of a recipe "language_model"
  std::string_view text;
};

/// The library: read before every program.
const std::vector<StandardSource>& standard_library();

/// What `weft train NAME` runs.
const std::vector<StandardSource>& recipes();

}  // namespace weft
