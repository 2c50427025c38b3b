#include <functional>
#include <set>
#include <string>

#include "tensor/op.h"
#include "tests/catch2.h"
#include "tests/tensor/gradient_check.h"
#include "tests/tensor/op_rows.h"

using namespace weft;

namespace {

using Kind = ShapeError::Kind;

/// Axes and operands that the faulty calls below are made of.
struct Parts : Sample {
  AxisId B = open_axis("B", 2), T = axis("T", 35), H = axis("H", 512), H_other = axis("H", 256),
         V = axis("V", 10), Tag = axis("Tag", 10);
  NodeId x = input(real({B, T, H}));
  NodeId narrow = input(shorter());
  NodeId weight = input(real({H, V}));
  NodeId ids = input(index(V, {B, T}));
  NodeId tags = input(index(Tag, {B, T}));
  NodeId count = input(integer({B}));
  NodeId flag = input(boolean({B}));
  NodeId scalar = graph.constant(1);

  TensorType shorter() const {
    TensorType type = real({H});
    type.dims[0].extent = 256;
    return type;
  }
};

using Emit = std::function<NodeId(Parts&)>;
/// What becomes of a faulty call: it is checked, or only counted.
using Check =
    std::function<void(const Emit&, Kind, const std::string& message, int operand, const std::string& hint)>;

/// Lets the two last be left out.
struct Report {
  const Check& check;
  void operator()(const Emit& emit, Kind kind, const std::string& message, int operand = -1,
                  const std::string& hint = "") const {
    check(emit, kind, message, operand, hint);
  }
};

void expect_fault(const Emit& emit, Kind kind, const std::string& message, int operand,
                  const std::string& hint) {
  Parts parts;
  INFO(message);
  try {
    emit(parts);
    FAIL_CHECK("nothing was thrown");
  } catch (const ShapeError& e) {
    CHECK(std::string(e.what()) == message);
    CHECK(e.kind == kind);
    CHECK(e.operand == operand);
    CHECK(e.hint == hint);
  }
}

Attributes typed(TensorType type, Attributes attributes = {}) {
  attributes.type = std::move(type);
  return attributes;
}

/// Operands that can't be joined elementwise.
void elementwise_faults(const Report& check) {
  for (const OpId id : {OpId::neg, OpId::exp, OpId::log, OpId::log1p, OpId::expm1, OpId::erf, OpId::floor,
                        OpId::round, OpId::sqrt, OpId::cos, OpId::sin, OpId::abs, OpId::sigmoid, OpId::tanh,
                        OpId::relu, OpId::is_finite}) {
    const std::string of_what = id == OpId::abs ? "numbers" : "real elements";
    check([id](Parts& p) { return p.emit(id, {p.flag}); }, Kind::element,
          "[" + std::string(op(id).name) + "] expected " + of_what + ", got bool[B]", 0);
  }
  for (const OpId id : {OpId::pow, OpId::div, OpId::minimum, OpId::maximum, OpId::less, OpId::less_equal,
                        OpId::equal, OpId::not_equal}) {
    check(
        [id](Parts& p) {
          return p.emit(id, {p.x, p.narrow});
        },
        Kind::extents, "[" + std::string(op(id).name) + "] expected H = 512, got H = 256", 1);
  }
  check([](Parts& p) { return p.emit(OpId::logical_not, {p.x}); }, Kind::element,
        "[logical_not] expected booleans, got [B, T, H]", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::logical_or, {p.count, p.flag});
      },
      Kind::element, "[logical_or] expected booleans, got int[B]", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::add, {p.x, p.narrow});
      },
      Kind::extents, "[add] expected H = 512, got H = 256", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::mul, {p.narrow, p.x});
      },
      Kind::extents, "[mul] expected H = 256, got H = 512", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::add, {p.x, p.count});
      },
      Kind::element, "[add] expected real elements, got int[B]", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::add, {p.count, p.scalar});
      },
      Kind::element, "[add] expected integers, got []", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::sub, {p.ids, p.ids});
      },
      Kind::element, "[sub] expected numbers, got V[B, T]", 0,
      "an index is a position, not a number: convert it first");
  check(
      [](Parts& p) {
        return p.emit(OpId::div, {p.count, p.count});
      },
      Kind::element, "[div] expected real elements, got int[B]", 0);
  check([](Parts& p) { return p.emit(OpId::exp, {p.flag}); }, Kind::element,
        "[exp] expected real elements, got bool[B]", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::less, {p.ids, p.tags});
      },
      Kind::element, "[less] expected indices into V, got Tag[B, T]", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::equal, {p.ids, p.count});
      },
      Kind::element, "[equal] expected indices into V, got int[B]", 1,
      "an index is a position, not a number: convert it first");
  check(
      [](Parts& p) {
        return p.emit(OpId::equal, {p.scalar, p.ids});
      },
      Kind::element, "[equal] expected real elements, got V[B, T]", 1,
      "an index is a position, not a number: convert it first");
  check(
      [](Parts& p) {
        return p.emit(OpId::equal, {p.flag, p.flag});
      },
      Kind::element, "[equal] expected numbers or indices, got bool[B]", 0,
      "booleans are joined with and, or, not");
  check(
      [](Parts& p) {
        return p.emit(OpId::logical_and, {p.flag, p.scalar});
      },
      Kind::element, "[logical_and] expected booleans, got []", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::where, {p.scalar, p.x, p.x});
      },
      Kind::element, "[where] expected booleans, got []", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::where, {p.flag, p.x, p.count});
      },
      Kind::element, "[where] expected both choices of one element type, that of [B, T, H], got int[B]", 2);
  check([](Parts& p) { return p.emit(OpId::add, {p.x}); }, Kind::attributes,
        "[add] expected 2 operands, got 1");
}

/// Axes that an op can't work on.
void axis_faults(const Report& check) {
  for (const OpId id : {OpId::softmax, OpId::log_softmax, OpId::cumsum}) {
    check([id](Parts& p) { return p.emit(id, {p.x}, {.axes = {p.V}}); }, Kind::axes,
          "[" + std::string(op(id).name) + "] expected an axis of [B, T, H], got V", 0);
  }
  check([](Parts& p) { return p.emit(OpId::cumsum, {p.x}); }, Kind::attributes,
        "[cumsum] expected one axis, got none");
  check([](Parts& p) { return p.emit(OpId::top_k, {p.x}, {.axes = {p.T}}); }, Kind::attributes,
        "[top_k] expected one axis for the positions, and its extent, got 0 axes and 0 extents");
  check([](Parts& p) { return p.emit(OpId::top_k, {p.x}, {.axes = {p.T}, .to = {p.V}, .extents = {36}}); },
        Kind::extents, "[top_k] expected no more than T = 35, got V = 36", 0);
  check([](Parts& p) { return p.emit(OpId::top_k, {p.x}, {.axes = {p.T}, .to = {p.H}, .extents = {3}}); },
        Kind::duplicate_axis, "[top_k] expected each axis once, got H twice", -1, "use rename[H -> H']");
  check([](Parts& p) { return p.emit(OpId::top_k, {p.x}, {.axes = {p.T}, .to = {p.T}, .extents = {3}}); },
        Kind::attributes, "[top_k] expected another axis than the one that is searched, got T");
  check([](Parts& p) { return p.emit(OpId::sum, {p.x}, {.axes = {p.V}}); }, Kind::axes,
        "[sum] expected an axis of [B, T, H], got V", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::mean, {p.x}, {.axes = {p.T, p.T}});
      },
      Kind::duplicate_axis, "[mean] expected each axis once, got T twice");
  check([](Parts& p) { return p.emit(OpId::max, {p.ids}, {.axes = {p.T}}); }, Kind::element,
        "[max] expected real elements, got V[B, T]", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::argmax, {p.x}, {.axes = {p.T, p.B}});
      },
      Kind::attributes, "[argmax] expected one axis, got T, B");
  check([](Parts& p) { return p.emit(OpId::softmax, {p.x}); }, Kind::attributes,
        "[softmax] expected one axis, got none");
  check(
      [](Parts& p) {
        return p.emit(OpId::dot, {p.x, p.weight});
      },
      Kind::attributes, "[dot] expected an axis to sum over, got none");
  check(
      [](Parts& p) {
        return p.emit(OpId::dot, {p.x, p.weight}, {.axes = {p.V}});
      },
      Kind::axes, "[dot] expected an axis of [B, T, H], got V", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::dot, {p.x, p.weight}, {.axes = {p.T}});
      },
      Kind::axes, "[dot] expected an axis of [H, V], got T", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::dot, {p.x, p.narrow}, {.axes = {p.H}});
      },
      Kind::extents, "[dot] expected H = 512, got H = 256", 1);
}

/// Axes that can't be rearranged so.
void rearranging_faults(const Report& check) {
  check([](Parts& p) { return p.emit(OpId::rename, {p.x}, {.axes = {p.T}, .to = {p.B}}); },
        Kind::duplicate_axis, "[rename] expected each axis once, got B twice", -1, "use rename[B -> B']");
  check([](Parts& p) { return p.emit(OpId::rename, {p.x}, {.axes = {p.V}, .to = {p.T}}); }, Kind::axes,
        "[rename] expected an axis of [B, T, H], got V", 0);
  check([](Parts& p) { return p.emit(OpId::merge, {p.x}, {.axes = {p.T}, .to = {p.V}}); }, Kind::attributes,
        "[merge] expected two or more axes that become one, got 1 that become 1");
  check(
      [](Parts& p) {
        return p.emit(OpId::split, {p.x}, {.axes = {p.H}, .to = {p.V, p.Tag}, .extents = {5, 100}});
      },
      Kind::extents, "[split] expected parts whose product is H = 512, got 500", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::slice, {p.x}, {.axes = {p.T}, .extents = {30, 6}});
      },
      Kind::extents, "[slice] expected positions of T = 35, got 30 to 36", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::slice, {p.x}, {.axes = {p.T}, .extents = {-1, 6}});
      },
      Kind::extents, "[slice] expected positions of T = 35, got -1 to 5", 0);
  check([](Parts& p) { return p.emit(OpId::reverse, {p.x}, {.axes = {p.V}}); }, Kind::axes,
        "[reverse] expected an axis of [B, T, H], got V", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::windows, {p.x},
                      {.axes = {p.T}, .to = {p.T, p.V}, .extents = {12, 4}, .numbers = {3, 1}});
      },
      Kind::extents, "[windows] expected windows within T = 35, got windows that reach 37", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::windows, {p.x},
                      {.axes = {p.T}, .to = {p.T, p.V}, .extents = {12, 4}, .numbers = {0, 1}});
      },
      Kind::attributes, "[windows] expected a stride and a dilation of at least 1, got others");
  check(
      [](Parts& p) {
        return p.emit(OpId::windows, {p.x},
                      {.axes = {p.T}, .to = {p.T, p.B}, .extents = {1, 1}, .numbers = {1, 1}});
      },
      Kind::duplicate_axis, "[windows] expected each axis once, got B twice", -1, "use rename[B -> B']");
  check(
      [](Parts& p) {
        return p.emit(OpId::overlap, {p.x},
                      {.axes = {p.T, p.H}, .to = {p.V}, .extents = {500}, .numbers = {1, 1}});
      },
      Kind::extents, "[overlap] expected windows within V = 500, got windows that reach 546", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::overlap, {p.x},
                      {.axes = {p.T, p.H}, .to = {p.T}, .extents = {546}, .numbers = {1, 1}});
      },
      Kind::attributes, "[overlap] expected an axis that the operand lacks, and its extent, got T");
  check(
      [](Parts& p) {
        return p.emit(OpId::copy, {p.x}, typed(p.real({p.B, p.T})));
      },
      Kind::axes, "[copy] expected axes of [B, T], got [B, T, H]", 0);
  check([](Parts& p) { return p.emit(OpId::concat, {}, {.axes = {p.T}}); }, Kind::attributes,
        "[concat] expected an operand, got none");
  check(
      [](Parts& p) {
        return p.emit(OpId::concat, {p.x, p.narrow}, {.axes = {p.T}});
      },
      Kind::extents, "[concat] expected H = 512, got H = 256", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::concat, {p.x, p.count}, {.axes = {p.T}});
      },
      Kind::element, "[concat] expected elements of [B, T, H], got int[B]", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::pad, {p.x}, typed(p.real({p.B, p.T, p.H}), {.axes = {p.T}, .extents = {1}}));
      },
      Kind::extents, "[pad] expected positions of T = 35, got 36", 0);
}

/// Indices, tables and losses that don't fit.
void table_faults(const Report& check) {
  check([](Parts& p) { return p.emit(OpId::position, {}, typed(p.integer({p.V}), {.axes = {p.T}})); },
        Kind::attributes, "[position] expected the axis T, got int[V]");
  check(
      [](Parts& p) {
        return p.emit(OpId::scatter_add, {p.tags, p.x}, typed(p.real({p.V, p.H}), {.axes = {p.V}}));
      },
      Kind::element, "[scatter_add] expected indices into V, got Tag[B, T]", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::scatter_add, {p.ids, p.narrow}, typed(p.real({p.V, p.H}), {.axes = {p.V}}));
      },
      Kind::extents, "[scatter_add] expected H = 512, got H = 256", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::merge_rows, {p.x, p.x}, {.axes = {p.H}});
      },
      Kind::element, "[merge_rows] expected indices, got [B, T, H]", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::cross_entropy, {p.ids, p.input(p.real({p.B, p.T, p.V}))},
                      {.axes = {p.V}, .numbers = {1.5, 0, 0}});
      },
      Kind::attributes,
      "[cross_entropy] expected a smoothing of at least 0 and less than 1, whether a target is ignored, and "
      "which, got 3 numbers, 1.500000");
  check(
      [](Parts& p) {
        const NodeId loss = p.input(p.real({p.B, p.T}));
        return p.emit(OpId::cross_entropy_grad, {p.tags, p.input(p.real({p.B, p.T, p.V})), loss, loss},
                      {.axes = {p.V}});
      },
      Kind::element, "[cross_entropy_grad] expected indices into V, got Tag[B, T]", 0);
  for (const OpId id : {OpId::attention, OpId::attention_grad}) {
    check(
        [id](Parts& p) {
          return p.emit(id, {p.x, p.x}, {.axes = {p.H, p.T}, .numbers = {1}});
        },
        Kind::attributes,
        "[" + std::string(op(id).name) +
            "] expected two masks at most, then queries, keys and values, got 2 operands");
    const auto keys_of_x = [id](std::vector<double> numbers) {
      return [id, numbers](Parts& p) {
        std::vector<NodeId> operands = {p.x, p.input(p.real({p.B, p.V, p.H})),
                                        p.input(p.real({p.B, p.V, p.H}))};
        if (id == OpId::attention_grad) operands.push_back(p.x);
        return p.emit(id, operands, {.axes = {p.H, p.V}, .numbers = numbers});
      };
    };
    check(keys_of_x({1, 0.5}), Kind::attributes,
          "[" + std::string(op(id).name) +
              "] expected a scale, and perhaps a dropout rate and where queries are counted, got 2 numbers");
    check(keys_of_x({1, 0.5, 2}), Kind::attributes,
          "[" + std::string(op(id).name) +
              "] expected a dropout rate of at least 0 and less than 1, and a place of queries, got 0.500000 "
              "and 2.000000");
  }
  check([](Parts& p) { return p.emit(OpId::random_uniform, {}, typed(p.real({p.B}), {.numbers = {1}})); },
        Kind::attributes, "[random_uniform] expected low and high, got 1 numbers");
  check(
      [](Parts& p) {
        return p.emit(OpId::gather, {p.weight, p.tags}, {.axes = {p.V}});
      },
      Kind::element, "[gather] expected indices into V, got Tag[B, T]", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::gather, {p.weight, p.x}, {.axes = {p.V}});
      },
      Kind::element, "[gather] expected indices into V, got [B, T, H]", 1);
  check([](Parts& p) { return p.emit(OpId::gather_sum, {p.weight}, {.axes = {p.V}}); }, Kind::attributes,
        "[gather_sum] expected a table, axes and an index for each, got 1 operands for 1 axes");
  check(
      [](Parts& p) {
        return p.emit(OpId::gather_sum, {p.weight, p.ids}, {.axes = {p.V}, .to = {p.H}});
      },
      Kind::axes, "[gather_sum] expected an axis of [B, T], got H");
  check(
      [](Parts& p) {
        return p.emit(OpId::gather_sum, {p.weight, p.tags}, {.axes = {p.V}, .to = {p.T}});
      },
      Kind::element, "[gather_sum] expected indices into V, got Tag[B, T]", 1);
  check([](Parts& p) { return p.emit(OpId::gather, {p.weight}, {.axes = {p.V}}); }, Kind::attributes,
        "[gather] expected a table, axes and an index for each, got 1 operands for 1 axes");
  check(
      [](Parts& p) {
        return p.emit(OpId::gather, {p.weight, p.input(p.index(p.V, {p.V}))}, {.axes = {p.V}});
      },
      Kind::duplicate_axis, "[gather] expected indices without the axis they look up, got V", -1,
      "use rename[V -> V'] on the index");
  check(
      [](Parts& p) {
        return p.emit(OpId::cross_entropy, {p.tags, p.weight}, {.axes = {p.V}});
      },
      Kind::element, "[cross_entropy] expected indices into V, got Tag[B, T]", 0);
  check(
      [](Parts& p) {
        return p.emit(OpId::cross_entropy, {p.ids, p.x}, {.axes = {p.V}});
      },
      Kind::axes, "[cross_entropy] expected an axis of [B, T, H], got V", 1);
  check([](Parts& p) { return p.emit(OpId::dropout, {p.x}, {.numbers = {1}}); }, Kind::attributes,
        "[dropout] expected a rate of at least 0 and less than 1, got 1.000000");
  check(
      [](Parts& p) {
        return p.emit(OpId::random_normal, {}, typed(p.index(p.V, {}), {.numbers = {0, 1}}));
      },
      Kind::element, "[random_normal] expected real elements, got V[]");
  check([](Parts& p) { return p.graph.constant(1, p.index(p.V, {p.B})); }, Kind::element,
        "[constant] expected real, integer or boolean elements, got V[B]");
}

/// Updates that would change a parameter's shape.
void update_faults(const Report& check) {
  check(
      [](Parts& p) {
        return p.emit(OpId::sgd_rows, {p.weight, p.tags, p.x, p.scalar, p.scalar}, {.axes = {p.V}});
      },
      Kind::element, "[sgd_rows] expected indices into V, got Tag[B, T]", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::adagrad_rows, {p.weight, p.weight, p.tags, p.x, p.scalar, p.scalar},
                      {.axes = {p.V}, .numbers = {1e-8}});
      },
      Kind::element, "[adagrad_rows] expected indices into V, got Tag[B, T]", 2);
  check(
      [](Parts& p) {
        return p.emit(OpId::adagrad_rows, {p.weight, p.scalar, p.ids, p.x, p.scalar, p.scalar},
                      {.axes = {p.V}, .numbers = {1e-8}});
      },
      Kind::axes, "[adagrad_rows] expected state of [H, V], got []", 1);
  check(
      [](Parts& p) {
        return p.emit(
            OpId::adam_rows,
            {p.weight, p.weight, p.weight, p.scalar, p.scalar, p.scalar, p.ids, p.x, p.scalar, p.scalar},
            {.axes = {p.V}, .numbers = {0.9, 0.999, 1e-8, 0}});
      },
      Kind::element, "[adam_rows] expected integers, got []", 3);
  check(
      [](Parts& p) {
        const NodeId one = p.graph.constant(1, p.integer({}));
        return p.emit(OpId::adam_rows,
                      {p.weight, p.weight, p.weight, one, p.scalar, one, p.ids, p.x, p.scalar, p.scalar},
                      {.axes = {p.V}, .numbers = {0.9, 0.999, 1e-8, 0}});
      },
      Kind::axes, "[adam_rows] expected a number for each row of [H, V], got int[]", 3);
  check(
      [](Parts& p) {
        return p.emit(OpId::adam_catch_up, {p.weight, p.weight, p.weight, p.scalar, p.scalar},
                      {.axes = {p.V}, .numbers = {0.9, 0.999, 1e-8, 0}});
      },
      Kind::attributes, "[adam_catch_up] expected 6 or 7 operands, got 5");
  check(
      [](Parts& p) {
        const NodeId one = p.graph.constant(1, p.integer({}));
        return p.emit(OpId::momentum_rows,
                      {p.weight, p.weight, one, p.scalar, one, p.ids, p.x, p.scalar, p.scalar},
                      {.axes = {p.V}, .numbers = {0.9, 0}});
      },
      Kind::axes, "[momentum_rows] expected a number for each row of [H, V], got int[]", 2);
  check(
      [](Parts& p) {
        return p.emit(OpId::momentum_catch_up, {p.weight, p.weight, p.scalar, p.scalar, p.scalar},
                      {.axes = {p.V}, .numbers = {0.9, 0}});
      },
      Kind::element, "[momentum_catch_up] expected integers, got []", 2);
  check(
      [](Parts& p) {
        return p.emit(OpId::rmsprop_rows,
                      {p.weight, p.scalar, p.scalar, p.scalar, p.scalar, p.ids, p.x, p.scalar, p.scalar},
                      {.axes = {p.V}, .numbers = {0.9, 1e-8}});
      },
      Kind::axes, "[rmsprop_rows] expected state of [H, V], got []", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::rmsprop_catch_up, {p.weight, p.weight, p.scalar, p.scalar, p.scalar},
                      {.axes = {p.V}, .numbers = {0.9}});
      },
      Kind::attributes, "[rmsprop_catch_up] expected 2 numbers, got 1");
  check(
      [](Parts& p) {
        return p.emit(OpId::assign, {p.weight, p.x});
      },
      Kind::axes, "[assign] expected axes of [H, V], got [B, T, H]", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::assign_at, {p.weight, p.tags, p.scalar}, {.axes = {p.V}});
      },
      Kind::element, "[assign_at] expected indices into V, got Tag[B, T]", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::assign_at, {p.weight, p.scalar}, {.axes = {p.V}});
      },
      Kind::attributes,
      "[assign_at] expected a table, axes, an index for each, and a value, got 2 operands for 1 axes");
  check(
      [](Parts& p) {
        return p.emit(OpId::assign_at, {p.weight, p.input(p.index(p.V, {p.V})), p.scalar}, {.axes = {p.V}});
      },
      Kind::duplicate_axis, "[assign_at] expected indices without the axis they look up, got V", -1,
      "use rename[V -> V'] on the index");
  check(
      [](Parts& p) {
        return p.emit(OpId::assign_at, {p.weight, p.input(p.index(p.V, {p.B})), p.x}, {.axes = {p.V}});
      },
      Kind::axes, "[assign_at] expected axes of [B, H], got [B, T, H]", 2);
  check(
      [](Parts& p) {
        return p.emit(OpId::assign_at, {p.weight, p.input(p.index(p.V, {p.B})), p.count}, {.axes = {p.V}});
      },
      Kind::element, "[assign_at] expected elements of [H, V], got int[B]", 2);
  check(
      [](Parts& p) {
        return p.emit(OpId::assign, {p.count, p.scalar});
      },
      Kind::element, "[assign] expected elements of int[B], got []", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::sgd, {p.weight, p.weight, p.narrow, p.scalar});
      },
      Kind::axes, "[sgd] expected a scalar, got [H]", 2);
  check(
      [](Parts& p) {
        return p.emit(OpId::adam, {p.weight, p.scalar, p.weight, p.weight, p.scalar, p.scalar, p.scalar},
                      {.numbers = {0.9, 0.999, 1e-8, 0}});
      },
      Kind::axes, "[adam] expected state of [H, V], got []", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::momentum, {p.weight, p.scalar, p.weight, p.scalar, p.scalar},
                      {.numbers = {0.9, 0}});
      },
      Kind::axes, "[momentum] expected state of [H, V], got []", 1);
  check(
      [](Parts& p) {
        return p.emit(OpId::adagrad, {p.weight, p.weight, p.weight, p.narrow, p.scalar}, {.numbers = {1}});
      },
      Kind::axes, "[adagrad] expected a scalar, got [H]", 3);
  check(
      [](Parts& p) {
        return p.emit(OpId::rmsprop, {p.weight, p.weight, p.weight, p.scalar, p.scalar}, {.numbers = {1}});
      },
      Kind::attributes, "[rmsprop] expected 2 numbers, got 1");
}

/// Loops, what is joined, and what several results are taken from.
void loop_faults(const Report& check) {
  check([](Parts& p) { return p.emit(OpId::fused, {p.x}); }, Kind::attributes,
        "[fused] expected a graph of its operands and some results, got none");
  check([](Parts& p) { return p.emit(OpId::scan, {p.x}); }, Kind::attributes,
        "[scan] expected a body, got none");
  check([](Parts& p) { return p.emit(OpId::item, {p.x}); }, Kind::attributes,
        "[item] expected a result of a scan, got 0");
}

void all_faults(const Check& each) {
  const Report report{each};
  elementwise_faults(report);
  axis_faults(report);
  rearranging_faults(report);
  table_faults(report);
  update_faults(report);
  loop_faults(report);
}

}  // namespace

TEST_CASE("ops refuse operands they can't take, with the cause") {
  all_faults(expect_fault);
}

std::set<OpId> weft::ops_with_faults() {
  std::set<OpId> ops;
  all_faults([&](const Emit&, Kind, const std::string& message, int, const std::string&) {
    const Op* found = find_op(message.substr(1, message.find(']') - 1));
    if (found) ops.insert(found->id);
  });
  return ops;
}
