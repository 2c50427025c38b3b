#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft {

/// How many times a plateau of `patience` epochs without progress has been reached: the count begins again
/// after each. history: JSON, one object an epoch, with a number under `metric`; where there is none the
/// epoch made no progress.
std::int64_t count_plateaus(const std::vector<std::string>& history, const std::string& metric,
                            bool larger_is_better, std::int64_t patience);

}  // namespace weft
