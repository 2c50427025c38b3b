#include "repl/lsp/position.h"

#include <algorithm>

#include "lang/utf8.h"

namespace weft::repl::lsp {

Positions::Positions(std::string_view text) : text_(text), lines_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) {
      lines_.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }
}

nlohmann::json Positions::position(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto line = std::upper_bound(lines_.begin(), lines_.end(), offset) - lines_.begin() - 1;
  std::uint32_t units = 0;
  for (std::size_t at = lines_[static_cast<std::size_t>(line)]; at < offset;) {
    const Utf8Character c = decode_utf8(text_, at);
    units += c.value > 0xFFFF ? 2 : 1;
    at += c.length;
  }
  return {{"line", line}, {"character", units}};
}

nlohmann::json Positions::range(std::uint32_t begin, std::uint32_t end) const {
  return {{"start", position(begin)}, {"end", position(std::max(begin, end))}};
}

std::uint32_t Positions::offset(const nlohmann::json& position) const {
  const auto line = position.at("line").get<std::int64_t>();
  const auto character = position.at("character").get<std::int64_t>();
  if (line < 0) return 0;
  if (line >= static_cast<std::int64_t>(lines_.size())) return static_cast<std::uint32_t>(text_.size());
  std::size_t at = lines_[static_cast<std::size_t>(line)];
  for (std::int64_t units = 0; at < text_.size() && text_[at] != '\n' && text_[at] != '\r';) {
    const Utf8Character c = decode_utf8(text_, at);
    units += c.value > 0xFFFF ? 2 : 1;
    if (units > character) break;
    at += c.length;
  }
  return static_cast<std::uint32_t>(at);
}

}  // namespace weft::repl::lsp
