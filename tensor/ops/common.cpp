#include "tensor/ops/common.h"

#include <algorithm>

namespace weft {

using Kind = ShapeError::Kind;

bool contains(const Axes& axes, AxisId axis) {
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

Axes axes_of(const TensorType& type) {
  Axes axes;
  for (const Dim& dim : type.dims) axes.push_back(dim.axis);
  return axes;
}

std::vector<Dim> without(const std::vector<Dim>& dims, const Axes& axes) {
  std::vector<Dim> rest;
  for (const Dim& dim : dims) {
    if (!contains(axes, dim.axis)) rest.push_back(dim);
  }
  return rest;
}

std::vector<Dim> only(const std::vector<Dim>& dims, const Axes& axes) {
  std::vector<Dim> kept;
  for (const Dim& dim : dims) {
    if (contains(axes, dim.axis)) kept.push_back(dim);
  }
  return kept;
}

bool same_axes(const std::vector<Dim>& a, const std::vector<Dim>& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Dim& dim) {
           return std::find(b.begin(), b.end(), dim) != b.end();
         });
}

std::string describe(const Graph& graph, const Dim& dim) {
  return graph.axes().name(dim.axis) + " = " + graph.axes().symbols().describe(dim.extent);
}

void fail(Kind kind, OpId op, const std::string& expected, const std::string& got, std::string hint,
          int operand) {
  throw ShapeError(kind, "[" + std::string(name_of(op)) + "] expected " + expected + ", got " + got,
                   std::move(hint), operand);
}

namespace {

const TensorType& type_of(const Graph& graph, Inputs inputs, int operand) {
  return graph.type(inputs[static_cast<std::size_t>(operand)]);
}

std::string got(const Graph& graph, Inputs inputs, int operand) {
  return describe(type_of(graph, inputs, operand), graph.axes());
}

const char* plural(ElementKind kind) {
  switch (kind) {
    case ElementKind::real:
      return "real elements";
    case ElementKind::integer:
      return "integers";
    case ElementKind::boolean:
      return "booleans";
    case ElementKind::index:
      return "indices";
  }
  return "";
}

std::string shown(const Graph& graph, const Axes& axes) {
  std::string text;
  for (AxisId axis : axes) text += (text.empty() ? "" : ", ") + graph.axes().name(axis);
  return text.empty() ? "none" : text;
}

}  // namespace

void expect_element(const Graph& graph, OpId op, Inputs inputs, int operand, ElementKind kind) {
  if (type_of(graph, inputs, operand).element.kind == kind) return;
  fail(Kind::element, op, plural(kind), got(graph, inputs, operand), {}, operand);
}

void expect_index(const Graph& graph, OpId op, Inputs inputs, int operand, AxisId axis) {
  const Element& element = type_of(graph, inputs, operand).element;
  if (element.kind == ElementKind::integer) return;
  if (element.kind == ElementKind::index && element.of == axis) return;
  const std::string name = graph.axes().name(axis);
  fail(Kind::element, op, "indices into " + name, got(graph, inputs, operand), {}, operand);
}

void expect_scalar(const Graph& graph, OpId op, Inputs inputs, int operand) {
  if (type_of(graph, inputs, operand).dims.empty()) return;
  fail(Kind::axes, op, "a scalar", got(graph, inputs, operand), {}, operand);
}

void expect_real_scalars(const Graph& graph, OpId op, Inputs inputs, int first) {
  for (int i = first; i < static_cast<int>(inputs.size()); ++i) {
    expect_real(graph, op, inputs, i);
    expect_scalar(graph, op, inputs, i);
  }
}

void expect_axes(const Graph& graph, OpId op, const Axes& axes, int count) {
  if (count >= 0 && axes.size() != static_cast<std::size_t>(count)) {
    fail(Kind::attributes, op, count == 1 ? "one axis" : std::to_string(count) + " axes", shown(graph, axes));
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (std::find(axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(i), axes[i]) !=
        axes.begin() + static_cast<std::ptrdiff_t>(i)) {
      fail(Kind::duplicate_axis, op, "each axis once", graph.axes().name(axes[i]) + " twice");
    }
  }
}

void expect_on(const Graph& graph, OpId op, Inputs inputs, int operand, const Axes& axes) {
  for (AxisId axis : axes) {
    if (type_of(graph, inputs, operand).has(axis)) continue;
    fail(Kind::axes, op, "an axis of " + got(graph, inputs, operand), graph.axes().name(axis), {}, operand);
  }
}

void expect_within(const Graph& graph, OpId op, Inputs inputs, int operand, const std::vector<Dim>& dims) {
  for (const Dim& dim : type_of(graph, inputs, operand).dims) {
    const auto found =
        std::find_if(dims.begin(), dims.end(), [&](const Dim& d) { return d.axis == dim.axis; });
    if (found == dims.end()) {
      fail(Kind::axes, op, "axes of " + describe(TensorType{{}, dims}, graph.axes()),
           got(graph, inputs, operand), {}, operand);
    }
    if (found->extent != dim.extent) {
      fail(Kind::extents, op, describe(graph, *found), describe(graph, dim), {}, operand);
    }
  }
}

void expect_distinct(const Graph& graph, OpId op, const std::vector<Dim>& dims) {
  for (std::size_t i = 0; i < dims.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (dims[i].axis != dims[j].axis) continue;
      const std::string name = graph.axes().name(dims[i].axis);
      fail(Kind::duplicate_axis, op, "each axis once", name + " twice",
           "use rename[" + name + " -> " + name + "']");
    }
  }
}

void join_dims(const Graph& graph, OpId op, std::vector<Dim>& dims, Inputs inputs, int operand) {
  for (const Dim& dim : type_of(graph, inputs, operand).dims) {
    const auto found =
        std::find_if(dims.begin(), dims.end(), [&](const Dim& d) { return d.axis == dim.axis; });
    if (found == dims.end()) {
      dims.push_back(dim);
    } else if (found->extent != dim.extent) {
      fail(Kind::extents, op, describe(graph, *found), describe(graph, dim), {}, operand);
    }
  }
}

std::vector<Dim> broadcast(const Graph& graph, OpId op, Inputs inputs) {
  // The extents that count are those of the first operand that has the axis, so that a message reads left to
  // right; the order is that of the widest.
  std::vector<Dim> seen;
  std::size_t widest = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    join_dims(graph, op, seen, inputs, static_cast<int>(i));
    if (graph.type(inputs[i]).dims.size() > graph.type(inputs[widest]).dims.size()) widest = i;
  }
  if (inputs.empty()) return {};
  std::vector<Dim> dims = graph.type(inputs[widest]).dims;
  const std::vector<Dim> rest = without(seen, axes_of(graph.type(inputs[widest])));
  dims.insert(dims.end(), rest.begin(), rest.end());
  return dims;
}

TensorType infer_number(OpId op, const Graph& graph, Inputs inputs) {
  const Element first = type_of(graph, inputs, 0).element;
  for (int i = 0; i < static_cast<int>(inputs.size()); ++i) {
    const ElementKind kind = type_of(graph, inputs, i).element.kind;
    if (kind != ElementKind::real && kind != ElementKind::integer) {
      fail(Kind::element, op, "numbers", got(graph, inputs, i),
           kind == ElementKind::index ? "an index is a position, not a number: convert it first" : "", i);
    }
    if (kind != first.kind) fail(Kind::element, op, plural(first.kind), got(graph, inputs, i), {}, i);
  }
  return {first, broadcast(graph, op, inputs)};
}

TensorType infer_compared(OpId op, const Graph& graph, Inputs inputs) {
  const Element a = type_of(graph, inputs, 0).element;
  const Element b = type_of(graph, inputs, 1).element;
  if (a.kind == ElementKind::boolean) {
    fail(Kind::element, op, "numbers or indices", got(graph, inputs, 0),
         "booleans are joined with and, or, not", 0);
  }
  if (a.kind == ElementKind::index) {
    if (b.kind == ElementKind::integer) {
      fail(Kind::element, op, "indices into " + graph.axes().name(a.of), got(graph, inputs, 1),
           "an index is a position, not a number: convert it first", 1);
    }
    if (b != a)
      fail(Kind::element, op, "indices into " + graph.axes().name(a.of), got(graph, inputs, 1), {}, 1);
  } else if (b.kind != a.kind) {
    fail(Kind::element, op, plural(a.kind), got(graph, inputs, 1),
         b.kind == ElementKind::index ? "an index is a position, not a number: convert it first" : "", 1);
  }
  return {{ElementKind::boolean, {}}, broadcast(graph, op, inputs)};
}

TensorType infer_reduced(OpId op, const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_real(graph, op, inputs, 0);
  expect_axes(graph, op, attributes.axes, -1);
  expect_on(graph, op, inputs, 0, attributes.axes);
  return {{}, without(type_of(graph, inputs, 0).dims, attributes.axes)};
}

IterationSpace reduction_space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  const std::vector<Dim> reduced = only(graph.type(node.inputs[0]).dims, node.attributes.axes);
  IterationSpace space{node.type.dims,
                       {static_cast<int>(node.type.dims.size()), static_cast<int>(reduced.size())}};
  space.dims.insert(space.dims.end(), reduced.begin(), reduced.end());
  return space;
}

IterationSpace axis_last(const std::vector<Dim>& dims, const Dim& axis) {
  IterationSpace space{without(dims, {axis.axis}), {}};
  space.groups = {static_cast<int>(space.dims.size()), 1};
  space.dims.push_back(axis);
  return space;
}

IterationSpace table_space(std::vector<Dim> dims, const TensorType& table, const Axes& axes) {
  IterationSpace space{std::move(dims), {}};
  space.groups = {static_cast<int>(space.dims.size()), static_cast<int>(axes.size())};
  for (AxisId axis : axes) space.dims.push_back(*table.find(axis));
  return space;
}

}  // namespace weft
