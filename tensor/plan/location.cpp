#include "tensor/plan/location.h"

#include <algorithm>
#include <stdexcept>

namespace weft::planning {

std::int64_t bytes_of(DType dtype, std::span<const Size> sizes) {
  std::int64_t bytes = size_of(dtype);
  bool empty = false;
  for (const Size& s : sizes) {
    empty = empty || s.extent == 0;
    bytes = checked_product(bytes, std::max<std::int64_t>(s.extent, 1));
  }
  checked_product(bytes, 2);  // so that it can be rounded up
  return empty ? 0 : bytes;
}

Location dense(BufferId buffer, std::int64_t offset, DType dtype, std::span<const Size> sizes) {
  Location result{buffer, offset, dtype, {}, {}};
  result.axes.resize(sizes.size());
  std::int64_t stride = 1;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    result.axes[i] = {sizes[i].axis, sizes[i].extent, stride};
    stride *= std::max<std::int64_t>(sizes[i].extent, 1);
  }
  return result;
}

bool is_dense(const Location& location, std::span<const Size> sizes) {
  std::int64_t stride = 1;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    const PlacedAxis* placed = find(location, sizes[i].axis);
    if (!placed) return false;
    if (sizes[i].extent == 1) continue;  // its stride is never used
    if (placed->stride != stride) return false;
    stride *= std::max<std::int64_t>(sizes[i].extent, 1);
  }
  return location.axes.size() == sizes.size();
}

bool same_place(const Location& a, const Location& b) {
  return a.buffer == b.buffer && a.offset == b.offset && a.walks == b.walks &&
         a.axes.size() == b.axes.size() && std::is_permutation(a.axes.begin(), a.axes.end(), b.axes.begin());
}

Location repeated(BufferId buffer, DType dtype, std::span<const Size> sizes) {
  Location result{buffer, 0, dtype, {}, {}};
  for (const Size& s : sizes) result.axes.push_back({s.axis, s.extent, 0});
  return result;
}

const PlacedAxis* find(const Location& location, AxisId axis) {
  const auto it = std::find_if(location.axes.begin(), location.axes.end(),
                               [axis](const PlacedAxis& p) { return p.axis == axis; });
  return it == location.axes.end() ? nullptr : &*it;
}

namespace {

std::size_t position_of(const Location& location, AxisId axis) {
  const PlacedAxis* placed = find(location, axis);
  if (!placed) throw std::logic_error("[plan] expected an axis of the operand, got another");
  return static_cast<std::size_t>(placed - location.axes.data());
}

}  // namespace

Location renamed(Location location, std::span<const AxisId> from, std::span<const AxisId> to) {
  for (PlacedAxis& placed : location.axes) {
    // An axis that isn't here is one that the elements index.
    const auto found = std::find(from.begin(), from.end(), placed.axis);
    if (found != from.end()) placed.axis = to[static_cast<std::size_t>(found - from.begin())];
  }
  return location;
}

std::optional<Location> merged(const Location& location, std::span<const AxisId> from, AxisId to) {
  PlacedAxis joined{to, 1, 1};
  bool empty = false, started = false;
  for (std::size_t i = from.size(); i-- > 0;) {
    const PlacedAxis& axis = location.axes[position_of(location, from[i])];
    empty = empty || axis.extent == 0;
    if (axis.extent == 1) continue;
    if (!started) {
      joined.stride = axis.stride;
      started = true;
    } else if (axis.stride != joined.stride * joined.extent && !empty) {
      return std::nullopt;
    }
    joined.extent *= axis.extent;
  }
  if (empty) joined.extent = 0;
  Location result{location.buffer, location.offset, location.dtype, {joined}, location.walks};
  for (const PlacedAxis& axis : location.axes) {
    if (std::find(from.begin(), from.end(), axis.axis) == from.end()) result.axes.push_back(axis);
  }
  return result;
}

Location split(const Location& location, AxisId from, std::span<const Size> to) {
  Location result = location;
  const std::size_t at = position_of(location, from);
  std::int64_t stride = location.axes[at].stride;
  result.axes.erase(result.axes.begin() + static_cast<std::ptrdiff_t>(at));
  for (std::size_t i = to.size(); i-- > 0;) {
    result.axes.push_back({to[i].axis, to[i].extent, stride});
    stride *= std::max<std::int64_t>(to[i].extent, 1);
  }
  return result;
}

Location windowed(const Location& location, AxisId from, const Size& windows, std::int64_t stride,
                  const Size& offsets, std::int64_t dilation) {
  Location result = location;
  const std::size_t at = position_of(location, from);
  const std::int64_t step = location.axes[at].stride;
  result.axes[at] = {windows.axis, windows.extent, step * stride};
  result.axes.push_back({offsets.axis, offsets.extent, step * dilation});
  return result;
}

Location sliced(Location location, AxisId axis, std::int64_t begin, std::int64_t length) {
  PlacedAxis& placed = location.axes[position_of(location, axis)];
  // An empty slice at the end of its axis must not point past the memory.
  if (length > 0) location.offset += begin * placed.stride * size_of(location.dtype);
  placed.extent = length;
  return location;
}

Location reversed(Location location, AxisId axis) {
  PlacedAxis& placed = location.axes[position_of(location, axis)];
  if (placed.extent > 0) location.offset += (placed.extent - 1) * placed.stride * size_of(location.dtype);
  placed.stride = -placed.stride;
  return location;
}

Location without(Location location, AxisId axis) {
  location.axes.erase(location.axes.begin() + static_cast<std::ptrdiff_t>(position_of(location, axis)));
  return location;
}

Location walked(Location location, AxisId axis, LoopId loop) {
  const std::int64_t step = location.axes[position_of(location, axis)].stride * size_of(location.dtype);
  return moving(without(std::move(location), axis), counter_of(loop, Counter::position), step);
}

Location moving(Location location, int counter, std::int64_t step) {
  if (step != 0) location.walks.push_back({counter, step});
  return location;
}

Operand operand(const Location& location, std::span<const Size> space) {
  if (space.size() > kMaxRank) {
    throw std::invalid_argument("[plan] expected at most " + std::to_string(kMaxRank) +
                                " axes in one operation, got " + std::to_string(space.size()));
  }
  Operand result{location.buffer, location.offset, location.walks, {}};
  result.view.dtype = location.dtype;
  result.view.rank = static_cast<int>(space.size());
  for (std::size_t i = 0; i < space.size(); ++i) {
    const PlacedAxis* placed = find(location, space[i].axis);
    result.view.extents[i] = space[i].extent;
    result.view.strides[i] = placed ? placed->stride : 0;
  }
  return result;
}

}  // namespace weft::planning
