#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/safetensors_file.h"

/// The JSON header of a safetensors file, as text and as values.
namespace weft::safetensors {

struct Entry {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  // in the data section
  std::uint64_t end = 0;
};

struct Header {
  std::map<std::string, std::string> metadata;
  std::vector<Entry> entries;
};

/// Bytes of one element of a dtype the format knows.
std::optional<std::uint64_t> width_of(std::string_view dtype);

/// Reads the header's JSON: an object of tensors, each exactly {"dtype", "shape", "data_offsets"}, beside an
/// optional
/// "__metadata__" of strings. Keys given twice, other keys, other kinds of values and other nesting are
/// faults. Throws ModelFileError through `file`, whose name the message bears.
Header parse_header(std::string_view text, const File& file);

/// The JSON of a header. Throws invalid_argument for text that isn't UTF-8.
std::string header_text(const Header& header);

}  // namespace weft::safetensors
