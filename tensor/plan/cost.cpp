#include "tensor/plan/cost.h"

#include <vector>

#include "tensor/plan/arena.h"
#include "tensor/plan/builder.h"
#include "tensor/plan/call_cost.h"
#include "tensor/plan/dump.h"

namespace weft {

namespace {

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
      } else if (step.kind == planning::Step::Kind::group) {
        for (planning::LoopId loop : program_.groups[index].loops)
          steps({{planning::Step::Kind::loop, loop}}, turns);
      } else {
        const planning::Loop& loop = program_.loops[index];
        steps(loop.body, turns * static_cast<double>(loop.extent));
      }
    }
  }
  void add(const planning::Call& call, double turns) {
    PlanCost::Share share = planning::cost_of(call);
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
