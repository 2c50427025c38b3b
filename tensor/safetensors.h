#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace weft {

/// A file that is no safetensors file, or is cut short. The message names file and fault.
class ModelFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One entry of a safetensors file: plain numbers and positions, no axis names.
struct StoredTensor {
  std::string dtype;  // "F32", "F64", "I32", "I64", "U8", "BOOL", ...
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;
};

struct SafetensorsFile {
  std::map<std::string, std::string> metadata;  // __metadata__
  std::map<std::string, StoredTensor> tensors;
};

/// Reads and checks the whole file: header length and JSON, dtypes, shapes against offsets, no gaps or
/// overlaps, size against the file's. Throws ModelFileError; never reads past the end, and what it allocates
/// is bounded by what the file really holds, whatever numbers stand in it. Source: the safetensors format,
/// huggingface/safetensors README.
SafetensorsFile read_safetensors(const std::filesystem::path& path);

/// Writes to a temporary name in the same directory, syncs and renames, so a full disk or a kill leaves an
/// older file untouched. Tensors lie in name order, the data section 8-byte aligned. A symbolic link is
/// followed; what is there and no regular file (a device, a directory) is refused. Throws std::system_error,
/// the path in its message; invalid_argument for a tensor whose bytes don't fit dtype and shape, or a name
/// that isn't UTF-8.
void write_safetensors(const std::filesystem::path& path, const SafetensorsFile& file);

}  // namespace weft
