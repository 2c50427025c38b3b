#include "modules/rl/episodes.h"

#include <algorithm>
#include <numeric>

namespace weft::rl {

namespace {

/// Uniform in [0, 1), by (seed, counter) alone.
/// Source: SplitMix64, Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
double uniform(std::uint64_t seed, std::uint64_t counter) {
  const auto mix = [](std::uint64_t z) {
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  };
  return static_cast<double>(mix(mix(seed) + counter * 0x9e3779b97f4a7c15u) >> 11) * 0x1p-53;
}

double mean(const std::vector<double>& x) {
  return x.empty() ? 0 : std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

constexpr std::size_t kNumbers = 7;  // of a cursor, before the latest episodes

}  // namespace

Episodes::Episodes(std::shared_ptr<const World> world, std::int64_t count, std::int64_t limit,
                   std::uint64_t seed)
    : world_(std::move(world)), count_(count), limit_(limit), seed_(seed) {}

bool Episodes::next(const Policy& policy, Step& step) {
  if (finished_ == count_) return false;
  if (!walking_) {
    state_ = world_->start();
    action_ = policy(state_);
    walking_ = true;
  }
  const Transition t = world_->step(state_, action_, uniform(seed_, ++steps_));
  step = {state_, action_, t.reward, t.state, policy(t.state), t.continues};
  state_ = t.state;
  action_ = step.next_action;
  return_ += t.reward;
  ++length_;
  if (!t.continues || length_ == limit_) end_episode();
  return true;
}

void Episodes::end_episode() {
  const std::size_t slot = static_cast<std::size_t>(finished_) % kRecent;
  if (slot == returns_.size()) {
    returns_.push_back(0);
    lengths_.push_back(0);
  }
  returns_[slot] = return_;
  lengths_[slot] = static_cast<double>(length_);
  return_ = 0;
  length_ = 0;
  walking_ = false;
  ++finished_;
}

double Episodes::recent_return() const {
  return mean(returns_);
}
double Episodes::recent_length() const {
  return mean(lengths_);
}

std::vector<double> Episodes::cursor() const {
  std::vector<double> out = {static_cast<double>(finished_), static_cast<double>(steps_),
                             walking_ ? 1.0 : 0.0,           static_cast<double>(state_),
                             static_cast<double>(action_),   return_,
                             static_cast<double>(length_)};
  out.insert(out.end(), returns_.begin(), returns_.end());
  out.insert(out.end(), lengths_.begin(), lengths_.end());
  return out;
}

bool Episodes::resume(const std::vector<double>& cursor) {
  const auto within = [](double x, std::size_t end) { return x >= 0 && x < static_cast<double>(end); };
  if (cursor.size() < kNumbers || !within(cursor[0], static_cast<std::size_t>(count_) + 1) ||
      !within(cursor[3], world_->states().size()) || !within(cursor[4], world_->actions().size()) ||
      cursor[1] < 0 || cursor[6] < 0) {
    return false;
  }
  const std::size_t kept = std::min(kRecent, static_cast<std::size_t>(cursor[0]));
  if (cursor.size() != kNumbers + 2 * kept) return false;
  finished_ = static_cast<std::int64_t>(cursor[0]);
  steps_ = static_cast<std::uint64_t>(cursor[1]);
  walking_ = cursor[2] != 0;
  state_ = static_cast<std::int32_t>(cursor[3]);
  action_ = static_cast<std::int32_t>(cursor[4]);
  return_ = cursor[5];
  length_ = static_cast<std::int64_t>(cursor[6]);
  const auto latest = cursor.begin() + kNumbers;
  returns_.assign(latest, latest + static_cast<std::ptrdiff_t>(kept));
  lengths_.assign(latest + static_cast<std::ptrdiff_t>(kept), cursor.end());
  return true;
}

}  // namespace weft::rl
