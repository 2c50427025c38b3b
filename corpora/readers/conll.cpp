// conll, conllu: sentences whose words have tags, a word a line, an empty line behind each sentence.
// Sentences are cut at T words and padded to the longest of their batch. conll:  columns apart by white
// space; lines that begin with -DOCSTART- are left out. conllu: columns apart by tabs
// (universaldependencies.org/format); comments, words of several tokens (1-2)
//         and empty nodes (8.1) are left out.
// A word is one token, in the form that the tokenizer gives text (normalized, its case folded).

#include <algorithm>

#include "corpora/readers/reader.h"
#include "corpora/rows.h"
#include "nlp/text/edit_distance.h"
#include "nlp/text/segments.h"

namespace weft::corpora {

namespace {

constexpr int kTokenField = 0, kTagField = 1;
constexpr std::size_t kLast = static_cast<std::size_t>(-1);  // the last column, whichever that is

/// All up to the last empty line.
std::size_t whole_sentences(std::string_view text) {
  for (std::size_t end = whole_lines(text); end > 0;) {
    const std::size_t before = end >= 2 ? text.rfind('\n', end - 2) : std::string_view::npos;
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    if (is_blank(text.substr(begin, end - begin))) return end;
    end = begin;
  }
  return 0;
}

class Sentences {
 public:
  Sentences(std::size_t token, std::size_t tag, bool universal)
      : token_(token), tag_(tag), universal_(universal) {}

  void parse(const RecordPiece& piece, RowSink& sink) const {
    std::vector<std::string_view> fields;
    std::int64_t begin = 0;  // the line of the sentence's first word; 0: it has none yet
    std::string_view text = piece.text;
    for (std::int64_t number = piece.place.line; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (is_blank(line)) {
        if (begin > 0) sink.end(begin);
        begin = 0;
        continue;
      }
      if (universal_ ? line.front() == '#' : line.starts_with("-DOCSTART-")) continue;
      split(line, fields);
      const TextPlace place{piece.place.file, number};
      const std::size_t most = std::max(token_, tag_ == kLast ? 0 : tag_);
      if (fields.size() <= most || fields.size() < 2) {
        throw DataError(
            place.file, place.line,
            "expected at least " + std::to_string(std::max<std::size_t>(most + 1, 2)) + " columns, got " +
                std::to_string(fields.size()),
            universal_ ? "columns are separated by tabs" : "columns are separated by spaces or tabs");
      }
      if (universal_ && fields[0].find_first_of("-.") != std::string_view::npos) continue;
      if (begin == 0) begin = number;
      if (sink.word(kTokenField, fields[token_]))
        sink.token(kTagField, fields[tag_ == kLast ? fields.size() - 1 : tag_]);
    }
    if (begin > 0) sink.end(begin);
  }

 private:
  void split(std::string_view line, std::vector<std::string_view>& fields) const {
    fields.clear();
    if (universal_) {
      for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find('\t', begin), line.size());
        fields.push_back(line.substr(begin, end - begin));
        begin = end + 1;
      }
      return;
    }
    for (std::size_t at = 0; at < line.size();) {
      while (at < line.size() && nlp::is_ascii_space(line[at])) ++at;
      const std::size_t begin = at;
      while (at < line.size() && !nlp::is_ascii_space(line[at])) ++at;
      if (at > begin) fields.push_back(line.substr(begin, at - begin));
    }
  }

  std::size_t token_, tag_;
  bool universal_;
};

/// The columns of CoNLL-U, in order.
const std::vector<std::string> kUniversalColumns = {"id",    "form", "lemma",  "upos", "xpos",
                                                    "feats", "head", "deprel", "deps", "misc"};

std::size_t place_of(const ReaderRequest& request, const ColumnName& column, bool universal) {
  if (const auto* number = std::get_if<std::int64_t>(&column)) {
    if (*number < 1)
      throw DataError(request.path, 0, "there is no column " + std::to_string(*number),
                      "columns are counted from 1");
    return static_cast<std::size_t>(*number) - 1;
  }
  const auto& name = std::get<std::string>(column);
  if (!universal)
    throw DataError(request.path, 0, "columns of conll have no names", "give the column's number, from 1");
  const auto found = std::find(kUniversalColumns.begin(), kUniversalColumns.end(), name);
  if (found != kUniversalColumns.end()) return static_cast<std::size_t>(found - kUniversalColumns.begin());
  const std::string near = nlp::nearest_name(name, kUniversalColumns);
  throw DataError(request.path, 0, "there is no column \"" + name + "\" in CoNLL-U",
                  near.empty() ? "its columns are id form lemma upos xpos feats head deprel deps misc"
                               : "did you mean " + near + "?");
}

ReaderSchema schema_of(const std::string& name, const char* token, const char* tag) {
  ReaderSchema schema;
  schema.name = name;
  schema.axes = {"batch", "time"};
  schema.padded = {1};
  schema.arguments = {{"token", ArgumentKind::column, false, token},
                      {"tag", ArgumentKind::column, false, tag}};
  for (ArgumentSchema& argument : common_arguments("sentences"))
    schema.arguments.push_back(std::move(argument));
  schema.columns = {{"tokens", "vocab", {0, 1}}, {"tags", "tagset", {0, 1}}};
  schema.label_sets = {"vocab", "tagset"};
  return schema;
}

std::unique_ptr<Dataset> open_sentences(const ReaderRequest& request, const ReaderSchema& schema,
                                        const Watch& watch, std::size_t token, std::size_t tag,
                                        bool universal) {
  if (token == tag) throw DataError(request.path, 0, "token and tag are the same column");
  const Sentences sentences(token, tag, universal);
  RowReader reader;
  reader.layout.sets = {{true, {std::string(nlp::kUnknown), std::string(nlp::kPad)}},
                        {false, {}, "tag", "words"}};
  reader.layout.fields = {{0, false, request.extents[1]}, {1, false, request.extents[1]}};
  reader.layout.columns = {{kTokenField, 1, "", ""}, {kTagField, 1, "", ""}};
  reader.open = [&](bool validation) {
    return whole_records(
        open_blocks(request, validation ? request.valid_path : request.path, watch),
        {whole_sentences, "sentence", "a file of a word a line, with an empty line behind each sentence"});
  };
  reader.parse = [&](const RecordPiece& piece, RowSink& sink) { sentences.parse(piece, sink); };
  return open_rows(request, schema, reader);
}

}  // namespace

ReaderSchema conll_schema() {
  return schema_of("conll", "the number of the words' column: 1", "that of their tags: the last column");
}

std::unique_ptr<Dataset> open_conll(const ReaderRequest& request, const ReaderSchema& schema,
                                    const Watch& watch) {
  const std::size_t token = place_of(request, column_of(request, "token", std::int64_t{1}), false);
  const bool last = request.columns.count("tag") == 0;
  const std::size_t tag = last ? kLast : place_of(request, column_of(request, "tag", std::int64_t{1}), false);
  return open_sentences(request, schema, watch, token, tag, false);
}

ReaderSchema conllu_schema() {
  return schema_of("conllu", "the words' column, by name or number: \"form\"",
                   "that of their tags, by name or number: \"upos\"");
}

std::unique_ptr<Dataset> open_conllu(const ReaderRequest& request, const ReaderSchema& schema,
                                     const Watch& watch) {
  const std::size_t token = place_of(request, column_of(request, "token", std::string("form")), true);
  const std::size_t tag = place_of(request, column_of(request, "tag", std::string("upos")), true);
  return open_sentences(request, schema, watch, token, tag, true);
}

}  // namespace weft::corpora
