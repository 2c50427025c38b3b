#include "repl/commands/vocabulary_file.h"

#include <map>

#include "corpora/records.h"
#include "nlp/text/token_text.h"

namespace weft::repl {

nlp::Vocabulary read_vocabulary(const std::string& path) {
  const auto source = corpora::whole_records(std::make_unique<corpora::FileBlocks>(path),
                                             {corpora::whole_lines, "line", "a vocabulary"});
  std::vector<std::string> tokens;
  std::map<std::string, std::int64_t, std::less<>> lines;
  corpora::RecordPiece piece;
  while (source->next(piece)) {
    corpora::for_each_line(piece.text, piece.place.line, [&](std::string_view line, std::int64_t number) {
      const std::string_view written = line.substr(0, line.find('\t'));
      std::string token = nlp::read_token(written);
      const auto [first, is_new] = lines.emplace(token, number);
      if (!is_new) {
        throw corpora::DataError(path, number,
                                 "the token \"" + std::string(written) + "\" is in line " +
                                     std::to_string(first->second) + " already");
      }
      tokens.push_back(std::move(token));
    });
  }
  if (tokens.empty()) throw corpora::DataError(path, 0, "the vocabulary has no token");
  return nlp::Vocabulary(std::move(tokens));
}

std::string vocabulary_lines(const std::vector<std::pair<std::string, std::int64_t>>& tokens) {
  std::string out;
  for (const auto& [token, count] : tokens) {
    nlp::append_token(token, out);
    out += '\t';
    out += std::to_string(count);
    out += '\n';
  }
  return out;
}

}  // namespace weft::repl
