#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weft::nlp {

/// The binary tree of hierarchical softmax: frequent words have short paths. A word's path is the inner nodes
/// from the root down, and at each which branch is taken: code 1 or 0. Inner node k is the one made k-th, so
/// the root is the last. Ties are broken as word2vec and fastText do it, so that their files' output rows
/// mean the same. Source: Huffman 1952; Mikolov et al. 2013, section 2.1.
class HuffmanTree {
 public:
  HuffmanTree() = default;
  /// Counts fall, as a sorted dictionary has them.
  explicit HuffmanTree(std::span<const std::int64_t> counts);
  /// The same for counts in any order: the leaves are in theirs.
  static HuffmanTree of_any(std::span<const std::int64_t> counts);

  std::int32_t leaves() const { return static_cast<std::int32_t>(begins_.size()) - 1; }
  std::span<const std::int32_t> path(std::int32_t leaf) const { return part(nodes_, leaf); }
  /// 1 or 0 as a label: the branch that the path takes is label 1 of the logistic at that node for code 1.
  std::span<const float> codes(std::int32_t leaf) const { return part(codes_, leaf); }
  std::int32_t longest() const { return longest_; }

 private:
  template <class T>
  std::span<const T> part(const std::vector<T>& of, std::int32_t leaf) const {
    const auto b = begins_[static_cast<std::size_t>(leaf)], e = begins_[static_cast<std::size_t>(leaf) + 1];
    return {of.data() + b, e - b};
  }
  std::vector<std::size_t> begins_{0};
  std::vector<std::int32_t> nodes_;
  std::vector<float> codes_;
  std::int32_t longest_ = 0;
};

}  // namespace weft::nlp
