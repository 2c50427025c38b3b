#include "tensor/plan/arena.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace weft::planning {

namespace {

/// First and last moment of use; calls and the two ends of each loop are the moments.
struct Life {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = -1;
  bool used() const { return last >= 0; }
  bool meets(const Life& other) const { return first <= other.last && other.first <= last; }
  void include(std::int64_t moment) {
    first = std::min(first, moment);
    last = std::max(last, moment);
  }
};

class Lives {
 public:
  explicit Lives(const Program& program)
      : program_(program),
        lives_(program.buffers.size()),
        begins_(program.loops.size()),
        ends_(program.loops.size()) {
    number(program.steps);
    ends_moment_ = now_;
    now_ = 0;
    touch_all(program.steps, kTop);
    for (std::size_t i = 0; i < lives_.size(); ++i) {
      if (program.buffers[i].output && lives_[i].used()) lives_[i].include(ends_moment_);
    }
  }
  const std::vector<Life>& lives() const { return lives_; }

 private:
  void number(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      ++now_;
      if (step.kind == Step::Kind::call) continue;
      const std::size_t loop = static_cast<std::size_t>(step.index);
      begins_[loop] = now_;
      number(program_.loops[loop].body);
      ends_[loop] = ++now_;
    }
  }

  void touch_all(const std::vector<Step>& steps, LoopId loop) {
    for (const Step& step : steps) {
      ++now_;
      if (step.kind == Step::Kind::loop) {
        touch_all(program_.loops[static_cast<std::size_t>(step.index)].body, step.index);
        ++now_;
        continue;
      }
      const Call& call = program_.calls[static_cast<std::size_t>(step.index)];
      for (const Operand& input : call.inputs) touch(input.buffer, loop);
      touch(call.output.buffer, loop);
      for (const Operand& output : call.more_outputs) touch(output.buffer, loop);
      if (call.workspace != kNoBuffer) touch(call.workspace, loop);
    }
  }

  void touch(BufferId id, LoopId loop) {
    Life& life = lives_[static_cast<std::size_t>(id)];
    const LoopId own = program_.buffers[static_cast<std::size_t>(id)].loop;
    if (loop == own) return life.include(now_);
    // Used inside a loop and kept from turn to turn of it: the outermost such loop counts whole.
    while (program_.loops[static_cast<std::size_t>(loop)].parent != own) {
      loop = program_.loops[static_cast<std::size_t>(loop)].parent;
    }
    life.include(begins_[static_cast<std::size_t>(loop)]);
    life.include(ends_[static_cast<std::size_t>(loop)]);
  }

  const Program& program_;
  std::vector<Life> lives_;
  std::vector<std::int64_t> begins_, ends_;  // moments of loops
  std::int64_t now_ = 0;
  std::int64_t ends_moment_ = 0;
};

std::int64_t rounded(std::int64_t bytes) {
  if (bytes > std::numeric_limits<std::int64_t>::max() - 64) return checked_product(bytes, 2);  // throws
  return (bytes + 63) / 64 * 64;
}

}  // namespace

void assign_memory(Program& program) {
  std::vector<Buffer>& buffers = program.buffers;
  const Lives computed(program);
  const std::vector<Life>& lives = computed.lives();

  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (buffers[i].kind == Buffer::Kind::arena && lives[i].used()) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return buffers[a].bytes > buffers[b].bytes; });

  std::vector<std::size_t> placed;  // by offset
  for (std::size_t id : order) {
    const std::int64_t bytes = rounded(buffers[id].bytes);
    std::int64_t free_from = 0, best = -1, best_gap = std::numeric_limits<std::int64_t>::max();
    for (std::size_t other : placed) {
      if (!lives[id].meets(lives[other])) continue;
      const std::int64_t gap = buffers[other].offset - free_from;
      if (gap >= bytes && gap < best_gap) {
        best = free_from;
        best_gap = gap;
      }
      free_from = std::max(free_from, buffers[other].offset + rounded(buffers[other].bytes));
    }
    buffers[id].offset = best >= 0 ? best : free_from;
    if (buffers[id].offset > std::numeric_limits<std::int64_t>::max() - bytes) checked_product(bytes, bytes);
    program.arena_bytes = std::max(program.arena_bytes, buffers[id].offset + bytes);
    placed.insert(
        std::upper_bound(placed.begin(), placed.end(), id,
                         [&](std::size_t a, std::size_t b) { return buffers[a].offset < buffers[b].offset; }),
        id);
  }
}

}  // namespace weft::planning
