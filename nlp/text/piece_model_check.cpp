#include "nlp/text/piece_model_check.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "nlp/text/piece_model.h"
#include "nlp/text/proto_fields.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

namespace {

constexpr std::size_t kLongestPiece = 4096;
constexpr std::int64_t kMostPieces = 4'000'000;

[[noreturn]] void fail(const std::string& what) {
  throw std::invalid_argument("[sentencepiece] " + what);
}

[[noreturn]] void refuse() {
  fail("not a SentencePiece model, or a damaged one");
}

void check_piece(std::string_view message, std::int64_t number) {
  const auto of = [&] { return "piece " + std::to_string(number) + " of the model "; };
  for (ProtoFields fields(message, refuse); fields.next();) {
    if (fields.is(1, ProtoFields::kBytes)) {
      const std::string_view piece = fields.bytes();
      if (piece.size() > kLongestPiece) {
        fail(of() + "has " + std::to_string(piece.size()) + " bytes; at most " +
             std::to_string(kLongestPiece) + " are taken");
      }
      if (check_utf8(piece) != std::string_view::npos || piece.find('\0') != std::string_view::npos)
        fail(of() + "is not UTF-8");
    }
    if (fields.is(2, ProtoFields::kFixed32)) {
      float score = 0;
      std::memcpy(&score, fields.bytes().data(), sizeof score);
      if (!std::isfinite(score)) fail(of() + "has a score that is no number");
    }
  }
}

/// A unit of a double array.
class Unit {
 public:
  explicit Unit(std::uint32_t bits) : bits_(bits) {}
  bool has_leaf() const { return (bits_ >> 8 & 1) != 0; }
  std::uint32_t value() const { return bits_ & 0x7FFFFFFF; }
  std::uint32_t label() const { return bits_ & 0x800000FF; }
  std::uint32_t offset() const { return bits_ >> 10 << ((bits_ & 1U << 9) >> 6); }

 private:
  std::uint32_t bits_;
};

/// Every unit that a text can lead to is there, and what it stands for begins inside the texts.
bool trie_is_sound(const std::vector<std::uint32_t>& units, std::size_t text_bytes) {
  if (units.empty()) return false;
  std::vector<bool> seen(units.size());
  std::vector<std::uint32_t> open = {0};
  seen[0] = true;
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    const Unit unit(units[at]);
    const std::uint32_t base = at ^ unit.offset();
    // A look-up reads the child of any byte before it sees whether there is one.
    if ((base | 0xFF) >= units.size()) return false;
    if (unit.has_leaf() && Unit(units[base]).value() >= text_bytes) return false;
    for (std::uint32_t byte = 1; byte < 256; ++byte) {
      const std::uint32_t child = base ^ byte;
      if (Unit(units[child]).label() != byte || seen[child]) continue;
      seen[child] = true;
      open.push_back(child);
    }
  }
  return true;
}

void check_normalization(std::string_view table) {
  if (table.empty()) return;
  const auto damaged = [] { fail("the model's table of normalization is damaged"); };
  std::uint32_t trie_bytes = 0;
  if (table.size() < sizeof trie_bytes) damaged();
  std::memcpy(&trie_bytes, table.data(), sizeof trie_bytes);
  table.remove_prefix(sizeof trie_bytes);
  if (trie_bytes >= table.size() || trie_bytes % sizeof(std::uint32_t) != 0) damaged();
  std::vector<std::uint32_t> units(trie_bytes / sizeof(std::uint32_t));
  std::memcpy(units.data(), table.data(), trie_bytes);
  const std::string_view texts = table.substr(trie_bytes);
  if (texts.back() != '\0' || !trie_is_sound(units, texts.size())) damaged();
  for (std::string_view rest = texts; !rest.empty();) {
    const std::size_t end = rest.find('\0');
    if (check_utf8(rest.substr(0, end)) != std::string_view::npos) damaged();
    rest.remove_prefix(end + 1);
  }
}

void check_normalizer(std::string_view message) {
  for (ProtoFields fields(message, refuse); fields.next();) {
    if (fields.is(2, ProtoFields::kBytes)) check_normalization(fields.bytes());
  }
}

}  // namespace

void check_piece_model(std::string_view bytes) {
  if (bytes.empty()) fail("the model is empty");
  if (bytes.size() > PieceModel::kMostBytes) {
    fail("the model is larger than the " + std::to_string(PieceModel::kMostBytes >> 20) +
         " MiB that are taken");
  }
  std::int64_t pieces = 0;
  for (ProtoFields fields(bytes, refuse); fields.next();) {
    if (fields.is(1, ProtoFields::kBytes)) check_piece(fields.bytes(), pieces++);
    if (fields.is(3, ProtoFields::kBytes) || fields.is(5, ProtoFields::kBytes))
      check_normalizer(fields.bytes());
  }
  if (pieces == 0) fail("not a SentencePiece model: it has no pieces");
  if (pieces > kMostPieces) {
    fail("the model has " + std::to_string(pieces) + " pieces; at most " + std::to_string(kMostPieces) +
         " are taken");
  }
}

}  // namespace weft::nlp
