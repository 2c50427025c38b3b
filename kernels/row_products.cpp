#include "kernels/row_products.h"

#include <stdexcept>

#include "kernels/kernel.h"

namespace weft {

namespace {

constexpr std::size_t kLine = 64;
/// The calls that a packed matrix is expected to serve: blocks of many rows.
constexpr std::int64_t kCalls = 16;

const Kernel& product() {
  const Kernel* kernel = find_kernel("dot", Device::cpu, DType::f32);
  if (!kernel) throw std::logic_error("[row_products] expected a kernel of dot");
  return *kernel;
}

/// A view over the axes m, n, k of a product.
View view(const void* data, std::array<std::int64_t, 3> extents, std::array<std::int64_t, 3> strides) {
  View v;
  v.data = static_cast<std::byte*>(const_cast<void*>(data));
  v.rank = 3;
  for (std::size_t i = 0; i < 3; ++i) {
    v.extents[i] = extents[i];
    v.strides[i] = strides[i];
  }
  return v;
}

std::byte* aligned(std::vector<std::byte>& bytes, std::int64_t size) {
  const std::size_t needed = static_cast<std::size_t>(size) + kLine;
  if (bytes.size() < needed) bytes.resize(needed);
  const auto at = reinterpret_cast<std::uintptr_t>(bytes.data());
  return bytes.data() + (kLine - at % kLine) % kLine;
}

/// The factor that is packed, in the numbers of a call.
constexpr double kRight = 1;

}  // namespace

RowProducts::RowProducts(RowsView right, std::int64_t columns) : right_(right), columns_(columns) {
  if (right.rows == 0 || columns == 0) return;
  constexpr std::int64_t kSomeRows =
      64;  // of the left side: how many doesn't change how the right is laid out
  const std::array<std::int64_t, 3> extents{kSomeRows, right.rows, columns};
  KernelParams params;
  params.groups = {0, 1, 1, 1};
  params.numbers[0] = kRight;
  const Workers alone(1);
  std::array<View, 3> inputs{view(nullptr, extents, {columns, 0, 1}),
                             view(right.data, extents, {0, right.stride, 1}),
                             view(nullptr, extents, {right.rows, 1, 0})};
  KernelCall call;
  call.inputs = std::span(inputs).first(2);
  call.output = inputs[2];
  call.params = &params;
  call.workers = &alone;
  const Kernel& kernel = product();
  const std::int64_t bytes = kernel.packed_bytes ? kernel.packed_bytes(call, kCalls) : 0;
  if (bytes == 0) return;
  call.inputs = inputs;
  call.output = view(aligned(packed_, bytes), extents, {});
  kernel.pack(call);
}

void RowProducts::multiply(RowsView left, float* out, std::int64_t out_stride,
                           std::vector<std::byte>& workspace) const {
  if (left.rows == 0 || right_.rows == 0) return;
  const std::array<std::int64_t, 3> extents{left.rows, right_.rows, columns_};
  std::vector<std::byte>& packed = const_cast<std::vector<std::byte>&>(packed_);
  const std::array<View, 3> inputs{view(left.data, extents, {left.stride, 0, 1}),
                                   view(right_.data, extents, {0, right_.stride, 1}),
                                   view(packed_.empty() ? nullptr : aligned(packed, 0), extents, {})};
  KernelParams params;
  params.groups = {0, 1, 1, 1};
  params.numbers[0] = kRight;
  const Workers alone(1);
  KernelCall call;
  // A single row has a way of its own, which takes the factor as it is.
  call.inputs = std::span(inputs).first(packed_.empty() || left.rows < 2 ? 2 : 3);
  call.output = view(out, extents, {out_stride, 1, 0});
  call.params = &params;
  call.workers = &alone;
  const Kernel& kernel = product();
  if (kernel.workspace_bytes) call.workspace = aligned(workspace, kernel.workspace_bytes(call));
  kernel.run(call);
}

}  // namespace weft
