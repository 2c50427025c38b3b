#include "nlp/text/tokenizer.h"

#include <stdexcept>

#include "nlp/text/chars.h"
#include "nlp/text/words.h"

namespace weft::nlp {

std::unique_ptr<Tokenizer> make_tokenizer(const TokenizerSettings& settings) {
  if (settings.kind == "words") return std::make_unique<Words>(settings);
  if (settings.kind == "chars") return std::make_unique<Chars>(settings);
  throw std::invalid_argument("[tokenizer] expected kind words or chars, got \"" + settings.kind + "\"");
}

}  // namespace weft::nlp
