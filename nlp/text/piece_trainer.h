#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nlp/text/piece_model.h"

namespace weft::nlp {

/// Learns a SentencePiece model from lines of text. The lines are kept until train(), at most some 64 MiB of
/// them: of a larger text a share, chosen by the numbers of the lines alone, so that the model doesn't depend
/// on the order they come in.
class PieceTrainer {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;

  /// Throws invalid_argument for a size below 1 or a model that is neither unigram nor bpe.
  explicit PieceTrainer(PieceTraining training, std::size_t most_bytes = kMostBytes);

  /// A line, or a piece of one, in valid UTF-8. `number`: of the line in the text. One thread at a time.
  void add(std::int64_t number, std::string_view line);

  /// The same lines give the same model. Normalized as spm_train does where it isn't told otherwise (NFKC,
  /// with its own rules of white space). Throws invalid_argument where the text is too small for that many
  /// pieces, with how many it is enough for. Cost: some 1 s a MiB.
  std::shared_ptr<const PieceModel> train();

 private:
  struct Line {
    std::int64_t number;
    std::int64_t part;
    std::string text;
  };
  bool is_kept(std::int64_t number, std::int64_t part) const;
  void thin_out();

  PieceTraining training_;
  std::size_t most_bytes_;
  std::vector<Line> lines_;
  std::size_t bytes_ = 0;
  std::int64_t last_number_ = -1, next_part_ = 0;
  int halvings_ = 0;  // one part in 2^halvings_ is kept
};

}  // namespace weft::nlp
