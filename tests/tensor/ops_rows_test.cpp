#include <algorithm>
#include <cmath>

#include "tensor/op.h"
#include "tests/catch2.h"
#include "tests/tensor/op_rows.h"

using namespace weft;

TEST_CASE("ops: every row of the table has a test row, a formula and a name that finds it") {
  for (const Op& op : all_ops()) {
    INFO(op.name);
    CHECK(std::count_if(op_rows().begin(), op_rows().end(),
                        [&](const OpRow& row) { return row.op == op.id; }) == 1);
    CHECK_FALSE(op.formula.empty());
    CHECK(op.infer != nullptr);
    CHECK(find_op(op.name) == &op);
    CHECK(&weft::op(op.id) == &op);
  }
  CHECK(find_op("no_such_op") == nullptr);
}

TEST_CASE("ops: every row is tested against its formula, gradient, faults and edges, or says why not") {
  const std::set<OpId> with_faults = ops_with_faults();
  for (const OpRow& row : op_rows()) {
    const bool compared = row.check == OpRow::Check::gradient || row.check == OpRow::Check::values;
    const auto check = [&](OpPart part, const char* name, bool tested) {
      INFO(op(row.op).name << ": " << name);
      const auto lacks = std::count_if(op_lacks().begin(), op_lacks().end(), [&](const OpLack& lack) {
        return lack.op == row.op && lack.part == part;
      });
      CHECK(lacks == (tested ? 0 : 1));
    };
    check(OpPart::reference, "reference", compared && row.build != nullptr);
    check(OpPart::gradient, "gradient", row.check == OpRow::Check::gradient);
    check(OpPart::fault, "fault", with_faults.count(row.op) != 0);
    check(OpPart::edges, "edges", row.build != nullptr);
  }
}

TEST_CASE("ops that draw numbers draw as many as there are positions") {
  for (const OpRow& row : op_rows()) {
    if (row.check != OpRow::Check::random) continue;
    for (const std::int64_t n : {0, 1, 3, 19}) {
      INFO(op(row.op).name << " with n = " << n);
      Sample sample;
      const auto drawn = sample.planned({row.build(sample, n)});
      CHECK(drawn[0].values.size() == static_cast<std::size_t>(n));
      for (const double v : drawn[0].values) CHECK(std::isfinite(v));
    }
  }
}

TEST_CASE("ops give what their formulas say, whatever the extents") {
  for (const OpRow& row : op_rows()) {
    if (row.check != OpRow::Check::gradient && row.check != OpRow::Check::values) continue;
    for (const std::int64_t n : {0, 1, 3, 19}) {
      if (n == 0 && !row.empty) continue;
      INFO(op(row.op).name << " with n = " << n);
      Sample sample;
      const NodeId node = row.build(sample, n);
      const bool combined = row.op == OpId::slice;  // two slices, multiplied
      CHECK((combined || sample.graph[node].op == row.op));
      sample.check_plan(sample.results_of(node));
    }
  }
}

TEST_CASE("ops have the gradients of finite differences") {
  for (const OpRow& row : op_rows()) {
    if (row.check != OpRow::Check::gradient) continue;
    for (const std::int64_t n : {1, 3}) {
      INFO(op(row.op).name << " with n = " << n);
      Sample sample;
      check_gradient(sample, row.build(sample, n));
    }
  }
}

TEST_CASE("ops: the spaces of kernels hold every axis of the operands, grouped from the front") {
  for (const OpRow& row : op_rows()) {
    if (row.build == nullptr || op(row.op).kind != OpKind::kernel) continue;
    INFO(op(row.op).name);
    Sample sample;
    const NodeId id = row.build(sample, 3);
    const IterationSpace space = iteration_space(sample.graph, id);
    const auto has = [&](const Dim& dim) {
      return std::any_of(space.dims.begin(), space.dims.end(),
                         [&](const Dim& d) { return d.axis == dim.axis; });
    };
    for (NodeId result : sample.results_of(id))
      for (const Dim& dim : sample.graph.type(result).dims) CHECK(has(dim));
    for (NodeId input : sample.graph[id].inputs) {
      for (const Dim& dim : sample.graph.type(input).dims) CHECK(has(dim));
    }
    int grouped = 0;
    for (int group : space.groups) grouped += group;
    CHECK((grouped == 0 || grouped == static_cast<int>(space.dims.size())));
  }
}
