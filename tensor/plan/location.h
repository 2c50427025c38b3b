#pragma once

#include <optional>
#include <span>

#include "tensor/plan/program.h"

/// Places of values in memory, and what ops that only rearrange axes make of them.
namespace weft::planning {

/// A concrete dim.
using Size = Tensor::Size;

/// The product of the extents times the element's width. Throws OutOfMemory where it, empty axes counted as
/// 1, passes 62 bits: so strides can't overflow either.
std::int64_t bytes_of(DType dtype, std::span<const Size> sizes);

/// Row-major over `sizes`.
Location dense(BufferId buffer, std::int64_t offset, DType dtype, std::span<const Size> sizes);
/// Whether the value lies row-major over `sizes`, in this order.
bool is_dense(const Location& location, std::span<const Size> sizes);
/// Whether both are the same elements under the same axes, in whatever order these are listed.
bool same_place(const Location& a, const Location& b);
/// One element, repeated.
Location repeated(BufferId buffer, DType dtype, std::span<const Size> sizes);

const PlacedAxis* find(const Location& location, AxisId axis);

Location renamed(Location location, std::span<const AxisId> from, std::span<const AxisId> to);
/// `from`, outermost first, as the one axis `to`; nullopt where no stride says that.
std::optional<Location> merged(const Location& location, std::span<const AxisId> from, AxisId to);
/// The axis as several, outermost first.
Location split(const Location& location, AxisId from, std::span<const Size> to);
/// The axis as windows along it and offsets in them: position i stride + j dilation as (i, j).
Location windowed(const Location& location, AxisId from, const Size& windows, std::int64_t stride,
                  const Size& offsets, std::int64_t dilation);
/// `length` elements of the axis from `begin` on.
Location sliced(Location location, AxisId axis, std::int64_t begin, std::int64_t length);
/// The axis from its end to its beginning.
Location reversed(Location location, AxisId axis);
/// The first position of an axis, which goes.
Location without(Location location, AxisId axis);
/// What one turn of a loop along `axis` sees: the axis gone, the place moving with the loop's position.
Location walked(Location location, AxisId axis, LoopId loop);
/// The same, moving with a counter.
Location moving(Location location, int counter, std::int64_t step);

/// The value over a kernel's space: stride 0 where it lacks an axis.
Operand operand(const Location& location, std::span<const Size> space);

}  // namespace weft::planning
