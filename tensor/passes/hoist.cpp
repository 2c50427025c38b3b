#include "tensor/passes/hoist.h"

#include <algorithm>

#include "tensor/ops/build.h"
#include "tensor/passes/copy_nodes.h"

namespace weft {

namespace {

/// Whether a node's op means the same on operands with one axis more.
bool may_move(const Node& node) {
  switch (node.op) {
    case OpId::input:
    case OpId::scan:
    case OpId::item:
    case OpId::dropout:
    case OpId::random_uniform:
    case OpId::random_normal:
    case OpId::merge_rows:  // a further axis would be one more of rows
      return false;
    case OpId::attention:
    case OpId::attention_grad:  // with dropout, which draws other numbers each turn
      return node.attributes.numbers.size() == 1;
    default:
      return op(node.op).in_place < 0;
  }
}

/// Whether doing it for all positions at once is worth the memory.
bool pays(OpId id) {
  switch (id) {
    case OpId::cast:
    case OpId::copy:
    case OpId::concat:
    case OpId::pad:
    case OpId::position:
      return false;
    default:
      return op(id).kind == OpKind::kernel;
  }
}

bool mentions(const Attributes& attributes, AxisId axis) {
  return contains(attributes.axes, axis) || contains(attributes.to, axis) || attributes.type.has(axis);
}

enum class Reads : char { carried, nothing, captured, walked };

class Hoist {
 public:
  Hoist(Graph& outer, const ScanBody& body, const std::vector<NodeId>& inputs)
      : outer_(outer),
        body_(body),
        inputs_(inputs),
        reads_(size(), Reads::carried),
        heavy_(size(), 0),
        needed_(size(), 0),
        moved_(size(), 0),
        outside_(size(), kNoNode),
        inside_(size(), kNoNode) {}

  HoistedScan run() {
    classify();
    choose();
    emit_outside();
    return rebuild();
  }

 private:
  std::size_t size() const { return static_cast<std::size_t>(body_.graph.size()); }
  static std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }
  const Node& node(NodeId id) const { return body_.graph[id]; }
  bool is_view(NodeId id) const { return op(node(id).op).kind == OpKind::view; }

  void classify() {
    const std::vector<NodeId>& slots = body_.graph.inputs();
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const int slot = static_cast<int>(i);
      if (slot < body_.carried) continue;
      reads_[at(slots[i])] = slot < body_.carried + body_.walked ? Reads::walked : Reads::captured;
      outside_[at(slots[i])] = inputs_[i];
    }
    for (NodeId id = 0; id < body_.graph.size(); ++id) {
      if (!may_move(node(id))) continue;
      Reads most = Reads::nothing;
      bool clash = mentions(node(id).attributes, body_.axis.axis);
      bool heavy = pays(node(id).op);
      for (NodeId input : node(id).inputs) {
        const Reads reads = reads_[at(input)];
        if (reads == Reads::carried) most = Reads::carried;
        if (most != Reads::carried) most = std::max(most, reads);
        clash = clash || body_.graph.type(input).has(body_.axis.axis);
        heavy = heavy || heavy_[at(input)] != 0;
      }
      if (most == Reads::walked && clash) most = Reads::carried;
      reads_[at(id)] = most;
      heavy_[at(id)] = heavy ? 1 : 0;
    }
  }

  bool movable(NodeId id) const {
    if (node(id).op == OpId::input) return false;
    if (reads_[at(id)] == Reads::captured) return true;
    return reads_[at(id)] == Reads::walked && heavy_[at(id)] != 0;
  }

  void choose() {
    stacked_outside_.assign(body_.stacked.size(), 0);
    for (std::size_t j = 0; j < body_.stacked.size(); ++j) {
      const NodeId id = body_.stacked[j];
      if (movable(id)) {
        stacked_outside_[j] = 1;
        moved_[at(id)] = 1;
      } else {
        needed_[at(id)] = 1;
      }
    }
    for (NodeId id : body_.next) needed_[at(id)] = 1;
    for (NodeId id = body_.graph.size() - 1; id >= 0; --id) {
      if (needed_[at(id)] == 0) continue;
      // A view of something moved costs nothing inside, and one walked tensor is less than its several parts.
      if (movable(id) && !(is_view(id) && reads_[at(id)] == Reads::walked)) {
        moved_[at(id)] = 1;
        continue;
      }
      for (NodeId input : node(id).inputs) needed_[at(input)] = 1;
    }
  }

  void emit_outside() {
    std::vector<char> wanted = moved_;
    for (NodeId id = body_.graph.size() - 1; id >= 0; --id) {
      if (wanted[at(id)] == 0) continue;
      for (NodeId input : node(id).inputs) wanted[at(input)] = 1;
    }
    for (NodeId id = 0; id < body_.graph.size(); ++id) {
      if (wanted[at(id)] == 0) continue;
      if (node(id).op == OpId::input) {
        if (reads_[at(id)] == Reads::walked) outside_[at(id)] = walked_in_front(outside_[at(id)]);
        continue;
      }
      std::vector<NodeId> operands;
      for (NodeId input : node(id).inputs) operands.push_back(outside_[at(input)]);
      Attributes attributes = node(id).attributes;
      const bool typed = node(id).op == OpId::pad || node(id).op == OpId::copy ||
                         node(id).op == OpId::concat || node(id).op == OpId::scatter_add;
      if (typed && reads_[at(id)] == Reads::walked && !attributes.type.dims.empty()) {
        attributes.type.dims.insert(attributes.type.dims.begin(), body_.axis);
      }
      outer_.set_origin(node(id).origin);
      outside_[at(id)] = outer_.emit(node(id).op, std::move(operands), std::move(attributes));
    }
  }

  /// Laid out as the loop's own results are, so that products of the two (weight gradients) are plain ones.
  NodeId walked_in_front(NodeId x) {
    TensorType type = outer_.type(x);
    type.dims = without(type.dims, {body_.axis.axis});
    type.dims.insert(type.dims.begin(), body_.axis);
    return Build{outer_}.arrange(x, type);
  }

  /// One more operand of the new loop, standing for a node of the old body.
  void enter(HoistedScan& scan, NodeId id) {
    TensorType type = outer_.type(outside_[at(id)]);
    if (reads_[at(id)] == Reads::walked) {
      type.dims = without(type.dims, {body_.axis.axis});
      ++scan.body->walked;
    } else {
      ++scan.body->captured;
    }
    inside_[at(id)] = scan.body->graph.input(std::move(type));
    scan.inputs.push_back(outside_[at(id)]);
  }

  HoistedScan rebuild() {
    HoistedScan scan{std::make_shared<ScanBody>(body_.graph.axes()), {}, {}};
    ScanBody& body = *scan.body;
    body.axis = body_.axis;
    body.reverse = body_.reverse;
    body.carried = body_.carried;
    for (int i = 0; i < body_.carried; ++i) {
      const NodeId id = body_.graph.inputs()[at(i)];
      inside_[at(id)] = body.graph.input(node(id).type);
      scan.inputs.push_back(inputs_[at(i)]);
    }
    for (const Reads kind : {Reads::walked, Reads::captured}) {
      for (NodeId id = 0; id < body_.graph.size(); ++id) {
        if (reads_[at(id)] != kind || needed_[at(id)] == 0) continue;
        if (node(id).op == OpId::input || moved_[at(id)] != 0) enter(scan, id);
      }
    }
    for (NodeId id = 0; id < body_.graph.size(); ++id) {
      if (needed_[at(id)] == 0 || inside_[at(id)] != kNoNode) continue;
      inside_[at(id)] = copy_mapped(body_.graph, id, body.graph, inside_);
    }
    const Build g{body.graph};
    for (int i = 0; i < body_.carried; ++i) {
      const NodeId next = inside_[at(body_.next[at(i)])];
      body.next.push_back(g.arrange(next, node(body_.graph.inputs()[at(i)]).type));
    }
    for (std::size_t j = 0; j < body_.stacked.size(); ++j) {
      const NodeId id = body_.stacked[j];
      if (stacked_outside_[j] == 0) {
        body.stacked.push_back(inside_[at(id)]);
        scan.outside.push_back(kNoNode);
        continue;
      }
      TensorType whole = outer_.type(outside_[at(id)]);
      if (!whole.has(body_.axis.axis)) whole.dims.insert(whole.dims.begin(), body_.axis);
      scan.outside.push_back(Build{outer_}.spread(outside_[at(id)], whole));
    }
    return scan;
  }

  Graph& outer_;
  const ScanBody& body_;
  const std::vector<NodeId>& inputs_;
  std::vector<Reads> reads_;
  std::vector<char> heavy_;
  std::vector<char> needed_;  // inside, by what stays there
  std::vector<char> moved_;   // computed outside
  std::vector<char> stacked_outside_;
  std::vector<NodeId> outside_;  // its node in the outer graph
  std::vector<NodeId> inside_;   // its node in the new body
};

}  // namespace

HoistedScan hoist_scan(Graph& graph, const ScanBody& body, const std::vector<NodeId>& inputs) {
  const Span origin = graph.origin();
  HoistedScan scan = Hoist(graph, body, inputs).run();
  graph.set_origin(origin);
  return scan;
}

}  // namespace weft
