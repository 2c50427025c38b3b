#include "tensor/safetensors_header.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

namespace weft::safetensors {

namespace {

using Json = nlohmann::json;

/// Takes the header event by event, so that hostile nesting or size is met before anything is built from it.
class HeaderReader : public nlohmann::json_sax<Json> {
 public:
  HeaderReader(Header& header, const File& file) : header_(header), file_(file) {}

  bool start_object(std::size_t) override {
    switch (state_) {
      case State::begin:
        state_ = State::top;
        return true;
      case State::tensor_next:
        state_ = State::tensor;
        return true;
      case State::metadata_next:
        state_ = State::metadata;
        return true;
      default:
        return refuse("an object");
    }
  }

  bool key(std::string& name) override {
    switch (state_) {
      case State::top:
        return top_key(name);
      case State::metadata:
        key_ = name;
        if (!header_.metadata.emplace(name, "").second)
          fault("key '" + name + "' given twice in __metadata__");
        state_ = State::metadata_value;
        return true;
      default:
        return tensor_key(name);
    }
  }

  bool end_object() override {
    if (state_ == State::metadata) {
      state_ = State::top;
    } else if (state_ == State::tensor) {
      if (!has_dtype_ || !has_shape_ || !has_offsets_) {
        fault("tensor '" + entry_.name + "': expected dtype, shape and data_offsets, found " +
              (has_dtype_ ? has_shape_ ? "no data_offsets" : "no shape" : "no dtype"));
      }
      header_.entries.push_back(std::exchange(entry_, {}));
      state_ = State::top;
    } else {
      state_ = State::end;
    }
    return true;
  }

  bool start_array(std::size_t) override {
    if (state_ == State::shape_next) {
      state_ = State::shape;
    } else if (state_ == State::offsets_next) {
      state_ = State::offsets;
    } else {
      return refuse("an array");
    }
    return true;
  }

  bool end_array() override {
    if (state_ == State::offsets && offsets_ != 2) {
      fault("tensor '" + entry_.name + "': expected two data_offsets, found " + std::to_string(offsets_));
    }
    state_ = State::tensor;
    return true;
  }

  bool number_unsigned(std::uint64_t value) override {
    if (state_ == State::shape) {
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        fault("tensor '" + entry_.name + "': expected extents below 2^63, found " + std::to_string(value));
      }
      entry_.shape.push_back(static_cast<std::int64_t>(value));
      return true;
    }
    if (state_ == State::offsets) {
      if (offsets_ == 0) entry_.begin = value;
      if (offsets_ == 1) entry_.end = value;
      ++offsets_;
      return true;
    }
    return refuse("a number");
  }

  bool string(std::string& value) override {
    if (state_ == State::metadata_value) {
      header_.metadata[key_] = std::move(value);
      state_ = State::metadata;
      return true;
    }
    if (state_ == State::dtype_next) {
      entry_.dtype = std::move(value);
      state_ = State::tensor;
      return true;
    }
    return refuse("a string");
  }

  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("a boolean"); }
  bool number_integer(std::int64_t value) override { return refuse(std::to_string(value)); }
  bool number_float(double, const std::string& text) override { return refuse(text); }
  bool binary(Json::binary_t&) override { return refuse("binary data"); }
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    fault("expected a header in JSON, found a fault at its byte " + std::to_string(position));
  }

 private:
  /// What the next event may be.
  enum class State {
    begin,
    top,
    metadata_next,
    metadata,
    metadata_value,
    tensor_next,
    tensor,
    dtype_next,
    shape_next,
    shape,
    offsets_next,
    offsets,
    end
  };

  [[noreturn]] void fault(const std::string& what) const { file_.fail(what); }

  bool refuse(const std::string& found) const {
    static constexpr std::array<const char*, 13> kExpected = {"an object of tensors",
                                                              "a name",
                                                              "an object of strings as __metadata__",
                                                              "a name",
                                                              "a string",
                                                              "an object with dtype, shape and data_offsets",
                                                              "a name",
                                                              "a string",
                                                              "a list of extents",
                                                              "an extent",
                                                              "two offsets",
                                                              "an offset",
                                                              "the end"};
    std::string where =
        state_ >= State::tensor_next && state_ < State::end ? "tensor '" + entry_.name + "'" : "header";
    fault(where + ": expected " + kExpected[static_cast<std::size_t>(state_)] + ", found " + found);
  }

  bool top_key(const std::string& name) {
    if (!names_.insert(name).second) fault("tensor '" + name + "' given twice");
    if (name == "__metadata__") {
      state_ = State::metadata_next;
      return true;
    }
    entry_.name = name;
    has_dtype_ = has_shape_ = has_offsets_ = false;
    offsets_ = 0;
    state_ = State::tensor_next;
    return true;
  }

  bool tensor_key(const std::string& name) {
    bool* seen = nullptr;
    if (name == "dtype") seen = &has_dtype_, state_ = State::dtype_next;
    if (name == "shape") seen = &has_shape_, state_ = State::shape_next;
    if (name == "data_offsets") seen = &has_offsets_, state_ = State::offsets_next;
    if (!seen)
      fault("tensor '" + entry_.name + "': expected dtype, shape or data_offsets, found '" + name + "'");
    if (std::exchange(*seen, true)) fault("tensor '" + entry_.name + "': '" + name + "' given twice");
    return true;
  }

  Header& header_;
  const File& file_;
  State state_ = State::begin;
  std::string key_;
  Entry entry_;
  bool has_dtype_ = false, has_shape_ = false, has_offsets_ = false;
  int offsets_ = 0;
  std::unordered_set<std::string> names_;
};

}  // namespace

std::optional<std::uint64_t> width_of(std::string_view dtype) {
  struct Row {
    std::string_view name;
    std::uint64_t width;
  };
  static constexpr Row kRows[] = {{"BOOL", 1},    {"U8", 1},  {"I8", 1},  {"F8_E4M3", 1},
                                  {"F8_E5M2", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2},
                                  {"BF16", 2},    {"I32", 4}, {"U32", 4}, {"F32", 4},
                                  {"I64", 8},     {"U64", 8}, {"F64", 8}, {"C64", 8}};
  const auto row =
      std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.name == dtype; });
  if (row == std::end(kRows)) return std::nullopt;
  return row->width;
}

Header parse_header(std::string_view text, const File& file) {
  // The format wants the brace first; so a wrong kind of file is told from a damaged one.
  if (text.empty() || text.front() != '{')
    file.fail("expected a header that begins with '{'; is it a safetensors file?");
  Header header;
  HeaderReader reader(header, file);
  Json::sax_parse(text.begin(), text.end(), &reader);
  return header;
}

std::string header_text(const Header& header) {
  try {
    Json json = Json::object();
    if (!header.metadata.empty()) json["__metadata__"] = header.metadata;
    for (const Entry& e : header.entries) {
      json[e.name] = {{"dtype", e.dtype}, {"shape", e.shape}, {"data_offsets", {e.begin, e.end}}};
    }
    return json.dump();
  } catch (const Json::exception& fault) {
    throw std::invalid_argument(std::string("[safetensors] expected names and metadata in UTF-8, got ") +
                                fault.what());
  }
}

}  // namespace weft::safetensors
