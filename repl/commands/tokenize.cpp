#include <charconv>
#include <cstdio>

#include "corpora/in_order.h"
#include "corpora/records.h"
#include "corpora/watch.h"
#include "nlp/metrics/segmentation.h"
#include "nlp/text/piece_trainer.h"
#include "nlp/text/segments.h"
#include "nlp/text/token_text.h"
#include "nlp/text/tokenizer.h"
#include "repl/commands/command.h"
#include "repl/commands/token_lines.h"
#include "repl/commands/tokenizer_options.h"
#include "repl/commands/vocabulary_file.h"
#include "repl/exit_code.h"
#include "repl/usage.h"
#include "tensor/safetensors_file.h"

/// `weft tokenize`: text to tokens and back; learning pieces; scoring words.
namespace weft::repl {

namespace {

struct Tokenize {
  TokenizerOptions text;
  std::string format;  // empty: text, or tsv where there are offsets
  bool offsets = false, ids = false, detokenize = false;
  std::string vocab;
  std::string train, output, algorithm = "unigram";
  std::int64_t size = 8000;
  std::string gold;

  void check() const {
    if (!train.empty()) {
      if (output.empty()) throw CLI::ValidationError("--train needs --output, the file of the model");
      if (!text.model.empty() || !text.kind.empty())
        throw CLI::ValidationError("--train makes a model; --kind and --model use one");
      return;
    }
    text.check();
    if (!output.empty()) throw CLI::ValidationError("--output is the file that --train writes");
    if (ids && vocab.empty() && text.model.empty())
      throw CLI::ValidationError("--ids needs --vocab or --model: what the numbers stand for");
    if (!vocab.empty() && !ids) throw CLI::ValidationError("--vocab is for --ids");
    if (offsets && (format == "text" || detokenize))
      throw CLI::ValidationError("--offsets needs --format tsv or jsonl");
    if (!gold.empty() && !text.files.empty())
      throw CLI::ValidationError("--score takes its text from the file of words; give no other");
  }
};

TokenFormat format_of(const Tokenize& job) {
  if (job.format == "tsv" || (job.format.empty() && job.offsets)) return TokenFormat::tsv;
  return job.format == "jsonl" ? TokenFormat::jsonl : TokenFormat::text;
}

int learn(const Tokenize& job) {
  nlp::PieceTrainer trainer({job.size, job.algorithm});
  ProgressLine line;
  ReadingProgress progress("tokenize", line);
  const auto blocks = job.text.blocks(&progress);
  nlp::TextBlock block;
  for (std::int64_t number = 0; blocks->next(block);) {
    for (std::string_view rest = block.text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      trainer.add(number, rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (end != std::string_view::npos || block.ends_line) ++number;
    }
  }
  line.close();
  std::shared_ptr<const nlp::PieceModel> model;
  try {
    model = trainer.train();
  } catch (const std::invalid_argument& e) {
    throw corpora::DataError(job.text.files.empty() ? "<stdin>" : job.text.files[0], 0,
                             nlp::without_tag(e.what()));
  }
  safetensors::ReplacingFile out(job.output);
  out.write(reinterpret_cast<const std::byte*>(model->bytes().data()), model->bytes().size());
  out.commit();
  std::fprintf(stderr, "%s: %lld pieces\n", job.output.c_str(), static_cast<long long>(model->size()));
  return ExitCode::ok;
}

std::shared_ptr<const nlp::Vocabulary> vocabulary_of(const Tokenize& job) {
  return job.vocab.empty() ? nullptr : std::make_shared<const nlp::Vocabulary>(read_vocabulary(job.vocab));
}

/// The tokens that a written one stands for, where it is a number.
std::string token_of(std::string_view written, const nlp::Vocabulary* vocabulary,
                     const nlp::PieceModel* pieces, const corpora::TextPlace& place) {
  std::int64_t number = -1;
  const auto [end, fault] = std::from_chars(written.data(), written.data() + written.size(), number);
  const std::int64_t size = vocabulary ? vocabulary->size() : pieces->size();
  if (fault != std::errc() || end != written.data() + written.size() || number < 0 || number >= size) {
    throw corpora::DataError(
        place.file, place.line,
        "expected a token's number below " + std::to_string(size) + ", got \"" + std::string(written) + "\"");
  }
  return vocabulary ? vocabulary->token(number) : pieces->piece(number);
}

int to_text(const Tokenize& job) {
  const nlp::TokenizerSettings settings = job.text.settings();
  const auto tokenizer = nlp::make_tokenizer(settings);
  const auto vocabulary = vocabulary_of(job);
  const auto source = corpora::whole_records(job.text.blocks(), {corpora::whole_lines, "line", "a text"});
  corpora::RecordPiece piece;
  std::vector<std::string> tokens;
  while (source->next(piece)) {
    std::string out;
    std::int64_t number = piece.place.line;
    for (std::string_view rest = piece.text; !rest.empty(); ++number) {
      const std::size_t line_end = rest.find('\n');
      const std::string_view line = rest.substr(0, line_end);
      rest.remove_prefix(line_end == std::string_view::npos ? rest.size() : line_end + 1);
      tokens.clear();
      for (std::size_t i = 0; i < line.size();) {
        const std::size_t begin = i;
        while (i < line.size() && !nlp::is_ascii_space(line[i])) ++i;
        if (const std::string_view token = line.substr(begin, i - begin); token.empty()) {
          ++i;
        } else if (job.ids) {
          tokens.push_back(
              token_of(token, vocabulary.get(), settings.pieces.get(), {piece.place.file, number}));
        } else {
          tokens.push_back(settings.kind == "chars" ? nlp::read_token(token) : std::string(token));
        }
      }
      out += tokenizer->detokenize(tokens) + "\n";
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
  }
  return ExitCode::ok;
}

/// Lines of words that are apart by white space: scored against the words that the tokenizer finds in what is
/// left of a line without its white space.
class ScoreWork : public corpora::PieceWork {
 public:
  ScoreWork(corpora::RecordSource& source, const nlp::TokenizerSettings& settings,
            nlp::SegmentationScore& total)
      : source_(source), tokenizer_(nlp::make_tokenizer(settings)), total_(total) {}

  bool take() override { return source_.next(piece_); }

  void work() override {
    score_ = {};
    corpora::for_each_line(piece_.text, 1, [&](std::string_view line, std::int64_t) {
      text_.clear();
      reference_.clear();
      for (std::size_t i = 0; i < line.size();) {
        const std::size_t begin = i;
        while (i < line.size() && !nlp::is_ascii_space(line[i])) ++i;
        if (i == begin) {
          ++i;
          continue;
        }
        reference_.push_back({text_.size(), text_.size() + i - begin});
        text_ += line.substr(begin, i - begin);
      }
      found_.clear();
      tokenizer_->tokenize_spans(text_,
                                 [&](std::string_view, nlp::ByteSpan span) { found_.push_back(span); });
      score_.add(reference_, found_);
    });
  }

  void join() override {
    total_.reference += score_.reference;
    total_.found += score_.found;
    total_.right += score_.right;
  }

 private:
  corpora::RecordSource& source_;
  std::unique_ptr<nlp::Tokenizer> tokenizer_;
  nlp::SegmentationScore& total_;
  nlp::SegmentationScore score_;
  corpora::RecordPiece piece_;
  std::string text_;
  std::vector<nlp::ByteSpan> reference_, found_;
};

int score(const Tokenize& job) {
  const nlp::TokenizerSettings settings = job.text.settings();
  const auto source =
      corpora::whole_records(job.text.blocks({job.gold}), {corpora::whole_lines, "line", "a text of words"});
  nlp::SegmentationScore total;
  std::vector<std::unique_ptr<corpora::PieceWork>> workers;
  for (int i = 0; i < corpora::thread_count(job.text.threads); ++i)
    workers.push_back(std::make_unique<ScoreWork>(*source, settings, total));
  corpora::run_in_order(workers);
  std::printf("words in %s\t%lld\nwords found\t%lld\nwords right\t%lld\n", job.gold.c_str(),
              static_cast<long long>(total.reference), static_cast<long long>(total.found),
              static_cast<long long>(total.right));
  std::printf("precision\t%.4f\nrecall\t%.4f\nF1\t%.4f\n", total.precision(), total.recall(), total.f1());
  return ExitCode::ok;
}

int tokenize(const Tokenize& job) {
  if (!job.train.empty()) return learn(job);
  if (!job.gold.empty()) return score(job);
  if (job.detokenize) return to_text(job);
  const nlp::TokenizerSettings settings = job.text.settings();
  const auto blocks = job.text.blocks();
  write_tokens(*blocks, settings, {format_of(job), job.offsets, job.ids, vocabulary_of(job)},
               job.text.threads, stdout);
  if (const std::string note = blocks->note(); !note.empty())
    std::fprintf(stderr, "weft: %s\n", note.c_str());
  return ExitCode::ok;
}

}  // namespace

void add_tokenize(CommandLine& line) {
  CLI::App* c = add_command(line, "tokenize", "Cut text into tokens, or put it together from them");
  auto job = std::make_shared<Tokenize>();
  add_tokenizer_options(*c, job->text);
  c->add_option("--format", job->format,
                "text: a line of tokens for a line; tsv: a line for a token, an empty one after each line of "
                "text; jsonl: an object for a line (default text; tsv with --offsets)")
      ->type_name("NAME")
      ->check(one_of({"text", "tsv", "jsonl"}));
  c->add_flag("--offsets", job->offsets, "With the bytes of the line that each token comes from");
  c->add_flag("--ids", job->ids, "Numbers of the tokens: lines of --vocab from 0, or pieces of --model");
  c->add_option("--vocab", job->vocab,
                "A file that `weft vocab` wrote; a token it lacks is that of <unk>, or -1")
      ->type_name("FILE");
  c->add_flag("--detokenize", job->detokenize, "Lines of tokens, or with --ids of numbers, to text");
  c->add_option("--score", job->gold,
                "Lines of words apart by white space: how many of them are found in the text without it")
      ->type_name("FILE");
  c->add_option("--train", job->train, "sentencepiece: learn pieces from the text")
      ->type_name("NAME")
      ->check(one_of({"sentencepiece"}));
  c->add_option("--size", job->size, "How many pieces to learn (default 8000)")
      ->type_name("N")
      ->check(whole_number(1, 1'000'000));
  c->add_option("--algorithm", job->algorithm, "How to learn them: unigram or bpe (default unigram)")
      ->type_name("NAME")
      ->check(one_of({"unigram", "bpe"}));
  c->add_option("--output", job->output, "The file of the model that is learnt")->type_name("FILE");
  add_common_options(*c, line.common);
  c->footer(
      "In lines of tokens a space that belongs to a token is written as U+2581.\n\n"
      "Examples:\n"
      "  weft tokenize book.txt --normalize nfc > book.tok\n"
      "  weft tokenize --train sentencepiece --size 8000 --output book.model book.txt\n"
      "  weft tokenize --model book.model --ids book.txt\n"
      "  weft tokenize --score pku_test_gold.utf8 --locale zh");
  c->callback([job, &line] {
    job->check();
    line.run = [&common = line.common, job]() -> int {
      job->text.threads = common.threads;
      try {
        return tokenize(*job);
      } catch (const corpora::Stopped&) {
        return static_cast<int>(ExitCode::interrupted);
      }
    };
  });
}

}  // namespace weft::repl
