#include "nlp/embedding/classifier/label_tree.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace weft::nlp {

LabelTree::LabelTree(std::span<const std::int64_t> counts)
    : leaves_(static_cast<std::int32_t>(counts.size())) {
  if (!std::is_sorted(counts.begin(), counts.end(), std::greater<>()))
    throw std::invalid_argument("[label_tree] expected labels by falling count");
  const std::size_t leaves = counts.size();
  if (leaves == 0) return;
  nodes_.resize(2 * leaves - 1);
  std::vector<std::int64_t> count(counts.begin(), counts.end());
  count.resize(nodes_.size(), std::int64_t{1'000'000'000'000'000});
  auto leaf = static_cast<std::int64_t>(leaves) - 1;
  std::size_t inner = leaves;
  for (std::size_t i = leaves; i < nodes_.size(); ++i) {
    std::size_t least[2];
    for (std::size_t& child : least) {
      const bool takes_leaf = leaf >= 0 && count[static_cast<std::size_t>(leaf)] < count[inner];
      child = takes_leaf ? static_cast<std::size_t>(leaf--) : inner++;
    }
    nodes_[i].left = static_cast<std::int32_t>(least[0]);
    nodes_[i].right = static_cast<std::int32_t>(least[1]);
    count[i] = count[least[0]] + count[least[1]];
    for (const std::size_t child : least) nodes_[child].parent = static_cast<std::int32_t>(i);
    nodes_[least[1]].is_right = true;
  }
}

void LabelTree::path(std::int32_t label, std::vector<std::int32_t>& rows, std::vector<float>& targets) const {
  rows.clear();
  targets.clear();
  for (std::int32_t node = label; (*this)[node].parent >= 0; node = (*this)[node].parent) {
    rows.push_back((*this)[node].parent - leaves_);
    targets.push_back((*this)[node].is_right ? 1.0F : 0.0F);
  }
}

}  // namespace weft::nlp
