#include "repl/commands/token_lines.h"

#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <system_error>

#include "corpora/in_order.h"
#include "nlp/text/segments.h"
#include "nlp/text/token_text.h"
#include "nlp/text/tokenizer.h"

namespace weft::repl {

namespace {

void append_number(std::int64_t number, std::string& out) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

void write(const std::string& text, std::FILE* to) {
  if (std::fwrite(text.data(), 1, text.size(), to) != text.size())
    throw std::system_error(errno, std::generic_category(), "can't write to standard output");
}

/// What threads have in common.
struct Common {
  corpora::FileBlocks& blocks;
  const nlp::TokenizerSettings& settings;
  const TokenOutput& output;
  std::FILE* to;
  std::size_t line_offset = 0;  // of the next block, in the line that goes on with it
  bool line_has_tokens = false;
};

/// The lines of a block as they are written. A line that is longer than a block comes in parts.
class LineWork : public corpora::PieceWork {
 public:
  explicit LineWork(Common& common)
      : common_(common), tokenizer_(nlp::make_tokenizer(common.settings)), output_(common.output) {}

  bool take() override {
    if (!common_.blocks.next(block_)) return false;
    offset_ = block_.starts_line ? 0 : common_.line_offset;
    common_.line_offset = block_.ends_line ? 0 : offset_ + block_.text.size();
    return true;
  }

  void work() override {
    out_.clear();
    first_has_tokens_ = false;
    bool first = true;
    for (std::string_view rest = block_.text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      std::string_view line = rest.substr(0, end);
      const bool ends = end != std::string_view::npos || block_.ends_line;
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (ends && !line.empty() && line.back() == '\r') line.remove_suffix(1);
      line_has_tokens_ = false;
      write_line(line, ends);
      if (first) first_has_tokens_ = line_has_tokens_;
      first = false;
      offset_ = 0;
    }
  }

  void join() override {
    const bool goes_on = !block_.starts_line && common_.line_has_tokens && first_has_tokens_;
    if (goes_on && output_.format == TokenFormat::text) write(" ", common_.to);
    write(out_, common_.to);
    const bool one_line = !block_.starts_line && block_.text.find('\n') == std::string_view::npos;
    common_.line_has_tokens =
        !block_.ends_line && (line_has_tokens_ || (one_line && common_.line_has_tokens));
  }

 protected:
  /// Adds what is written of a line, or of a part of one, to out_; `ends`: nothing more of it comes.
  virtual void write_line(std::string_view line, bool ends) = 0;

  std::int64_t id(std::string_view token) const {
    if (output_.vocabulary) return output_.vocabulary->id(token);
    return common_.settings.pieces->id(token);
  }

  Common& common_;
  std::unique_ptr<nlp::Tokenizer> tokenizer_;
  const TokenOutput& output_;
  nlp::TextBlock block_;
  std::size_t offset_ = 0;  // of the line at hand, where it began in an earlier block
  std::string out_;
  bool line_has_tokens_ = false, first_has_tokens_ = false;
};

class TextLines : public LineWork {
 public:
  using LineWork::LineWork;

 protected:
  void write_line(std::string_view line, bool ends) override {
    tokenizer_->tokenize(line, [&](std::string_view token) {
      if (line_has_tokens_) out_ += ' ';
      line_has_tokens_ = true;
      if (output_.ids) {
        append_number(id(token), out_);
      } else {
        nlp::append_token(token, out_);
      }
    });
    if (ends) out_ += '\n';
  }
};

class TsvLines : public LineWork {
 public:
  using LineWork::LineWork;

 protected:
  void write_line(std::string_view line, bool ends) override {
    const auto row = [&](std::string_view token, nlp::ByteSpan span) {
      nlp::append_token(token, out_);
      if (output_.offsets) {
        out_ += '\t';
        append_number(static_cast<std::int64_t>(offset_ + span.begin), out_);
        out_ += '\t';
        append_number(static_cast<std::int64_t>(offset_ + span.end), out_);
      }
      if (output_.ids) {
        out_ += '\t';
        append_number(id(token), out_);
      }
      out_ += '\n';
    };
    if (output_.offsets) {
      tokenizer_->tokenize_spans(line, row);
    } else {
      tokenizer_->tokenize(line, [&](std::string_view token) { row(token, {}); });
    }
    if (ends) out_ += '\n';
  }
};

/// The arrays of a JSON line, without their brackets.
struct JsonLine {
  std::string tokens, offsets, ids;
  bool ends = false;
};

class JsonLines : public LineWork {
 public:
  JsonLines(Common& common, JsonLine& open) : LineWork(common), open_(open) {}

  void work() override {
    lines_.clear();
    LineWork::work();
  }

  void join() override {
    out_.clear();
    for (const JsonLine& line : lines_) {
      for (const auto part : {&JsonLine::tokens, &JsonLine::offsets, &JsonLine::ids}) {
        if (!(open_.*part).empty() && !(line.*part).empty()) open_.*part += ", ";
        open_.*part += line.*part;
      }
      if (!line.ends) continue;
      out_ += "{\"tokens\": [" + open_.tokens + "]";
      if (output_.offsets) out_ += ", \"offsets\": [" + open_.offsets + "]";
      if (output_.ids) out_ += ", \"ids\": [" + open_.ids + "]";
      out_ += "}\n";
      open_ = {};
    }
    write(out_, common_.to);
  }

 protected:
  void write_line(std::string_view line, bool ends) override {
    JsonLine& to = lines_.emplace_back();
    to.ends = ends;
    const auto separate = [](std::string& list) {
      if (!list.empty()) list += ", ";
    };
    const auto add = [&](std::string_view token, nlp::ByteSpan span) {
      separate(to.tokens);
      to.tokens += nlohmann::json(token).dump();
      if (output_.offsets) {
        separate(to.offsets);
        to.offsets += '[';
        append_number(static_cast<std::int64_t>(offset_ + span.begin), to.offsets);
        to.offsets += ", ";
        append_number(static_cast<std::int64_t>(offset_ + span.end), to.offsets);
        to.offsets += ']';
      }
      if (output_.ids) {
        separate(to.ids);
        append_number(id(token), to.ids);
      }
    };
    if (output_.offsets) {
      tokenizer_->tokenize_spans(line, add);
    } else {
      tokenizer_->tokenize(line, [&](std::string_view token) { add(token, {}); });
    }
  }

 private:
  JsonLine& open_;
  std::vector<JsonLine> lines_;
};

}  // namespace

void write_tokens(corpora::FileBlocks& blocks, const nlp::TokenizerSettings& settings,
                  const TokenOutput& output, int threads, std::FILE* to) {
  Common common{blocks, settings, output, to};
  JsonLine open;
  std::vector<std::unique_ptr<corpora::PieceWork>> workers;
  for (int i = 0; i < corpora::thread_count(threads); ++i) {
    if (output.format == TokenFormat::text) workers.push_back(std::make_unique<TextLines>(common));
    if (output.format == TokenFormat::tsv) workers.push_back(std::make_unique<TsvLines>(common));
    if (output.format == TokenFormat::jsonl) workers.push_back(std::make_unique<JsonLines>(common, open));
  }
  corpora::run_in_order(workers);
}

}  // namespace weft::repl
