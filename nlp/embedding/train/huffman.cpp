#include "nlp/embedding/train/huffman.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace weft::nlp {

HuffmanTree::HuffmanTree(std::span<const std::int64_t> counts) {
  const std::size_t n = counts.size();
  if (n == 0) return;
  const std::size_t all = 2 * n - 1;
  std::vector<std::int64_t> weight(all, std::numeric_limits<std::int64_t>::max());
  std::vector<std::size_t> parent(all, 0);
  std::vector<bool> is_one(all, false);
  std::copy(counts.begin(), counts.end(), weight.begin());
  // Both the leaves, from the last, and the nodes made so far are in order of weight: the two lightest are at
  // the fronts of two queues.
  auto leaf = static_cast<std::ptrdiff_t>(n) - 1;
  std::size_t node = n;
  const auto lightest = [&] {
    return leaf >= 0 && weight[static_cast<std::size_t>(leaf)] < weight[node]
               ? static_cast<std::size_t>(leaf--)
               : node++;
  };
  for (std::size_t made = n; made < all; ++made) {
    const std::size_t a = lightest(), b = lightest();
    weight[made] = weight[a] + weight[b];
    parent[a] = parent[b] = made;
    is_one[b] = true;
  }
  begins_.reserve(n + 1);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t begin = nodes_.size();
    for (std::size_t at = i; at != all - 1; at = parent[at]) {
      nodes_.push_back(static_cast<std::int32_t>(parent[at] - n));
      codes_.push_back(is_one[at] ? 1.0F : 0.0F);
    }
    std::reverse(nodes_.begin() + static_cast<std::ptrdiff_t>(begin), nodes_.end());
    std::reverse(codes_.begin() + static_cast<std::ptrdiff_t>(begin), codes_.end());
    begins_.push_back(nodes_.size());
    longest_ = std::max(longest_, static_cast<std::int32_t>(nodes_.size() - begin));
  }
}

HuffmanTree HuffmanTree::of_any(std::span<const std::int64_t> counts) {
  if (std::is_sorted(counts.rbegin(), counts.rend())) return HuffmanTree(counts);
  std::vector<std::int32_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return counts[static_cast<std::size_t>(a)] > counts[static_cast<std::size_t>(b)];
  });
  std::vector<std::int64_t> sorted;
  for (const std::int32_t i : order) sorted.push_back(counts[static_cast<std::size_t>(i)]);
  const HuffmanTree tree(sorted);
  std::vector<std::int32_t> place(counts.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    place[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  HuffmanTree out;
  out.longest_ = tree.longest_;
  for (const std::int32_t leaf : place) {
    const auto path = tree.path(leaf);
    const auto codes = tree.codes(leaf);
    out.nodes_.insert(out.nodes_.end(), path.begin(), path.end());
    out.codes_.insert(out.codes_.end(), codes.begin(), codes.end());
    out.begins_.push_back(out.nodes_.size());
  }
  return out;
}

}  // namespace weft::nlp
