#pragma once

#include <string>
#include <vector>

#include "nlp/embedding/classifier/examples.h"

namespace weft::nlp {

/// A text in memory as blocks of given sizes.
class MemoryBlocks : public TextBlocks {
 public:
  explicit MemoryBlocks(std::string text, std::size_t block = 64) : text_(std::move(text)), block_(block) {}
  bool next(TextBlock& block) override {
    const std::lock_guard lock(mutex_);
    if (at_ == text_.size()) return false;
    block.number = number_++;
    block.starts_line = at_ == 0 || text_[at_ - 1] == '\n';
    std::size_t end = std::min(at_ + block_, text_.size());
    // Whole lines where one fits.
    const std::size_t line = text_.rfind('\n', end - 1);
    if (end < text_.size() && line != std::string::npos && line >= at_) end = line + 1;
    block.text = std::string_view(text_).substr(at_, end - at_);
    at_ = end;
    block.ends_line = end == text_.size() || text_[end - 1] == '\n';
    return true;
  }
  void rewind() override { at_ = 0, number_ = 0; }
  bool can_rewind() const override { return true; }
  std::int64_t bytes_read() const override { return static_cast<std::int64_t>(at_); }
  std::int64_t bytes() const override { return static_cast<std::int64_t>(text_.size()); }
  std::int64_t line_of(const TextBlock&, std::size_t) override { return 1; }

 private:
  std::string text_;
  std::size_t block_, at_ = 0;
  std::int64_t number_ = 0;
  std::mutex mutex_;
};

inline Examples read(const std::string& text, const ExampleReading& reading = {}, int threads = 1,
                     std::size_t block = 64) {
  MemoryBlocks blocks(text, block);
  return Examples::read(blocks, reading, Workers(threads));
}

/// Lines of three labels, each with words of its own among common ones; the label's name tells.
inline std::string three_labels(int lines) {
  std::string out;
  std::uint32_t state = 7;
  const auto draw = [&](std::uint32_t n) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % n;
  };
  static const char* const labels[] = {"sun", "rain", "snow"};
  for (int i = 0; i < lines; ++i) {
    const auto l = draw(3);
    out += std::string("__label__") + labels[l];
    for (int w = 0; w < 6; ++w)
      out += " " + (draw(3) == 0 ? labels[l] + std::to_string(draw(4)) : "word" + std::to_string(draw(20)));
    out += "\n";
  }
  return out;
}

inline EmbeddingSettings small_settings(EmbeddingLoss loss = EmbeddingLoss::softmax) {
  EmbeddingSettings s;
  s.task = EmbeddingTask::supervised;
  s.loss = loss;
  s.dimension = 10;
  s.epochs = 5;
  s.rate = 0.5;
  s.word_ngrams = 2;
  s.buckets = 1000;
  return s;
}

}  // namespace weft::nlp
