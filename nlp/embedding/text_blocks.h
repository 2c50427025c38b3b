#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weft::nlp {

/// A piece of a text: whole lines, or a part of one that is longer than a piece may be.
struct TextBlock {
  std::int64_t number = 0;  // 0, 1, 2, .. in the order of the text
  std::string_view text;    // valid UTF-8, without byte order mark; line ends are kept
  bool starts_line = true;  // the text begins a line
  bool ends_line = true;    // .. and ends with one; false: the next piece goes on with it
  std::string storage;      // what `text` may lie in; reused from call to call
};

/// A text that is read in pieces, by several threads at once. What it is read from is the reader's business.
class TextBlocks {
 public:
  virtual ~TextBlocks() = default;
  /// The next piece of the text that nobody has had yet; false at the end. May be called by several threads;
  /// each brings a block of its own. Throws what the reader throws for a text that can't be read; after that
  /// every call does.
  virtual bool next(TextBlock& block) = 0;
  /// From the beginning again; not while another thread is in next(). Throws where the text can be read only
  /// once.
  virtual void rewind() = 0;
  virtual bool can_rewind() const = 0;
  /// For progress: bytes taken so far and in all (0: not known).
  virtual std::int64_t bytes_read() const = 0;
  virtual std::int64_t bytes() const = 0;
  /// Which line the byte `offset` of a block lies in, from 1, for messages. May read the text again.
  virtual std::int64_t line_of(const TextBlock& block, std::size_t offset) = 0;
};

}  // namespace weft::nlp
