#include "nlp/embedding/classifier/examples.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>

#include "nlp/embedding/classifier/line_tokens.h"
#include "nlp/embedding/classifier/random.h"
#include "nlp/embedding/classifier/token_table.h"

namespace weft::nlp {

namespace {

/// The examples of one block, in the numbers of one thread's table.
struct Piece {
  std::uint64_t at = 0;  // in the spool, in numbers
  std::uint64_t size = 0;
  std::size_t table = 0;
};

/// Turns lines into numbers, for one thread.
class LineReader {
 public:
  explicit LineReader(const ExampleReading& reading)
      : reading_(reading), line_end_hash_(fasttext_hash(kLineEnd)) {}

  void line(std::string_view text) {
    if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    ++counts.lines;
    const std::size_t header = ids.size();
    ids.resize(header + 2);
    words_.clear();
    bool labelled = false;
    if (reading_.form == LabelForm::tsv) {
      const std::size_t tab = text.find('\t');
      const std::string_view name = text.substr(0, tab);
      if (name.find_first_not_of(" \r\t") != std::string_view::npos && tab != std::string_view::npos) {
        label_ = reading_.label_prefix;
        label_ += name;
        ids.push_back(table.count(label_, fasttext_hash(label_), true));
        labelled = true;
      }
      if (tab != std::string_view::npos) text.remove_prefix(tab + 1);
    }
    for_each_token(text, [&](std::string_view token, std::uint32_t hash) {
      if (token.starts_with(reading_.label_prefix)) {
        ids.push_back(table.count(token, hash, true));
        labelled = true;
      } else {
        words_.push_back(table.count(token, hash, false));
      }
    });
    if (!labelled || words_.empty()) {
      ++(labelled ? counts.textless : words_.empty() ? counts.empty : counts.unlabelled);
      ids.resize(header);
      return;
    }
    counts.tokens += static_cast<std::int64_t>(words_.size()) + 1;
    words_.push_back(table.count(kLineEnd, line_end_hash_, false));
    ids[header] = static_cast<std::uint32_t>(ids.size() - header - 2);
    ids[header + 1] = static_cast<std::uint32_t>(words_.size());
    ids.insert(ids.end(), words_.begin(), words_.end());
  }

  void lines(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      line(text.substr(0, end));
      if (end == std::string_view::npos) return;
      text.remove_prefix(end + 1);
    }
  }

  TokenTable table;
  ExampleCounts counts;
  std::vector<std::uint32_t> ids;  // of the block at hand

 private:
  const ExampleReading& reading_;
  const std::uint32_t line_end_hash_;
  std::string label_;
  std::vector<std::uint32_t> words_;
};

void add(ExampleCounts& to, const ExampleCounts& from) {
  to.lines += from.lines;
  to.tokens += from.tokens;
  to.empty += from.empty;
  to.unlabelled += from.unlabelled;
  to.textless += from.textless;
}

/// All blocks of a text as pieces, by as many threads as there are.
class Reading {
 public:
  Reading(TextBlocks& blocks, const ExampleReading& reading, Spool& spool,
          const std::function<bool()>& going_on)
      : blocks_(blocks), spool_(spool), reading_(&reading), going_on_(going_on), long_lines_(reading) {
    readers_.push_back(nullptr);  // that of the long lines
  }

  void run(const Workers& workers) {
    // Nothing is thrown across threads.
    workers.for_each_range(workers.size(), 1, [&](std::int64_t, std::int64_t) {
      try {
        read_blocks();
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
      }
    });
    if (error_) std::rethrow_exception(error_);
    join_long_lines();
  }

  bool stopped() const { return stopped_; }

  std::vector<const TokenTable*> tables() const {
    std::vector<const TokenTable*> out{&long_lines_.table};
    for (std::size_t i = 1; i < readers_.size(); ++i) out.push_back(&readers_[i]->table);
    return out;
  }
  ExampleCounts counts() const {
    ExampleCounts out = long_lines_.counts;
    for (std::size_t i = 1; i < readers_.size(); ++i) add(out, readers_[i]->counts);
    return out;
  }
  /// In the order of the text.
  std::map<std::int64_t, Piece> pieces;

 private:
  void read_blocks() {
    LineReader* reader = nullptr;
    std::size_t table = 0;
    {
      const std::lock_guard lock(mutex_);
      table = readers_.size();
      readers_.push_back(std::make_unique<LineReader>(*reading_));
      reader = readers_.back().get();
    }
    TextBlock block;
    while (!stopped_ && blocks_.next(block)) {
      if (going_on_ && !going_on_()) stopped_ = true;
      if (!block.starts_line || !block.ends_line) {
        keep(block);
        continue;
      }
      reader->ids.clear();
      reader->lines(block.text);
      file(block.number, reader->ids, table);
    }
  }

  void file(std::int64_t number, const std::vector<std::uint32_t>& ids, std::size_t table) {
    const std::uint64_t at = spool_.append(std::as_bytes(std::span(ids)));
    const std::lock_guard lock(mutex_);
    pieces[number] = {at / sizeof(std::uint32_t), ids.size(), table};
  }

  /// A line longer than a block: its parts are read together at the end.
  void keep(const TextBlock& block) {
    const std::lock_guard lock(mutex_);
    parts_[block.number] = {std::string(block.text), block.ends_line};
  }

  void join_long_lines() {
    std::string text;
    for (auto& [number, part] : parts_) {
      text += part.first;
      part.first = {};
      const auto next = parts_.find(number + 1);
      if (!part.second && next != parts_.end()) continue;
      long_lines_.ids.clear();
      long_lines_.lines(text);
      file(number, long_lines_.ids, 0);
      text.clear();
    }
  }

  TextBlocks& blocks_;
  Spool& spool_;
  const ExampleReading* reading_;
  const std::function<bool()>& going_on_;
  LineReader long_lines_;
  std::vector<std::unique_ptr<LineReader>> readers_;
  std::map<std::int64_t, std::pair<std::string, bool>> parts_;  // and whether the line ends there
  std::mutex mutex_;
  std::atomic<bool> stopped_{false};
  std::exception_ptr error_;
};

constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr std::int32_t kNew = std::numeric_limits<std::int32_t>::max();

/// Where each table's numbers lead in the dictionary: words, then rare words; labels on their own.
using Translations = std::vector<std::vector<std::uint32_t>>;

TokenTable joined(const std::vector<const TokenTable*>& tables, Translations& to) {
  TokenTable all;
  for (const TokenTable* table : tables) {
    std::vector<std::uint32_t>& map = to.emplace_back(table->size());
    for (std::uint32_t i = 0; i < table->size(); ++i) {
      const TokenTable::Entry& e = (*table)[i];
      map[i] = all.count(table->text(e), e.hash, e.label, e.count);
    }
  }
  return all;
}

void compose(Translations& tables, const std::vector<std::uint32_t>& then) {
  for (auto& table : tables)
    for (std::uint32_t& i : table) i = then[i];
}

}  // namespace

Examples Examples::read(TextBlocks& blocks, const ExampleReading& reading, const Workers& workers,
                        const std::function<bool()>& going_on) {
  Examples out;
  out.label_prefix_ = reading.label_prefix;
  out.spool_ = std::make_shared<Spool>();
  Reading all(blocks, reading, *out.spool_, going_on);
  all.run(workers);
  out.counts_ = all.counts();
  if (all.stopped()) return out;

  Translations translations;
  TokenTable seen = joined(all.tables(), translations);
  std::vector<std::int32_t> place;  // by entry, among those known; a new one has none
  if (reading.known) {
    for (std::int32_t i = 0; i < reading.known->size(); ++i) {
      const std::string_view text = reading.known->text(i);
      const bool label = reading.known->kind(i) == Dictionary::Kind::label;
      const std::uint32_t entry = seen.count(text, fasttext_hash(text), label, reading.known->count(i));
      place.resize(seen.size(), kNew);
      place[entry] = i;
    }
  }
  place.resize(seen.size(), kNew);
  std::vector<std::uint32_t> to(seen.size(), kNone);
  if (reading.dictionary) {
    out.dictionary_ = *reading.dictionary;
    for (std::uint32_t i = 0; i < seen.size(); ++i) {
      const TokenTable::Entry& e = seen[i];
      const std::int32_t known = out.dictionary_.find(seen.text(e));
      if (e.label) {
        if (known >= out.dictionary_.words())
          to[i] = static_cast<std::uint32_t>(known - out.dictionary_.words());
      } else if (known >= 0 && known < out.dictionary_.words()) {
        to[i] = static_cast<std::uint32_t>(known);
      } else if (seen.text(e) != kLineEnd) {
        to[i] = static_cast<std::uint32_t>(out.dictionary_.words() + out.rare_.add(seen.text(e), e.count));
      }
    }
  } else {
    std::vector<std::uint32_t> order(seen.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const TokenTable::Entry &x = seen[a], &y = seen[b];
      if (x.label != y.label) return y.label;
      if (place[a] != place[b]) return place[a] < place[b];
      return x.count != y.count ? x.count > y.count : seen.text(x) < seen.text(y);
    });
    std::int64_t bytes = 0;
    for (std::uint32_t i = 0; i < seen.size(); ++i) bytes += seen[i].length;
    out.dictionary_.reserve(seen.size(), bytes);
    std::vector<std::uint32_t> rare;
    for (const std::uint32_t i : order) {
      const TokenTable::Entry& e = seen[i];
      if (place[i] == kNew && e.count < (e.label ? reading.min_label_count : reading.min_count)) {
        if (!e.label && seen.text(e) != kLineEnd) rare.push_back(i);
        continue;
      }
      const std::int32_t n = out.dictionary_.add(seen.text(e), e.count,
                                                 e.label ? Dictionary::Kind::label : Dictionary::Kind::word);
      to[i] = static_cast<std::uint32_t>(e.label ? n - out.dictionary_.words() : n);
    }
    for (const std::uint32_t i : rare) {
      to[i] = static_cast<std::uint32_t>(out.dictionary_.words() +
                                         out.rare_.add(seen.text(seen[i]), seen[i].count));
    }
    for (std::uint32_t i = 0; i < seen.size(); ++i) out.dictionary_.tokens += seen[i].count;
  }
  compose(translations, to);

  out.hashes_.resize(static_cast<std::size_t>(out.words() + out.rare_.size()));
  for (std::int32_t i = 0; i < out.words(); ++i)
    out.hashes_[static_cast<std::size_t>(i)] = fasttext_hash(out.dictionary_.text(i));
  for (std::int32_t i = 0; i < out.rare_.size(); ++i)
    out.hashes_[static_cast<std::size_t>(out.words() + i)] = fasttext_hash(out.rare_.text(i));

  // Numbers of the threads' tables become those of the dictionary, where they lie.
  auto* const ids = reinterpret_cast<std::uint32_t*>(out.spool_->seal());
  out.ids_ = ids;
  std::vector<Piece> pieces;
  for (const auto& [number, piece] : all.pieces) pieces.push_back(piece);
  std::vector<std::vector<std::uint64_t>> starts(pieces.size());
  std::atomic<std::int64_t> dropped{0};
  workers.for_each_range(
      static_cast<std::int64_t>(pieces.size()), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t p = begin; p < end; ++p) {
          const Piece& piece = pieces[static_cast<std::size_t>(p)];
          const std::vector<std::uint32_t>& map = translations[piece.table];
          for (std::uint64_t at = piece.at; at < piece.at + piece.size;) {
            std::uint32_t* const example = ids + at;
            const std::uint32_t labels = example[0], words = example[1];
            at += 2 + std::uint64_t{labels} + words;
            std::uint32_t* write = example + 2;
            const std::uint32_t* from = write;
            for (std::uint32_t i = 0; i < labels; ++i, ++from)
              if (map[*from] != kNone) *write++ = map[*from];
            example[0] = static_cast<std::uint32_t>(write - example - 2);
            std::uint32_t* const first = write;
            for (std::uint32_t i = 0; i < words; ++i, ++from)
              if (map[*from] != kNone) *write++ = map[*from];
            example[1] = static_cast<std::uint32_t>(write - first);
            if (example[0] == 0 || example[1] == 0) {
              ++dropped;
              continue;
            }
            starts[static_cast<std::size_t>(p)].push_back(static_cast<std::uint64_t>(example - ids));
          }
        }
      });
  std::size_t total = 0;
  for (const auto& s : starts) total += s.size();
  out.starts_.reserve(total);
  for (const auto& s : starts) out.starts_.insert(out.starts_.end(), s.begin(), s.end());
  out.counts_.examples = out.size();
  (reading.dictionary ? out.counts_.unknown_labels : out.counts_.rare_labels) = dropped;
  return out;
}

std::pair<Examples, Examples> Examples::split(double share, std::uint64_t seed) const {
  Examples first, second;
  for (Examples* part : {&first, &second}) {
    part->spool_ = spool_;
    part->ids_ = ids_;
    part->dictionary_ = dictionary_;
    part->rare_ = rare_;
    part->hashes_ = hashes_;
    part->label_prefix_ = label_prefix_;
  }
  for (std::int64_t i = 0; i < size(); ++i) {
    const bool held = random_unit(random_bits(seed, RandomUse::split, static_cast<std::uint64_t>(i))) < share;
    (held ? second : first).starts_.push_back(starts_[static_cast<std::size_t>(i)]);
  }
  for (Examples* part : {&first, &second}) part->counts_.examples = part->size();
  return {std::move(first), std::move(second)};
}

}  // namespace weft::nlp
