#include "tensor/type.h"

namespace weft {

namespace {

std::string describe_type(const TensorType& type, const AxisTable& axes, bool extents) {
  std::string text;
  switch (type.element.kind) {
    case ElementKind::real:
      break;
    case ElementKind::integer:
      text = "int";
      break;
    case ElementKind::boolean:
      text = "bool";
      break;
    case ElementKind::index:
      text = axes.name(type.element.of);
      break;
  }
  text += "[";
  bool first = true;
  for (const Dim& dim : type.dims) {
    if (!first) text += ", ";
    first = false;
    const std::string name = axes.name(dim.axis);
    text += name;
    if (!extents) continue;
    // An open axis is its own extent: "T", not "T = T".
    const std::string extent = axes.symbols().describe(dim.extent);
    if (extent != name) text += " = " + extent;
  }
  return text + "]";
}

}  // namespace

const Dim* TensorType::find(AxisId axis) const {
  for (const Dim& dim : dims) {
    if (dim.axis == axis) return &dim;
  }
  return nullptr;
}

DType storage_of(const Element& element, DType real) {
  switch (element.kind) {
    case ElementKind::real:
      return real;
    case ElementKind::boolean:
      return DType::boolean;
    case ElementKind::integer:
    case ElementKind::index:
      break;
  }
  return DType::i32;
}

std::string describe(const TensorType& type, const AxisTable& axes) {
  return describe_type(type, axes, false);
}

std::string describe_with_extents(const TensorType& type, const AxisTable& axes) {
  return describe_type(type, axes, true);
}

}  // namespace weft
