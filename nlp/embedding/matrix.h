#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace weft::nlp {

/// Gives mapped memory back.
struct UnmapFloats {
  std::size_t bytes = 0;
  void operator()(float* data) const;
};

/// Rows of float32 in memory, each beginning on a cache line, its end filled up with zeros: kernels may work
/// on stride() elements of a row. Movable, not copyable: a matrix may be most of the memory there is.
class Matrix {
 public:
  Matrix() = default;
  /// Zeros. Pages that are never touched cost nothing. Throws invalid_argument for a negative extent,
  /// std::bad_alloc.
  Matrix(std::int64_t rows, std::int32_t columns);

  std::int64_t rows() const { return rows_; }
  std::int32_t columns() const { return columns_; }
  std::int64_t stride() const { return stride_; }
  float* row(std::int64_t i) { return data_.get() + i * stride_; }
  const float* row(std::int64_t i) const { return data_.get() + i * stride_; }
  std::span<float> operator[](std::int64_t i) { return {row(i), static_cast<std::size_t>(columns_)}; }
  std::span<const float> operator[](std::int64_t i) const {
    return {row(i), static_cast<std::size_t>(columns_)};
  }
  bool empty() const { return rows_ == 0; }

 private:
  std::int64_t rows_ = 0, stride_ = 0;
  std::int32_t columns_ = 0;
  std::unique_ptr<float[], UnmapFloats> data_;
};

}  // namespace weft::nlp
