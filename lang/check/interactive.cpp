#include <algorithm>

#include "lang/check/guards.h"

/// A program that comes line by line: what was declared can be taken back, and what was shown used again.
namespace weft::check {

Elaborator::Mark Elaborator::mark() const {
  return {journal_.size(), option_infos_.size(), imports_.known, streams_, parameters_, frozen_};
}

void Elaborator::go_back(const Mark& mark) {
  journal_.take_back(mark.declared, *top_);
  option_infos_.erase(option_infos_.begin() + static_cast<std::ptrdiff_t>(mark.options), option_infos_.end());
  imports_ = {{}, {}, mark.imports};
  streams_ = mark.streams;
  parameters_ = mark.parameters;
  frozen_ = mark.frozen;
  // Where something was thrown out of a statement these are as they were inside of it.
  calls_.clear();
  step_ = nullptr;
  model_files_.stop_reading();
  growth_.unwind();
  growth_.too_deep = made_up_axes_ = false;
  making_ = nullptr;
  scope_ = top_;
  graph_ = &scratch_;
  reporter_.drop_faults(0);
  reporter_.drop_warnings(0);
}

Value Elaborator::at_path(const std::string& path) {
  const std::size_t before = faults();
  std::size_t end = std::min(path.find('.'), path.size());
  const Binding* first = find(path.substr(0, end));
  Value value = first ? first->value : Value(Poison{});
  while (end < path.size() && !is_poison(value)) {
    const std::size_t begin = end + 1;
    end = std::min(path.find('.', begin), path.size());
    value = member(value, {path.substr(begin, end - begin), 0, {}});
  }
  reporter_.drop_faults(before);
  return value;
}

std::vector<std::string> Elaborator::member_names(const Value& v) const {
  std::vector<std::string> names;
  if (const auto* i = as<InstanceValue>(v)) {
    for (const auto& [name, binding] : i->instance->scope->names) names.push_back(name);
    if (i->instance->top) {
      for (const auto& [name, binding] : i->instance->top->names) names.push_back(name);
    }
  } else if (const auto* d = as<DataValue>(v)) {
    const corpora::ReaderSchema& schema = *program_.data[static_cast<std::size_t>(d->data)].schema;
    names = schema.label_sets;
    names.insert(names.end(), {"train", "valid"});
  } else if (as<WorldValue>(v)) {
    names = {"actions", "states"};
  } else if (const auto* r = as<RunValue>(v)) {
    for (const Metric& m : r->metrics) names.push_back(m.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Shown, and from now on what `ans` means. A tensor is computed once and held, so that it stays what was
/// seen.
std::vector<ShowItem> Elaborator::shown_and_kept(const std::string& name, const ast::Expr& e) {
  GraphScope own(axis_table());
  Value v;
  {
    const GraphGuard in_graph(*this, &own);
    v = evaluate(e);
    if (is_poison(v)) return {};
    bool good = true;
    std::vector<NodeId> computed;
    std::vector<VariableId> targets;
    const auto keep = [&](const Value& x) -> Value {
      if (!as<TensorValue>(x) && !as<VariableValue>(x)) return x;
      const NodeId node = tensor(x, e.span);
      good = good && node != kNoNode && settled(*own.graph);
      if (!good) return Poison{};
      const VariableId id = program_.add({"ans", VariableKind::value, own.graph->type(node), {}, 0});
      computed.push_back(node);
      targets.push_back(id);
      return VariableValue{id};
    };
    if (const auto* several = as<std::shared_ptr<TupleValue>>(v)) {
      auto kept = std::make_shared<TupleValue>();
      for (const Value& x : (*several)->values) kept->values.push_back(keep(x));
      v = kept;
    } else {
      v = keep(v);
    }
    if (!good) return {};
    if (!computed.empty())
      program_.actions.push_back(ComputeValues{finish(own, std::move(computed)), std::move(targets)});
  }
  declare({"ans", 0, e.span}, v);
  return shown(name, ast::Expr{ast::Reference{{"ans", 0, e.span}}, e.span});
}

}  // namespace weft::check
