#include "tensor/plan/arena.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <queue>
#include <set>
#include <utility>

namespace weft::planning {

namespace {

/// First and last moment of use; calls and the two ends of each loop and group are the moments.
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
      if (step.kind == Step::Kind::group) {
        number(members(step));
        ++now_;
        continue;
      }
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
      if (step.kind == Step::Kind::group) {
        touch_group(step, loop);
        continue;
      }
      const Call& call = program_.calls[static_cast<std::size_t>(step.index)];
      for (const Operand& input : call.inputs) touch(input.buffer, loop);
      touch(call.output.buffer, loop);
      for (const Operand& output : call.more_outputs) touch(output.buffer, loop);
      if (call.workspace != kNoBuffer) touch(call.workspace, loop);
    }
  }

  std::vector<Step> members(const Step& group) const {
    std::vector<Step> steps;
    for (LoopId loop : program_.groups[static_cast<std::size_t>(group.index)].loops)
      steps.push_back({Step::Kind::loop, loop});
    return steps;
  }

  /// What loops that run at once use, they use all the time.
  void touch_group(const Step& group, LoopId loop) {
    const std::int64_t begin = now_;
    group_.clear();
    in_group_ = true;
    touch_all(members(group), loop);
    in_group_ = false;
    ++now_;
    for (BufferId id : group_) {
      lives_[static_cast<std::size_t>(id)].include(begin);
      lives_[static_cast<std::size_t>(id)].include(now_);
    }
  }

  void touch(BufferId id, LoopId loop) {
    if (in_group_) group_.push_back(id);
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
  bool in_group_ = false;
  std::vector<BufferId> group_;  // what the group at hand uses
};

std::int64_t rounded(std::int64_t bytes) {
  if (bytes > std::numeric_limits<std::int64_t>::max() - 64) return checked_product(bytes, 2);  // throws
  return (bytes + 63) / 64 * 64;
}

/// Beyond so many buffers the search for the best of all gaps takes too long.
constexpr std::size_t kMany = 8192;

/// Memory as it is free at one moment of the program.
class FreeMemory {
 public:
  std::int64_t take(std::int64_t bytes) {
    if (const auto fit = by_size_.lower_bound({bytes, 0}); fit != by_size_.end()) {
      const auto [size, offset] = *fit;
      remove(offset, size);
      if (size > bytes) add(offset + bytes, size - bytes);
      return offset;
    }
    // What is free at the very end grows.
    std::int64_t offset = end_;
    if (!by_offset_.empty()) {
      const auto [last, size] = *by_offset_.rbegin();
      if (last + size == end_) {
        offset = last;
        remove(last, size);
      }
    }
    if (offset > std::numeric_limits<std::int64_t>::max() - bytes) checked_product(bytes, bytes);  // throws
    end_ = offset + bytes;
    return offset;
  }

  void give_back(std::int64_t offset, std::int64_t bytes) {
    const auto next = by_offset_.lower_bound(offset);
    if (next != by_offset_.end() && next->first == offset + bytes) {
      bytes += next->second;
      remove(next->first, next->second);
    }
    const auto after = by_offset_.lower_bound(offset);
    if (after != by_offset_.begin()) {
      const auto [before, size] = *std::prev(after);
      if (before + size == offset) {
        remove(before, size);
        offset = before;
        bytes += size;
      }
    }
    add(offset, bytes);
  }

  std::int64_t end() const { return end_; }

 private:
  void add(std::int64_t offset, std::int64_t bytes) {
    by_offset_[offset] = bytes;
    by_size_.insert({bytes, offset});
  }
  void remove(std::int64_t offset, std::int64_t bytes) {
    by_offset_.erase(offset);
    by_size_.erase({bytes, offset});
  }

  std::map<std::int64_t, std::int64_t> by_offset_;
  std::set<std::pair<std::int64_t, std::int64_t>> by_size_;
  std::int64_t end_ = 0;
};

/// Buffers in the order of their first use, each into the smallest gap that is free by then: O(n log n).
void assign_by_time(Program& program, const std::vector<Life>& lives, std::vector<std::size_t> order) {
  std::vector<Buffer>& buffers = program.buffers;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lives[a].first < lives[b].first; });
  using Ending = std::pair<std::int64_t, std::size_t>;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> alive;
  FreeMemory memory;
  for (const std::size_t id : order) {
    for (; !alive.empty() && alive.top().first < lives[id].first; alive.pop()) {
      const Buffer& dead = buffers[alive.top().second];
      memory.give_back(dead.offset, std::max<std::int64_t>(rounded(dead.bytes), 64));
    }
    // An empty buffer takes a place too, so that none is ever given back twice.
    buffers[id].offset = memory.take(std::max<std::int64_t>(rounded(buffers[id].bytes), 64));
    alive.push({lives[id].last, id});
  }
  program.arena_bytes = std::max(program.arena_bytes, memory.end());
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
  if (order.size() > kMany) return assign_by_time(program, lives, std::move(order));

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
