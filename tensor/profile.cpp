#include "tensor/profile.h"

namespace weft {

void PlanRecord::begin() {
  run_ = &kept_[static_cast<std::size_t>(runs_) % kKept];
  run_->events.clear();
  run_->begin = last_ = now();
}

void PlanRecord::called(int call) {
  const std::int64_t time = now();
  CallRecord& record = calls_[static_cast<std::size_t>(call)];
  ++record.count;
  record.nanoseconds += time - last_;
  run_->events.push_back({call, last_, time});
  last_ = time;
}

void PlanRecord::end() {
  run_->end = now();
  nanoseconds_ += run_->end - run_->begin;
  ++runs_;
}

std::vector<const PlanRecord::Run*> PlanRecord::last_runs() const {
  std::vector<const Run*> runs;
  const auto made = static_cast<std::size_t>(runs_);
  for (std::size_t r = made > kKept ? made - kKept : 0; r < made; ++r) runs.push_back(&kept_[r % kKept]);
  return runs;
}

}  // namespace weft
