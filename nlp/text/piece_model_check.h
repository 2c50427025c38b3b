#pragma once

#include <string_view>

namespace weft::nlp {

/// Looks through the bytes of a SentencePiece model for what its library takes on trust: pieces that are
/// UTF-8 and not long (its trie is built by recursion), scores that are numbers, tables of normalization
/// whose trie and texts stay within their bounds. Throws invalid_argument "[sentencepiece] ...". Source:
/// sentencepiece_model.proto; the encoding of Protocol Buffers; Darts-clone's double arrays.
void check_piece_model(std::string_view bytes);

}  // namespace weft::nlp
