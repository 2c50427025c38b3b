#include "nlp/text/tokenizer.h"

#include <stdexcept>

#include "nlp/text/bytes.h"
#include "nlp/text/chars.h"
#include "nlp/text/pieces.h"
#include "nlp/text/whitespace.h"
#include "nlp/text/words.h"

namespace weft::nlp {

std::unique_ptr<Tokenizer> make_tokenizer(const TokenizerSettings& settings) {
  if (settings.kind == "words") return std::make_unique<Words>(settings);
  if (settings.kind == "chars") return std::make_unique<Chars>(settings);
  if (settings.kind == "bytes") return std::make_unique<Bytes>(settings);
  if (settings.kind == "whitespace") return std::make_unique<Whitespace>(settings);
  if (settings.kind == "sentencepiece") return std::make_unique<Pieces>(settings);
  throw std::invalid_argument(
      "[tokenizer] expected kind words, chars, bytes, whitespace or sentencepiece, got \"" + settings.kind +
      "\"");
}

}  // namespace weft::nlp
