#include <algorithm>

#include "lang/run/scalars.h"
#include "lang/run/trainer.h"

/// A training's validation: metrics over a whole split.
namespace weft {

namespace {

/// The same values, reals as float64.
Tensor widened(const Tensor& t) {
  if (t.dtype() != DType::f32) return t.clone();
  Tensor wide(DType::f64, t.axes());
  std::ranges::copy(t.values<float>(), wide.values<double>().begin());
  return wide;
}

/// A batch's partial result joined to the total; the first becomes it.
void join(Tensor& total, const Tensor& partial, Join how) {
  const Tensor wide = widened(partial);
  if (!total) {
    total = wide;
    return;
  }
  const auto x = wide.values<double>(), sum = total.values<double>();
  for (std::size_t i = 0; i < x.size(); ++i)
    sum[i] = how == Join::add ? sum[i] + x[i] : std::max(sum[i], x[i]);
}

}  // namespace

bool Trainer::validate() {
  const Validation& v = *training_.validation;
  const SplitMetrics& m = *v.metrics;
  Computation each{std::shared_ptr<Graph>(v.metrics, &v.metrics->batch), {}, m.partials, {}};
  for (const std::uint32_t slot : m.batch_slots) each.inputs.push_back(v.inputs[slot]);
  // Counts of tokens outgrow float32: what is made of the totals is computed in float64.
  std::vector<Tensor> totals(m.joins.size());
  const auto start = Clock::now();
  std::int64_t batches = 0;
  validation_source_->begin(0, {});
  for (; validation_source_->next(); ++batches) {
    if (machine_.observer_.interrupted()) {
      machine_.observer_.note("training " + training_.name + " interrupted after step " +
                              std::to_string(state_.step) +
                              ", in the validation; the model keeps what it learnt");
      return false;
    }
    Plan& plan = ready(validation_plans_, *validation_source_, each);
    plan.run(machine_.workers_, key());
    for (std::size_t i = 0; i < totals.size(); ++i)
      join(totals[i], plan.output(static_cast<int>(i)), m.joins[i]);
  }
  std::vector<Tensor> inputs = std::move(totals);
  for (const std::uint32_t slot : m.total_slots) inputs.push_back(widened(value(v.inputs[slot])));
  Plan last(m.total, m.outputs, {}, machine_.bindings_, std::move(inputs), {DType::f64, Device::cpu});
  last.run(machine_.workers_);
  state_.metrics.clear();
  for (std::size_t i = 0; i < v.shown.size(); ++i)
    state_.metrics.push_back(last.output(static_cast<int>(i)).item());
  if (machine_.options_.log) log_validation(batches, start);
  return true;
}

}  // namespace weft
