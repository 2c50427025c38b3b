#include "repl/commands/embedding_input.h"

#include <cstdio>

#include "corpora/dataset.h"
#include "lang/text_width.h"
#include "lang/utf8.h"
#include "nlp/embedding/spelling.h"
#include "nlp/text/tokenizer.h"
#include "repl/input.h"
#include "repl/interrupt.h"
#include "repl/usage.h"

namespace weft::repl {

std::vector<std::string> embedding_format_names() {
  std::vector<std::string> out;
  for (const nlp::EmbeddingFormatName& f : nlp::embedding_formats()) out.emplace_back(f.name);
  return out;
}

void add_embedding_input(CLI::App& command, EmbeddingInput& input, const char* name) {
  command.add_option(name, input.path, "Word vectors, in any of the formats; .gz too")->required();
  command.add_option("--from", input.format, "Its format, where the contents don't tell")
      ->type_name("FORMAT")
      ->check(one_of(embedding_format_names()));
  command.add_flag(
      "--skip-faults", input.skip_faults,
      "Leave out words that are listed twice, aren't UTF-8 or have NaN in their vector, and pass "
      "over a wrong count in the first line");
}

nlp::EmbeddingModel read_input(const EmbeddingInput& input) {
  nlp::EmbeddingReport report;
  nlp::EmbeddingModel model = nlp::read_embedding(input.path, {input.format, input.skip_faults}, &report);
  for (const std::string& note : report.notes) std::fprintf(stderr, "weft: %s; passed over\n", note.c_str());
  if (report.skipped > 0)
    std::fprintf(stderr, "weft: %s: %lld faulty word%s\n", input.path.c_str(),
                 static_cast<long long>(report.skipped), report.skipped == 1 ? "" : "s");
  return model;
}

void tell_missing_word(const nlp::EmbeddingModel& model, const std::string& path, const std::string& word) {
  std::string near;
  for (const std::string& s : nlp::near_spellings(model.dictionary, word))
    near += (near.empty() ? ", did you mean `" : "` or `") + s;
  std::fprintf(stderr, "weft: %s: no vector for `%s`%s\n", path.c_str(), word.c_str(),
               near.empty() ? "" : (near + "`?").c_str());
}

void for_each_query(const std::vector<std::string>& words,
                    const std::function<bool(const std::string&)>& take) {
  const auto check = [](const std::string& word, const char* from, std::int64_t line) {
    if (nlp::check_utf8(word) != std::string::npos)
      throw corpora::DataError(from, line, "a word that is not UTF-8", "convert the text to UTF-8 first");
  };
  for (const std::string& word : words) {
    check(word, "the command line", 0);
    if (!take(word)) return;
  }
  if (!words.empty()) return;
  std::string line;
  for (std::int64_t number = 1; next_input_line(line, number); ++number) {
    const auto begin = line.find_first_not_of(" \t"), end = line.find_last_not_of(" \t");
    if (begin == std::string::npos) continue;
    const std::string word = line.substr(begin, end - begin + 1);
    check(word, "<stdin>", number);
    if (!take(word) || Interrupt::requested()) return;
  }
}

std::size_t columns_of(const std::string& text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character c = decode_utf8(text, at);
    columns += static_cast<std::size_t>(text_width(c.value));
    at += c.length;
  }
  return columns;
}

std::string padded(const std::string& text, std::size_t columns) {
  const std::size_t width = columns_of(text);
  return text + std::string(columns > width ? columns - width : 0, ' ');
}

}  // namespace weft::repl
