#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "kernels/view.h"
#include "tensor/axis.h"

namespace weft {

/// Memory that could not be got: says how much was asked for.
class OutOfMemory : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `bytes` zeros on the host, 64-byte aligned (room for one element even of nothing, so the pointer is never
/// null). Throws OutOfMemory; `purpose` names in its message what the memory was for.
std::shared_ptr<std::byte> allocate_zeros(std::int64_t bytes, const char* purpose);

/// a * b for sizes, neither negative. Throws OutOfMemory where the product passes 2^63 - 1.
std::int64_t checked_product(std::int64_t a, std::int64_t b);

/// A value handle on memory with named axes: copies share the elements. Row-major over `axes()`, outermost
/// first, 64-byte aligned, on the host.
class Tensor {
 public:
  struct Size {
    AxisId axis{};
    std::int64_t extent = 0;
    bool operator==(const Size&) const = default;
  };

  Tensor() = default;
  /// Zeros. Throws OutOfMemory, and invalid_argument for a negative extent.
  Tensor(DType dtype, std::vector<Size> axes);
  /// On memory that is there already and holds at least as much: a plan's results.
  Tensor(DType dtype, std::vector<Size> axes, std::shared_ptr<std::byte> memory);

  DType dtype() const { return dtype_; }
  const std::vector<Size>& axes() const { return axes_; }
  std::int64_t size() const;
  std::int64_t bytes() const { return size() * size_of(dtype_); }
  explicit operator bool() const { return memory_ != nullptr; }

  std::byte* data() const { return memory_.get(); }
  template <class T>
  std::span<T> values() const {
    return {reinterpret_cast<T*>(data()), static_cast<std::size_t>(size())};
  }
  /// Element i in memory order, as a double. Throws out_of_range.
  double at(std::int64_t i) const;
  /// The one element of a scalar.
  double item() const { return at(0); }
  /// All of it, axes in their order. Throws invalid_argument for more than kMaxRank axes.
  View view() const;
  /// A copy with memory of its own.
  Tensor clone() const;

 private:
  DType dtype_ = DType::f32;
  std::vector<Size> axes_;
  std::shared_ptr<std::byte> memory_;
};

}  // namespace weft
