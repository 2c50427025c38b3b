#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/kernel.h"
#include "tensor/graph.h"
#include "tensor/tensor.h"

namespace weft {

class Profile;

struct PlanOptions {
  DType real = DType::f32;
  Device device = Device::cpu;
  bool share = true;     // equal subexpressions are computed once; false: the graph as it is written
  bool fold = true;      // constants are folded, identities left out; false: they are computed
  bool fuse = true;      // elementwise ops are joined into one pass; false: a call each
  bool in_place = true;  // results are written over operands that nobody reads again; false: beside them
};

/// Extents that a graph can't have, known only now that they are numbers. The message has the form
/// "[op] expected ..., got ..."; whoever knows the source adds the place.
class PlanError : public std::invalid_argument {
 public:
  PlanError(const std::string& message, Span origin) : std::invalid_argument(message), origin(origin) {}
  Span origin;  // of the node at fault
};

/// Memory that a plan could not get.
class PlanOutOfMemory : public OutOfMemory {
 public:
  PlanOutOfMemory(const std::string& message, std::int64_t largest, Span origin)
      : OutOfMemory(message), largest(largest), origin(origin) {}
  std::int64_t largest;  // bytes of the largest value it was for; 0 where that can't be said in bytes
  Span origin;           // of the node that makes it
};

/// A graph made ready to run for given extents: a flat list of kernel calls over one arena. Nodes that no
/// output and no effect (assign, sgd, adam) needs are left out; the rest run in the order of their ids.
/// An effect writes its input's tensor in place; a node that comes later and still reads the old value gets a
/// copy taken before the write. Adam's moments are written in place like its parameter.
/// A scan is a loop: the turn at position t of its axis sees KernelCall::iteration = t, in nested ones the
/// number whose digits are their positions.
class Plan {
 public:
  /// inputs: one tensor for each input of the graph, whose memory the plan reads and writes in every run
  /// (feed a batch by writing to it). A tensor's axes may lie in another order than the graph's type says.
  /// `effects`: the effect nodes to keep, usually all of them.
  /// Throws PlanOutOfMemory; PlanError; invalid_argument for an unbound extent or a tensor of another shape;
  /// logic_error where an op has no kernel on the device.
  Plan(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> effects,
       const Bindings& extents, std::vector<Tensor> inputs, const PlanOptions& options = {});
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  /// One step. Allocates nothing. Numbers below the normal ones count as 0, on all threads: taken as they are
  /// they would make a step many times slower.
  void run(const Workers& workers, RandomKey random = {});
  /// One step that asks `stop` before each kernel call. False: it said so, and neither outputs nor what
  /// effects write can be relied on.
  bool run_until(const std::function<bool()>& stop, const Workers& workers, RandomKey random = {});

  /// From now on what each kernel call takes is added to the profile, which must outlast the plan.
  void record(Profile& profile);

  /// Output i as of the last run: its memory belongs to the plan and is overwritten by the next run.
  const Tensor& output(int i) const;

  std::int64_t arena_bytes() const;
  /// One line a kernel call: name, extents, where in the arena, and whether it writes over an operand.
  std::string dump() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weft
