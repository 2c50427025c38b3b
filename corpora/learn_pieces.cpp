#include "corpora/learn_pieces.h"

#include <algorithm>

#include "corpora/readers/reader.h"
#include "corpora/text_files.h"
#include "nlp/text/piece_trainer.h"

namespace weft::corpora {

void ready_tokens(ReaderRequest& request, const std::function<void(const TakeText&)>& texts) {
  nlp::TokenizerSettings& tokens = request.tokens;
  if (tokens.kind != "sentencepiece" || tokens.pieces) return;
  if (!tokens.file.empty()) {
    try {
      tokens.pieces = nlp::PieceModel::read(tokens.file);
    } catch (const std::invalid_argument& e) {
      const std::string message = e.what();
      throw DataError(tokens.file, 0, message.substr(std::min(message.size(), tokens.file.size() + 2)),
                      "tokens = sentencepiece(file = ..) takes a model of SentencePiece");
    }
    return;
  }
  for (const TextFile& file : files_of(request.path)) {
    if (!file.regular) {
      throw DataError(request.path, 0,
                      "pieces are learnt from a text before it is read, and this can be read once",
                      "give a file, or a model that is there: sentencepiece(file = \"x.model\")");
    }
  }
  try {
    nlp::PieceTrainer trainer(tokens.training);
    texts([&](std::int64_t record, std::string_view text) {
      if (split_of(request, record) == Split::train) trainer.add(record, text);
    });
    tokens.pieces = trainer.train();
  } catch (const std::invalid_argument& e) {
    throw DataError(request.path, 0, nlp::without_tag(e.what()));
  }
}

}  // namespace weft::corpora
