#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/view.h"
#include "tensor/axis.h"

namespace weft {

enum class ElementKind : std::uint8_t { real, integer, boolean, index };

/// What the elements of a tensor are. `index`: positions on the axis `of`, so that a word index can't be used
/// on a table of tags.
struct Element {
  ElementKind kind = ElementKind::real;
  AxisId of{};
  bool operator==(const Element&) const = default;
};

/// One axis of a tensor and how long it is there.
struct Dim {
  AxisId axis{};
  Extent extent;
  bool operator==(const Dim&) const = default;
};

/// Element type and named axes. Two types with the same dims in another order denote the same kind of value
/// (no operation looks at positions); the order kept is the physical one, outermost first.
struct TensorType {
  Element element;
  std::vector<Dim> dims;

  const Dim* find(AxisId) const;
  bool has(AxisId axis) const { return find(axis) != nullptr; }
  bool operator==(const TensorType&) const = default;  // the physical order counts
};

/// The dtype that holds an element when reals are `real` (f32 or f64); indices and integers are i32.
DType storage_of(const Element&, DType real);

/// "[B, T, E]", "bool[B]", "V[B, T]".
std::string describe(const TensorType&, const AxisTable&);
/// The same with extents: "[B, T = 35, E = 256]".
std::string describe_with_extents(const TensorType&, const AxisTable&);

}  // namespace weft
