#include "nlp/text/piece_model.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>

#include "nlp/text/in_child.h"
#include "nlp/text/piece_model_check.h"
#include "nlp/text/proto_fields.h"

namespace weft::nlp {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::invalid_argument("[sentencepiece] " + what);
}

/// How long loading may take before it is taken for a hang.
constexpr int kSecondsToLoad = 30;

/// The whole file; reads no more than what is refused anyway.
std::string contents(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) fail(std::string("can't be opened: ") + std::strerror(errno));
  std::string bytes(std::size_t{1} << 16, '\0');
  std::size_t n = 0;
  for (;;) {
    const std::size_t got = std::fread(bytes.data() + n, 1, bytes.size() - n, file.get());
    n += got;
    if (got == 0 || n > PieceModel::kMostBytes) break;
    if (n == bytes.size()) bytes.resize(2 * n);
  }
  if (std::ferror(file.get())) fail(std::string("can't be read: ") + std::strerror(errno));
  bytes.resize(n);
  return bytes;
}

[[noreturn]] void refuse() {
  fail("not a SentencePiece model, or a damaged one");
}

/// What of a model tells whether it cuts words alone; numbers as in sentencepiece_model.proto.
struct Form {
  bool pieces_are_of_words = true, prefixes_spaces = true, normalizes_as_known = false;
  std::uint64_t type = 1;  // 1: unigram, 2: BPE

  explicit Form(std::string_view model) {
    for (ProtoFields fields(model, refuse); fields.next();) {
      if (fields.is(1, ProtoFields::kBytes)) read_piece(fields.bytes());
      if (fields.is(2, ProtoFields::kBytes)) read_training(fields.bytes());
      if (fields.is(3, ProtoFields::kBytes)) read_normalizer(fields.bytes());
    }
  }

 private:
  void read_piece(std::string_view message) {
    for (ProtoFields fields(message, refuse); fields.next();) {
      // A space anywhere but in front.
      if (fields.is(1, ProtoFields::kBytes) && fields.bytes().rfind("\u2581") + 1 > 1)
        pieces_are_of_words = false;
      if (fields.is(3, ProtoFields::kVarint) && fields.value() == 4)
        pieces_are_of_words = false;  // user's own
    }
  }
  void read_training(std::string_view message) {
    for (ProtoFields fields(message, refuse); fields.next();) {
      if (fields.is(3, ProtoFields::kVarint)) type = fields.value();
      if (fields.is(24, ProtoFields::kVarint) && fields.value() != 0) prefixes_spaces = false;
    }
  }
  void read_normalizer(std::string_view message) {
    for (ProtoFields fields(message, refuse); fields.next();) {
      if (fields.is(1, ProtoFields::kBytes)) {
        for (const char* known : {"nmt_nfkc", "nmt_nfkc_cf", "nfkc", "nfkc_cf", "identity"})
          normalizes_as_known = normalizes_as_known || fields.bytes() == known;
      }
      // A space in front of the text, no more than one between words, and these as U+2581.
      for (const int flag : {3, 4, 5}) {
        if (fields.is(static_cast<std::uint64_t>(flag), ProtoFields::kVarint) && fields.value() == 0)
          prefixes_spaces = false;
      }
    }
  }
};

}  // namespace

struct PieceModel::Library {
  sentencepiece::SentencePieceProcessor processor;
};

PieceModel::PieceModel(std::string bytes) : bytes_(std::move(bytes)), library_(std::make_unique<Library>()) {
  const auto status = library_->processor.LoadFromSerializedProto(bytes_);
  if (!status.ok()) fail(std::string("the library refuses the model: ") + status.error_message());
  const Form form(bytes_);
  adds_scores_ = form.type == 1;
  cuts_words_alone_ = (form.type == 1 || form.type == 2) && form.pieces_are_of_words &&
                      form.prefixes_spaces && form.normalizes_as_known;
  if (cuts_words_alone_ && adds_scores_) read_scores();
}

PieceModel::~PieceModel() = default;

void PieceModel::read_scores() {
  const auto& processor = library_->processor;
  float least = 0;
  for (int id = 0; id < processor.GetPieceSize(); ++id) {
    if (processor.IsUnknown(id) || processor.IsControl(id) || processor.IsUnused(id) || processor.IsByte(id))
      continue;
    const std::string& piece = processor.IdToPiece(id);
    scores_.emplace(piece, processor.GetScore(id));
    least = scores_.size() == 1 ? processor.GetScore(id) : std::min(least, processor.GetScore(id));
    longest_ = std::max(longest_, piece.size());
  }
  unknown_score_ = least - 10;  // as the library has it
}

void PieceModel::best_two(std::string_view text, float& best, float& second) const {
  constexpr float none = -std::numeric_limits<float>::infinity();
  struct Two {
    float best = none, second = none;
    void add(float score) {
      if (score > best) {
        second = std::exchange(best, score);
      } else {
        second = std::max(second, score);
      }
    }
  };
  std::vector<Two> ways(text.size() + 1);
  ways[0].best = 0;
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    const Two from = ways[begin];
    if (from.best == none) continue;
    const std::size_t character = static_cast<unsigned char>(text[begin]) < 0x80 ? 1 : 3;
    for (std::size_t n = character; n <= std::min(longest_, text.size() - begin); ++n) {
      const auto found = scores_.find(text.substr(begin, n));
      const bool known = found != scores_.end();
      if (!known && n != character) continue;
      const float score = known ? found->second : unknown_score_;
      ways[begin + n].add(from.best + score);
      ways[begin + n].add(from.second + score);
    }
  }
  best = ways.back().best;
  second = ways.back().second;
}

std::shared_ptr<const PieceModel> PieceModel::trusted(std::string bytes) {
  return std::shared_ptr<const PieceModel>(new PieceModel(std::move(bytes)));
}

std::shared_ptr<const PieceModel> PieceModel::load(std::string bytes) {
  check_piece_model(bytes);
  const ChildEnd end = in_child(kSecondsToLoad, [&] {
    const auto model = trusted(bytes);
    for (const char* text :
         {"", " ", "Hello, World! 3.14", "\u4E16\u754C \u00E9\u0301 \U0001F600", "x\ty\nz"}) {
      std::vector<std::string> pieces;
      model->encode(text, [&](std::string_view piece, ByteSpan) { pieces.emplace_back(piece); });
      model->decode(pieces);
    }
  });
  if (end.kind == ChildEnd::Kind::threw) throw std::invalid_argument(end.message);
  if (end.kind == ChildEnd::Kind::died) fail("the model is damaged: loading it crashes the library");
  if (end.kind == ChildEnd::Kind::late)
    fail("the model is damaged: loading it takes more than " + std::to_string(kSecondsToLoad) + " s");
  return trusted(std::move(bytes));
}

std::shared_ptr<const PieceModel> PieceModel::read(const std::string& path) {
  try {
    return load(contents(path));
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(path + ": " + without_tag(e.what()));
  }
}

std::int64_t PieceModel::size() const {
  return library_->processor.GetPieceSize();
}

const std::string& PieceModel::piece(std::int64_t id) const {
  if (id < 0 || id >= size()) {
    throw std::out_of_range("[sentencepiece] expected a piece below " + std::to_string(size()) + ", got " +
                            std::to_string(id));
  }
  return library_->processor.IdToPiece(static_cast<int>(id));
}

std::int64_t PieceModel::id(std::string_view piece) const {
  return library_->processor.PieceToId(absl::string_view(piece.data(), piece.size()));
}

std::int64_t PieceModel::unknown() const {
  return library_->processor.unk_id();
}

void PieceModel::encode(std::string_view text,
                        FunctionRef<void(std::string_view piece, ByteSpan source)> take) const {
  const auto result = library_->processor.EncodeAsImmutableProto(absl::string_view(text.data(), text.size()));
  for (std::size_t i = 0; i < result.pieces_size(); ++i) {
    const auto piece = result.pieces(static_cast<int>(i));
    take(piece.piece(), {piece.begin(), piece.end()});
  }
}

PieceModel::Word PieceModel::cut(std::string_view word) const {
  Word out;
  out.sure = true;
  const absl::string_view text(word.data(), word.size());
  const auto result = library_->processor.EncodeAsImmutableProto(text);
  for (std::size_t i = 0; i < result.pieces_size(); ++i) {
    const auto piece = result.pieces(static_cast<int>(i));
    const int id = static_cast<int>(piece.id());
    if (library_->processor.IsUnknown(id) || library_->processor.IsByte(id)) out.sure = false;
    out.pieces.push_back(piece.piece());
  }
  out.margin = std::numeric_limits<float>::infinity();
  if (!adds_scores_ || !out.sure) return out;
  float second = 0;
  best_two("\u2581" + std::string(word), out.score, second);
  out.margin = out.score - second;
  return out;
}

std::string PieceModel::decode(const std::vector<std::string>& pieces) const {
  std::string text;
  const auto status = library_->processor.Decode(pieces, &text);
  if (!status.ok())
    throw std::runtime_error(std::string("[sentencepiece] decoding: ") + status.error_message());
  return text;
}

std::string without_tag(std::string message) {
  constexpr std::string_view tag = "[sentencepiece] ";
  if (message.compare(0, tag.size(), tag) == 0) message.erase(0, tag.size());
  return message;
}

}  // namespace weft::nlp
