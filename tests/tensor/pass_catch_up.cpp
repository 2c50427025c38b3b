#include "tensor/passes/catch_up.h"

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

/// What a step reads of the table that it updates.
enum class Reads { rows, other_rows_too, whole_before, rows_after, whole_after, old_whole_after };

struct Optimizer {
  OpId whole, rows;
  std::vector<double> numbers;
};

const Optimizer kAdam{OpId::adam, OpId::adam_rows, {0.9, 0.99, 1e-8, 0.01}};
const Optimizer kMomentum{OpId::momentum, OpId::momentum_rows, {0.9, 0}};
const Optimizer kRmsProp{OpId::rmsprop, OpId::rmsprop_rows, {0.9, 1e-8}};

/// A step on two of six rows, whose gradient depends on what they are: by rows or as a whole.
struct Step {
  Optimizer optimizer;
  Setup s;
  AxisId V = s.axis("V", 6), B = s.axis("B", 2), E = s.axis("E", 3);
  NodeId table = s.input({V, E}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
  NodeId ids = s.input({B}, {0, 0}, ElementKind::integer);
  NodeId step = s.input({}, {0});
  std::vector<NodeId> outputs, effects;

  Step(bool by_rows, Reads reads, Optimizer given = kAdam) : optimizer(std::move(given)) {
    const NodeId words = look_up(table, ids);
    outputs.push_back(all(words));
    if (reads == Reads::other_rows_too)
      outputs.push_back(all(look_up(table, s.emit(OpId::sub, {s.graph.constant(5, whole_numbers()), ids}))));
    if (reads == Reads::whole_before) outputs.push_back(all(table));
    const NodeId gradient = s.emit(OpId::mul, {words, s.emit(OpId::sin, {words})});
    const NodeId updated = update(by_rows, gradient);
    if (reads == Reads::rows_after) outputs.push_back(all(look_up(updated, ids)));
    if (reads == Reads::whole_after) outputs.push_back(updated);
    if (reads == Reads::old_whole_after) outputs.push_back(all(table));
    effects = {updated};
  }

  TensorType whole_numbers() const { return type(s.axes, {}, ElementKind::integer); }
  NodeId look_up(NodeId from, NodeId at) { return s.emit(OpId::gather, {from, at}, {.axes = {V}}); }
  NodeId all(NodeId x) {
    std::vector<AxisId> axes;
    for (const Dim& dim : s.graph.type(x).dims) axes.push_back(dim.axis);
    return s.sum(x, axes);
  }

  NodeId update(bool by_rows, NodeId gradient) {
    const Values zeros(18, 0);
    const bool adam = optimizer.whole == OpId::adam;
    std::vector<NodeId> operands = {table};
    if (adam) operands.push_back(s.input({V, E}, zeros));
    operands.push_back(s.input({E, V}, zeros));
    const NodeId rate = s.emit(OpId::div, {s.graph.constant(0.1), step}), scale = s.graph.constant(0.5);
    if (by_rows) {
      for (const NodeId more : {s.input({V}, Values(6, 0), ElementKind::integer), s.input({V}, Values(6, 0)),
                                s.input({}, {0}, ElementKind::integer), ids, gradient, rate, scale})
        operands.push_back(more);
      return s.emit(optimizer.rows, std::move(operands), {.axes = {V}, .numbers = optimizer.numbers});
    }
    Attributes scatter{.axes = {V}};
    scatter.type = s.graph.type(table);
    operands.insert(operands.end(), {s.emit(OpId::scatter_add, {ids, gradient}, scatter), rate, scale});
    if (adam) operands.push_back(step);
    return s.emit(optimizer.whole, std::move(operands), {.numbers = optimizer.numbers});
  }

  /// What each of twenty steps gives.
  std::vector<Values> run() const {
    Plan plan = s.plan(outputs, effects);
    std::vector<Values> given;
    for (int t = 1; t <= 20; ++t) {
      set(s.inputs[1], {static_cast<double>(t * t % 6), static_cast<double>((t * t + 2) % 6)});
      set(s.inputs[2], {static_cast<double>(t)});
      plan.run(Workers(1));
      for (std::size_t i = 0; i < outputs.size(); ++i)
        given.push_back(values(plan.output(static_cast<int>(i))));
    }
    return given;
  }

  /// How many operands each catching up has after the pass.
  std::vector<std::size_t> catching_up() const {
    const SharedGraph after = catch_up_rows({s.graph, outputs, effects});
    std::vector<std::size_t> operands;
    for (NodeId id = 0; id < after.graph.size(); ++id)
      if (after.graph[id].op == catch_up_of(optimizer.rows))
        operands.push_back(after.graph[id].inputs.size());
    return operands;
  }
};

}  // namespace

TEST_CASE("catching up: whatever reads a table whose rows are let lie sees what its optimizer makes of it") {
  const Optimizer optimizer = GENERATE(kAdam, kMomentum, kRmsProp);
  for (const Reads reads : {Reads::rows, Reads::other_rows_too, Reads::whole_before, Reads::rows_after,
                            Reads::whole_after, Reads::old_whole_after}) {
    INFO("reads " << static_cast<int>(reads));
    CHECK(Step(true, reads, optimizer).run() == Step(false, reads, optimizer).run());
  }
}

TEST_CASE("catching up: a lookup has its own rows catch up, anything else all of them") {
  constexpr std::size_t kRows = 7, kAll = 6;
  using Operands = std::vector<std::size_t>;
  CHECK(Step(true, Reads::rows).catching_up() == Operands{kRows});
  CHECK(Step(true, Reads::other_rows_too).catching_up() == Operands{kRows, kRows});
  CHECK(Step(true, Reads::whole_before).catching_up() == Operands{kRows, kAll});
  CHECK(Step(true, Reads::rows_after).catching_up() == Operands{kRows, kRows});
  CHECK(Step(true, Reads::whole_after).catching_up() == Operands{kRows, kAll});
  CHECK(Step(true, Reads::old_whole_after).catching_up() == Operands{kRows, kAll});
  CHECK(Step(false, Reads::whole_after).catching_up().empty());
}

TEST_CASE("catching up: a table that is computed can't be let lie") {
  Step step(true, Reads::rows);
  Setup& s = step.s;
  const Node update = s.graph[step.effects[0]];
  std::vector<NodeId> operands = update.inputs;
  operands[0] = s.emit(OpId::neg, {step.table});
  const NodeId second = s.emit(OpId::adam_rows, operands, update.attributes);
  CHECK(fault_of<std::logic_error>([&] {
          catch_up_rows({s.graph, {}, {second}});
        }) == "[adam_rows] expected an input of the graph to update, got a computed value");
}
