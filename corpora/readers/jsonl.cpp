// jsonl: labelled texts for classification, one JSON object a line. The label is a string, a number or a
// truth value; the text a string.

#include <nlohmann/json.hpp>

#include "corpora/readers/labelled_texts.h"
#include "nlp/text/edit_distance.h"

namespace weft::corpora {

namespace {

using nlohmann::json;

/// Picks two fields of the outermost object while it is parsed; nothing else is kept.
class Picker : public json::json_sax_t {
 public:
  Picker(const std::string& label, const std::string& text) : names_{label, text} {}

  void begin() {
    depth_ = 0;
    wanted_ = -1;
    object_ = false;
    fault.clear();
    keys.clear();
    for (int i = 0; i < 2; ++i) kind[i] = Kind::missing;
  }

  enum class Kind { missing, text, scalar, other };
  Kind kind[2]{};
  std::string value[2];
  std::string fault;
  std::vector<std::string> keys;
  bool is_object() const { return object_; }

  bool null() override { return set(Kind::other, "null"); }
  bool boolean(bool b) override { return set(Kind::scalar, b ? "true" : "false"); }
  bool number_integer(number_integer_t n) override { return set(Kind::scalar, std::to_string(n)); }
  bool number_unsigned(number_unsigned_t n) override { return set(Kind::scalar, std::to_string(n)); }
  bool number_float(number_float_t, const string_t& s) override { return set(Kind::scalar, s); }
  bool string(string_t& s) override { return set(Kind::text, s); }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    object_ = object_ || depth_ == 0;
    return nested();
  }
  bool start_array(std::size_t) override { return nested(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (depth_ != 1) return true;
    wanted_ = name == names_[0] ? 0 : name == names_[1] ? 1 : -1;
    if (wanted_ < 0 && keys.size() < 100) keys.push_back(name);
    return true;
  }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception& e) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while parsing ..."
    const std::string what = e.what();
    const std::size_t colon = what.find(": ");
    fault = "not JSON at byte " + std::to_string(at) + (colon == std::string::npos ? "" : what.substr(colon));
    return false;
  }

 private:
  bool set(Kind k, std::string_view v) {
    if (depth_ == 1 && wanted_ >= 0) {
      kind[wanted_] = k;
      value[wanted_] = v;
    }
    return true;
  }
  bool nested() {
    set(Kind::other, "");
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }

  std::string names_[2];
  std::size_t depth_ = 0;
  int wanted_ = -1;  // which of the two the next value is
  bool object_ = false;
};

[[noreturn]] void missing(const std::string& name, const std::vector<std::string>& keys,
                          const TextPlace& place) {
  const std::string near = nlp::nearest_name(name, keys);
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(keys.size(), 10); ++i)
    list += (i == 0 ? "it has also " : ", ") + keys[i];
  throw DataError(place.file, place.line, "the object has no field \"" + name + "\"",
                  near.empty() ? list : "did you mean " + near + "?");
}

std::string field_name(const ReaderRequest& request, const std::string& argument) {
  const ColumnName column = column_of(request, argument, argument);
  if (const auto* name = std::get_if<std::string>(&column)) return *name;
  throw DataError(request.path, 0, "fields of JSON objects have names, not numbers",
                  argument + " = \"" + argument + "\"");
}

}  // namespace

ReaderSchema jsonl_schema() {
  return labelled_texts_schema("jsonl",
                               {{"label", ArgumentKind::column, false, "the field of the class: \"label\""},
                                {"text", ArgumentKind::column, false, "the field of the text: \"text\""}});
}

std::unique_ptr<Dataset> open_jsonl(const ReaderRequest& request, const ReaderSchema& schema,
                                    const Watch& watch) {
  const std::string label = field_name(request, "label"), text = field_name(request, "text");
  if (label == text) throw DataError(request.path, 0, "label and text are the same field");
  RowReader reader;
  reader.layout = labelled_texts_layout(request);
  reader.open = [&](bool validation) {
    return whole_records(open_blocks(request, path_of(request, validation), watch),
                         {whole_lines, "line", "a file of one JSON object a line"});
  };
  reader.parse = [&](const RecordPiece& piece, RowSink& sink) {
    Picker picker(label, text);
    for_each_line(piece.text, piece.place.line, [&](std::string_view line, std::int64_t number) {
      const TextPlace place{piece.place.file, number};
      picker.begin();
      if (!json::sax_parse(line.begin(), line.end(), &picker))
        throw DataError(place.file, place.line, picker.fault, "expected one JSON object a line");
      if (!picker.is_object())
        throw DataError(place.file, place.line, "not a JSON object",
                        "expected {\"label\": .., \"text\": ..}");
      if (picker.kind[0] == Picker::Kind::missing) missing(label, picker.keys, place);
      if (picker.kind[1] == Picker::Kind::missing) missing(text, picker.keys, place);
      if (picker.kind[0] == Picker::Kind::other)
        throw DataError(place.file, place.line, "the field \"" + label + "\" is neither a text nor a number");
      if (picker.kind[1] != Picker::Kind::text)
        throw DataError(place.file, place.line, "the field \"" + text + "\" is not a text");
      labelled_text(sink, picker.value[0], picker.value[1], place);
    });
  };
  return open_rows(request, schema, reader);
}

}  // namespace weft::corpora
