#include "tensor/passes/catch_up.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "tensor/op.h"
#include "tensor/passes/copy_nodes.h"

namespace weft {

namespace {

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

/// A table whose rows an optimizer lets lie, on its way through the step.
struct Table {
  NodeId update = kNoNode;    // adam_rows, say, in the old graph
  NodeId now = kNoNode;       // in the new graph, the table with what has caught up
  bool wanted_later = false;  // its value before the update is, after it
  bool all = false;           // all rows have caught up
  std::set<NodeId> caught{};  // by which indices, in the old graph, rows have
};

class CatchUp {
 public:
  explicit CatchUp(SharedGraph given) : given_(std::move(given)), old_(given_.graph), new_(old_.axes()) {}

  SharedGraph run() {
    for (NodeId id = 0; id < old_.size(); ++id) {
      const Node& node = old_[id];
      if (!catch_up_of(node.op)) continue;
      if (old_[node.inputs[0]].op != OpId::input)
        throw std::logic_error("[" + std::string(op(node.op).name) +
                               "] expected an input of the graph to update, got a computed value");
      tables_[node.inputs[0]].update = id;
    }
    if (tables_.empty()) return std::move(given_);
    for (auto& [table, state] : tables_) state.wanted_later = wanted_after(state.update, table);
    map_.assign(at(old_.size()), kNoNode);
    // The slots of inputs stay what they are.
    for (NodeId id : old_.inputs()) map_[at(id)] = copy_mapped(old_, id, new_, map_);
    for (auto& [table, state] : tables_) state.now = map_[at(table)];
    for (NodeId id = 0; id < old_.size(); ++id) {
      if (old_[id].op != OpId::input) map_[at(id)] = copy(id);
    }
    std::vector<NodeId> outputs, effects;
    for (NodeId id : given_.outputs) {
      if (Table* const table = table_of(id); table != nullptr && id == table->update) {
        catch_up(*table, kNoNode);
        map_[at(id)] = table->now;
      }
      outputs.push_back(map_[at(id)]);
    }
    for (NodeId id : given_.effects) effects.push_back(map_[at(id)]);
    return {std::move(new_), std::move(outputs), std::move(effects)};
  }

 private:
  /// The table that a node of the old graph is the value of, before or after its update.
  Table* table_of(NodeId id) {
    const bool update = catch_up_of(old_[id].op).has_value();
    const auto found = tables_.find(update ? old_[id].inputs[0] : id);
    return found == tables_.end() ? nullptr : &found->second;
  }

  bool wanted_after(NodeId update, NodeId table) const {
    for (NodeId id = update + 1; id < old_.size(); ++id)
      if (std::ranges::find(old_[id].inputs, table) != old_[id].inputs.end()) return true;
    return std::ranges::find(given_.outputs, table) != given_.outputs.end();
  }

  NodeId copy(NodeId id) {
    const Node& node = old_[id];
    std::vector<NodeId> operands;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) operands.push_back(operand(id, i));
    const NodeId made = copy_node(old_, id, new_, std::move(operands));
    if (catch_up_of(node.op)) *table_of(id) = {.update = id, .now = made};
    return made;
  }

  /// Operand i of an old node, in the new graph.
  NodeId operand(NodeId id, std::size_t i) {
    const Node& node = old_[id];
    const NodeId input = node.inputs[i];
    Table* const table = table_of(input);
    const bool old_value = table != nullptr && id > table->update && input != table->update;
    if (table == nullptr || old_value) return map_[at(input)];
    if (id != table->update) {
      const bool lookup = node.op == OpId::gather && i == 0 && node.inputs.size() == 2 &&
                          node.attributes.axes == old_[table->update].attributes.axes;
      catch_up(*table, lookup ? node.inputs[1] : kNoNode);
    } else if (table->wanted_later) {
      catch_up(*table, kNoNode);
      map_[at(input)] = table->now;
    }
    return table->now;
  }

  /// The rows of `index`, or all where it is kNoNode.
  void catch_up(Table& table, NodeId index) {
    if (table.all || (index != kNoNode && !table.caught.insert(index).second)) return;
    table.all = index == kNoNode;
    const Node& update = old_[table.update];
    const Span before = new_.origin();
    new_.set_origin(update.origin);
    std::vector<NodeId> operands = {table.now};
    const auto states = static_cast<std::size_t>(op(update.op).state);
    for (std::size_t i = 1; i <= states; ++i) operands.push_back(map_[at(update.inputs[i])]);
    if (index != kNoNode) operands.push_back(map_[at(index)]);
    table.now = new_.emit(*catch_up_of(update.op), std::move(operands),
                          {.axes = update.attributes.axes, .numbers = update.attributes.numbers});
    new_.set_origin(before);
  }

  SharedGraph given_;
  const Graph& old_;
  Graph new_;
  std::map<NodeId, Table> tables_;  // by their node before the update
  std::vector<NodeId> map_;
};

}  // namespace

std::optional<OpId> catch_up_of(OpId id) {
  switch (id) {
    case OpId::momentum_rows:
      return OpId::momentum_catch_up;
    case OpId::rmsprop_rows:
      return OpId::rmsprop_catch_up;
    case OpId::adam_rows:
      return OpId::adam_catch_up;
    default:
      return std::nullopt;
  }
}

SharedGraph catch_up_rows(SharedGraph graph) {
  return CatchUp(std::move(graph)).run();
}

}  // namespace weft
