#include "tensor/op.h"

#include <array>

namespace weft {

#define WEFT_OP(name, kind, surface) extern const OpRule name##_op;
#include "tensor/ops.def"
#undef WEFT_OP

namespace {

Op join(OpId id, std::string_view name, OpKind kind, Surface surface, const OpRule& rule) {
  return {id,         name,          kind,       surface,       rule.arity, rule.formula,
          rule.infer, rule.backward, rule.space, rule.in_place, rule.state, rule.results};
}

const auto& table() {
  static const std::array ops = {
#define WEFT_OP(name, kind, surface) join(OpId::name, #name, OpKind::kind, Surface::surface, name##_op),
#include "tensor/ops.def"
#undef WEFT_OP
  };
  return ops;
}

}  // namespace

const Op& op(OpId id) {
  return table()[static_cast<std::size_t>(id)];
}

std::span<const Op> all_ops() {
  return table();
}

const Op* find_op(std::string_view name) {
  for (const Op& row : table()) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

IterationSpace iteration_space(const Graph& graph, NodeId id) {
  const Op& row = op(graph[id].op);
  return row.space != nullptr ? row.space(graph, id) : IterationSpace{graph.type(id).dims, {}};
}

}  // namespace weft
