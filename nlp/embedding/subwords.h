#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "nlp/embedding/settings.h"

namespace weft::nlp {

/// Appends the rows of a word's n-grams: words + fasttext_hash(g) mod buckets for each run g of min_n ..
/// max_n UTF-8 characters of `<word>`, shortest first from each start; not a lone `<` or `>`; none of `</s>`.
/// Source: Bojanowski et al. 2017, section 3.2; the order and the exceptions are fastText's.
void append_subwords(std::string_view word, const EmbeddingSettings& settings, std::int64_t words,
                     std::vector<std::int64_t>& rows);

}  // namespace weft::nlp
