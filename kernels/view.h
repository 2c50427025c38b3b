#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weft {

/// Element types as they lie in memory. The graph speaks of reals; a plan picks f32 or f64 for them.
enum class DType : std::uint8_t { f32, f64, i32, boolean };

enum class Device : std::uint8_t { cpu, cuda };

constexpr std::int64_t size_of(DType t) {
  return t == DType::f32 || t == DType::i32 ? 4 : t == DType::f64 ? 8 : 1;
}

constexpr const char* name_of(DType t) {
  switch (t) {
    case DType::f32:
      return "f32";
    case DType::f64:
      return "f64";
    case DType::i32:
      return "i32";
    case DType::boolean:
      return "bool";
  }
  return "?";
}

/// The largest number of axes a kernel's iteration space may have.
inline constexpr int kMaxRank = 16;

/// A strided window on memory that somebody else owns. Strides count elements; a stride of 0 repeats the
/// one element along that axis, which is how broadcasting by name reaches a kernel.
struct View {
  std::byte* data = nullptr;
  DType dtype = DType::f32;
  int rank = 0;
  std::array<std::int64_t, kMaxRank> extents{};
  std::array<std::int64_t, kMaxRank> strides{};

  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data);
  }
  std::int64_t size() const {
    std::int64_t n = 1;
    for (int i = 0; i < rank; ++i) n *= extents[i];
    return n;
  }
};

}  // namespace weft
