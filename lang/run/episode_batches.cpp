#include "lang/run/batch_source.h"
#include "lang/run/scalars.h"
#include "tensor/safetensors.h"

/// Steps of episodes as batches.
namespace weft {

namespace {

/// Passes are different walks.
std::uint64_t seed_of_pass(std::uint64_t seed, std::int64_t epoch) {
  return seed + (static_cast<std::uint64_t>(epoch) << 32);
}

}  // namespace

EpisodeSource::EpisodeSource(const EpisodeBatches& what, Plan policy, Tensor state, const Workers& workers,
                             std::uint64_t seed)
    : what_(what),
      policy_(std::move(policy)),
      state_(std::move(state)),
      workers_(workers),
      seed_(seed),
      episodes_(pass(0)) {}

rl::Episodes EpisodeSource::pass(std::int64_t epoch) const {
  return {what_.world, what_.count, what_.limit, seed_of_pass(seed_, epoch)};
}

void EpisodeSource::begin(std::int64_t epoch, const std::vector<double>& cursor) {
  epoch_ = epoch;
  asked_ = 0;
  episodes_ = pass(epoch);
  if (cursor.empty()) return;
  if (cursor[0] < 0 || !episodes_.resume({cursor.begin() + 1, cursor.end()}))
    throw ModelFileError("the place in the episodes is none");
  asked_ = static_cast<std::uint64_t>(cursor[0]);
}

bool EpisodeSource::next() {
  const auto choose = [this](std::int32_t state) {
    set_scalar(state_, state);
    policy_.run(workers_, {seed_of_pass(seed_, epoch_), ++asked_});
    return static_cast<std::int32_t>(policy_.output(0).item());
  };
  return episodes_.next(choose, step_);
}

void EpisodeSource::fill(Fed& fed) const {
  const double values[] = {static_cast<double>(step_.state),
                           static_cast<double>(step_.action),
                           step_.reward,
                           static_cast<double>(step_.next_state),
                           static_cast<double>(step_.next_action),
                           step_.continues ? 1.0 : 0.0};
  for (std::size_t c = 0; c < what_.columns.size(); ++c) {
    if (const auto it = fed.find(what_.columns[c]); it != fed.end()) set_scalar(it->second, values[c]);
  }
}

std::vector<double> EpisodeSource::cursor() const {
  std::vector<double> out = episodes_.cursor();
  out.insert(out.begin(), static_cast<double>(asked_));
  return out;
}

}  // namespace weft
