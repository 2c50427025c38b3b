#include "tensor/passes/prepare.h"

#include <utility>

#include "tensor/passes/attention.h"
#include "tensor/passes/bags.h"
#include "tensor/passes/catch_up.h"
#include "tensor/passes/convolutions.h"
#include "tensor/passes/fold.h"
#include "tensor/passes/fusion.h"

namespace weft {

SharedGraph prepared(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> effects,
                     const Bindings& extents, const PlanOptions& options, PlanPass last) {
  SharedGraph now =
      catch_up_rows({graph, {outputs.begin(), outputs.end()}, {effects.begin(), effects.end()}});
  if (options.fold) {
    std::vector<NodeId> map;
    now.graph = fold_constants(now.graph, extents, options.real, map);
    for (NodeId& id : now.outputs) id = map[static_cast<std::size_t>(id)];
    for (NodeId& id : now.effects) id = map[static_cast<std::size_t>(id)];
  }
  if (options.share && last >= PlanPass::share) {
    now = share_subexpressions(now.graph, now.outputs, now.effects);
    recognize_attention(now.graph);
    now = join_bags(std::move(now));
    now = join_convolutions(std::move(now), extents);
  }
  if (options.fuse && last >= PlanPass::fusion)
    now = fuse_elementwise(now.graph, now.outputs, now.effects, extents, options.real);
  return now;
}

}  // namespace weft
