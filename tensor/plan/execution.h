#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "tensor/plan/program.h"
#include "tensor/profile.h"

namespace weft::planning {

/// A program with addresses: calls whose views point at memory, and for each loop the pointers that walk.
class Execution {
 public:
  /// The program, its memory assigned. Throws OutOfMemory.
  explicit Execution(Program program);

  /// All calls once. Allocates nothing. False where `stop`, which is asked before each call, said so.
  bool run(const std::function<bool()>* stop, const Workers& workers, RandomKey random);

  /// From now on every run is added to the record, which has a place for each call.
  void record(PlanRecord* record) { record_ = record; }

  const Program& program() const { return program_; }
  const std::vector<Tensor>& outputs() const { return outputs_; }

 private:
  struct Ready {
    void (*run)(const KernelCall&) = nullptr;
    KernelCall call;
  };
  /// A pointer that has to be set anew each turn of a loop.
  struct Pointer {
    std::byte** target = nullptr;
    std::byte* base = nullptr;
    std::span<const Walk> walks;
  };

  std::byte* address(BufferId buffer) const;
  void prepare(const Operand& operand, View& view);
  void prepare_calls();
  void fill_constants();
  bool run_steps(const std::vector<Step>& steps, std::uint32_t iteration);
  bool run_loop(int loop, std::uint32_t iteration);
  bool run_group(const Group& group, std::uint32_t iteration);

  Program program_;
  std::shared_ptr<std::byte> arena_;
  std::vector<double> constants_;   // a slot each, wide enough for any element
  std::vector<std::size_t> slots_;  // of constants, by buffer
  std::vector<View> views_;         // of all calls, but for their first output
  std::vector<Ready> calls_;
  std::vector<std::vector<Pointer>> moving_;  // by loop
  std::vector<std::int64_t> counters_;        // kCounters a loop
  std::vector<Tensor> outputs_;
  const std::function<bool()>* stop_ = nullptr;  // of the run at hand
  const Workers* workers_ = nullptr;             // likewise
  PlanRecord* record_ = nullptr;
};

}  // namespace weft::planning
