#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "lang/program.h"
#include "tensor/tensor.h"

namespace weft {

/// Where the values of variables are.
using ValueOf = std::function<Tensor&(VariableId)>;

/// A copy of some variables' values, as they were after a step. Taken again it reuses its memory.
class Snapshot {
 public:
  bool taken() const { return step_ >= 0; }
  std::int64_t step() const { return step_; }
  void take(std::int64_t step, const std::vector<VariableId>& variables, const ValueOf& value);
  /// Puts the values back in place, where plans look for them.
  void restore(const ValueOf& value) const;

  const std::map<VariableId, Tensor>& values() const { return values_; }

 private:
  std::int64_t step_ = -1;
  std::map<VariableId, Tensor> values_;
};

/// The last model known to be good. Whether an update was good shows only in the next step's loss, so a copy
/// counts once that loss is finite; until then the one before it is kept.
class LastGood {
 public:
  LastGood(const std::vector<VariableId>& variables, ValueOf value)
      : variables_(variables), value_(std::move(value)) {}

  /// Whether a copy is to be taken after `step`.
  bool due(std::int64_t step) const { return step % interval_ == 0; }
  /// Takes it, before the next step.
  void before_step(std::int64_t step);
  /// After step `step`, whose losses were finite.
  void step_was_good(std::int64_t step);
  /// Puts the good values back. Gives the step after which they were so.
  std::int64_t restore() const;
  /// Whether the variables hold nothing but finite numbers now.
  bool still_finite() const;

  /// Tells how many bytes a step works on. Where the model is more, copies are made more seldom, so that they
  /// take no more of the time: a step may touch a few rows of tables that are large.
  void pace(std::int64_t step_bytes);
  /// The steps between copies.
  std::int64_t interval() const { return interval_; }

 private:
  const std::vector<VariableId>& variables_;
  ValueOf value_;
  std::int64_t interval_ = 100;
  Snapshot good_, latest_;
};

}  // namespace weft
