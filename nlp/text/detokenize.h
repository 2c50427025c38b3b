#pragma once

#include <string>
#include <vector>

namespace weft::nlp {

/// Words, numbers and punctuation as running text: see Tokenizer::detokenize.
std::string join_words(const std::vector<std::string>& tokens);

}  // namespace weft::nlp
