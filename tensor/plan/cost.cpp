#include "tensor/plan/cost.h"

#include <algorithm>
#include <vector>

#include "tensor/op.h"
#include "tensor/plan/arena.h"
#include "tensor/plan/builder.h"
#include "tensor/plan/dump.h"

namespace weft {

namespace {

/// Operations for each element of a kernel's iteration space; 1 where nothing is said.
double flops_of_element(std::string_view op) {
  struct Row {
    std::string_view op;
    double flops;
  };
  static constexpr Row kRows[] = {{"dot", 2},
                                  {"copy", 0},
                                  {"concat", 0},
                                  {"pad", 0},
                                  {"position", 0},
                                  {"gather", 0},
                                  {"cast", 0},
                                  {"assign", 0},
                                  {"assign_at", 0},
                                  {"softmax", 5},
                                  {"log_softmax", 5},
                                  {"cross_entropy", 5},
                                  {"sigmoid", 4},
                                  {"dropout", 2},
                                  {"cross_entropy_grad", 5},
                                  {"random_uniform", 0},
                                  {"random_normal", 0},
                                  {"sgd", 3},
                                  {"sgd_rows", 3},
                                  {"adam", 14}};
  for (const Row& row : kRows) {
    if (row.op == op) return row.flops;
  }
  return 1;
}

double touched(const View& view) {
  double n = static_cast<double>(size_of(view.dtype));
  for (int i = 0; i < view.rank; ++i) {
    const auto k = static_cast<std::size_t>(i);
    if (view.strides[k] != 0 || view.extents[k] == 0) n *= static_cast<double>(view.extents[k]);
  }
  return n;
}

double elements(const View& view) {
  double n = 1;
  for (int i = 0; i < view.rank; ++i) n *= static_cast<double>(view.extents[static_cast<std::size_t>(i)]);
  return n;
}

PlanCost::Share cost_of(const planning::Call& call) {
  const bool moves_rows = call.name == "gather" || call.name == "sgd_rows" || call.name == "scatter_add";
  double bytes = touched(call.output.view);
  double space = elements(call.output.view);
  std::vector<double> inputs;
  for (const planning::Operand& x : call.inputs) {
    inputs.push_back(touched(x.view));
    space = std::max(space, elements(x.view));
  }
  // Of a table only the rows that are asked for are touched.
  if (moves_rows && !inputs.empty()) {
    const double size = static_cast<double>(size_of(call.output.view.dtype));
    const auto least = *std::min_element(inputs.begin(), inputs.end());
    if (call.name == "gather") {
      bytes = 2 * bytes + least;
    } else {
      const double rows = call.name == "sgd_rows" && inputs.size() > 2 ? inputs[2] : inputs.back();
      bytes = (call.name == "scatter_add" ? bytes : rows) + 2 * rows + least;
      space = rows / size;
    }
  } else {
    for (const double x : inputs) bytes += x;
  }
  return {1, flops_of_element(call.name) * space, bytes};
}

/// The program of a graph without memory behind its inputs: they have addresses that nobody follows.
planning::Program program_of(const Graph& graph, std::span<const NodeId> outputs,
                             std::span<const NodeId> effects, const Bindings& extents,
                             const PlanOptions& options) {
  std::vector<std::byte> addresses(graph.inputs().size() + 1);
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    const TensorType& type = graph.type(graph.inputs()[i]);
    std::vector<Tensor::Size> axes;
    for (const Dim& d : type.dims) {
      const auto extent = graph.axes().symbols().evaluate(d.extent, extents);
      if (!extent) {
        throw std::invalid_argument("[plan] expected a value for every extent, got none for " +
                                    graph.axes().symbols().describe(d.extent));
      }
      axes.push_back({d.axis, *extent});
    }
    inputs.emplace_back(storage_of(type.element, options.real), std::move(axes),
                        std::shared_ptr<std::byte>(std::shared_ptr<void>(), &addresses[i]));
  }
  planning::Program program = planning::build(graph, outputs, effects, extents, inputs, options);
  planning::assign_memory(program);
  return program;
}

class Counter {
 public:
  explicit Counter(const planning::Program& program) : program_(program) {
    cost_.arena_bytes = program.arena_bytes;
    steps(program.steps, 1);
  }
  PlanCost take() { return std::move(cost_); }

 private:
  void steps(const std::vector<planning::Step>& list, double turns) {
    for (const planning::Step& step : list) {
      const auto index = static_cast<std::size_t>(step.index);
      if (step.kind == planning::Step::Kind::call) {
        add(program_.calls[index], turns);
      } else {
        const planning::Loop& loop = program_.loops[index];
        steps(loop.body, turns * static_cast<double>(loop.extent));
      }
    }
  }
  void add(const planning::Call& call, double turns) {
    PlanCost::Share share = cost_of(call);
    share.flops *= turns;
    share.bytes *= turns;
    share.calls = static_cast<std::int64_t>(turns);
    for (PlanCost::Share* sum : {&cost_.total, &cost_.by_op[std::string(call.name)]}) {
      sum->calls += share.calls;
      sum->flops += share.flops;
      sum->bytes += share.bytes;
    }
  }

  const planning::Program& program_;
  PlanCost cost_;
};

}  // namespace

PlanCost plan_cost(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> effects,
                   const Bindings& extents, const PlanOptions& options) {
  const planning::Program program = program_of(graph, outputs, effects, extents, options);
  return Counter(program).take();
}

std::string plan_listing(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> effects,
                         const Bindings& extents, const PlanOptions& options) {
  return planning::dump(program_of(graph, outputs, effects, extents, options));
}

}  // namespace weft
