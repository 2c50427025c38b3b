#include "tensor/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>

#include "tensor/safetensors_file.h"
#include "tensor/safetensors_header.h"

namespace weft {

namespace {

using safetensors::Entry;
using safetensors::File;
using safetensors::Header;

constexpr std::uint64_t kPrefix = 8;                   // the header's length, little-endian
constexpr std::uint64_t kLargestHeader = 100'000'000;  // as the format's own reader has it

std::string quoted(const std::string& name) {
  return "tensor '" + name + "'";
}

/// Elements times width; nullopt where that passes 64 bits or the dtype is unknown.
std::optional<std::uint64_t> size_in_bytes(std::string_view dtype, const std::vector<std::int64_t>& shape) {
  const auto width = safetensors::width_of(dtype);
  if (!width) return std::nullopt;
  std::uint64_t bytes = *width;
  for (std::int64_t n : shape) {
    if (n < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(n), &bytes)) return std::nullopt;
  }
  return bytes;
}

std::uint64_t read_prefix(File& file) {
  unsigned char raw[kPrefix];
  file.read(reinterpret_cast<std::byte*>(raw), kPrefix, 0);
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | raw[i];
  return length;
}

/// Throws unless the entries, in the order of their offsets, fill [0, data_bytes) without gap or overlap and
/// each is as long as its dtype and shape say.
void check_layout(const File& file, std::vector<Entry>& entries, std::uint64_t data_bytes) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t expected = 0;
  for (const Entry& e : entries) {
    if (!safetensors::width_of(e.dtype)) file.fail(quoted(e.name) + ": unknown dtype '" + e.dtype + "'");
    if (e.begin != expected) {
      file.fail(quoted(e.name) + ": expected its data to begin at " + std::to_string(expected) +
                ", where the data before it ends, found " + std::to_string(e.begin));
    }
    if (e.end < e.begin || e.end > data_bytes) {
      file.fail(quoted(e.name) + ": expected its data to end between " + std::to_string(e.begin) + " and " +
                std::to_string(data_bytes) + ", found " + std::to_string(e.end));
    }
    const auto bytes = size_in_bytes(e.dtype, e.shape);
    if (!bytes) file.fail(quoted(e.name) + ": its shape has more elements than can be counted");
    if (*bytes != e.end - e.begin) {
      file.fail(quoted(e.name) + ": expected " + std::to_string(*bytes) +
                " bytes for its dtype and shape, found " + std::to_string(e.end - e.begin));
    }
    expected = e.end;
  }
  if (expected != data_bytes) {
    file.fail("expected " + std::to_string(expected) + " bytes of tensor data, found " +
              std::to_string(data_bytes));
  }
}

}  // namespace

SafetensorsFile read_safetensors(const std::filesystem::path& path) {
  File file(path);
  if (file.size() < kPrefix) {
    file.fail("expected a safetensors file of at least 8 bytes, found " + std::to_string(file.size()));
  }
  const std::uint64_t length = read_prefix(file);
  if (length > kLargestHeader) {
    file.fail("expected a header of at most " + std::to_string(kLargestHeader) + " bytes, found " +
              std::to_string(length) + "; is it a safetensors file?");
  }
  if (length > file.size() - kPrefix) {
    file.fail("expected a header of " + std::to_string(length) + " bytes, found " +
              std::to_string(file.size() - kPrefix) + ": the file is cut short");
  }
  std::string text(length, '\0');
  file.read(reinterpret_cast<std::byte*>(text.data()), length, kPrefix);

  SafetensorsFile result;
  Header header = safetensors::parse_header(text, file);
  check_layout(file, header.entries, file.size() - kPrefix - length);
  result.metadata = std::move(header.metadata);
  for (Entry& e : header.entries) {
    StoredTensor tensor{std::move(e.dtype), std::move(e.shape), {}};
    tensor.bytes.resize(e.end - e.begin);
    file.read(tensor.bytes.data(), tensor.bytes.size(), kPrefix + length + e.begin);
    result.tensors.emplace(std::move(e.name), std::move(tensor));
  }
  return result;
}

void write_safetensors(const std::filesystem::path& path, const SafetensorsFile& file) {
  Header header;
  header.metadata = file.metadata;
  std::uint64_t end = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const auto bytes = size_in_bytes(tensor.dtype, tensor.shape);
    if (name == "__metadata__" || !bytes || *bytes != tensor.bytes.size()) {
      throw std::invalid_argument("[safetensors] expected bytes that fit dtype and shape, got " +
                                  quoted(name) + " of dtype '" + tensor.dtype + "' with " +
                                  std::to_string(tensor.bytes.size()) + " bytes");
    }
    header.entries.push_back({name, tensor.dtype, tensor.shape, end, end + *bytes});
    end += *bytes;
  }
  std::string text = safetensors::header_text(header);
  text.append((8 - text.size() % 8) % 8, ' ');
  if (text.size() > kLargestHeader) {
    throw std::invalid_argument("[safetensors] expected a header of at most " +
                                std::to_string(kLargestHeader) + " bytes, got " +
                                std::to_string(text.size()));
  }
  std::byte prefix[kPrefix];
  for (std::uint64_t i = 0; i < kPrefix; ++i)
    prefix[i] = static_cast<std::byte>(text.size() >> (8 * i) & 0xff);

  safetensors::ReplacingFile out(path);
  out.write(prefix, kPrefix);
  out.write(reinterpret_cast<const std::byte*>(text.data()), text.size());
  for (const auto& [name, tensor] : file.tensors) out.write(tensor.bytes.data(), tensor.bytes.size());
  out.commit();
}

}  // namespace weft
