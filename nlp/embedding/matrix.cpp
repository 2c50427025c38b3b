#include "nlp/embedding/matrix.h"

#include <sys/mman.h>

#include <limits>
#include <new>
#include <stdexcept>
#include <string>

namespace weft::nlp {

namespace {

constexpr std::int64_t kLineFloats = 16;

}  // namespace

Matrix::Matrix(std::int64_t rows, std::int32_t columns) : rows_(rows), columns_(columns) {
  if (rows < 0 || columns < 0) {
    throw std::invalid_argument("[matrix] expected extents of at least 0, got " + std::to_string(rows) +
                                " x " + std::to_string(columns));
  }
  stride_ = (static_cast<std::int64_t>(columns) + kLineFloats - 1) / kLineFloats * kLineFloats;
  if (rows == 0 || stride_ == 0) return;
  if (rows > std::numeric_limits<std::int64_t>::max() / 8 / stride_) throw std::bad_alloc();
  const std::size_t bytes = static_cast<std::size_t>(rows * stride_) * sizeof(float);
  // Mapped by itself: zeros without a pass over them, and large pages where the system has them, which
  // matters for rows that are read in no order.
  void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  madvise(p, bytes, MADV_HUGEPAGE);
  data_ = std::unique_ptr<float[], UnmapFloats>(static_cast<float*>(p), UnmapFloats{bytes});
}

void UnmapFloats::operator()(float* data) const {
  munmap(data, bytes);
}

}  // namespace weft::nlp
