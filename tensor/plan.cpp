#include "tensor/plan.h"

#include "kernels/float_mode.h"
#include "tensor/plan/arena.h"
#include "tensor/plan/builder.h"
#include "tensor/plan/call_cost.h"
#include "tensor/plan/dump.h"
#include "tensor/plan/execution.h"

namespace weft {

namespace {

planning::Program with_memory(planning::Program program) {
  planning::assign_memory(program);
  return program;
}

}  // namespace

struct Plan::Impl {
  planning::Execution execution;
};

Plan::Plan(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> effects,
           const Bindings& extents, std::vector<Tensor> inputs, const PlanOptions& options)
    : impl_(new Impl{planning::Execution(
          with_memory(planning::build(graph, outputs, effects, extents, inputs, options)))}) {}

Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

void Plan::run(const Workers& workers, RandomKey random) {
  const FloatModeGuard flushed(FloatMode::current().without_subnormals());
  impl_->execution.run(nullptr, workers, random);
}

bool Plan::run_until(const std::function<bool()>& stop, const Workers& workers, RandomKey random) {
  const FloatModeGuard flushed(FloatMode::current().without_subnormals());
  return impl_->execution.run(&stop, workers, random);
}

void Plan::record(Profile& profile) {
  std::vector<CallRecord> calls;
  for (const planning::Call& call : impl_->execution.program().calls) {
    const PlanCost::Share cost = planning::cost_of(call);
    calls.push_back({call.packs ? "pack" : call.name, call.origin, cost.flops, cost.bytes});
  }
  impl_->execution.record(&profile.add(std::move(calls)));
}

const Tensor& Plan::output(int i) const {
  return impl_->execution.outputs().at(static_cast<std::size_t>(i));
}

std::int64_t Plan::arena_bytes() const {
  return impl_->execution.program().arena_bytes;
}

std::string Plan::dump() const {
  return planning::dump(impl_->execution.program());
}

}  // namespace weft
