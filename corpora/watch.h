#pragma once

#include <cstdint>
#include <exception>
#include <functional>

namespace weft::corpora {

/// Is told how many bytes of a text have been read, of how many (0: not known); gives true once nobody wants
/// the text any more. Asked at least once a megabyte, by one thread at a time.
using Watch = std::function<bool(std::int64_t read, std::int64_t of)>;

/// A text that was not read to its end because of that.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped"; }
};

}  // namespace weft::corpora
