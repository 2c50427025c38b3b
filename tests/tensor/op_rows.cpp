#include "tests/tensor/op_rows.h"

namespace weft {

namespace {

using Check = OpRow::Check;

/// [R, C] and [C, S] operands with values in (low, high): what a binary op has to broadcast.
template <OpId Id, int Low = -1, int High = 1>
NodeId binary(Sample& s, std::int64_t n) {
  const AxisId R = s.open_axis("R", 2), C = s.axis("C", n), S = s.axis("S", 3);
  const NodeId a = s.input_between(s.real({R, C}), Low, High);
  const NodeId b = s.input_between(s.real({S, C}), Low, High);
  return s.emit(Id, {a, b});
}

template <OpId Id, int Low = -1, int High = 1>
NodeId unary(Sample& s, std::int64_t n) {
  const AxisId R = s.open_axis("R", 3), C = s.axis("C", n);
  return s.emit(Id, {s.input_between(s.real({R, C}), Low, High)});
}

template <OpId Id>
NodeId comparison(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n), V = s.axis("V", 2);
  return s.emit(Id, {s.input(s.index(V, {R, C})), s.input(s.index(V, {C}))});
}

template <OpId Id>
NodeId logical(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n);
  return s.emit(Id, {s.input(s.boolean({R, C})), s.input(s.boolean({C}))});
}

template <OpId Id>
NodeId reduction(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.open_axis("C", n), S = s.axis("S", 3);
  return s.emit(Id, {s.input(s.real({R, C, S}))}, {.axes = {S, C}});
}

template <OpId Id>
NodeId over_classes(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n), S = s.axis("S", 3);
  return s.emit(Id, {s.input(s.real({R, C, S}))}, {.axes = {C}});
}

template <OpId Id>
NodeId drawn(Sample& s, std::int64_t n) {
  Attributes attributes{.numbers = {0, 1}};
  attributes.type = s.real({s.axis("R", n)});
  return s.emit(Id, {}, attributes);
}

NodeId where(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 3), C = s.axis("C", n);
  return s.emit(OpId::where, {s.input(s.boolean({C})), s.input(s.real({R})), s.input(s.real({C, R}))});
}

NodeId cast(Sample& s, std::int64_t n) {
  Attributes attributes;
  attributes.type.element = {ElementKind::integer, {}};
  return s.emit(OpId::cast, {s.input_between(s.real({s.axis("R", n)}), -4, 4)}, attributes);
}

NodeId argmax(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 4), C = s.axis("C", n);
  return s.emit(OpId::argmax, {s.input(s.real({C, R}))}, {.axes = {C}});
}

NodeId cumsum(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.open_axis("C", n), S = s.axis("S", 3);
  const NodeId x = s.input(s.real({R, C, S}));
  return s.emit(OpId::cumsum, {x}, {.axes = {n % 2 == 0 ? C : S}, .numbers = {n == 3 ? 1.0 : 0.0}});
}

/// For n = 19 more than are kept in order one by one.
NodeId top_k(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 3), C = s.axis("C", 3 * n), S = s.axis("S", 2), K = s.axis("K", 2 * n);
  return s.emit(OpId::top_k, {s.input(s.real({R, C, S}))},
                {.axes = {C}, .to = {K}, .extents = {2 * n}, .numbers = {n == 3 ? 1.0 : 0.0}});
}

NodeId dot(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", 2), M = s.axis("M", n), K = s.axis("K", 3), L = s.axis("L", n),
               N = s.axis("N", 2);
  return s.emit(OpId::dot, {s.input(s.real({B, M, K, L})), s.input(s.real({L, N, B, K}))}, {.axes = {K, L}});
}

/// Two heads, a mask over queries and keys and one over the keys of a batch element, which leave the first
/// key.
std::vector<NodeId> attention_operands(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", 2), H = s.axis("H", 2), Q = s.open_axis("Q", n), S = s.axis("S", 2 * n + 1),
               K = s.axis("K", 3), V = s.axis("V", n);
  const auto before = [&](const std::vector<AxisId>& over, double limit) {
    Attributes position{.axes = {S}};
    position.type = s.integer({S});
    const NodeId at =
        s.emit(OpId::cast, {s.emit(OpId::position, {}, std::move(position))}, {.type = s.real({S})});
    return s.emit(OpId::less, {at, s.input_between(s.real(over), limit, 2 * limit)});
  };
  return {before({Q, B}, 1), before({B}, 2), s.input(s.real({B, Q, H, K})), s.input(s.real({S, B, H, K})),
          s.input(s.real({B, H, V, S}))};
}

NodeId attention(Sample& s, std::int64_t n) {
  const std::vector<NodeId> operands = attention_operands(s, n);
  return s.emit(OpId::attention, operands,
                {.axes = {s.graph.type(operands[2]).dims[3].axis, s.graph.type(operands[3]).dims[0].axis},
                 .numbers = {0.5}});
}

NodeId attention_grad(Sample& s, std::int64_t n) {
  std::vector<NodeId> operands = attention_operands(s, n);
  const TensorType &q = s.graph.type(operands[2]), &k = s.graph.type(operands[3]),
                   &v = s.graph.type(operands[4]);
  const Attributes attributes{.axes = {q.dims[3].axis, k.dims[0].axis}, .numbers = {0.5}};
  operands.push_back(s.input({{}, {q.dims[1], q.dims[0], v.dims[2], q.dims[2]}}));
  return s.emit(OpId::attention_grad, operands, attributes);
}

NodeId rename(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", n), C = s.axis("C", n), T = s.axis("T", 2);
  return s.emit(OpId::rename, {s.input(s.real({R, C, T}))}, {.axes = {R, C}, .to = {C, R}});
}

NodeId merge(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", n), C = s.axis("C", 2), T = s.axis("T", 3), M = s.axis("M", 3 * n);
  return s.emit(OpId::merge, {s.input(s.real({R, C, T}))}, {.axes = {T, R}, .to = {M}});
}

NodeId split(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), M = s.axis("M", 3 * n), P = s.axis("P", 3), Q = s.axis("Q", n);
  return s.emit(OpId::split, {s.input(s.real({M, R}))}, {.axes = {M}, .to = {P, Q}, .extents = {3, n}});
}

NodeId slice(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n + 3);
  const NodeId x = s.input(s.real({C, R}));
  const NodeId part = s.emit(OpId::slice, {x}, {.axes = {C}, .extents = {1, n}});
  const NodeId one = s.emit(OpId::slice, {x}, {.axes = {C}, .extents = {n + 1, 1}, .numbers = {1}});
  return s.emit(OpId::mul, {part, one});
}

NodeId reverse(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n);
  return s.emit(OpId::reverse, {s.input(s.real({C, R}))}, {.axes = {C}});
}

NodeId windows(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), Y = s.open_axis("Y", 2 * n + 5), K = s.axis("K", 3);
  return s.emit(OpId::windows, {s.input(s.real({Y, R}))},
                {.axes = {Y}, .to = {Y, K}, .extents = {n, 3}, .numbers = {2, 2}});
}

NodeId overlap(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), W = s.axis("W", n), K = s.axis("K", 3), Y = s.axis("Y", 2 * n + 3);
  return s.emit(OpId::overlap, {s.input(s.real({W, R, K}))},
                {.axes = {W, K}, .to = {Y}, .extents = {2 * n + 3}, .numbers = {2, 1}});
}

NodeId copy(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n), T = s.axis("T", 3);
  Attributes attributes;
  attributes.type = s.real({T, C, R});
  return s.emit(OpId::copy, {s.input(s.real({R, C}))}, attributes);
}

NodeId concat(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n);
  const NodeId single = s.input(s.real({R}));
  TensorType wide = s.real({C, R});
  wide.dims[0].extent = 4;
  return s.emit(OpId::concat, {s.input(s.real({R, C})), single, s.input(wide)}, {.axes = {C}});
}

NodeId pad(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n + 3);
  TensorType part = s.real({R, C});
  part.dims[1].extent = n;
  Attributes attributes{.axes = {C}, .extents = {2}, .numbers = {0, -1.5}};
  attributes.type = s.real({C, R});
  return s.emit(OpId::pad, {s.input(part)}, attributes);
}

NodeId position(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", n);
  Attributes attributes{.axes = {R}};
  attributes.type = s.index(R, {R});
  return s.emit(OpId::position, {}, attributes);
}

NodeId gather(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", n), P = s.axis("P", 3), Q = s.axis("Q", 2), E = s.axis("E", 3);
  const NodeId table = s.input(s.real({P, B, Q, E}));
  return s.emit(OpId::gather, {table, s.input(s.index(Q, {B})), s.input(s.index(P, {}))}, {.axes = {Q, P}});
}

/// Bags of 5 n rows of 18 elements in all, more than a block of either; for n = 3 their mean.
NodeId gather_sum(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", 3), T = s.open_axis("T", n), S = s.axis("S", 5), P = s.axis("P", 3),
               Q = s.axis("Q", 2), E = s.axis("E", 9), F = s.axis("F", 2);
  const NodeId table = s.input(s.real({P, E, Q, F}));
  return s.emit(OpId::gather_sum, {table, s.input(s.index(Q, {T, B})), s.input(s.index(P, {S, T}))},
                {.axes = {Q, P}, .to = {S, T}, .numbers = {n == 3 ? 1.0 : 0.0}});
}

NodeId scatter_add(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", n), T = s.axis("T", 3), V = s.axis("V", 4), E = s.axis("E", 2);
  Attributes attributes{.axes = {V}};
  attributes.type = s.real({V, E});
  return s.emit(OpId::scatter_add, {s.input(s.index(V, {B, T})), s.input(s.real({B, T, E}))}, attributes);
}

NodeId merge_rows(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", n), T = s.axis("T", 3), V = s.axis("V", 2), E = s.axis("E", 2);
  return s.emit(OpId::merge_rows, {s.input(s.index(V, {B, T})), s.input(s.real({B, T, E}))}, {.axes = {E}});
}

/// As they are, smoothed, and with a target that is ignored.
std::vector<double> target_numbers(std::int64_t n) {
  if (n == 3) return {0.1, 1, 2};
  if (n == 19) return {0.25, 0, 0};
  return {};
}

NodeId cross_entropy(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", 2), T = s.axis("T", 3), V = s.axis("V", n);
  return s.emit(OpId::cross_entropy, {s.input(s.index(V, {T, B})), s.input(s.real({B, T, V}))},
                {.axes = {V}, .numbers = target_numbers(n)});
}

NodeId cross_entropy_grad(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", 2), T = s.axis("T", 3), V = s.axis("V", n);
  const NodeId target = s.input(s.index(V, {B, T}));
  const NodeId logits = s.input(s.real({B, T, V}));
  const std::vector<double> numbers = target_numbers(n);
  const NodeId loss = s.emit(OpId::cross_entropy, {target, logits}, {.axes = {V}, .numbers = numbers});
  return s.emit(OpId::cross_entropy_grad, {target, logits, loss, s.input(s.real({B}))},
                {.axes = {V}, .numbers = numbers});
}

NodeId dropout(Sample& s, std::int64_t n) {
  return s.emit(OpId::dropout, {s.input(s.real({s.axis("R", n)}))}, {.numbers = {0.5}});
}

NodeId assign(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n);
  return s.emit(OpId::assign, {s.input(s.real({R, C})), s.input(s.real({C}))});
}

NodeId assign_at(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", n), P = s.axis("P", 3), Q = s.axis("Q", 2), E = s.axis("E", 3);
  const NodeId table = s.input(s.real({P, E, Q}));
  return s.emit(OpId::assign_at,
                {table, s.input(s.index(Q, {B})), s.input(s.integer({})), s.input(s.real({E, B}))},
                {.axes = {Q, P}});
}

NodeId sgd(Sample& s, std::int64_t n) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n);
  return s.emit(OpId::sgd,
                {s.input(s.real({R, C})), s.input(s.real({C, R})), s.input(s.real({})), s.input(s.real({}))});
}

NodeId sgd_rows(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", n), V = s.axis("V", 4), E = s.axis("E", 3);
  return s.emit(OpId::sgd_rows,
                {s.input(s.real({V, E})), s.input(s.index(V, {B})), s.input(s.real({B, E})),
                 s.input(s.real({})), s.input(s.real({}))},
                {.axes = {V}});
}

template <OpId Id>
NodeId one_moment(Sample& s, std::int64_t n, std::vector<double> numbers) {
  const AxisId R = s.axis("R", 2), C = s.axis("C", n);
  const NodeId w = s.input(s.real({R, C})), u = s.input_between(s.real({R, C}), 0, 1);
  const NodeId g = s.input(s.real({C})), rate = s.graph.constant(0.01), scale = s.graph.constant(0.5);
  return s.emit(Id, {w, u, g, rate, scale}, {.numbers = std::move(numbers)});
}

NodeId momentum(Sample& s, std::int64_t n) {
  return one_moment<OpId::momentum>(s, n, {0.9, n == 3 ? 1.0 : 0.0});
}

NodeId adagrad(Sample& s, std::int64_t n) {
  return one_moment<OpId::adagrad>(s, n, {1e-8});
}

NodeId adagrad_rows(Sample& s, std::int64_t n) {
  const AxisId B = s.axis("B", n), V = s.axis("V", 4), E = s.axis("E", 3);
  return s.emit(OpId::adagrad_rows,
                {s.input(s.real({V, E})), s.input_between(s.real({E, V}), 0, 1), s.input(s.index(V, {B})),
                 s.input(s.real({B, E})), s.input(s.real({})), s.input(s.real({}))},
                {.axes = {V}, .numbers = {1e-8}});
}

NodeId rmsprop(Sample& s, std::int64_t n) {
  return one_moment<OpId::rmsprop>(s, n, {0.75, 1e-8});
}

NodeId adam(Sample& s, std::int64_t n) {
  const TensorType type = s.real({s.axis("R", 2), s.axis("C", n)});
  const NodeId w = s.input(type), m = s.input(type), v = s.input_between(type, 0, 1), g = s.input(type);
  const NodeId rate = s.graph.constant(0.01), scale = s.graph.constant(0.5), step = s.graph.constant(3);
  return s.emit(OpId::adam, {w, m, v, g, rate, scale, step}, {.numbers = {0.9, 0.999, 1e-8, 0.1, 0.05}});
}

/// (w, states, last, rates, steps) of a table [V, E] whose rows are as of step 0.
std::vector<NodeId> lazy_table(Sample& s, AxisId V, AxisId E, int states, double steps) {
  std::vector<NodeId> operands = {s.input(s.real({V, E}))};
  if (states > 1) operands.push_back(s.input(s.real({E, V})));
  operands.push_back(s.input_between(s.real({V, E}), 0, 1));
  operands.push_back(s.input(s.integer({V})));
  s.values.back().values.assign(4, 0);
  operands.push_back(s.input_between(s.real({V}), 0, 0.1));
  operands.push_back(s.input(s.integer({})));
  s.values.back().values = {steps};
  return operands;
}

/// With three rows in a fourth step: as many as a table of four rows may miss.
template <OpId Id>
NodeId lazy_rows(Sample& s, std::int64_t n, int states, std::vector<double> numbers) {
  const AxisId B = s.axis("B", n), T = s.axis("T", 2), V = s.axis("V", 4), E = s.axis("E", 3);
  std::vector<NodeId> operands = lazy_table(s, V, E, states, n == 3 ? 3 : 2);
  for (const NodeId more : {s.input(s.index(V, {B, T})), s.input(s.real({T, E, B})), s.graph.constant(0.01),
                            s.graph.constant(0.5)})
    operands.push_back(more);
  return s.emit(Id, std::move(operands), {.axes = {V}, .numbers = std::move(numbers)});
}

/// Of some rows, or with three of all.
template <OpId Id>
NodeId catch_up(Sample& s, std::int64_t n, int states, std::vector<double> numbers) {
  const AxisId B = s.axis("B", n), V = s.axis("V", 4), E = s.axis("E", 3);
  std::vector<NodeId> operands = lazy_table(s, V, E, states, 3);
  if (n != 3) operands.push_back(s.input(s.index(V, {B})));
  return s.emit(Id, std::move(operands), {.axes = {V}, .numbers = std::move(numbers)});
}

NodeId momentum_rows(Sample& s, std::int64_t n) {
  return lazy_rows<OpId::momentum_rows>(s, n, 1, {0.9, n == 3 ? 1.0 : 0.0});
}

NodeId momentum_catch_up(Sample& s, std::int64_t n) {
  return catch_up<OpId::momentum_catch_up>(s, n, 1, {0.9, n == 3 ? 1.0 : 0.0});
}

NodeId rmsprop_rows(Sample& s, std::int64_t n) {
  return lazy_rows<OpId::rmsprop_rows>(s, n, 1, {0.75, 1e-8});
}

NodeId rmsprop_catch_up(Sample& s, std::int64_t n) {
  return catch_up<OpId::rmsprop_catch_up>(s, n, 1, {0.75, 1e-8});
}

NodeId adam_rows(Sample& s, std::int64_t n) {
  return lazy_rows<OpId::adam_rows>(s, n, 2, {0.9, 0.999, 1e-8, 0.1, 0.05});
}

NodeId adam_catch_up(Sample& s, std::int64_t n) {
  return catch_up<OpId::adam_catch_up>(s, n, 2, {0.9, 0.999, 1e-8, 0.1});
}

NodeId input(Sample& s, std::int64_t n) {
  return s.input(s.real({s.axis("R", n), s.axis("C", 2)}));
}

NodeId constant(Sample& s, std::int64_t n) {
  return s.graph.constant(2.5, s.real({s.axis("R", n)}));
}

NodeId extent(Sample& s, std::int64_t n) {
  const AxisId R = s.open_axis("R", n);
  return s.emit(OpId::extent, {}, {.extents = {s.axes[R].extent * s.axes[R].extent + Extent(1)}});
}

}  // namespace

const std::vector<OpRow>& op_rows() {
  static const std::vector<OpRow> rows = {
      {OpId::input, input, Check::gradient},
      {OpId::constant, constant},
      {OpId::extent, extent},
      {OpId::add, binary<OpId::add>, Check::gradient},
      {OpId::sub, binary<OpId::sub>, Check::gradient},
      {OpId::mul, binary<OpId::mul>, Check::gradient},
      {OpId::div, binary<OpId::div, 1, 3>, Check::gradient},
      {OpId::pow, binary<OpId::pow, 1, 3>, Check::gradient},
      {OpId::neg, unary<OpId::neg>, Check::gradient},
      {OpId::exp, unary<OpId::exp>, Check::gradient},
      {OpId::log, unary<OpId::log, 1, 3>, Check::gradient},
      {OpId::expm1, unary<OpId::expm1, -2, 2>, Check::gradient},
      {OpId::log1p, unary<OpId::log1p, 0, 2>, Check::gradient},
      {OpId::erf, unary<OpId::erf, -2, 2>, Check::gradient},
      {OpId::floor, unary<OpId::floor, -4, 4>, Check::gradient},
      {OpId::round, unary<OpId::round, -4, 4>, Check::gradient},
      {OpId::sqrt, unary<OpId::sqrt, 1, 3>, Check::gradient},
      {OpId::cos, unary<OpId::cos, -4, 4>, Check::gradient},
      {OpId::sin, unary<OpId::sin, -4, 4>, Check::gradient},
      {OpId::abs, unary<OpId::abs>, Check::gradient},
      {OpId::minimum, binary<OpId::minimum>, Check::gradient},
      {OpId::maximum, binary<OpId::maximum>, Check::gradient},
      {OpId::sigmoid, unary<OpId::sigmoid, -4, 4>, Check::gradient},
      {OpId::tanh, unary<OpId::tanh, -2, 2>, Check::gradient},
      {OpId::relu, unary<OpId::relu>, Check::gradient},
      {OpId::less, binary<OpId::less>},
      {OpId::less_equal, comparison<OpId::less_equal>},
      {OpId::equal, comparison<OpId::equal>},
      {OpId::not_equal, comparison<OpId::not_equal>},
      {OpId::logical_and, logical<OpId::logical_and>},
      {OpId::logical_or, logical<OpId::logical_or>},
      {OpId::logical_not,
       [](Sample& s, std::int64_t n) {
         return s.emit(OpId::logical_not, {s.input(s.boolean({s.axis("R", n)}))});
       }},
      {OpId::is_finite,
       [](Sample& s, std::int64_t n) {
         const NodeId x = s.input_between(s.real({s.axis("R", n)}), -1, 1);
         return s.emit(OpId::is_finite, {s.emit(OpId::log, {x})});
       }},
      {OpId::where, where, Check::gradient},
      {OpId::cast, cast},
      {OpId::sum, reduction<OpId::sum>, Check::gradient},
      {OpId::mean, reduction<OpId::mean>, Check::gradient},
      {OpId::max, reduction<OpId::max>, Check::gradient},
      {OpId::argmax, argmax, Check::values, false},
      {OpId::cumsum, cumsum, Check::gradient},
      {OpId::top_k, top_k},
      {OpId::dot, dot, Check::gradient},
      {OpId::rename, rename, Check::gradient},
      {OpId::merge, merge, Check::gradient},
      {OpId::split, split, Check::gradient},
      {OpId::slice, slice, Check::gradient},
      {OpId::reverse, reverse, Check::gradient},
      {OpId::windows, windows, Check::gradient},
      {OpId::overlap, overlap, Check::gradient},
      {OpId::stop, unary<OpId::stop>},
      {OpId::copy, copy, Check::gradient},
      {OpId::concat, concat, Check::gradient},
      {OpId::pad, pad, Check::gradient},
      {OpId::position, position},
      {OpId::gather, gather, Check::gradient},
      {OpId::gather_sum, gather_sum},
      {OpId::scatter_add, scatter_add, Check::gradient},
      {OpId::merge_rows, merge_rows},
      {OpId::softmax, over_classes<OpId::softmax>, Check::gradient},
      {OpId::log_softmax, over_classes<OpId::log_softmax>, Check::gradient},
      {OpId::attention, attention, Check::gradient},
      {OpId::attention_grad, attention_grad, Check::values},
      {OpId::cross_entropy, cross_entropy, Check::gradient, false},
      {OpId::cross_entropy_grad, cross_entropy_grad, Check::values, false},
      {OpId::dropout, dropout, Check::random},
      {OpId::random_uniform, drawn<OpId::random_uniform>, Check::random},
      {OpId::random_normal, drawn<OpId::random_normal>, Check::random},
      {OpId::assign, assign},
      {OpId::assign_at, assign_at},
      {OpId::sgd, sgd},
      {OpId::sgd_rows, sgd_rows},
      {OpId::momentum, momentum},
      {OpId::momentum_rows, momentum_rows},
      {OpId::momentum_catch_up, momentum_catch_up},
      {OpId::adagrad, adagrad},
      {OpId::adagrad_rows, adagrad_rows},
      {OpId::rmsprop, rmsprop},
      {OpId::rmsprop_rows, rmsprop_rows},
      {OpId::rmsprop_catch_up, rmsprop_catch_up},
      {OpId::adam, adam},
      {OpId::adam_rows, adam_rows},
      {OpId::adam_catch_up, adam_catch_up},
      {OpId::fused, nullptr, Check::elsewhere},
      {OpId::scan, nullptr, Check::elsewhere},
      {OpId::item, nullptr, Check::elsewhere},
  };
  return rows;
}

}  // namespace weft
