// parallel: sentences and their translations, for models that read one and write the other: two files, line i
// of one the translation of line i of the other, or one file of two columns apart by tabs. Both are cut (the
// source at S tokens, the target so that it and one more fit in T) and padded to the longest of their batch.
// `target` is what a decoder reads, <bos> in front; `next` what it is to say, <eos> behind. Pairs of which
// one side is blank are left out, and how many is told.

#include "corpora/readers/fields.h"
#include "corpora/readers/reader.h"
#include "corpora/rows.h"

namespace weft::corpora {

namespace {

constexpr int kSourceField = 0, kTargetField = 1;
constexpr int kBlankSide = 0;  // a remark
constexpr const char* kBegin = "<bos>";

void pair_of(RowSink& sink, std::string_view source, std::string_view target, std::int64_t line) {
  if (is_blank(source) || is_blank(target)) {
    sink.remark(kBlankSide);
    return;
  }
  sink.text(kSourceField, source);
  sink.text(kTargetField, target);
  sink.end(line);
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace

ReaderSchema parallel_schema() {
  ReaderSchema schema;
  schema.name = "parallel";
  schema.axes = {"batch", "source", "target"};
  schema.padded = {1, 2};
  schema.arguments = {
      {"target_file", ArgumentKind::text, false,
       "the file of the translations, line by line; else columns of one"},
      {"valid_target_file", ArgumentKind::text, false, "the same of valid"},
      {"source", ArgumentKind::column, false, "of one file: the column of the sources, by number or name; 1"},
      {"target", ArgumentKind::column, false,
       "of one file: the column of the targets, by number or name; 2"}};
  for (ArgumentSchema& argument : common_arguments("pairs")) {
    if (argument.kind != ArgumentKind::vocabulary) schema.arguments.push_back(std::move(argument));
  }
  schema.columns = {{"source", "source_vocab", {0, 1}},
                    {"target", "target_vocab", {0, 2}},
                    {"next", "target_vocab", {0, 2}}};
  schema.label_sets = {"source_vocab", "target_vocab"};
  return schema;
}

std::unique_ptr<Dataset> open_parallel(const ReaderRequest& request, const ReaderSchema& schema,
                                       const Watch& watch) {
  const std::string target_file = text_of(request, "target_file", ""),
                    valid_target_file = text_of(request, "valid_target_file", "");
  const std::vector<ColumnName> columns = {column_of(request, "source", std::int64_t{1}),
                                           column_of(request, "target", std::int64_t{2})};
  if (columns[0] == columns[1]) throw DataError(request.path, 0, "source and target are the same column");
  if (request.extents[2] < 2)
    throw DataError(request.path, 0, "the target axis must be at least 2 long", "it has <bos> and one token");
  const bool two_files = !target_file.empty();
  if (two_files && !request.columns.empty())
    throw DataError(request.path, 0, "columns are of one file, and target_file is another");
  if (two_files != !valid_target_file.empty() && !request.valid_path.empty())
    throw DataError(request.valid_path, 0,
                    two_files ? "valid needs valid_target_file" : "valid_target_file needs target_file");
  const bool named = any_named(columns);
  const ColumnPlaces numbered = named ? ColumnPlaces() : places_of(columns, request.path);

  const std::string unknown(nlp::kUnknown), pad(nlp::kPad), end(nlp::kEnd);
  RowReader reader;
  reader.layout.sets = {{true, {unknown, pad}}, {true, {unknown, pad, kBegin, end}}};
  reader.layout.fields = {{0, false, request.extents[1]}, {1, false, request.extents[2] - 1}};
  reader.layout.columns = {
      {kSourceField, 1, "", ""}, {kTargetField, 2, kBegin, ""}, {kTargetField, 2, "", end}};
  reader.layout.remarks = {{"pair is left out: a side is blank", "pairs are left out: a side is blank"}};
  reader.open = [&](bool validation) {
    auto blocks = open_blocks(request, validation ? request.valid_path : request.path, watch);
    if (two_files)
      return paired_lines(std::move(blocks),
                          open_blocks(request, validation ? valid_target_file : target_file, watch));
    const auto header = [columns](std::string_view text, const TextPlace& place) {
      return tab_header(columns, text, place);
    };
    return whole_records(std::move(blocks), {whole_lines, "row", "a file of tab-separated values"},
                         named ? ReadHeader(header) : nullptr);
  };
  reader.parse = [&](const RecordPiece& piece, RowSink& sink) {
    if (two_files) {
      std::string_view source = piece.text, target = piece.other;
      for (std::int64_t line = piece.place.line; !source.empty(); ++line) {
        const std::string_view from = next_line(source);
        pair_of(sink, from, next_line(target), line);
      }
      return;
    }
    std::vector<std::string_view> fields;
    for_each_line(piece.text, piece.place.line, [&](std::string_view line, std::int64_t number) {
      tab_fields(line, named ? *piece.columns : numbered, {piece.place.file, number}, fields);
      pair_of(sink, fields[0], fields[1], number);
    });
  };
  return open_rows(request, schema, reader);
}

}  // namespace weft::corpora
