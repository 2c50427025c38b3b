#include "nlp/text/pieces.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nlp/text/segments.h"
#include "nlp/text/vocabulary.h"

namespace weft::nlp {

Pieces::Pieces(const TokenizerSettings& settings)
    : model_(settings.pieces), form_(settings, parse_locale(settings.locale)) {
  if (!model_) {
    throw std::invalid_argument(
        "[tokenizer] expected a SentencePiece model, got settings whose pieces are neither learnt nor loaded "
        "yet");
  }
}

void Pieces::tokenize(std::string_view text, Take take) {
  while (!text.empty()) {
    std::string_view segment = text.substr(0, segment_length(text));
    text.remove_prefix(segment.size());
    if (!form_.changes_nothing()) {
      buffer_.clear();
      form_(segment).toUTF8String(buffer_);
      segment = buffer_;
    }
    if (!by_words(segment, take))
      model_->encode(segment, [&](std::string_view piece, ByteSpan) { take(piece); });
  }
}

bool Pieces::by_words(std::string_view line, Take take) {
  constexpr std::size_t kMostWords = 1 << 17;
  constexpr std::size_t kLongestWord = 64;
  // How often a sum over a word's pieces is rounded, on both ways, by half a unit of 24 bits each.
  constexpr float kRounding = 2 * (kLongestWord + 2) * 0x1p-24F;
  if (!model_->cuts_words_alone()) return false;
  if (!std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < '\x7F'; })) return false;
  if (words_.size() > kMostWords) words_.clear();
  line_.clear();
  float total = 0;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t begin = i;
    while (i < line.size() && line[i] != ' ') ++i;
    if (i == begin) {
      ++i;
      continue;
    }
    const std::string_view word = line.substr(begin, i - begin);
    if (word.size() > kLongestWord) return false;
    auto found = words_.find(word);
    if (found == words_.end()) found = words_.emplace(std::string(word), model_->cut(word)).first;
    if (!found->second.sure) return false;
    total += std::abs(found->second.score);
    line_.push_back(&found->second);
  }
  const float least = 2 * kRounding * total;  // twice, for what this sum is off itself
  for (const PieceModel::Word* word : line_) {
    if (!(word->margin > least)) return false;
  }
  for (const PieceModel::Word* word : line_) {
    for (const std::string& piece : word->pieces) take(piece);
  }
  return true;
}

void Pieces::tokenize_spans(std::string_view text, TakeSpan take) {
  for (std::size_t offset = 0; offset < text.size();) {
    const std::string_view rest = text.substr(offset);
    const std::string_view segment = rest.substr(0, segment_length(rest));
    if (form_.changes_nothing()) {
      model_->encode(segment, [&](std::string_view piece, ByteSpan span) {
        take(piece, {offset + span.begin, offset + span.end});
      });
    } else {
      form_.aligned(segment).to_utf8(buffer_, sources_);
      const auto begin_of = [&](std::size_t i) {
        return i < sources_.size() ? sources_[i].begin : segment.size();
      };
      model_->encode(buffer_, [&](std::string_view piece, ByteSpan span) {
        const std::size_t begin = begin_of(span.begin);
        const std::size_t end = span.end > span.begin ? sources_[span.end - 1].end : begin;
        take(piece, {offset + begin, offset + end});
      });
    }
    offset += segment.size();
  }
}

std::string Pieces::detokenize(const std::vector<std::string>& tokens) const {
  std::string text;
  std::vector<std::string> line;
  for (const std::string& token : tokens) {
    if (token != kEnd) {
      line.push_back(token);
      continue;
    }
    text += model_->decode(line) + "\n";
    line.clear();
  }
  return text + model_->decode(line);
}

}  // namespace weft::nlp
