#include "tensor/graph.h"

#include "tensor/op.h"

namespace weft {

NodeId Graph::emit(OpId id, std::vector<NodeId> inputs, Attributes attributes) {
  const Op& row = op(id);
  if (row.arity >= 0 && inputs.size() != static_cast<std::size_t>(row.arity)) {
    throw ShapeError(ShapeError::Kind::attributes, "[" + std::string(row.name) + "] expected " +
                                                       std::to_string(row.arity) + " operands, got " +
                                                       std::to_string(inputs.size()));
  }
  for (NodeId input : inputs) {
    if (input < 0 || input >= size()) throw std::logic_error("[graph] an operand is no node of this graph");
  }
  TensorType type = row.infer(*this, inputs, attributes);
  nodes_.push_back({id, std::move(inputs), std::move(attributes), std::move(type), origin_});
  if (id == OpId::input) inputs_.push_back(size() - 1);
  return size() - 1;
}

void Graph::replace(NodeId id, OpId by, std::vector<NodeId> inputs, Attributes attributes) {
  TensorType type = op(by).infer(*this, inputs, attributes);
  Node& node = nodes_[static_cast<std::size_t>(id)];
  node = {by, std::move(inputs), std::move(attributes), std::move(type), node.origin};
}

NodeId Graph::input(TensorType type) {
  Attributes attributes;
  attributes.type = std::move(type);
  attributes.index = static_cast<std::uint32_t>(inputs_.size());
  return emit(OpId::input, {}, std::move(attributes));
}

NodeId Graph::constant(double value, TensorType like) {
  Attributes attributes;
  attributes.type = std::move(like);
  attributes.numbers = {value};
  return emit(OpId::constant, {}, std::move(attributes));
}

}  // namespace weft
