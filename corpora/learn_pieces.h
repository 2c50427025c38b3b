#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "corpora/dataset.h"

namespace weft::corpora {

/// Takes a text of record i, counted as split_of() does.
using TakeText = std::function<void(std::int64_t record, std::string_view text)>;

/// Gets the SentencePiece model that the tokens of a request need and don't have: from the file they name, or
/// learnt from the training text. `texts` goes through the records of the main file once; those of validation
/// are left out here. Throws DataError for a model that can't be used, a text that is too small for so many
/// pieces and one that can be read only once.
void ready_tokens(ReaderRequest& request, const std::function<void(const TakeText&)>& texts);

}  // namespace weft::corpora
