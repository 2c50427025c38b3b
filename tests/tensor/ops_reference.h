#pragma once

#include <functional>
#include <span>
#include <vector>

#include "tensor/graph.h"

/// A second, slow reading of the graph: every op written down as its formula over named positions, in
/// float64, with nothing of views, strides, spaces or plans. What the real execution is compared with.
namespace weft::reference {

struct Size {
  AxisId axis{};
  std::int64_t extent = 0;
};

/// A position: how far along each axis.
struct Place {
  std::vector<std::pair<AxisId, std::int64_t>> along;
  std::int64_t at(AxisId axis) const;
  void set(AxisId axis, std::int64_t position);
};

/// The place `a`, moved along the axes of `b` to where that is.
Place joined(const Place& a, const Place& b);

struct Array {
  std::vector<Size> axes;      // outermost first
  std::vector<double> values;  // row-major

  Array() = default;
  explicit Array(std::vector<Size> axes, double fill = 0);
  /// Axes of the place that the array lacks don't matter.
  double& at(const Place& place);
  double at(const Place& place) const { return const_cast<Array&>(*this).at(place); }
  std::int64_t extent(AxisId axis) const;
  bool has(AxisId axis) const;
};

void for_each_place(const std::vector<Size>& axes, const std::function<void(const Place&)>& visit);

/// The sizes of a type's axes under `extents`.
std::vector<Size> sizes_of(const TensorType& type, const AxisTable& axes, const Bindings& extents);

/// The values of `outputs` given those of the inputs, by slot. Random ops are not in it (logic_error).
std::vector<Array> evaluate(const Graph& graph, std::span<const NodeId> outputs,
                            const std::vector<Array>& inputs, const Bindings& extents = {});

/// Pseudo-random values in (-1, 1), by a recurrence of their own.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed * 2654435761U + 88172645463325252U) {}
  double next();
  Array array(const TensorType& type, const AxisTable& axes, const Bindings& extents = {});

 private:
  std::uint64_t state_;
};

}  // namespace weft::reference
