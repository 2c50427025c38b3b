#include <algorithm>

#include "lang/check/guards.h"

/// Rows of different lengths on one axis: where each ends, also on what windows make of the axis.
namespace weft::check {

namespace {

/// What is known of an axis of this extent; null where it isn't padded. Another extent than any known is
/// taken for the data's: what comes of it is told as the mismatch that it is.
const PaddedAxis* padding_of(const GraphScope& root, const Dim& d) {
  const auto it = root.padded.find(d.axis);
  if (it == root.padded.end()) return nullptr;
  const auto fits = [&](const PaddedAxis& p) { return p.extent == d.extent; };
  const auto found = std::find_if(it->second.begin(), it->second.end(), fits);
  return found != it->second.end() ? &*found : &it->second.front();
}

void remember(std::vector<PaddedAxis>& known, const PaddedAxis& p) {
  std::erase_if(known, [&](const PaddedAxis& k) { return k.extent == p.extent; });
  known.push_back(p);
}

}  // namespace

NodeId Elaborator::padding_mask(const Dim& d, Span span) {
  const PaddedAxis* p = padding_of(graph_->root(), d);
  if (!p) return kNoNode;
  const PaddedAxis padded = *p;
  const NodeId end = import_node(TensorValue{&graph_->root(), padded.end});
  Attributes attributes;
  attributes.axes = {d.axis};
  attributes.type = {{ElementKind::integer, {}}, {{d.axis, padded.extent}}};
  Value where = emit(span, OpId::position, {}, std::move(attributes));
  if (padded.scale != 1) {
    where = binary(ast::Operator::mul, where, NumberValue{static_cast<double>(padded.scale), true}, span);
  }
  return tensor(emit(span, OpId::less, {tensor(where, span), end}), span);
}

void Elaborator::pad_alike(const Dim& from, const Dim& to, std::int64_t stride, std::int64_t before,
                           const Extent& reach, Span span) {
  GraphScope& root = graph_->root();
  const PaddedAxis* p = padding_of(root, from);
  if (!p) return;
  PaddedAxis out = *p;
  // scale (i stride + shift) < end, so (scale stride) i < end - scale shift: whole numbers all the way.
  const Extent shift = (reach - Extent(1) - Extent(before)) * Extent(out.scale);
  out.extent = to.extent;
  out.scale *= stride;
  if (!(shift == Extent(0))) {
    const GraphGuard at_root(*this, &root);
    Value less = NumberValue{static_cast<double>(shift.constant().value_or(0)), true};
    if (!shift.constant()) {
      Attributes attributes;
      attributes.extents = {shift};
      less = emit(span, OpId::extent, {}, std::move(attributes));
    }
    out.end = tensor(binary(ast::Operator::sub, TensorValue{&root, out.end}, less, span), span);
    if (out.end == kNoNode) return;
  }
  remember(root.padded[to.axis], out);
}

void Elaborator::rename_padding(AxisId from, AxisId to) {
  auto& all = graph_->root().padded;
  const auto it = all.find(from);
  if (from == to || it == all.end()) return;
  const std::vector<PaddedAxis> known = it->second;
  for (const PaddedAxis& p : known) remember(all[to], p);
}

}  // namespace weft::check
