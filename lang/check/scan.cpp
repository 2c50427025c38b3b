#include <algorithm>

#include "lang/check/guards.h"
#include "lang/check/suggest.h"
#include "tensor/scan.h"

/// `scan`: the body is a graph of its own, in which tensors from outside are captured.
namespace weft::check {

namespace {

bool same_kind(const TensorType& a, const TensorType& b) {
  if (!(a.element == b.element) || a.dims.size() != b.dims.size()) return false;
  return std::all_of(a.dims.begin(), a.dims.end(), [&](const Dim& d) {
    const Dim* other = b.find(d.axis);
    return other && other->extent == d.extent;
  });
}

}  // namespace

Value Elaborator::scan(const ast::Scan& s, Span span) {
  std::vector<Dim> over;
  if (!axes(s.axes, false, nullptr, over)) return Poison{};
  if (over.size() != 1 || s.axes.arrow) {
    return fail(code::one_axis, s.axes.span, "a scan goes along one axis",
                std::to_string(over.size()) + " given");
  }
  if (s.walked.empty())
    return fail(code::scan_walks_nothing, span, "a scan walks along at least one tensor", "none given");

  auto loop = std::make_shared<ScanBody>(axis_table());
  loop->axis = over[0];
  std::vector<NodeId> inputs;
  GraphScope inner;
  inner.graph = &loop->graph;
  inner.outer = graph_;
  inner.training = graph_->training;
  inner.body = loop;
  const auto scope = std::make_shared<Scope>();
  scope->parent = scope_;

  struct Carried {
    std::string name;
    NodeId node;
    Span span;
  };
  std::vector<Carried> carried;
  for (const ast::Argument& a : s.carried) {
    const NodeId first = tensor(evaluate(*a.value), a.span);
    if (first == kNoNode) return Poison{};
    inputs.push_back(first);
    const NodeId node = loop->graph.input(graph_->graph->type(first));
    carried.push_back({a.name->text, node, a.span});
    scope->names[a.name->text] = {TensorValue{&inner, node}, a.name->span};
  }
  const auto walk = [&](NodeId whole, Span where) {
    TensorType type = graph_->graph->type(whole);
    const Dim* along = type.find(over[0].axis);
    if (!along) {
      fail(code::axis_missing, where,
           "a scan along `" + axis_table().name(over[0].axis) + "` can't walk along what hasn't that axis",
           "has the axes " + weft::describe(type, axis_table()), "",
           {{s.axes.span, "the scan goes along this"}});
      return kNoNode;
    }
    loop->axis.extent = along->extent;
    std::erase_if(type.dims, [&](const Dim& d) { return d.axis == over[0].axis; });
    inputs.push_back(whole);
    ++loop->walked;
    return loop->graph.input(type);
  };
  for (const ast::Argument& a : s.walked) {
    const auto* reference = std::get_if<ast::Reference>(&a.value->form);
    if (!a.name && !reference) {
      return fail(code::walked_without_name, a.span, "what a scan walks along needs a name inside", "no name",
                  "write x = " + std::string(sources_.text(a.span)), {},
                  replaced(a.span, "x = " + std::string(sources_.text(a.span))));
    }
    const NodeId whole = tensor(evaluate(*a.value), a.span);
    if (whole == kNoNode) return Poison{};
    const NodeId node = walk(whole, a.span);
    if (node == kNoNode) return Poison{};
    scope->names[a.name ? a.name->text : reference->name.text] = {TensorValue{&inner, node}, a.span};
  }
  loop->carried = static_cast<int>(carried.size());
  // Along a padded axis what is carried stands still where a row has ended.
  NodeId live = kNoNode;
  if (const NodeId mask = padding_mask(loop->axis, span); mask != kNoNode) {
    live = walk(mask, span);
    if (live == kNoNode) return Poison{};
  }

  // `becomes` as the source can name it: other axes of a function's arguments are its `..`.
  const auto names = [&](const TensorType& type) {
    std::string out, others;
    for (const Dim& d : type.dims) {
      const auto same = [&](const Dim& r) { return r.axis == d.axis; };
      if (rest() && std::any_of(rest()->begin(), rest()->end(), same)) {
        others = "..";
      } else {
        out += (out.empty() ? "" : ", ") + axis_table().name(d.axis);
      }
    }
    return others + (others.empty() || out.empty() ? "" : ", ") + out;
  };
  std::map<std::string, ArgumentValue> next;
  std::vector<NodeId> returned;
  {
    const ScopeGuard in_scope(*this, scope);
    const GraphGuard in_graph(*this, &inner);
    const Value result = body(s.body, span, &next, live);
    if (is_poison(result)) return Poison{};
    for (const auto& [name, value] : next) {
      const auto is_carried = [&name = name](const Carried& c) { return c.name == name; };
      if (std::none_of(carried.begin(), carried.end(), is_carried)) {
        return fail(code::next_mismatch, value.span, "`" + name + "` isn't carried by this scan",
                    "no such value",
                    "carried values stand after the `;`, with what they start from: " + name + " = ...");
      }
    }
    for (const Carried& c : carried) {
      const auto it = next.find(c.name);
      if (it == next.end()) {
        return fail(code::next_missing, c.span, "`" + c.name + "` is carried and never gets its next value",
                    "no `next " + c.name + "` in the body");
      }
      const NodeId node = tensor(it->second.value, it->second.span);
      if (node == kNoNode) return Poison{};
      const TensorType &was = loop->graph.type(c.node), &becomes = loop->graph.type(node);
      if (!same_kind(was, becomes)) {
        return fail(code::next_type, it->second.span, "`" + c.name + "` changes its type from turn to turn",
                    "becomes " + weft::describe_with_extents(becomes, axis_table()) + ", and was " +
                        weft::describe_with_extents(was, axis_table()),
                    "start it with all its axes: zeros[" + names(becomes) + "]()");
      }
      loop->next.push_back(node);
    }
    if (const auto* tuple = as<std::shared_ptr<TupleValue>>(result)) {
      for (const Value& v : (*tuple)->values) returned.push_back(tensor(v, span));
    } else {
      returned.push_back(tensor(result, span));
    }
    for (const NodeId node : returned) {
      if (node == kNoNode) return Poison{};
    }
  }
  loop->stacked = returned;
  loop->captured = static_cast<int>(inner.outer_inputs.size());
  inputs.insert(inputs.end(), inner.outer_inputs.begin(), inner.outer_inputs.end());
  graph_->graph->set_origin(span);
  try {
    const ScanResult result = add_scan(*graph_->graph, loop, std::move(inputs));
    if (result.stacked.size() == 1) return TensorValue{graph_, result.stacked[0]};
    auto tuple = std::make_shared<TupleValue>();
    for (const NodeId node : result.stacked) tuple->values.push_back(TensorValue{graph_, node});
    return tuple;
  } catch (const ShapeError& e) {
    return fail(e, span);
  }
}

}  // namespace weft::check
