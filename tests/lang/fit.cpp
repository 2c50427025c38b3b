#include "lang/run/fit.h"

#include "tests/catch2.h"

using namespace weft;

namespace {

/// sum of sin(exp(x)) over a batch of rows of 1000.
struct Step {
  AxisTable axes;
  SymbolId rows = axes.symbols().fresh("B");
  AxisId B = axes.declare("B", Extent(rows)), H = axes.declare("H", 1000);
  std::vector<Dim> batch = {{B, Extent(rows)}};
  Computation step;

  Step() {
    step.graph = std::make_shared<Graph>(axes);
    Graph& g = *step.graph;
    const NodeId x = g.input({{}, {{B, Extent(rows)}, {H, Extent(1000)}}});
    const NodeId y = g.emit(OpId::softmax, {g.emit(OpId::softmax, {x}, {.axes = {H}})}, {.axes = {H}});
    step.outputs = {g.emit(OpId::sum, {y}, {.axes = {B, H}})};
  }
  std::string advice(std::int64_t rows_wanted, std::int64_t free) const {
    return batch_advice(step, batch, {rows_wanted}, {}, DType::f32, free);
  }
};

}  // namespace

TEST_CASE("what doesn't fit is told with the largest batch that does") {
  const Step s;
  const std::string text = s.advice(512, 1000 * 1000);
  CHECK(text.starts_with("the step needs "));
  CHECK(text.find(" of memory for B = 512; 976.56 KiB are free; B = ") != std::string::npos);
  CHECK(text.ends_with(" would fit"));
  // What is proposed fits, and one row more doesn't.
  const std::string fits = text.substr(text.rfind("= ") + 2);
  const std::int64_t batch = std::stoll(fits);
  CHECK(batch > 50);
  CHECK(batch < 512);
  CHECK(s.advice(batch + 1, 1000 * 1000).ends_with("B = " + std::to_string(batch) + " would fit"));
}

TEST_CASE("where no batch fits, or none can be chosen, nothing is proposed") {
  const Step s;
  CHECK(s.advice(512, 1000).ends_with("; not even B = 1 fits"));
  CHECK(batch_advice(s.step, {}, {}, {}, DType::f32, 1000).empty());
  CHECK(s.advice(std::int64_t{1} << 60, 1000 * 1000)
            .starts_with("the step needs more memory than can be addressed"));
}
