// fasttext_labels: lines as fastText takes them, `__label__x __label__y the text`. Words that begin with the
// prefix are labels, wherever they stand; the rest is the text. `label` is the first label; how many lines
// have more is told.

#include "corpora/readers/labelled_texts.h"
#include "nlp/text/segments.h"

namespace weft::corpora {

namespace {

constexpr int kSeveralLabels = 0;  // a remark

/// Takes the labels of a line off; `rest` is used for a text with labels within.
struct Taken {
  std::string_view label, text;  // the first one
  int labels = 0;
};
Taken take_labels(std::string_view line, const std::string& prefix, std::string& rest) {
  Taken taken;
  rest.clear();
  std::size_t copied = 0;  // of the line, into `rest`
  bool only_labels = true;
  for (std::size_t at = 0; at < line.size();) {
    while (at < line.size() && nlp::is_ascii_space(line[at])) ++at;
    const std::size_t begin = at;
    while (at < line.size() && !nlp::is_ascii_space(line[at])) ++at;
    const std::string_view word = line.substr(begin, at - begin);
    if (word.size() <= prefix.size() || !word.starts_with(prefix)) {
      only_labels = only_labels && word.empty();
      continue;
    }
    if (taken.labels++ == 0) taken.label = word.substr(prefix.size());
    if (!only_labels) rest.append(line.substr(copied, begin - copied));
    copied = at;
  }
  taken.text = line.substr(copied);
  if (!rest.empty()) taken.text = rest.append(taken.text);
  return taken;
}

}  // namespace

ReaderSchema fasttext_labels_schema() {
  return labelled_texts_schema(
      "fasttext_labels",
      {{"prefix", ArgumentKind::text, false, "what the words begin with that are labels: \"__label__\""}});
}

std::unique_ptr<Dataset> open_fasttext_labels(const ReaderRequest& request, const ReaderSchema& schema,
                                              const Watch& watch) {
  const std::string prefix = text_of(request, "prefix", "__label__");
  if (prefix.empty())
    throw DataError(request.path, 0, "the prefix of labels is empty", "prefix = \"__label__\"");
  RowReader reader;
  reader.layout = labelled_texts_layout(request);
  reader.layout.remarks = {
      {"row has several labels: the first is taken", "rows have several labels: the first is taken"}};
  reader.open = [&](bool validation) {
    return whole_records(open_blocks(request, path_of(request, validation), watch),
                         {whole_lines, "line", "a file of lines"});
  };
  reader.parse = [&](const RecordPiece& piece, RowSink& sink) {
    std::string rest;
    for_each_line(piece.text, piece.place.line, [&](std::string_view line, std::int64_t number) {
      const Taken taken = take_labels(line, prefix, rest);
      if (taken.labels == 0) {
        throw DataError(piece.place.file, number, "the line has no label",
                        "a line begins with its labels, as in: " + prefix + "sport the match is over");
      }
      if (taken.labels > 1) sink.remark(kSeveralLabels);
      labelled_text(sink, taken.label, taken.text, {piece.place.file, number});
    });
  };
  return open_rows(request, schema, reader);
}

}  // namespace weft::corpora
