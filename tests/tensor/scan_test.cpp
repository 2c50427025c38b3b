#include "tensor/scan.h"

#include <string>

#include "tensor/gradient.h"
#include "tensor/ops/build.h"
#include "tests/catch2.h"
#include "tests/tensor/gradient_check.h"

using namespace weft;

namespace {

/// A body under construction with the operands its inputs are bound to; inputs in the order carried, walked,
/// captured.
struct Loop {
  Loop(Sample& sample, AxisId over)
      : s(sample), body(std::make_shared<ScanBody>(sample.axes)), g{body->graph} {
    body->axis = s.dim(over);
  }
  NodeId carry(NodeId outer) { return bind(outer, body->carried, s.graph.type(outer)); }
  NodeId walk(NodeId outer) {
    TensorType type = s.graph.type(outer);
    type.dims = without(type.dims, {body->axis.axis});
    return bind(outer, body->walked, std::move(type));
  }
  NodeId capture(NodeId outer) { return bind(outer, body->captured, s.graph.type(outer)); }
  ScanResult close(std::vector<NodeId> next, std::vector<NodeId> stacked, bool hoist = true) {
    body->next = std::move(next);
    body->stacked = std::move(stacked);
    ScanOptions options;
    options.hoist = hoist;
    return add_scan(s.graph, body, operands, options);
  }

  Sample& s;
  std::shared_ptr<ScanBody> body;
  Build g;
  std::vector<NodeId> operands;

 private:
  NodeId bind(NodeId outer, int& kind, TensorType type) {
    ++kind;
    operands.push_back(outer);
    return body->graph.input(std::move(type));
  }
};

const ScanBody& only_loop(const Graph& graph) {
  const ScanBody* found = nullptr;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph[id].op != OpId::scan) continue;
    REQUIRE(found == nullptr);
    found = graph[id].attributes.body.get();
  }
  REQUIRE(found != nullptr);
  return *found;
}

const ScanBody& first_loop(const Graph& graph) {
  NodeId id = 0;
  while (graph[id].op != OpId::scan) ++id;
  return *graph[id].attributes.body;
}

int count(const Graph& graph, OpId op) {
  int n = 0;
  for (NodeId id = 0; id < graph.size(); ++id) n += graph[id].op == op ? 1 : 0;
  return n;
}

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const ShapeError& e) {
    return e.what();
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE("a running sum, forward and backward") {
  Sample s;
  const AxisId T = s.open_axis("T", 4);
  const bool reverse = GENERATE(false, true);
  const NodeId x = s.input(s.real({T}));
  s.values[0].values = {1, 2, 3, 4};
  Loop loop(s, T);
  loop.body->reverse = reverse;
  const NodeId sum = loop.carry(s.graph.constant(10));
  const NodeId next = loop.g.add(sum, loop.walk(x));
  const ScanResult result = loop.close({next}, {next, sum});
  const auto values = s.planned({result.stacked[0], result.stacked[1], result.last[0]});
  using Values = std::vector<double>;
  CHECK(values[0].values == (reverse ? Values{20, 19, 17, 14} : Values{11, 13, 16, 20}));
  CHECK(values[1].values == (reverse ? Values{19, 17, 14, 10} : Values{10, 11, 13, 16}));
  CHECK(values[2].values == Values{20});
}

TEST_CASE("hoisting moves what pays, and changes no value") {
  std::vector<std::vector<reference::Array>> results;
  for (const bool hoist : {true, false}) {
    Sample s;
    const AxisId T = s.open_axis("T", 3), B = s.axis("B", 2), I = s.axis("I", 3), H = s.axis("H", 2);
    const NodeId x = s.input(s.real({B, T, I})), w = s.input(s.real({I, H})), b = s.input(s.real({H}));
    const NodeId h0 = s.input(s.real({B, H})), scale = s.input(s.real({}));
    Loop loop(s, T);
    const NodeId h = loop.carry(h0), xt = loop.walk(x), bt = loop.walk(s.input(s.real({T, H})));
    const NodeId wt = loop.capture(w), bias = loop.capture(b), factor = loop.capture(scale);
    const NodeId projection = loop.g.add(loop.g.dot(xt, wt, {I}), bias);
    const NodeId captured_only = loop.g.unary(OpId::exp, loop.g.mul(factor, factor));
    const NodeId light = loop.g.mul(bt, bt);
    const NodeId own = loop.g.add(loop.g.mul(h, captured_only), light);
    const NodeId next = loop.g.unary(OpId::tanh, loop.g.add(own, projection));
    const ScanResult result = loop.close({next}, {next, projection, captured_only}, hoist);
    results.push_back(s.planned({result.stacked[0], result.stacked[1], result.stacked[2], result.last[0]}));
    s.check_plan({result.stacked[0], result.stacked[1], result.stacked[2], result.last[0]});

    const ScanBody& body = only_loop(s.graph);
    CHECK(count(body.graph, OpId::dot) == (hoist ? 0 : 1));
    CHECK(count(body.graph, OpId::exp) == (hoist ? 0 : 1));
    CHECK(count(body.graph, OpId::mul) == (hoist ? 2 : 3));  // h and the light one stay
    CHECK(body.stacked.size() == (hoist ? 1U : 3U));
    CHECK(body.walked == 2);
    CHECK(s.graph.type(result.stacked[2]).has(T));
  }
  for (std::size_t i = 0; i < results[0].size(); ++i) {
    reference::for_each_place(results[1][i].axes, [&](const reference::Place& p) {
      CHECK(results[0][i].at(p) == Approx(results[1][i].at(p)).epsilon(1e-14));
    });
  }
}

TEST_CASE("a loop that carries nothing can vanish") {
  Sample s;
  const AxisId T = s.axis("T", 3), I = s.axis("I", 2), H = s.axis("H", 2);
  const NodeId x = s.input(s.real({T, I})), w = s.input(s.real({I, H}));
  Loop loop(s, T);
  const NodeId xt = loop.walk(x);
  const NodeId y = loop.g.dot(xt, loop.capture(w), {I});
  const ScanResult result = loop.close({}, {y});
  CHECK(count(s.graph, OpId::scan) == 0);
  CHECK(describe(s.graph.type(result.stacked[0]), s.axes) == "[T, H]");
  check_gradient(s, result.stacked[0]);
}

TEST_CASE("what already holds the scan's axis stays in the loop") {
  // Attention of each position over all: the memory is captured whole, with the axis that is walked.
  Sample s;
  const AxisId T = s.axis("T", 3), B = s.axis("B", 2), H = s.axis("H", 2);
  const NodeId x = s.input(s.real({B, T, H})), memory = s.input(s.real({B, T, H})),
               h0 = s.input(s.real({B, H}));
  Loop loop(s, T);
  const NodeId h = loop.carry(h0), xt = loop.walk(x), all = loop.capture(memory);
  const NodeId scores =
      loop.g.graph.emit(OpId::softmax, {loop.g.dot(loop.g.add(xt, h), all, {H})}, {.axes = {T}});
  const NodeId next = loop.g.unary(OpId::tanh, loop.g.dot(scores, all, {T}));
  const ScanResult result = loop.close({next}, {next});
  CHECK(count(only_loop(s.graph).graph, OpId::softmax) == 1);
  check_gradient(s, s.emit(OpId::add, {result.stacked[0], result.last[0]}));
}

TEST_CASE("tables looked up in a loop get their rows after it") {
  Sample s;
  const AxisId T = s.axis("T", 3), B = s.axis("B", 2), V = s.axis("V", 4), E = s.axis("E", 2);
  const NodeId ids = s.input(s.index(V, {B, T})), table = s.input(s.real({V, E}));
  const NodeId h0 = s.input(s.real({B, E}));
  const bool hoist = GENERATE(true, false);
  Loop loop(s, T);
  const NodeId h = loop.carry(h0), id = loop.walk(ids), rows = loop.capture(table);
  const NodeId row = loop.g.graph.emit(OpId::gather, {rows, id}, {.axes = {V}});
  const NodeId next = loop.g.unary(OpId::tanh, loop.g.add(loop.g.mul(h, row), row));
  const ScanResult result = loop.close({next}, {next}, hoist);
  CHECK(count(only_loop(s.graph).graph, OpId::gather) == (hoist ? 0 : 1));
  const auto gradients = check_gradient(s, result.stacked[0]);
  CHECK(s.graph[gradients[1]].op == OpId::scatter_add);
}

TEST_CASE("loops in loops, with their gradients") {
  Sample s;
  const AxisId S = s.open_axis("S", 2), T = s.open_axis("T", 3), H = s.axis("H", 2), H1 = s.axes.primed(H);
  const bool hoist = GENERATE(true, false);
  const NodeId x = s.input(s.real({S, T, H})), u = s.input(s.real({H, H1})), h0 = s.input(s.real({H}));
  Loop outer(s, S);
  const NodeId h = outer.carry(h0), xs = outer.walk(x), weights = outer.capture(u);
  // Within a sentence, word by word from what the sentence before left.
  auto words = std::make_shared<ScanBody>(s.axes);
  words->axis = s.dim(T);
  words->carried = words->walked = words->captured = 1;
  const Build g{words->graph};
  const NodeId inner_h = words->graph.input(s.real({H})), xt = words->graph.input(s.real({H}));
  const NodeId w = words->graph.input(s.real({H, H1}));
  const NodeId mixed = words->graph.emit(OpId::rename, {g.dot(inner_h, w, {H})}, {.axes = {H1}, .to = {H}});
  const NodeId next = g.unary(OpId::tanh, g.add(mixed, g.mul(xt, inner_h)));
  words->next = {next};
  words->stacked = {g.mul(next, next)};
  ScanOptions options;
  options.hoist = hoist;
  const ScanResult inner = add_scan(outer.body->graph, words, {h, xs, weights}, options);
  const ScanResult result = outer.close({inner.last[0]}, {outer.g.add(inner.stacked[0], h)}, hoist);
  const NodeId y = s.emit(OpId::mul, {result.stacked[0], result.last[0]});
  check_gradient(s, y);
  // A second gradient finds what the first one kept, in both loops.
  const NodeId loss = s.emit(OpId::sum, {y}, {.axes = {S, T, H}});
  const std::size_t kept = first_loop(s.graph).stacked.size();
  const auto again = gradient(s.graph, loss, std::vector{x, u});
  CHECK(first_loop(s.graph).stacked.size() == kept);
  s.check_plan(again);
}

TEST_CASE("only what a gradient reaches is carried backward") {
  Sample s;
  const AxisId T = s.axis("T", 3);
  const NodeId x = s.input(s.real({T})), y = s.input(s.real({T}));
  Loop loop(s, T);
  const NodeId a = loop.carry(s.graph.constant(0)), b = loop.carry(s.graph.constant(0));
  const NodeId a_next = loop.g.unary(OpId::tanh, loop.g.add(a, loop.walk(x)));
  const NodeId b_next = loop.g.unary(OpId::tanh, loop.g.add(b, loop.walk(y)));
  const ScanResult result = loop.close({a_next, b_next}, {a_next, b_next});
  const NodeId loss = s.emit(OpId::sum, {result.stacked[0]}, {.axes = {T}});
  const NodeId size = s.graph.size();
  const auto gradients = gradient(s.graph, loss, std::vector{x, y});
  CHECK(gradients[1] == kNoNode);
  for (NodeId id = size; id < s.graph.size(); ++id) {
    if (s.graph[id].op == OpId::scan) CHECK(s.graph[id].attributes.body->carried == 1);
  }
  s.check_plan({gradients[0]});
}

TEST_CASE("a gradient that has no closed form over the turns is carried") {
  Sample s;
  const AxisId T = s.axis("T", 3), H = s.axis("H", 2);
  const NodeId x = s.input(s.real({T, H})), p = s.input_between(s.real({H}), 1, 2), h0 = s.input(s.real({H}));
  Loop loop(s, T);
  const NodeId h = loop.carry(h0), xt = loop.walk(x), divisor = loop.capture(p);
  const NodeId next = loop.g.add(loop.g.div(h, divisor), loop.g.unary(OpId::relu, loop.g.sub(xt, divisor)));
  const ScanResult result = loop.close({next}, {next}, false);
  check_gradient(s, result.stacked[0]);
}

TEST_CASE("dropout in a loop meets its own mask on the way back") {
  Sample s;
  const AxisId T = s.axis("T", 5), H = s.axis("H", 40);
  const NodeId x = s.input_between(s.real({T, H}), 1, 2);
  Loop loop(s, T);
  const NodeId h = loop.carry(s.graph.constant(0, s.real({H})));
  const NodeId kept = loop.g.graph.emit(OpId::dropout, {loop.walk(x)}, {.numbers = {0.5}, .index = 3});
  const NodeId next = loop.g.add(h, kept);
  const ScanResult result = loop.close({next}, {kept});
  const NodeId loss = s.emit(OpId::sum, {result.last[0]}, {.axes = {H}});
  const NodeId dx = gradient(s.graph, loss, std::vector{x})[0];
  const auto values = s.planned({result.stacked[0], dx});
  int zeros = 0, differences = 0;
  reference::for_each_place(values[0].axes, [&](const reference::Place& p) {
    const double y = values[0].at(p);
    CHECK(values[1].at(p) == (y == 0 ? 0.0 : 2.0));
    zeros += y == 0 ? 1 : 0;
    reference::Place first = p;
    first.set(T, 0);
    differences += (y == 0) != (values[0].at(first) == 0) ? 1 : 0;
  });
  CHECK((zeros > 60 && zeros < 140));
  CHECK(differences > 30);  // each turn draws anew
}

TEST_CASE("loops that don't fit together are refused with and without hoisting") {
  for (const bool hoist : {true, false}) {
    Sample s;
    const AxisId T = s.axis("T", 3), B = s.axis("B", 2), H = s.axis("H", 4);
    const NodeId x = s.input(s.real({T, B, H})), h0 = s.graph.constant(0, s.real({H}));
    CHECK(message_of([&] {
            Loop loop(s, T);
            const NodeId h = loop.carry(h0);
            loop.close({loop.g.add(h, loop.walk(x))}, {}, hoist);
          }) == "[scan] expected the next value as [H = 4], got [B = 2, H = 4]");
    CHECK(message_of([&] {
            Loop loop(s, T);
            const NodeId h = loop.walk(h0);
            loop.close({}, {h}, hoist);
          }) == "[scan] expected the axis T to walk along, got [H]");
    CHECK(message_of([&] {
            Loop loop(s, T);
            loop.carry(h0);
            loop.close({}, {}, hoist);
          }) == "[scan] expected 1 operands and inputs of the body, got 1 and 1");
    CHECK(message_of([&] {
            Loop loop(s, T);
            const NodeId p = loop.capture(h0);
            loop.g.graph.emit(OpId::assign, {p, p});
            loop.close({}, {p}, hoist);
          }) == "[scan] expected a body without updates, got assign");
  }
}

TEST_CASE("next values in another physical order are laid out as what they replace") {
  Sample s;
  const AxisId T = s.axis("T", 3), B = s.axis("B", 2), H = s.axis("H", 4);
  const NodeId x = s.input(s.real({T, H, B})), h0 = s.input(s.real({B, H}));
  Loop loop(s, T);
  const NodeId h = loop.carry(h0);
  const NodeId next = loop.g.mul(loop.walk(x), h);
  const ScanResult result = loop.close({next}, {});
  CHECK(describe(s.graph.type(result.last[0]), s.axes) == "[B, H]");
  check_gradient(s, result.last[0]);
}
