#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weft::nlp {

/// A matrix by product quantization: each row is cut into blocks, each block is the nearest of 256 centroids,
/// and perhaps the row's norm is quantized apart. Source: Jegou et al. 2011, "Product quantization for
/// nearest neighbor search"; the layout is fastText's.
struct QuantizedMatrix {
  std::int64_t rows = 0;
  std::int32_t columns = 0;
  std::int32_t block = 2;                // elements of a block; the last may be shorter
  std::vector<std::uint8_t> codes;       // rows x blocks
  std::vector<float> centroids;          // columns x 256, as fastText orders them
  bool norms = false;                    // whether the rows' norms are apart
  std::vector<std::uint8_t> norm_codes;  // one a row
  std::vector<float> norm_centroids;     // 256

  std::int32_t blocks() const { return (columns + block - 1) / block; }
  /// out += scale * row i. `out` has `columns` elements.
  void add_row(std::int64_t i, float scale, std::span<float> out) const;
  /// <row i, x>
  float dot(std::int64_t i, std::span<const float> x) const;
};

}  // namespace weft::nlp
