#pragma once

#include <string>

#include "tensor/axis.h"

namespace weft {

/// What helps where a label isn't there: up to three that it may have been meant for, else all where they are
/// few; empty where neither is so.
std::string label_hint(const std::string& label, const Labels& labels);

}  // namespace weft
