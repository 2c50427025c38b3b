#include "nlp/text/piece_trainer.h"

#include <sentencepiece_trainer.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "nlp/text/segments.h"

namespace weft::nlp {

namespace {

/// The library leaves out what is longer.
constexpr std::size_t kLongestLine = 4000;

/// Mixes the bits of a number (the finalizer of MurmurHash3).
std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDU;
  x ^= x >> 33;
  x *= 0xC4CEB9FE1A85EC53U;
  return x ^ x >> 33;
}

template <class Lines>
class LineIterator : public sentencepiece::SentenceIterator {
 public:
  explicit LineIterator(const Lines& lines) : at_(lines.begin()), end_(lines.end()) {}
  bool done() const override { return at_ == end_; }
  void Next() override { ++at_; }
  const std::string& value() const override { return at_->text; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  typename Lines::const_iterator at_, end_;
};

/// The number behind a word of the library's in its messages, 0 where it isn't there: "Please set it to a
/// value
/// <= 123", "smaller than required_chars. 3 vs 16".
std::int64_t number_behind(const std::string& message, std::string_view before) {
  const auto found = message.rfind(before);
  std::int64_t number = 0;
  if (found == std::string::npos) return number;
  for (std::size_t i = found + before.size(); i < message.size() && message[i] >= '0' && message[i] <= '9';
       ++i)
    number = 10 * number + (message[i] - '0');
  return number;
}

[[noreturn]] void fail(const std::string& what) {
  throw std::invalid_argument("[sentencepiece] " + what);
}

}  // namespace

PieceTrainer::PieceTrainer(PieceTraining training, std::size_t most_bytes)
    : training_(std::move(training)), most_bytes_(most_bytes) {
  if (training_.size < 1 || training_.size > 1'000'000) {
    fail("expected a size from 1 to 1000000, got " + std::to_string(training_.size));
  }
  if (training_.model != "unigram" && training_.model != "bpe") {
    throw std::invalid_argument("[sentencepiece] expected the model unigram or bpe, got \"" +
                                training_.model + "\"");
  }
}

bool PieceTrainer::is_kept(std::int64_t number, std::int64_t part) const {
  if (halvings_ == 0) return true;
  const std::uint64_t draw =
      mixed(mixed(static_cast<std::uint64_t>(number)) + static_cast<std::uint64_t>(part));
  return draw >> (64 - halvings_) == 0;
}

void PieceTrainer::thin_out() {
  ++halvings_;
  std::erase_if(lines_, [&](const Line& line) { return !is_kept(line.number, line.part); });
  bytes_ = 0;
  for (const Line& line : lines_) bytes_ += line.text.size();
}

void PieceTrainer::add(std::int64_t number, std::string_view line) {
  if (number != last_number_) next_part_ = 0;
  last_number_ = number;
  for (; !line.empty(); ++next_part_) {
    const std::size_t length = segment_length(line, kLongestLine);
    const std::string_view part = line.substr(0, length);
    line.remove_prefix(length);
    if (!is_kept(number, next_part_) || part.find_first_not_of(" \t\r\n") == part.npos) continue;
    lines_.push_back({number, next_part_, std::string(part)});
    bytes_ += length;
  }
  while (bytes_ > most_bytes_ && halvings_ < 40) thin_out();
}

std::shared_ptr<const PieceModel> PieceTrainer::train() {
  if (lines_.empty()) throw std::invalid_argument("[sentencepiece] there is no text to learn pieces from");
  std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
    return a.number != b.number ? a.number < b.number : a.part < b.part;
  });
  // The threads are told: sums of floating-point numbers depend on how many there are.
  const std::unordered_map<std::string, std::string> arguments = {
      {"vocab_size", std::to_string(training_.size)},
      {"model_type", training_.model},
      {"num_threads", "16"},
      {"minloglevel", "3"}};
  LineIterator<std::vector<Line>> lines(lines_);
  std::string bytes;
  const auto status = sentencepiece::SentencePieceTrainer::Train(arguments, &lines, &bytes);
  if (!status.ok()) {
    const std::string message = status.error_message();
    const std::string asked = std::to_string(training_.size) + " pieces";
    if (const auto most = number_behind(message, "value <= "); most > 0)
      fail("the text is too small for " + asked + "; it is enough for " + std::to_string(most));
    if (const auto least = number_behind(message, " vs "); least > training_.size)
      fail("the text has too many characters for " + asked + "; it needs " + std::to_string(least));
    fail("no model can be learnt: " + message);
  }
  return PieceModel::trusted(std::move(bytes));
}

}  // namespace weft::nlp
