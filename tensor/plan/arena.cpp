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

#include "tensor/plan/lives.h"

namespace weft::planning {

namespace {

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
  const std::vector<Life> lives = find_lives(program).buffers;

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
