#include "tensor/passes/accumulate.h"

#include <algorithm>

#include "tensor/ops/build.h"
#include "tensor/passes/copy_nodes.h"

namespace weft {

namespace {

/// What a value is known from: nothing of the data, one batch, or all batches.
enum class Known : char { always, batch, end };

class Split {
 public:
  Split(const Graph& graph, std::span<const NodeId> outputs, AxisId batch_axis,
        std::span<const std::uint32_t> varying_slots)
      : graph_(graph),
        outputs_(outputs),
        batch_axis_(batch_axis),
        varying_slots_(varying_slots),
        live_(ancestors(graph, outputs)),
        known_(live_.size(), Known::always),
        boundary_(live_.size(), 0),
        in_batch_(live_.size(), kNoNode),
        in_total_(live_.size(), kNoNode),
        result_(graph.axes()) {
    for (const auto& term : graph.axes()[batch_axis].extent.terms()) {
      symbols_.insert(symbols_.end(), term.factors.begin(), term.factors.end());
    }
  }

  SplitMetrics run() {
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (live_[at(id)] != 0) classify(id);
    }
    for (NodeId id : outputs_) {
      if (known_[at(id)] != Known::batch) continue;
      throw ShapeError(ShapeError::Kind::axes,
                       "[metric] expected a sum, mean or max over " + graph_.axes().name(batch_axis_) +
                           ", got " + describe(graph_.type(id), graph_.axes()),
                       "a metric is one value for the whole split: reduce it over the batch");
    }
    mark_total();
    add_partials();
    add_total();
    return std::move(result_);
  }

 private:
  static std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }

  std::ptrdiff_t batch_factors(const Extent::Term& term) const {
    return std::count_if(term.factors.begin(), term.factors.end(), [this](SymbolId s) {
      return std::find(symbols_.begin(), symbols_.end(), s) != symbols_.end();
    });
  }
  bool grows(const Extent& extent) const {
    return std::any_of(extent.terms().begin(), extent.terms().end(),
                       [this](const auto& term) { return batch_factors(term) > 0; });
  }
  bool is_batch(const Dim& dim) const { return dim.axis == batch_axis_ || grows(dim.extent); }

  /// Lengths of which each term has the batch axis just once add up over the batches.
  bool is_additive(const Node& node) const {
    if (node.op != OpId::extent) return false;
    const auto& terms = node.attributes.extents[0].terms();
    if (terms.empty()) return false;
    return std::all_of(terms.begin(), terms.end(),
                       [this](const auto& term) { return batch_factors(term) == 1; });
  }

  bool is_boundary(NodeId id) const {
    const Node& node = graph_[id];
    if (is_additive(node)) return true;
    if (node.op != OpId::sum && node.op != OpId::mean && node.op != OpId::max && node.op != OpId::dot)
      return false;
    const auto& kept = node.type.dims;
    if (std::any_of(kept.begin(), kept.end(), [this](const Dim& dim) { return is_batch(dim); })) return false;
    return std::any_of(node.inputs.begin(), node.inputs.end(), [&](NodeId input) {
      const auto& dims = graph_.type(input).dims;
      return known_[at(input)] == Known::batch &&
             std::any_of(dims.begin(), dims.end(), [this](const Dim& dim) { return is_batch(dim); });
    });
  }

  void classify(NodeId id) {
    const Node& node = graph_[id];
    bool batch = false;
    bool end = false;
    for (NodeId input : node.inputs) {
      batch = batch || known_[at(input)] == Known::batch;
      // A length can be had on either side.
      end = end || (known_[at(input)] == Known::end && graph_[input].op != OpId::extent);
    }
    if (node.op == OpId::input) {
      batch = std::find(varying_slots_.begin(), varying_slots_.end(), node.attributes.index) !=
              varying_slots_.end();
    }
    if (node.op == OpId::extent) batch = grows(node.attributes.extents[0]);
    if (batch && end) {
      throw ShapeError(
          ShapeError::Kind::attributes,
          "[" + std::string(name_of(node.op)) +
              "] expected values of one batch or totals over all batches, got both",
          "the total is known after the last batch only: put it together from sums and means at the end");
    }
    if (is_boundary(id)) {
      boundary_[at(id)] = 1;
      known_[at(id)] = Known::end;
      return;
    }
    const bool length = std::any_of(node.inputs.begin(), node.inputs.end(), [&](NodeId input) {
      return graph_[input].op == OpId::extent && known_[at(input)] == Known::end;
    });
    // Of lengths alone: as the total has them.
    known_[at(id)] = batch ? Known::batch : end || length ? Known::end : Known::always;
  }

  /// What is computed at the end: the outputs and what they are made of, down to the boundaries.
  void mark_total() {
    total_.assign(live_.size(), 0);
    for (NodeId id : outputs_) total_[at(id)] = 1;
    for (NodeId id = graph_.size() - 1; id >= 0; --id) {
      if (total_[at(id)] == 0 || boundary_[at(id)] != 0) continue;
      for (NodeId input : graph_[id].inputs) total_[at(input)] = 1;
    }
  }

  void add_partials() {
    std::vector<NodeId> roots;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (total_[at(id)] != 0 && boundary_[at(id)] != 0) roots.push_back(id);
    }
    const std::vector<char> needed = ancestors(graph_, roots);
    Graph& batch = result_.batch;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      const Node& node = graph_[id];
      if (needed[at(id)] == 0) continue;
      const bool root = total_[at(id)] != 0 && boundary_[at(id)] != 0;
      if (root && node.op == OpId::mean) {
        const NodeId x = in_batch_[at(node.inputs[0])];
        const std::vector<Dim> over = only(batch.type(x).dims, node.attributes.axes);
        batch.set_origin(node.origin);
        add_partial(id, batch.emit(OpId::sum, {x}, {.axes = node.attributes.axes}), Join::add);
        add_partial(id, Build{batch}.count(over), Join::add);
        continue;
      }
      in_batch_[at(id)] = copy(id, batch, in_batch_, result_.batch_slots);
      if (root) add_partial(id, in_batch_[at(id)], node.op == OpId::max ? Join::max : Join::add);
    }
  }

  void add_partial(NodeId original, NodeId partial, Join join) {
    result_.partials.push_back(partial);
    result_.joins.push_back(join);
    originals_.push_back(original);
  }

  void add_total() {
    Graph& total = result_.total;
    for (std::size_t i = 0; i < originals_.size(); ++i) {
      const NodeId value = total.input(result_.batch.type(result_.partials[i]));
      NodeId& place = in_total_[at(originals_[i])];
      place = place == kNoNode ? value : total.emit(OpId::div, {place, value});
    }
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (total_[at(id)] == 0 || boundary_[at(id)] != 0) continue;
      in_total_[at(id)] = copy(id, total, in_total_, result_.total_slots);
    }
    for (NodeId id : outputs_) result_.outputs.push_back(in_total_[at(id)]);
  }

  NodeId copy(NodeId id, Graph& to, const std::vector<NodeId>& map, std::vector<std::uint32_t>& slots) const {
    const Node& node = graph_[id];
    if (node.op != OpId::input) return copy_mapped(graph_, id, to, map);
    slots.push_back(node.attributes.index);
    return to.input(node.type);
  }

  const Graph& graph_;
  const std::span<const NodeId> outputs_;
  const AxisId batch_axis_;
  const std::span<const std::uint32_t> varying_slots_;
  std::vector<SymbolId> symbols_;  // of the batch axis' extent
  std::vector<char> live_;
  std::vector<Known> known_;
  std::vector<char> boundary_;  // reduces the batch axis away
  std::vector<char> total_;     // is computed, or taken over, at the end
  std::vector<NodeId> in_batch_, in_total_;
  std::vector<NodeId> originals_;  // of each partial
  SplitMetrics result_;
};

}  // namespace

SplitMetrics split_metrics(const Graph& graph, std::span<const NodeId> outputs, AxisId batch_axis,
                           std::span<const std::uint32_t> varying_slots) {
  return Split(graph, outputs, batch_axis, varying_slots).run();
}

}  // namespace weft
