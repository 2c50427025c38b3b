#include "tensor/tensor.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include "tensor/memory.h"

namespace weft {

namespace {

constexpr std::int64_t kAlignment = 64;

/// From so many bytes on it is worth while to ask whether they are there: a system that promises more than it
/// has ends the program when they are used.
constexpr std::int64_t kLarge = std::int64_t{64} << 20;

/// Memory for so many bytes, a multiple of kAlignment, or null. Large pieces lie on huge pages where the
/// system has them: rows looked up in a table of megabytes are each on a page of their own, and finding that
/// page takes as long as the row.
void* allocate(std::int64_t bytes) {
  constexpr std::int64_t kHugePage = std::int64_t{2} << 20;
  const bool huge = bytes >= 2 * kHugePage;
  const std::int64_t alignment = huge ? kHugePage : kAlignment;
  const auto room = static_cast<std::size_t>((bytes + alignment - 1) / alignment * alignment);
  void* memory = std::aligned_alloc(static_cast<std::size_t>(alignment), room);
#ifdef MADV_HUGEPAGE
  // Only advice: where it isn't taken, small pages do.
  if (memory && huge) madvise(memory, room, MADV_HUGEPAGE);
#endif
  return memory;
}

}  // namespace

std::shared_ptr<std::byte> allocate_zeros(std::int64_t bytes, const char* purpose) {
  // The room is rounded up to whole cache lines, so that a vector load at the last element stays inside.
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() - kAlignment;
  void* memory = nullptr;
  const std::int64_t free =
      bytes >= kLarge || bytes < 0 ? free_memory() : std::numeric_limits<std::int64_t>::max();
  if (bytes >= 0 && bytes <= kMost && bytes <= free) {
    const std::int64_t room = (bytes + kAlignment) / kAlignment * kAlignment;
    memory = allocate(room);
    if (memory) std::memset(memory, 0, static_cast<std::size_t>(room));
  }
  if (!memory) {
    throw OutOfMemory("could not get " + memory_size(bytes) + " of memory for " + purpose + ": " +
                      memory_size(free_memory()) + " are free");
  }
  return {static_cast<std::byte*>(memory), [](std::byte* p) { std::free(p); }};
}

std::int64_t checked_product(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) {
    throw OutOfMemory("could not get " + std::to_string(a) + " x " + std::to_string(b) +
                      " bytes of memory: more than can be addressed");
  }
  return product;
}

Tensor::Tensor(DType dtype, std::vector<Size> axes) : dtype_(dtype), axes_(std::move(axes)) {
  std::int64_t bytes = size_of(dtype_);  // empty axes counted as 1: so that no stride overflows either
  bool empty = false;
  for (const Size& s : axes_) {
    if (s.extent < 0) {
      throw std::invalid_argument("[tensor] expected extents of at least 0, got " + std::to_string(s.extent));
    }
    empty = empty || s.extent == 0;
    bytes = checked_product(bytes, std::max<std::int64_t>(s.extent, 1));
  }
  memory_ = allocate_zeros(empty ? 0 : bytes, "a tensor");
}

Tensor::Tensor(DType dtype, std::vector<Size> axes, std::shared_ptr<std::byte> memory)
    : dtype_(dtype), axes_(std::move(axes)), memory_(std::move(memory)) {}

std::int64_t Tensor::size() const {
  std::int64_t n = 1;
  for (const Size& s : axes_) n = checked_product(n, s.extent);
  return n;
}

double Tensor::at(std::int64_t i) const {
  if (!memory_ || i < 0 || i >= size()) {
    throw std::out_of_range("[tensor] expected an element of " + std::to_string(memory_ ? size() : 0) +
                            ", got " + std::to_string(i));
  }
  switch (dtype_) {
    case DType::f32:
      return values<const float>()[static_cast<std::size_t>(i)];
    case DType::f64:
      return values<const double>()[static_cast<std::size_t>(i)];
    case DType::i32:
      return values<const std::int32_t>()[static_cast<std::size_t>(i)];
    case DType::boolean:
      return data()[i] != std::byte{0} ? 1 : 0;
  }
  return 0;
}

View Tensor::view() const {
  if (axes_.size() > kMaxRank) {
    throw std::invalid_argument("[tensor] expected at most " + std::to_string(kMaxRank) + " axes, got " +
                                std::to_string(axes_.size()));
  }
  View v;
  v.data = data();
  v.dtype = dtype_;
  v.rank = static_cast<int>(axes_.size());
  std::int64_t stride = 1;
  for (int i = v.rank - 1; i >= 0; --i) {
    const auto at = static_cast<std::size_t>(i);
    v.extents[at] = axes_[at].extent;
    v.strides[at] = stride;
    if (axes_[at].extent > 0) stride *= axes_[at].extent;
  }
  return v;
}

Tensor Tensor::clone() const {
  if (!memory_) return {};
  Tensor copy(dtype_, axes_);
  std::memcpy(copy.data(), data(), static_cast<std::size_t>(bytes()));
  return copy;
}

}  // namespace weft
