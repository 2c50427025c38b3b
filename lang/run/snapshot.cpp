#include "lang/run/snapshot.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace weft {

namespace {

void copy(Tensor& to, const Tensor& from) {
  std::memcpy(to.data(), from.data(), static_cast<std::size_t>(from.bytes()));
}

template <class T>
bool all_finite(const Tensor& t) {
  return std::ranges::all_of(t.values<T>(), [](T x) { return std::isfinite(x); });
}

}  // namespace

void Snapshot::take(std::int64_t step, const std::vector<VariableId>& variables, const ValueOf& value) {
  step_ = step;
  for (const VariableId v : variables) {
    const Tensor& now = value(v);
    Tensor& kept = values_[v];
    if (kept) {
      copy(kept, now);
    } else {
      kept = now.clone();
    }
  }
}

void Snapshot::restore(const ValueOf& value) const {
  for (const auto& [v, kept] : values_) copy(value(v), kept);
}

void LastGood::pace(std::int64_t step_bytes) {
  std::int64_t bytes = 0;
  for (VariableId v : variables_) bytes += value_(v).bytes();
  interval_ = 100 * std::clamp<std::int64_t>(bytes / std::max<std::int64_t>(step_bytes, 1), 1, 100);
}

void LastGood::before_step(std::int64_t step) {
  latest_.take(step, variables_, value_);
}

void LastGood::step_was_good(std::int64_t step) {
  if ((step - 1) % interval_ == 0) std::swap(good_, latest_);
}

std::int64_t LastGood::restore() const {
  const Snapshot& last = good_.taken() ? good_ : latest_;
  last.restore(value_);
  return last.step();
}

bool LastGood::still_finite() const {
  return std::all_of(variables_.begin(), variables_.end(), [&](VariableId v) {
    const Tensor& t = value_(v);
    return t.dtype() == DType::f64 ? all_finite<double>(t) : t.dtype() != DType::f32 || all_finite<float>(t);
  });
}

}  // namespace weft
