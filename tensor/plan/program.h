#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/kernel.h"
#include "tensor/graph.h"
#include "tensor/tensor.h"

/// What a plan is before it has addresses: buffers, the places of values in them, and kernel calls in order,
/// some of them inside loops. `build` makes it from a graph, `assign_memory` gives every buffer its place,
/// `Execution` turns it into calls with pointers.
namespace weft::planning {

using BufferId = int;
inline constexpr BufferId kNoBuffer = -1;
using LoopId = int;
inline constexpr LoopId kTop = -1;  // outside every loop

/// A piece of memory.
struct Buffer {
  enum class Kind : std::uint8_t {
    arena,    // from the plan's arena, shared in turn with others
    input,    // an input tensor's own
    constant  // one element, written when the plan is made
  };
  Kind kind = Kind::arena;
  std::int64_t bytes = 0;
  LoopId loop = kTop;        // arena: holds a value within one turn of this loop at most
  Tensor tensor;             // input
  DType dtype = DType::f32;  // constant
  double value = 0;          // constant
  bool output = false;       // arena: must outlast the last call
  std::int64_t offset = 0;   // arena: given by assign_memory
};

/// What a loop counts while it runs.
enum class Counter : std::uint8_t {
  position,  // where on the axis this turn is
  present,   // 0, 1, 0, ...: the half of a double buffer a turn reads
  following  // 1, 0, 1, ...: the half it writes
};
inline constexpr int kCounters = 3;

/// A place that moves: `step` bytes for each count of counter number kCounters * loop + Counter.
struct Walk {
  int counter = 0;
  std::int64_t step = 0;
  bool operator==(const Walk&) const = default;
};
inline int counter_of(LoopId loop, Counter counter) {
  return kCounters * loop + static_cast<int>(counter);
}

/// One axis of a value in memory. Strides count elements.
struct PlacedAxis {
  AxisId axis{};
  std::int64_t extent = 0;
  std::int64_t stride = 0;
  bool operator==(const PlacedAxis&) const = default;
};

/// Where a value lies.
struct Location {
  BufferId buffer = kNoBuffer;
  std::int64_t offset = 0;  // bytes
  DType dtype = DType::f32;
  std::vector<PlacedAxis> axes;
  std::vector<Walk> walks;
};

/// A value as one call sees it; the view's pointer comes later.
struct Operand {
  BufferId buffer = kNoBuffer;
  std::int64_t offset = 0;
  std::vector<Walk> walks;
  View view;
};

struct Call {
  std::string_view name;  // of the op row
  NodeId node = kNoNode;  // in its own graph
  Span origin;            // the node's
  const Kernel* kernel = nullptr;
  bool packs = false;  // runs the kernel's `pack`
  std::vector<Operand> inputs;
  Operand output;
  std::vector<Operand> more_outputs;  // of ops with several results
  KernelParams params;
  BufferId workspace = kNoBuffer;
};

/// A call, a loop with all its turns, or a group of loops.
struct Step {
  enum class Kind : std::uint8_t { call, loop, group };
  Kind kind = Kind::call;
  int index = 0;
};

struct Loop {
  std::string axis;  // its name, for dumps
  std::int64_t extent = 0;
  bool reverse = false;
  LoopId parent = kTop;
  std::vector<Step> body;
};

/// Loops that need nothing of each other and may run at once.
struct Group {
  std::vector<LoopId> loops;
  double turn_seconds = 0;  // what a turn of one takes, roughly
};

struct Program {
  std::vector<Buffer> buffers;
  std::vector<Call> calls;
  std::vector<Loop> loops;
  std::vector<Group> groups;
  std::vector<Step> steps;
  std::vector<Location> outputs;  // each dense in the arena
  std::int64_t arena_bytes = 0;
};

}  // namespace weft::planning
