#include <algorithm>
#include <cstdio>
#include <limits>

#include "corpora/in_order.h"
#include "corpora/watch.h"
#include "nlp/text/tokenizer.h"
#include "nlp/text/vocabulary.h"
#include "repl/commands/command.h"
#include "repl/commands/tokenizer_options.h"
#include "repl/commands/vocabulary_file.h"
#include "repl/exit_code.h"
#include "repl/usage.h"
#include "tensor/safetensors_file.h"

/// `weft vocab`: the tokens of a text, counted.
namespace weft::repl {

namespace {

struct Vocab {
  TokenizerOptions text;
  std::int64_t min_count = 1;
  std::int64_t size = 0;  // 0: all
  std::string output;
};

class CountWork : public corpora::PieceWork {
 public:
  CountWork(corpora::FileBlocks& blocks, const nlp::TokenizerSettings& settings)
      : blocks_(blocks), tokenizer_(nlp::make_tokenizer(settings)) {}

  bool take() override { return blocks_.next(block_); }
  // Lines one by one, as everything else reads them: sentencepiece doesn't know line ends.
  void work() override {
    for (std::string_view rest = block_.text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      std::string_view line = rest.substr(0, end);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      tokenizer_->tokenize(line, [&](std::string_view token) { counter_.add(token); });
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
  void join() override {}

  const nlp::TokenCounter& counter() const { return counter_; }

 private:
  corpora::FileBlocks& blocks_;
  std::unique_ptr<nlp::Tokenizer> tokenizer_;
  nlp::TextBlock block_;
  nlp::TokenCounter counter_;
};

int vocab(const Vocab& job) {
  const nlp::TokenizerSettings settings = job.text.settings();
  ProgressLine line;
  ReadingProgress progress("vocab", line);
  const auto blocks = job.text.blocks(&progress);
  std::vector<std::unique_ptr<corpora::PieceWork>> workers;
  std::vector<const CountWork*> counts;
  for (int i = 0; i < corpora::thread_count(job.text.threads); ++i) {
    auto work = std::make_unique<CountWork>(*blocks, settings);
    counts.push_back(work.get());
    workers.push_back(std::move(work));
  }
  corpora::run_in_order(workers);
  line.close();
  nlp::TokenCounter total;
  for (const CountWork* one : counts) {
    for (const auto& [token, count] : one->counter().sorted()) total.add(token, count);
  }
  auto tokens = total.sorted();
  if (job.size > 0 && tokens.size() > static_cast<std::size_t>(job.size))
    tokens.resize(static_cast<std::size_t>(job.size));
  const auto rare =
      std::find_if(tokens.begin(), tokens.end(), [&](const auto& one) { return one.second < job.min_count; });
  tokens.erase(rare, tokens.end());
  if (const std::string note = blocks->note(); !note.empty())
    std::fprintf(stderr, "weft: %s\n", note.c_str());
  const std::string lines = vocabulary_lines(tokens);
  if (job.output.empty()) {
    std::fwrite(lines.data(), 1, lines.size(), stdout);
  } else {
    safetensors::ReplacingFile out(job.output);
    out.write(reinterpret_cast<const std::byte*>(lines.data()), lines.size());
    out.commit();
  }
  return ExitCode::ok;
}

}  // namespace

void add_vocab(CommandLine& line) {
  CLI::App* c = add_command(line, "vocab", "Count the tokens of a text, the most frequent first");
  auto job = std::make_shared<Vocab>();
  add_tokenizer_options(*c, job->text);
  c->add_option("--min-count", job->min_count, "Leave out what is rarer (default 1)")
      ->type_name("N")
      ->check(whole_number(1, std::numeric_limits<std::int64_t>::max()));
  c->add_option("--size", job->size, "Leave out all but the N most frequent")
      ->type_name("N")
      ->check(whole_number(1, std::numeric_limits<std::int64_t>::max()));
  c->add_option("--output", job->output, "The file to write, in place of standard output")->type_name("FILE");
  add_common_options(*c, line.common);
  c->footer(
      "Each line is a token, a tab and its count; ties stand in byte order.\n\n"
      "Example: weft vocab book.txt --min-count 5 --output book.vocab");
  c->callback([job, &line] {
    job->text.check();
    line.run = [&common = line.common, job]() -> int {
      job->text.threads = common.threads;
      try {
        return vocab(*job);
      } catch (const corpora::Stopped&) {
        return static_cast<int>(ExitCode::interrupted);
      }
    };
  });
}

}  // namespace weft::repl
