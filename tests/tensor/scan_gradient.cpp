#include <algorithm>
#include <string>

#include "tensor/gradient.h"
#include "tensor/ops/build.h"
#include "tensor/scan.h"
#include "tests/catch2.h"
#include "tests/tensor/gradient_check.h"

using namespace weft;

namespace {

struct Cell {
  std::int64_t batch = 2, turns = 3, in = 3, hidden = 2;
  bool reverse = false;
  bool hoist = true;
};

NodeId slice_of(Graph& g, NodeId x, AxisId axis, std::int64_t i) {
  return Build{g}.slice(x, axis, i, 1, true);
}

/// The GRU of the language's reference, with its weights as inputs; the output is all h.
NodeId add_gru(Sample& s, const Cell& cell) {
  const AxisId B = s.open_axis("B", cell.batch), T = s.open_axis("T", cell.turns);
  const AxisId In = s.axis("In", cell.in), H = s.axis("H", cell.hidden), Gate = s.axis("Gate", 3);
  const AxisId H1 = s.axes.primed(H);
  const NodeId x = s.input(s.real({B, T, In}));
  const NodeId W = s.input(s.real({In, Gate, H}));
  const NodeId U = s.input(s.real({H1, Gate, H}));
  const NodeId b = s.input(s.real({Gate, H}));
  const NodeId h0 = s.input(s.real({B, H}));

  auto body = std::make_shared<ScanBody>(s.axes);
  body->axis = s.dim(T);
  body->carried = 1;
  body->walked = 1;
  body->captured = 3;
  body->reverse = cell.reverse;
  Graph& g = body->graph;
  const Build m{g};
  const NodeId h = g.input(s.real({B, H}));
  const NodeId xt = g.input(s.real({B, In}));
  const NodeId Wi = g.input(s.real({In, Gate, H}));
  const NodeId Ui = g.input(s.real({H1, Gate, H}));
  const NodeId bi = g.input(s.real({Gate, H}));
  const NodeId i = m.add(m.dot(xt, Wi, {In}), bi);
  const NodeId hr = m.dot(g.emit(OpId::rename, {h}, {.axes = {H}, .to = {H1}}), Ui, {H1});
  const NodeId z = m.unary(OpId::sigmoid, m.add(slice_of(g, i, Gate, 1), slice_of(g, hr, Gate, 1)));
  const NodeId r = m.unary(OpId::sigmoid, m.add(slice_of(g, i, Gate, 0), slice_of(g, hr, Gate, 0)));
  const NodeId n = m.unary(OpId::tanh, m.add(slice_of(g, i, Gate, 2), m.mul(r, slice_of(g, hr, Gate, 2))));
  const NodeId next = m.add(m.mul(m.sub(m.scalar(1), z), n), m.mul(z, h));
  body->next = {next};
  body->stacked = {next};
  ScanOptions options;
  options.hoist = cell.hoist;
  return add_scan(s.graph, body, {h0, x, W, U, b}, options).stacked[0];
}

/// An LSTM with peepholes into the forget gate, without a batch if batch is 0; the output is the last c and
/// all h.
NodeId add_lstm(Sample& s, const Cell& cell) {
  const AxisId B = s.open_axis("B", std::max<std::int64_t>(cell.batch, 1)), T = s.open_axis("T", cell.turns);
  const AxisId In = s.axis("In", cell.in), H = s.axis("H", cell.hidden), Gate = s.axis("Gate", 4);
  const AxisId H1 = s.axes.primed(H);
  std::vector<AxisId> rows;
  if (cell.batch > 0) rows.push_back(B);
  const auto with = [&](std::vector<AxisId> before, const std::vector<AxisId>& after) {
    before.insert(before.end(), after.begin(), after.end());
    return s.real(before);
  };
  std::vector<AxisId> columns = rows;
  columns.push_back(In);
  const NodeId x = s.input(with({T}, columns));
  const NodeId W = s.input(s.real({In, Gate, H}));
  const NodeId U = s.input(s.real({H1, Gate, H}));
  const NodeId p = s.input(s.real({H}));
  const NodeId h0 = s.graph.constant(0, with(rows, {H}));
  const NodeId c0 = s.input(with(rows, {H}));

  auto body = std::make_shared<ScanBody>(s.axes);
  body->axis = s.dim(T);
  body->carried = 2;
  body->walked = 1;
  body->captured = 3;
  body->reverse = cell.reverse;
  Graph& g = body->graph;
  const Build m{g};
  const NodeId h = g.input(with(rows, {H}));
  const NodeId c = g.input(with(rows, {H}));
  const NodeId xt = g.input(with(rows, {In}));
  const NodeId Wi = g.input(s.real({In, Gate, H}));
  const NodeId Ui = g.input(s.real({H1, Gate, H}));
  const NodeId pi = g.input(s.real({H}));
  const NodeId a =
      m.add(m.dot(xt, Wi, {In}), m.dot(g.emit(OpId::rename, {h}, {.axes = {H}, .to = {H1}}), Ui, {H1}));
  const NodeId in = m.unary(OpId::sigmoid, slice_of(g, a, Gate, 0));
  const NodeId forget = m.unary(OpId::sigmoid, m.add(slice_of(g, a, Gate, 1), m.mul(pi, c)));
  const NodeId cell_in = m.unary(OpId::tanh, slice_of(g, a, Gate, 2));
  const NodeId out = m.unary(OpId::sigmoid, slice_of(g, a, Gate, 3));
  const NodeId c_next = m.add(m.mul(forget, c), m.mul(in, cell_in));
  const NodeId h_next = m.mul(out, m.unary(OpId::tanh, c_next));
  body->next = {h_next, c_next};
  body->stacked = {h_next};
  ScanOptions options;
  options.hoist = cell.hoist;
  const ScanResult result = add_scan(s.graph, body, {h0, c0, x, W, U, p}, options);
  return s.emit(OpId::add, {result.stacked[0], result.last[1]});
}

int count(const std::string& text, const std::string& what) {
  int n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("the gradient of a GRU is that of finite differences") {
  Cell cell;
  cell.hoist = GENERATE(true, false);
  cell.reverse = GENERATE(true, false);
  Sample s;
  check_gradient(s, add_gru(s, cell));
}

TEST_CASE("the gradient of an LSTM is that of finite differences") {
  Cell cell;
  cell.hoist = GENERATE(true, false);
  cell.batch = GENERATE(2, 0);
  Sample s;
  check_gradient(s, add_lstm(s, cell));
}

TEST_CASE("gradients of loops with extents of 1") {
  Cell cell{1, 1, 1, 1};
  Sample gru, lstm;
  check_gradient(gru, add_gru(gru, cell));
  check_gradient(lstm, add_lstm(lstm, cell));
}

TEST_CASE("the weights of a loop get their gradients from one product each after the loop") {
  Sample s;
  const NodeId y = add_gru(s, {});
  std::vector<AxisId> all;
  for (const Dim& dim : s.graph.type(y).dims) all.push_back(dim.axis);
  const NodeId loss = s.emit(OpId::sum, {y}, {.axes = all});
  const std::vector<NodeId> wrt = {s.graph.inputs()[1], s.graph.inputs()[2], s.graph.inputs()[3]};
  const std::vector<NodeId> gradients = gradient(s.graph, loss, wrt);
  CHECK(s.graph[gradients[0]].op == OpId::dot);
  CHECK(s.graph[gradients[1]].op == OpId::dot);
  CHECK(s.graph[gradients[2]].op == OpId::sum);
  // Forward, one product a turn for h U; backward, one for its gradient; the rest stands outside.
  std::vector<const ScanBody*> loops;
  int products = 0;
  for (NodeId id = 0; id < s.graph.size(); ++id) {
    if (s.graph[id].op == OpId::scan) loops.push_back(s.graph[id].attributes.body.get());
    if (s.graph[id].op == OpId::dot) ++products;
  }
  REQUIRE(loops.size() == 2);
  CHECK(count(dump(loops[0]->graph), "= dot[") == 1);
  CHECK(count(dump(loops[1]->graph), "= dot[") == 1);
  CHECK(products == 3);  // x W, its weights' gradient, and that of U
  CHECK(loops[0]->carried == 1);
  CHECK(loops[1]->carried == 1);
  CHECK(loops[1]->reverse);
  // The gates' gradients are joined, not added up among zeros: once for h U and once for x W.
  CHECK(count(dump(loops[1]->graph), "= concat[Gate]") == 2);
}

TEST_CASE("two gradients through one loop share what it keeps") {
  Sample s;
  const NodeId y = add_gru(s, {});
  std::vector<AxisId> all;
  for (const Dim& dim : s.graph.type(y).dims) all.push_back(dim.axis);
  const NodeId loss = s.emit(OpId::sum, {y}, {.axes = all});
  const auto kept = [&] {
    for (NodeId id = 0;; ++id) {
      if (s.graph[id].op == OpId::scan) return s.graph[id].attributes.body->stacked.size();
    }
  };
  const std::vector<NodeId> wrt = {s.graph.inputs()[2]};
  const NodeId first = gradient(s.graph, loss, wrt)[0];
  const std::size_t after_one = kept();
  const NodeId second = gradient(s.graph, loss, wrt)[0];
  CHECK(kept() == after_one);
  s.check_plan({first, second});
}
