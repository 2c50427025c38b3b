// csv: labelled texts for classification, fields apart by commas (RFC 4180, see csv_records.h). Files begin
// with a header exactly when one of the columns asked for is given by name, as they are by default.

#include "corpora/readers/csv_records.h"
#include "corpora/readers/fields.h"
#include "corpora/readers/labelled_texts.h"

namespace weft::corpora {

namespace {

/// Calls take(record, place) with each record that isn't blank.
template <class Take>
void for_each_record(std::string_view text, TextPlace place, Take&& take) {
  CsvRecord record;
  while (!text.empty()) {
    read_csv_record(text, record);
    if (record.fault == CsvFault::open_quote) {
      throw DataError(place.file, place.line, "a quoted field begins here and isn't closed",
                      "a quote within quotes is written twice");
    }
    if (record.fault == CsvFault::after_quote) {
      throw DataError(place.file, place.line, "a quoted field goes on behind its closing quote",
                      "a quote within quotes is written twice");
    }
    const std::string_view whole = text.substr(0, record.bytes);
    if (!record.blank) take(record, place);
    place.line += FileBlocks::line_ends(whole);
    text.remove_prefix(record.bytes);
  }
}

Header csv_header(const std::vector<ColumnName>& columns, std::string_view text, const TextPlace& place) {
  Header header;
  std::size_t before = 0;
  CsvRecord record;
  TextPlace at = place;
  while (before < text.size()) {
    read_csv_record(text.substr(before), record);
    before += record.bytes;
    if (record.blank) {
      ++at.line;
      continue;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < record.count; ++i) names.emplace_back(trim(record.fields[i]));
    header.columns = places_of(columns, names, at);
    header.bytes = before;
    break;
  }
  return header;
}

}  // namespace

ReaderSchema csv_schema() {
  return labelled_texts_schema("csv",
                               {{"label", ArgumentKind::column, false,
                                 "the column of the class: its name in the header, or its number; \"label\""},
                                {"text", ArgumentKind::column, false,
                                 "the column of the text: its name in the header, or its number; \"text\""}});
}

std::unique_ptr<Dataset> open_csv(const ReaderRequest& request, const ReaderSchema& schema,
                                  const Watch& watch) {
  const std::vector<ColumnName> columns = {column_of(request, "label", std::string("label")),
                                           column_of(request, "text", std::string("text"))};
  if (columns[0] == columns[1]) throw DataError(request.path, 0, "label and text are the same column");
  const bool named = any_named(columns);
  const ColumnPlaces numbered = named ? ColumnPlaces() : places_of(columns, request.path);
  RowReader reader;
  reader.layout = labelled_texts_layout(request);
  reader.open = [&](bool validation) {
    const auto header = [columns](std::string_view text, const TextPlace& place) {
      return csv_header(columns, text, place);
    };
    return whole_records(
        open_blocks(request, path_of(request, validation), watch),
        {whole_csv_records, "row", "a file of comma-separated values, and is each quote closed"},
        named ? ReadHeader(header) : nullptr);
  };
  reader.parse = [&](const RecordPiece& piece, RowSink& sink) {
    const ColumnPlaces& places = named ? *piece.columns : numbered;
    for_each_record(piece.text, piece.place, [&](const CsvRecord& record, const TextPlace& place) {
      for (const std::size_t at : places) {
        if (at >= record.count) too_few_fields(places, record.count, place, "fields are separated by commas");
      }
      labelled_text(sink, record.fields[places[0]], record.fields[places[1]], place);
    });
  };
  return open_rows(request, schema, reader);
}

}  // namespace weft::corpora
