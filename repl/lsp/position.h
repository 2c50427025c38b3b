#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "tensor/span.h"

namespace weft::repl::lsp {

/// The protocol's places in a text: lines and UTF-16 code units, both from 0. Lines end with \n, \r\n or \r.
class Positions {
 public:
  explicit Positions(std::string_view text);

  nlohmann::json position(std::uint32_t offset) const;
  nlohmann::json range(std::uint32_t begin, std::uint32_t end) const;
  nlohmann::json range(Span span) const { return range(span.begin, span.end); }
  /// Beyond the end of a line, its end; beyond the last line, the text's. Throws a json exception for what is
  /// no position.
  std::uint32_t offset(const nlohmann::json& position) const;

 private:
  std::string_view text_;
  std::vector<std::uint32_t> lines_;  // where each begins
};

}  // namespace weft::repl::lsp
