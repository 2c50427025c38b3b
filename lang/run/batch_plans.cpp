#include "lang/run/batch_plans.h"

#include <algorithm>

namespace weft {

BatchPlans::Entry* BatchPlans::find(const std::vector<std::int64_t>& extents) {
  for (auto& e : entries_) {
    if (e->extents == extents) {
      e->used = ++clock_;
      return e.get();
    }
  }
  return nullptr;
}

BatchPlans::Entry& BatchPlans::add(std::vector<std::int64_t> extents, Entry entry) {
  if (entries_.size() == kKept) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [](const auto& a, const auto& b) { return a->used < b->used; }));
  }
  entries_.push_back(std::make_unique<Entry>(std::move(entry)));
  entries_.back()->extents = std::move(extents);
  entries_.back()->used = ++clock_;
  return *entries_.back();
}

}  // namespace weft
