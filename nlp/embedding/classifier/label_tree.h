#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weft::nlp {

/// Huffman's tree over labels, which hierarchical softmax decides along: inner node i is row i of the output
/// matrix. Built as fastText does, so that its files mean the same: two queues, leaves by falling count; of
/// equals the inner node first. Source: Mikolov et al. 2013; Morin and Bengio 2005.
class LabelTree {
 public:
  /// Counts fall. Throws invalid_argument where they don't.
  explicit LabelTree(std::span<const std::int64_t> counts);

  struct Node {
    std::int32_t parent = -1, left = -1, right = -1;
    bool is_right = false;
  };
  /// Leaves are nodes 0 .. labels - 1, inner nodes follow; the last is the root.
  const Node& operator[](std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)]; }
  std::int32_t root() const { return static_cast<std::int32_t>(nodes_.size()) - 1; }
  std::int32_t leaves() const { return leaves_; }

  /// From a label up to the root: inner nodes, and for each whether the way down goes right.
  void path(std::int32_t label, std::vector<std::int32_t>& rows, std::vector<float>& targets) const;

 private:
  std::vector<Node> nodes_;
  std::int32_t leaves_;
};

}  // namespace weft::nlp
