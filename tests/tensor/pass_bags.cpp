#include "tensor/passes/bags.h"

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

int nodes(const Graph& graph, OpId id) {
  int n = 0;
  for (NodeId i = 0; i < graph.size(); ++i) n += graph[i].op == id ? 1 : 0;
  return n;
}

/// Texts of up to 4 of 6 words, whose vectors have 3 elements: a table, ids [B, T], a mask [T, B] and a
/// gradient [B, D] of the texts' vectors.
struct Texts {
  Setup s;
  AxisId V = s.axis("V", 6), B = s.open("B", 3), T = s.open("T", 4), E = s.axis("E", 3), D = s.axis("D", 3);
  NodeId table = kNoNode, ids = kNoNode, mask = kNoNode, dy = kNoNode;

  Texts() {
    Values rows, more;
    // Whose sums are exact, in whatever order.
    for (int i = 0; i < 18; ++i) rows.push_back(0.25 * i * i - 1);
    for (int i = 0; i < 9; ++i) more.push_back(0.75 * i - 3);
    table = s.input({V, E}, rows);
    ids = s.input({B, T}, {0, 5, 5, 1, 2, 2, 0, 0, 3, 5, 4, 0}, ElementKind::integer);
    mask = s.input({T, B}, {1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1}, ElementKind::boolean);
    dy = s.input({B, D}, more);
  }
  NodeId zero() { return s.graph.constant(0); }
  NodeId words() { return s.emit(OpId::gather, {table, ids}, {.axes = {V}}); }
  NodeId masked(NodeId x) { return s.emit(OpId::where, {mask, x, zero()}); }
  /// As training makes it: under the names of the table.
  NodeId rows(NodeId x) { return s.rename(x, D, E); }
  NodeId update(NodeId x) {
    return s.emit(OpId::sgd_rows, {table, ids, x, s.graph.constant(0.5), s.graph.constant(1)}, {.axes = {V}});
  }

  SharedGraph joined(const std::vector<NodeId>& outputs, const std::vector<NodeId>& effects = {}) const {
    return join_bags({s.graph, outputs, effects});
  }

  /// The results of a plan, then the table.
  std::vector<Values> run(const Graph& graph, const std::vector<NodeId>& outputs,
                          const std::vector<NodeId>& effects) const {
    PlanOptions options = s.options;
    options.share = false;
    std::vector<Tensor> inputs = s.inputs;
    inputs[0] = inputs[0].clone();
    Plan plan(graph, outputs, effects, s.bindings, inputs, options);
    plan.run(Workers(1));
    std::vector<Values> result;
    for (std::size_t i = 0; i < outputs.size(); ++i)
      result.push_back(values(plan.output(static_cast<int>(i))));
    result.push_back(values(inputs[0]));
    return result;
  }
  bool same(const SharedGraph& after, const std::vector<NodeId>& outputs,
            const std::vector<NodeId>& effects = {}) const {
    return run(after.graph, after.outputs, after.effects) == run(s.graph, outputs, effects);
  }
};

}  // namespace

TEST_CASE("bags: the sum of rows looked up is one node, masked, renamed or neither") {
  Texts t;
  const std::vector<NodeId> sums = {
      t.s.sum(t.words(), {t.T}),
      t.s.sum(t.s.rename(t.words(), t.E, t.D), {t.T}),
      t.s.sum(t.masked(t.s.rename(t.words(), t.E, t.D)), {t.T}),
      t.s.sum(t.s.rename(t.masked(t.words()), t.E, t.D), {t.T, t.B}),
      t.s.emit(OpId::mean, {t.words()}, {.axes = {t.T}}),
  };
  const SharedGraph after = t.joined(sums);
  CHECK(nodes(after.graph, OpId::gather_sum) == 5);
  CHECK(nodes(after.graph, OpId::gather) == 0);
  for (std::size_t i = 0; i < sums.size(); ++i)
    CHECK(after.graph.type(after.outputs[i]) == t.s.graph.type(sums[i]));
  CHECK(t.same(after, sums));
}

TEST_CASE("bags: what is no bag stays as it is") {
  Texts t;
  const NodeId shared = t.words();
  const NodeId other = t.s.input({t.T, t.B}, {1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1});
  const std::vector<NodeId> sums = {
      t.s.sum(shared, {t.T}),
      shared,                                                             // read by another too
      t.s.sum(t.words(), {t.E}),                                          // over the elements
      t.s.sum(t.words(), {t.T, t.E}),                                     //
      t.s.emit(OpId::mean, {t.masked(t.words())}, {.axes = {t.T}}),       // counts what is masked
      t.s.sum(t.s.emit(OpId::where, {t.mask, t.words(), other}), {t.T}),  // not zeros
      t.s.sum(t.masked(t.masked(t.words())), {t.T}),                      // two masks
  };
  const SharedGraph after = t.joined(sums);
  CHECK(nodes(after.graph, OpId::gather_sum) == 0);
  CHECK(after.graph.size() == t.s.graph.size());
  CHECK(t.same(after, sums));
}

TEST_CASE("bags: a row's update takes its bag's gradient") {
  for (const int way : {0, 1, 2}) {
    Texts t;
    Attributes all;
    all.type = type(t.s.axes, {t.B, t.T, t.D});
    const NodeId repeated = t.s.emit(OpId::copy, {t.dy}, all);
    const NodeId gradient = t.rows(way == 0 ? t.masked(t.dy) : way == 1 ? repeated : t.masked(repeated));
    const std::vector<NodeId> effects = {t.update(gradient)};
    const SharedGraph after = t.joined({}, effects);
    INFO("way " << way);
    CHECK(nodes(after.graph, OpId::copy) == 0);
    const Node& update = after.graph[after.effects[0]];
    CHECK_FALSE(after.graph.type(update.inputs[2]).has(t.T));
    CHECK(t.same(after, {}, effects));
  }
}

TEST_CASE("bags: so does a gradient of the whole table") {
  Texts t;
  Attributes attributes{.axes = {t.V}};
  attributes.type = type(t.s.axes, {t.V, t.E});
  const std::vector<NodeId> outputs = {
      t.s.emit(OpId::scatter_add, {t.ids, t.rows(t.masked(t.dy))}, attributes)};
  const SharedGraph after = t.joined(outputs);
  CHECK_FALSE(after.graph.type(after.graph[after.outputs[0]].inputs[1]).has(t.T));
  CHECK(t.same(after, outputs));
}

TEST_CASE("bags: a gradient with rows of its own stays as it is") {
  Texts t;
  const NodeId own = t.s.emit(OpId::add, {t.dy, t.s.emit(OpId::cast, {t.mask}, {.type = {}})});
  const std::vector<NodeId> effects = {t.update(t.rows(t.masked(own)))};
  const SharedGraph after = t.joined({}, effects);
  CHECK(nodes(after.graph, OpId::where) == 1);
  CHECK(after.graph.size() == t.s.graph.size());
  CHECK(t.same(after, {}, effects));
}
