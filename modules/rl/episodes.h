#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "modules/rl/world.h"

namespace weft::rl {

/// One step of an episode, with the action that will be taken next: what Sarsa learns from.
struct Step {
  std::int32_t state = 0, action = 0;
  double reward = 0;
  std::int32_t next_state = 0, next_action = 0;
  bool continues = true;  // false: next_state is terminal, and its value is 0
};

/// Walks a world, episode after episode, as a policy chooses. The policy is asked once a step, before whoever
/// learns from the step has changed it: first for the start, then for each next state.
class Episodes {
 public:
  using Policy = std::function<std::int32_t(std::int32_t state)>;

  /// `limit`: steps after which an episode is broken off; its last step still says `continues`.
  Episodes(std::shared_ptr<const World> world, std::int64_t count, std::int64_t limit, std::uint64_t seed);

  /// The next step; false when `count` episodes are over.
  bool next(const Policy& policy, Step& step);

  /// Episodes that are over.
  std::int64_t finished() const { return finished_; }
  std::int64_t count() const { return count_; }
  /// Means over the latest episodes, at most kRecent, that are over; 0 before the first.
  double recent_return() const;
  double recent_length() const;
  static constexpr std::size_t kRecent = 100;

  /// All that the walk depends on beside world, seed and policy, to go on from here later.
  std::vector<double> cursor() const;
  /// False: the numbers are no cursor of such a walk; nothing has changed then.
  bool resume(const std::vector<double>& cursor);

 private:
  void end_episode();

  std::shared_ptr<const World> world_;
  std::int64_t count_, limit_;
  std::uint64_t seed_;
  std::int64_t finished_ = 0;
  std::uint64_t steps_ = 0;  // of all episodes: the counter of the world's luck
  bool walking_ = false;     // within an episode
  std::int32_t state_ = 0, action_ = 0;
  double return_ = 0;
  std::int64_t length_ = 0;
  std::vector<double> returns_, lengths_;  // of the latest episodes, episode i at i % kRecent
};

}  // namespace weft::rl
