#include <algorithm>

#include "lang/run/machine.h"

/// Going back: what a REPL's `:undo` asks of the machine.
namespace weft {

Machine::State Machine::state() const {
  return {program_.variables.size(), program_.data.size(), history_.size(), steps_, {}};
}

void Machine::keep_overwritten(State& state) const {
  const auto keep = [&](VariableId id) {
    const auto now = values_.find(id);
    if (now != values_.end() && now->second) state.overwritten.try_emplace(id, now->second.clone());
  };
  for (std::size_t i = next_action_; i < program_.actions.size(); ++i) {
    std::visit(
        [&](const auto& action) {
          using A = std::decay_t<decltype(action)>;
          if constexpr (std::is_same_v<A, Training>) {
            for (const VariableId id : action.trained) keep(id);
          } else if constexpr (std::is_same_v<A, CopyParameters>) {
            for (const NamedParameter& p : action.parameters) keep(p.variable);
          } else if constexpr (std::is_same_v<A, ChangeValues>) {
            for (const VariableId id : action.computation.inputs) keep(id);  // one of them is written
          }
        },
        program_.actions[i]);
  }
}

void Machine::restore(const State& state) {
  values_.erase(values_.lower_bound(static_cast<VariableId>(state.variables)), values_.end());
  data_.erase(data_.lower_bound(static_cast<DataId>(state.data)), data_.end());
  history_.resize(std::min(history_.size(), state.history));
  steps_ = state.steps;
  for (const auto& [id, tensor] : state.overwritten) values_[id] = tensor.clone();
  next_action_ = program_.actions.size();
}

/// What an action would have computed has no value: using it is told, not answered with zeros.
void Machine::leave_out(const Action& action) {
  if (const auto* c = std::get_if<ComputeValues>(&action)) {
    left_out_.insert(c->targets.begin(), c->targets.end());
  } else if (const auto* l = std::get_if<ResolveLabel>(&action)) {
    left_out_.insert(l->target);
  } else if (const auto* t = std::get_if<ReadText>(&action)) {
    left_out_.insert(t->target);
  } else if (const auto* p = std::get_if<InitializeParameters>(&action)) {
    left_out_.insert(p->variables.begin(), p->variables.end());
  } else if (const auto* e = std::get_if<TrainEmbedding>(&action)) {
    left_out_.insert(e->table);
  } else if (const auto* f = std::get_if<FillParameters>(&action)) {
    for (const NamedParameter& parameter : f->parameters) left_out_.insert(parameter.variable);
  }
}

}  // namespace weft
