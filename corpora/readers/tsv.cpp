// tsv: labelled texts for classification, one a row, fields apart by tabs; nothing is quoted. Files begin
// with a header exactly when one of the columns asked for is given by name.

#include "corpora/readers/fields.h"
#include "corpora/readers/labelled_texts.h"

namespace weft::corpora {

ReaderSchema tsv_schema() {
  return labelled_texts_schema("tsv", {{"label", ArgumentKind::column, false,
                                        "the column of the class: its number, or its name in a header; 1"},
                                       {"text", ArgumentKind::column, false,
                                        "the column of the text: its number, or its name in a header; 2"}});
}

std::unique_ptr<Dataset> open_tsv(const ReaderRequest& request, const ReaderSchema& schema,
                                  const Watch& watch) {
  const std::vector<ColumnName> columns = {column_of(request, "label", std::int64_t{1}),
                                           column_of(request, "text", std::int64_t{2})};
  if (columns[0] == columns[1]) throw DataError(request.path, 0, "label and text are the same column");
  const bool named = any_named(columns);
  const ColumnPlaces numbered = named ? ColumnPlaces() : places_of(columns, request.path);
  RowReader reader;
  reader.layout = labelled_texts_layout(request);
  reader.open = [&](bool validation) {
    const auto header = [columns](std::string_view text, const TextPlace& place) {
      return tab_header(columns, text, place);
    };
    return whole_records(open_blocks(request, path_of(request, validation), watch),
                         {whole_lines, "row", "a file of tab-separated values"},
                         named ? ReadHeader(header) : nullptr);
  };
  reader.parse = [&](const RecordPiece& piece, RowSink& sink) {
    std::vector<std::string_view> fields;
    for_each_line(piece.text, piece.place.line, [&](std::string_view line, std::int64_t number) {
      const TextPlace place{piece.place.file, number};
      tab_fields(line, named ? *piece.columns : numbered, place, fields);
      labelled_text(sink, fields[0], fields[1], place);
    });
  };
  return open_rows(request, schema, reader);
}

}  // namespace weft::corpora
