#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensor/type.h"

namespace weft {

struct Op;
struct ScanBody;

/// The rows of ops.def.
enum class OpId : std::uint16_t {
#define WEFT_OP(name, kind, surface) name,
#include "tensor/ops.def"
#undef WEFT_OP
};

using NodeId = std::int32_t;
inline constexpr NodeId kNoNode = -1;

/// What an op is told beside its inputs. Each op's file says which fields it reads; the rest stay empty.
struct Attributes {
  std::vector<AxisId> axes{};        // the axes the op works on
  std::vector<AxisId> to{};          // rename, merge, split: the axes they become
  std::vector<Extent> extents{};     // split: of each new axis; slice, pad: offset, length
  std::vector<double> numbers{};     // constant: the value; adam: beta1, beta2, epsilon; ...
  TensorType type{};                 // input, constant, random, pad, scatter_add, ...: the result's type
  std::uint32_t index = 0;           // input: slot; item: which result; random: the stream
  std::shared_ptr<ScanBody> body{};  // scan
};

struct Node {
  OpId op{};
  std::vector<NodeId> inputs;
  Attributes attributes;
  TensorType type;  // inferred; for a scan, which has several results, empty (see `item`)
  Span origin;
};

/// An operand that an op can't take. Thrown by Graph::emit with a message of the form
/// "[op] expected ..., got ..."; whoever knows the source adds the place.
class ShapeError : public std::invalid_argument {
 public:
  enum class Kind { element, axes, extents, duplicate_axis, attributes };
  ShapeError(Kind kind, std::string message, std::string hint = {}, int operand = -1)
      : std::invalid_argument(std::move(message)), kind(kind), hint(std::move(hint)), operand(operand) {}
  Kind kind;
  std::string hint;  // how to mend it; empty where nothing general can be said
  int operand;       // which input is at fault, -1 where it is none in particular
};

/// A computation: nodes in the order they were made, each after its inputs. Append-only, so ids are stable
/// and effects (assign, sgd, adam) happen in the order of their ids.
class Graph {
 public:
  explicit Graph(AxisTable& axes) : axes_(&axes) {}

  /// Adds a node, its type inferred by the op. Throws ShapeError.
  NodeId emit(OpId op, std::vector<NodeId> inputs, Attributes attributes = {});

  /// Adds input number inputs().size(): parameters, state, batch columns, values from outside.
  NodeId input(TensorType type);
  /// A scalar, or `like` filled with a value: its element must be real, integer or boolean.
  NodeId constant(double value, TensorType like = {});

  const Node& operator[](NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  const TensorType& type(NodeId id) const { return (*this)[id].type; }
  NodeId size() const { return static_cast<NodeId>(nodes_.size()); }
  const std::vector<NodeId>& inputs() const { return inputs_; }  // input nodes by slot

  /// The attributes of a node a pass has to change (scans gain results when they are differentiated).
  Attributes& attributes(NodeId id) { return nodes_[static_cast<std::size_t>(id)].attributes; }

  /// The node as another op that gives the same value, from nodes before it: what a pass recognizes. The
  /// order of its axes may change. Throws ShapeError.
  void replace(NodeId id, OpId op, std::vector<NodeId> inputs, Attributes attributes);

  AxisTable& axes() const { return *axes_; }

  /// The place in the source that nodes made from now on belong to.
  void set_origin(Span origin) { origin_ = origin; }
  Span origin() const { return origin_; }

 private:
  AxisTable* axes_;
  std::vector<Node> nodes_;
  std::vector<NodeId> inputs_;
  Span origin_;
};

/// The loop of a scan node. The node's inputs are, in this order, the first values of what is carried, the
/// tensors walked along `axis`, and what every turn reads unchanged ("captured"); the body's inputs likewise,
/// the walked ones without `axis`. The body's `next` has one node for each carried value and `stacked` any
/// number of others. Result i of the scan (`item` with index i) is the last value of carried i, then come the
/// stacked ones with `axis` put in front.
struct ScanBody {
  explicit ScanBody(AxisTable& axes) : graph(axes) {}
  Graph graph;
  Dim axis;
  int carried = 0;
  int walked = 0;
  int captured = 0;
  std::vector<NodeId> next;
  std::vector<NodeId> stacked;
  bool reverse = false;  // from the last position of the axis to the first
};

/// A listing: one line a node, "%7 = dot[E](%3, %5) : [B, T, H]".
std::string dump(const Graph&);

}  // namespace weft
