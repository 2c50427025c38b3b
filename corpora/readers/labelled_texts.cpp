#include "corpora/readers/labelled_texts.h"

namespace weft::corpora {

ReaderSchema labelled_texts_schema(const std::string& name, std::vector<ArgumentSchema> own) {
  ReaderSchema schema;
  schema.name = name;
  schema.axes = {"batch", "time"};
  schema.padded = {1};
  schema.arguments = std::move(own);
  for (ArgumentSchema& argument : common_arguments("rows")) schema.arguments.push_back(std::move(argument));
  schema.columns = {{"label", "classes", {0}}, {"text", "vocab", {0, 1}}};
  schema.label_sets = {"vocab", "classes"};
  return schema;
}

RowLayout labelled_texts_layout(const ReaderRequest& request) {
  RowLayout layout;
  layout.sets = {{true, {std::string(nlp::kUnknown), std::string(nlp::kPad)}}, {false, {}, "label", "rows"}};
  layout.fields = {{1, true, 1}, {0, false, request.extents[1]}};
  layout.columns = {{kLabelField, -1, "", ""}, {kTextField, 1, "", ""}};
  return layout;
}

void labelled_text(RowSink& sink, std::string_view label, std::string_view text, const TextPlace& place) {
  label = trim(label);
  if (label.empty()) throw DataError(place.file, place.line, "the label is empty");
  sink.token(kLabelField, label);
  sink.text(kTextField, text);
  sink.end(place.line);
}

}  // namespace weft::corpora
