#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nlp/embedding/dictionary.h"

namespace weft::nlp {

/// Up to `most` words near to a misspelt one, the nearest first, of equal ones those that come first: the
/// same but for case, else at most a third of its length away.
std::vector<std::string> near_spellings(const Dictionary& dictionary, std::string_view word,
                                        std::size_t most = 3);

}  // namespace weft::nlp
