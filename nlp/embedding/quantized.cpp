#include "nlp/embedding/quantized.h"

#include <algorithm>

namespace weft::nlp {

namespace {

/// Where the centroid `code` of a block begins: blocks one after another, 256 centroids each; the last
/// block's are as short as it is.
std::size_t centroid_at(const QuantizedMatrix& m, std::int32_t b, std::uint8_t code) {
  const std::int32_t width = std::min(m.block, m.columns - b * m.block);
  return static_cast<std::size_t>(b) * 256 * static_cast<std::size_t>(m.block) +
         static_cast<std::size_t>(code) * static_cast<std::size_t>(width);
}

}  // namespace

void QuantizedMatrix::add_row(std::int64_t i, float scale, std::span<float> out) const {
  if (norms) scale *= norm_centroids[norm_codes[static_cast<std::size_t>(i)]];
  const std::uint8_t* code = codes.data() + i * blocks();
  for (std::int32_t b = 0; b < blocks(); ++b) {
    const float* c = centroids.data() + centroid_at(*this, b, code[b]);
    const std::int32_t from = b * block, width = std::min(block, columns - from);
    for (std::int32_t d = 0; d < width; ++d) out[static_cast<std::size_t>(from + d)] += scale * c[d];
  }
}

float QuantizedMatrix::dot(std::int64_t i, std::span<const float> x) const {
  float sum = 0;
  const std::uint8_t* code = codes.data() + i * blocks();
  for (std::int32_t b = 0; b < blocks(); ++b) {
    const float* c = centroids.data() + centroid_at(*this, b, code[b]);
    const std::int32_t from = b * block, width = std::min(block, columns - from);
    for (std::int32_t d = 0; d < width; ++d) sum += x[static_cast<std::size_t>(from + d)] * c[d];
  }
  return norms ? sum * norm_centroids[norm_codes[static_cast<std::size_t>(i)]] : sum;
}

}  // namespace weft::nlp
