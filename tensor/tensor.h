#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/view.h"
#include "tensor/axis.h"

namespace weft {

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
  /// Zeros.
  Tensor(DType dtype, std::vector<Size> axes);

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
  /// Element i in memory order, as a double.
  double at(std::int64_t i) const;
  /// The one element of a scalar.
  double item() const { return at(0); }
  View view() const;
  /// A copy with memory of its own.
  Tensor clone() const;

 private:
  DType dtype_ = DType::f32;
  std::vector<Size> axes_;
  std::shared_ptr<std::byte> memory_;
};

}  // namespace weft
