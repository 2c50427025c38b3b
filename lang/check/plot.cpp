#include "lang/check/guards.h"

/// `plot run`, `plot x`, `plot name = x`.
namespace weft::check {

void Elaborator::read(const ast::Plot& d) {
  Plot plot;
  for (const ast::Argument& a : d.values) {
    const Span span = a.value->span;
    const std::string name = a.name ? a.name->text : std::string(sources_.text(span));
    GraphScope own(axis_table());
    const GraphGuard in_graph(*this, &own);
    const Value v = evaluate(*a.value);
    if (is_poison(v)) continue;
    if (as<RunValue>(v)) {
      plot.items.push_back({name, std::get<DescribeRun>(std::get<Description>(description(v)))});
      continue;
    }
    if (!as<TensorValue>(v) && !as<VariableValue>(v)) {
      fail(code::not_a_tensor, span, "plot draws trainings and tensors, not " + kind_of(v), "can't be drawn",
           "show " + std::string(sources_.text(span)) + " tells what it is");
      continue;
    }
    const NodeId node = tensor(v, span);
    if (node == kNoNode || !settled(*own.graph)) continue;
    const TensorType& type = own.graph->type(node);
    if (type.dims.empty() || type.dims.size() > 2) {
      fail(code::axis_count, span, "plot draws tensors of one or two axes", "is " + describe(node),
           type.dims.empty() ? "show " + std::string(sources_.text(span)) + " prints the number"
                             : "reduce the others, with mean[..] for example");
      continue;
    }
    plot.items.push_back({name, finish(own, {node})});
  }
  program_.actions.push_back(std::move(plot));
}

}  // namespace weft::check
