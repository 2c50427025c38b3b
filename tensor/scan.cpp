#include "tensor/scan.h"

#include "tensor/ops/build.h"
#include "tensor/passes/hoist.h"

namespace weft {

namespace {

/// The body with its next values in the physical order of what they replace, so that the plan can put each
/// where the one before lay.
std::shared_ptr<ScanBody> with_next_arranged(const std::shared_ptr<ScanBody>& body) {
  auto arranged = std::make_shared<ScanBody>(*body);
  const std::size_t count = std::min(arranged->next.size(), arranged->graph.inputs().size());
  for (std::size_t i = 0; i < count; ++i) {
    const TensorType& type = arranged->graph.type(arranged->graph.inputs()[i]);
    NodeId& next = arranged->next[i];
    if (arranged->graph.type(next).element == type.element &&
        same_axes(arranged->graph.type(next).dims, type.dims)) {
      next = Build{arranged->graph}.arrange(next, type);
    }
  }
  return arranged;
}

}  // namespace

ScanResult add_scan(Graph& graph, std::shared_ptr<ScanBody> body, std::vector<NodeId> inputs,
                    ScanOptions options) {
  if (body != nullptr) body = with_next_arranged(body);
  Attributes attributes;
  attributes.body = body;
  // Also what can't be hoisted has to be sound, and a fault is the same with hoisting and without.
  op(OpId::scan).infer(graph, inputs, attributes);

  std::vector<NodeId> outside(body->stacked.size(), kNoNode);
  if (options.hoist) {
    HoistedScan hoisted = hoist_scan(graph, *body, inputs);
    body = std::move(hoisted.body);
    inputs = std::move(hoisted.inputs);
    outside = std::move(hoisted.outside);
  }
  attributes.axes = {body->axis.axis};
  attributes.body = body;
  const bool empty = body->next.empty() && body->stacked.empty();
  const NodeId scan = empty ? kNoNode : graph.emit(OpId::scan, std::move(inputs), std::move(attributes));

  ScanResult result;
  std::uint32_t index = 0;
  const auto item = [&] {
    Attributes which;
    which.index = index++;
    return graph.emit(OpId::item, {scan}, std::move(which));
  };
  for (int i = 0; i < body->carried; ++i) result.last.push_back(item());
  for (NodeId whole : outside) result.stacked.push_back(whole != kNoNode ? whole : item());
  return result;
}

}  // namespace weft
