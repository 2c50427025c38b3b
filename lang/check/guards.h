#pragma once

#include <memory>
#include <utility>

#include "lang/check/elaborator.h"

/// What an Elaborator does for a while only: each guard puts back at its end what it found.
namespace weft::check {

/// Enters a scope, leaves it at the end.
struct ScopeGuard {
  ScopeGuard(Elaborator& e, std::shared_ptr<Scope> scope) : e_(e), saved_(e.scope_) {
    e.scope_ = std::move(scope);
  }
  ~ScopeGuard() { e_.scope_ = saved_; }
  ScopeGuard(const ScopeGuard&) = delete;
  ScopeGuard& operator=(const ScopeGuard&) = delete;

 private:
  Elaborator& e_;
  std::shared_ptr<Scope> saved_;
};

/// Reads the step of a training for a while.
struct StepGuard {
  StepGuard(Elaborator& e, Training* step) : e_(e), saved_(e.step_) { e.step_ = step; }
  ~StepGuard() { e_.step_ = saved_; }
  StepGuard(const StepGuard&) = delete;
  StepGuard& operator=(const StepGuard&) = delete;

 private:
  Elaborator& e_;
  Training* saved_;
};

/// Builds into another graph for a while.
struct GraphGuard {
  GraphGuard(Elaborator& e, GraphScope* graph) : e_(e), saved_(e.graph_) { e.graph_ = graph; }
  ~GraphGuard() { e_.graph_ = saved_; }
  GraphGuard(const GraphGuard&) = delete;
  GraphGuard& operator=(const GraphGuard&) = delete;

 private:
  Elaborator& e_;
  GraphScope* saved_;
};

/// Gives a member another value for a while.
template <class T>
class Restored {
 public:
  Restored(T& member, T meanwhile) : member_(member), saved_(std::move(member)) {
    member_ = std::move(meanwhile);
  }
  ~Restored() { member_ = std::move(saved_); }
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;

 private:
  T& member_;
  T saved_;
};

}  // namespace weft::check
