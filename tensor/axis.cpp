#include "tensor/axis.h"

#include <algorithm>
#include <stdexcept>

namespace weft {

Labels::Labels(std::vector<std::string> names) : names_(std::move(names)) {
  index_.reserve(names_.size());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!index_.emplace(names_[i], static_cast<std::int64_t>(i)).second) {
      throw std::invalid_argument("[labels] expected each label once, got \"" + names_[i] + "\" twice");
    }
  }
}

std::optional<std::int64_t> Labels::find(std::string_view name) const {
  const auto found = index_.find(std::string(name));
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

AxisId AxisTable::declare(std::string name, Extent extent, Span declared,
                          std::shared_ptr<const Labels> labels) {
  axes_.push_back({std::move(name), 0, std::move(extent), std::move(labels), declared});
  return static_cast<AxisId>(axes_.size() - 1);
}

AxisId AxisTable::primed(AxisId axis) {
  if (const auto found = primes_.find(axis); found != primes_.end()) return found->second;
  Axis copy = (*this)[axis];
  ++copy.primes;
  axes_.push_back(std::move(copy));
  const auto id = static_cast<AxisId>(axes_.size() - 1);
  primes_.emplace(axis, id);
  return id;
}

void AxisTable::set_labels(AxisId axis, std::shared_ptr<const Labels> labels) {
  axes_.at(static_cast<std::size_t>(axis)).labels = labels;
  for (auto next = primes_.find(axis); next != primes_.end(); next = primes_.find(next->second)) {
    axes_[static_cast<std::size_t>(next->second)].labels = labels;
  }
}

void AxisTable::set_extent(AxisId axis, const Extent& extent) {
  axes_.at(static_cast<std::size_t>(axis)).extent = extent;
  for (auto next = primes_.find(axis); next != primes_.end(); next = primes_.find(next->second)) {
    axes_[static_cast<std::size_t>(next->second)].extent = extent;
  }
}

std::optional<AxisId> AxisTable::labelled(const Labels& labels) const {
  const auto found = std::find_if(axes_.begin(), axes_.end(),
                                  [&](const Axis& axis) { return axis.labels.get() == &labels; });
  if (found == axes_.end()) return std::nullopt;
  return static_cast<AxisId>(found - axes_.begin());
}

const Axis& AxisTable::operator[](AxisId axis) const {
  return axes_.at(static_cast<std::size_t>(axis));
}

std::string AxisTable::name(AxisId axis) const {
  const Axis& a = (*this)[axis];
  return a.name + std::string(static_cast<std::size_t>(a.primes), '\'');
}

}  // namespace weft
