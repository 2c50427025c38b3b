#pragma once

#include <algorithm>
#include <mutex>
#include <string>

#include "nlp/embedding/text_blocks.h"

/// A string as a text that is read in blocks of whole lines of about `bytes`.
class TextOf : public weft::nlp::TextBlocks {
 public:
  TextOf(std::string text, std::size_t bytes) : text_(std::move(text)), bytes_(bytes) {}

  bool next(weft::nlp::TextBlock& block) override {
    const std::lock_guard lock(mutex_);
    if (at_ >= text_.size()) return false;
    std::size_t end = text_.find('\n', std::min(at_ + bytes_, text_.size()) - 1);
    end = end == std::string::npos ? text_.size() : end + 1;
    block.number = number_++;
    block.text = std::string_view(text_).substr(at_, end - at_);
    at_ = end;
    return true;
  }
  void rewind() override {
    at_ = 0;
    number_ = 0;
  }
  bool can_rewind() const override { return true; }
  std::int64_t bytes_read() const override { return static_cast<std::int64_t>(at_); }
  std::int64_t bytes() const override { return static_cast<std::int64_t>(text_.size()); }
  std::int64_t line_of(const weft::nlp::TextBlock&, std::size_t) override { return 1; }

 private:
  std::string text_;
  std::size_t bytes_, at_ = 0;
  std::int64_t number_ = 0;
  std::mutex mutex_;
};
