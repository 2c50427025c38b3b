#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nlp/text/function_ref.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// A SentencePiece model, through its library. Doesn't change once it is there: any number of threads may use
/// one at the same time. Source: Kudo and Richardson, "SentencePiece", EMNLP 2018.
class PieceModel {
 public:
  /// Models of more bytes than this are refused.
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;

  /// A model from outside: checked (see check_piece_model), loaded in a child process first, as a corrupted
  /// one can crash the library, and then here. Throws invalid_argument "[sentencepiece] ...".
  static std::shared_ptr<const PieceModel> load(std::string bytes);
  /// The same of a file; messages begin with its path.
  static std::shared_ptr<const PieceModel> read(const std::string& path);
  /// A model that the library itself has just made.
  static std::shared_ptr<const PieceModel> trusted(std::string bytes);

  ~PieceModel();
  PieceModel(const PieceModel&) = delete;
  PieceModel& operator=(const PieceModel&) = delete;

  /// The model as a file holds it.
  const std::string& bytes() const { return bytes_; }
  std::int64_t size() const;
  const std::string& piece(std::int64_t id) const;
  /// The piece's number, or that of the unknown piece.
  std::int64_t id(std::string_view piece) const;
  std::int64_t unknown() const;

  /// Calls `take` with the pieces of a text in valid UTF-8 and the bytes of it that each comes from.
  void encode(std::string_view text, FunctionRef<void(std::string_view piece, ByteSpan source)> take) const;
  std::string decode(const std::vector<std::string>& pieces) const;

  /// Whether lines of printable ASCII can be cut up word by word: no piece goes beyond a space, and none
  /// depends on what stands beside its word.
  bool cuts_words_alone() const { return cuts_words_alone_; }
  /// How a word without spaces is cut up by itself. `sure`: all its pieces are in the model; `margin`: by how
  /// much the next best way scores less than this one's `score` (infinite for BPE, which doesn't add scores
  /// up).
  struct Word {
    std::vector<std::string> pieces;
    bool sure = false;
    float score = 0, margin = 0;
  };
  Word cut(std::string_view word) const;

 private:
  struct Library;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  explicit PieceModel(std::string bytes);
  void read_scores();
  /// The two best sums of scores over ways to cut `text`, U+2581 in front, by dynamic programming.
  void best_two(std::string_view text, float& best, float& second) const;

  std::string bytes_;
  std::unique_ptr<Library> library_;
  bool cuts_words_alone_ = false;
  bool adds_scores_ = false;  // unigram
  std::unordered_map<std::string, float, Hash, std::equal_to<>> scores_;
  float unknown_score_ = 0;
  std::size_t longest_ = 0;  // piece, in bytes
};

/// What an error of this module says, without the "[sentencepiece] " in front: for messages that name a file.
std::string without_tag(std::string message);

}  // namespace weft::nlp
