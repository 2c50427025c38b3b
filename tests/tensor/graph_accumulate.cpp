#include <algorithm>
#include <string>

#include "tensor/ops/build.h"
#include "tensor/passes/accumulate.h"
#include "tests/catch2.h"
#include "tests/tensor/gradient_check.h"

using namespace weft;
using reference::Array;

namespace {

/// Runs a split of metrics over batches by the reference; `batches` has the sample's inputs for each.
std::vector<Array> over_batches(const Sample& s, const SplitMetrics& split,
                                const std::vector<std::vector<Array>>& batches,
                                const std::vector<Bindings>& extents) {
  std::vector<Array> totals;
  for (std::size_t b = 0; b < batches.size(); ++b) {
    std::vector<Array> inputs;
    for (std::uint32_t slot : split.batch_slots) inputs.push_back(batches[b][slot]);
    const auto partials = reference::evaluate(split.batch, split.partials, inputs, extents[b]);
    if (totals.empty()) {
      totals = partials;
      continue;
    }
    for (std::size_t i = 0; i < partials.size(); ++i) {
      for (std::size_t k = 0; k < partials[i].values.size(); ++k) {
        double& total = totals[i].values[k];
        const double part = partials[i].values[k];
        total = split.joins[i] == Join::add ? total + part : std::max(total, part);
      }
    }
  }
  for (std::uint32_t slot : split.total_slots) totals.push_back(s.values[slot]);
  return reference::evaluate(split.total, split.outputs, totals, s.extents);
}

Bindings bound(const Sample& s, AxisId axis, std::int64_t extent) {
  Bindings bindings = s.extents;
  bindings.bind(s.axes[axis].extent.terms()[0].factors[0], extent);
  return bindings;
}

}  // namespace

TEST_CASE("metrics over batches of different size are those of the whole") {
  Sample s;
  const AxisId B = s.open_axis("B", 5), C = s.axis("C", 3);
  const NodeId x = s.input(s.real({B, C})), y = s.input(s.real({C, B})), p = s.input(s.real({C}));
  const Build g{s.graph};
  const NodeId scaled = g.mul(x, p);
  const NodeId perplexity = g.unary(OpId::exp, s.emit(OpId::mean, {scaled}, {.axes = {B, C}}));
  const NodeId total = g.add(g.sum(scaled, {B, C}), g.sum(p, {C}));
  const NodeId largest = s.emit(OpId::max, {x}, {.axes = {B}});
  const NodeId columns = g.sub(s.emit(OpId::mean, {x}, {.axes = {B}}), p);
  const NodeId product = g.dot(x, y, {B, C});
  const NodeId length = s.emit(OpId::extent, {}, {.extents = {s.axes[B].extent}});
  const NodeId by_hand = g.div(g.sum(x, {B, C}), length);
  const AxisId M = s.axes.declare("M", s.axes[B].extent * 3);
  const NodeId merged =
      s.emit(OpId::mean, {s.emit(OpId::merge, {x}, {.axes = {B, C}, .to = {M}})}, {.axes = {M}});
  const std::vector<NodeId> outputs = {perplexity, total,  largest, columns,   product,
                                       by_hand,    merged, p,       perplexity};
  const auto expected = s.reference(outputs);

  const std::vector<std::uint32_t> varying = {0, 1};
  const SplitMetrics split = split_metrics(s.graph, outputs, B, varying);
  const auto rows = [&](const Array& whole, std::int64_t begin, std::int64_t count) {
    std::vector<reference::Size> sizes = whole.axes;
    for (auto& size : sizes) {
      if (size.axis == B) size.extent = count;
    }
    Array part(sizes);
    reference::for_each_place(sizes, [&](const reference::Place& at) {
      reference::Place from = at;
      from.set(B, at.at(B) + begin);
      part.at(at) = whole.at(from);
    });
    return part;
  };
  const auto batch = [&](std::int64_t begin, std::int64_t count) {
    return std::vector<Array>{rows(s.values[0], begin, count), rows(s.values[1], begin, count), s.values[2]};
  };
  const auto got = over_batches(s, split, {batch(0, 2), batch(2, 2), batch(4, 1)},
                                {bound(s, B, 2), bound(s, B, 2), bound(s, B, 1)});
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    REQUIRE(got[i].values.size() == expected[i].values.size());
    for (std::size_t k = 0; k < got[i].values.size(); ++k) {
      INFO("output " << i);
      CHECK(got[i].values[k] == Approx(expected[i].values[k]));
    }
  }
  CHECK(split.total_slots == std::vector<std::uint32_t>{2});
  CHECK(std::count(split.joins.begin(), split.joins.end(), Join::max) == 1);
}

TEST_CASE("metrics that a split can't have are refused") {
  Sample s;
  const AxisId B = s.open_axis("B", 5), C = s.axis("C", 3);
  const NodeId x = s.input(s.real({B, C}));
  const Build g{s.graph};
  const std::vector<std::uint32_t> varying = {0};
  const auto message = [&](NodeId output) -> std::string {
    try {
      split_metrics(s.graph, std::vector{output}, B, varying);
    } catch (const ShapeError& e) {
      CHECK_FALSE(e.hint.empty());
      return e.what();
    }
    return "";
  };
  CHECK(message(g.sum(x, {C})) == "[metric] expected a sum, mean or max over B, got [B]");
  const NodeId mean = s.emit(OpId::mean, {x}, {.axes = {B}});
  const NodeId spread = g.sub(x, mean);
  CHECK(message(g.sum(g.mul(spread, spread), {B, C})) ==
        "[sub] expected values of one batch or totals over all batches, got both");
}
