#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft {

/// Rows in memory, `stride` elements apart.
struct RowsView {
  const float* data = nullptr;
  std::int64_t rows = 0, stride = 0;
};

/// Inner products of rows with the rows of one matrix, by the kernels' own product: for searches, outside any
/// plan. The matrix is laid out once as the product wants it; multiply() may then be called by many threads.
class RowProducts {
 public:
  /// `right` has rows of `columns` elements and must outlive this.
  RowProducts(RowsView right, std::int64_t columns);

  /// out[i * out_stride + j] = sum_d left[i][d] right[j][d], in the calling thread. `workspace` is the
  /// thread's own, kept from call to call.
  void multiply(RowsView left, float* out, std::int64_t out_stride, std::vector<std::byte>& workspace) const;

 private:
  RowsView right_;
  std::int64_t columns_;
  std::vector<std::byte> packed_;
};

}  // namespace weft
