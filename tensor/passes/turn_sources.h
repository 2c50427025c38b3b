#pragma once

#include <span>
#include <vector>

#include "tensor/passes/turn_gradient.h"

namespace weft {

/// Where the backward loop finds a value that the gradient of a turn reads.
enum class Source {
  inner,     // computed in the backward loop
  walked,    // a walked input of the forward loop: walked again
  captured,  // a captured one: captured again
  leaf,      // a constant, a length, positions: made again
  view,      // a view of something else that is read
  saved,     // a value of the forward loop that has to be kept: one more stacked result
  seed       // a cotangent
};

/// The values that the gradient of a turn reads, down to those that are there without computing them.
class TurnSources {
 public:
  /// roots: the nodes of turn.graph that are asked for.
  TurnSources(const ScanBody& body, const TurnGradient& turn, std::span<const NodeId> roots);
  Source of(NodeId id) const;
  bool is_read(NodeId id) const { return read_[static_cast<std::size_t>(id)] != 0; }

 private:
  bool is_cheap_again(NodeId id) const;

  const ScanBody& body_;
  const TurnGradient& turn_;
  std::vector<char> read_;
  std::vector<char> again_;  // of the body's nodes, those computed a second time
};

}  // namespace weft
