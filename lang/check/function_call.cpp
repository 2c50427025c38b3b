#include "lang/check/function_call.h"
#include "lang/check/guards.h"

#include <algorithm>

#include "lang/check/suggest.h"

/// One call of a function: axes bound, arguments taken inside, the body read, the result brought out.
namespace weft::check {

FunctionCall::FunctionCall(Elaborator& e, const ast::FnDecl& fn, const std::shared_ptr<Scope>& defined,
                           const Instance* instance, CallSite& site)
    : e_(e),
      fn_(fn),
      instance_(instance),
      site_(site),
      caller_(&e.scope()),
      scope_(std::make_shared<Scope>()) {
  scope_->parent = defined;
  called_ = fn.name    ? "`" + fn.name->text + "`"
            : instance ? "`" + instance->declaration->name.text + "`"
                       : "this function";
}

FunctionCall::AxisBinding* FunctionCall::binding_of(AxisId formal) {
  const auto it = std::find_if(bindings_.begin(), bindings_.end(),
                               [&](const AxisBinding& b) { return b.formal == formal; });
  return it == bindings_.end() ? nullptr : &*it;
}

AxisId FunctionCall::primed(const ast::Name& name, AxisId base) {
  for (int i = 0; i < name.primes; ++i) base = e_.axis_table().primed(base);
  return base;
}

/// T' of an axis parameter stands for the prime of what T stands for.
std::vector<Dim> FunctionCall::actual_of(const ast::Name& name, AxisId base) {
  const AxisBinding* b = binding_of(base);
  std::vector<Dim> actual = b ? b->actual : std::vector<Dim>{{base, e_.axis_table()[base].extent}};
  for (Dim& d : actual) d.axis = primed(name, d.axis);
  return actual;
}

Value FunctionCall::run() {
  std::vector<std::string> names;
  std::size_t required = 0;
  for (const ast::Parameter& p : fn_.parameters) {
    names.push_back(p.name.text);
    if (!p.value) required = names.size();
  }
  std::vector<const ArgumentValue*> arguments;
  if (!e_.match_arguments(called_, site_, names, required, arguments)) return Poison{};
  if (!bind_axes()) return Poison{};

  const ScopeGuard in_scope(e_, scope_);
  for (std::size_t i = 0; i < fn_.parameters.size(); ++i) {
    if (!bind_parameter(fn_.parameters[i], arguments[i])) return Poison{};
  }
  for (const AxisBinding& b : bindings_) {
    if (!b.actual.empty()) continue;
    not_inferred(e_.axis_table().name(b.formal), site_.span, "no argument has it");
    return Poison{};
  }
  scope_->rest = rest_;
  scope_->has_rest = has_rest_;

  const Value result = e_.read_body(fn_.body, fn_.name     ? fn_.name->span
                                              : fn_.result ? fn_.result->span
                                                           : site_.span);
  if (const auto* tuple = as<std::shared_ptr<TupleValue>>(result)) {
    auto outside = std::make_shared<TupleValue>();
    for (const Value& v : (*tuple)->values) outside->values.push_back(without_batch(outward(v)));
    return outside;
  }
  return without_batch(outward(result));
}

bool FunctionCall::bind_axes() {
  if (instance_) {
    for (const auto& [formal, actual] : instance_->actual) bindings_.push_back({formal, actual, false, true});
  }
  std::size_t own = 0;
  if (fn_.axes) {
    AxisTable& table = e_.axis_table();
    for (const ast::AxisItem& item : fn_.axes->items) {
      const AxisId formal =
          table.declare(item.name.text, Extent(table.symbols().fresh(item.name.text)), item.span);
      bindings_.push_back({formal, {}, true, false});
      scope_->names[item.name.text] = {AxisValue{formal}, item.span};
      ++own;
    }
  }
  if (!site_.axes) return true;
  std::vector<Dim> given;
  if (!e_.axes(*site_.axes, false, nullptr, given)) return false;
  if (given.size() != own) {
    e_.fail(code::axis_count, site_.axes->span,
            called_ + " takes " + std::to_string(own) + (own == 1 ? " axis" : " axes") + " in `[ ]`",
            std::to_string(given.size()) + " given");
    return false;
  }
  for (std::size_t i = 0; i < own; ++i) {
    AxisBinding& b = bindings_[bindings_.size() - own + i];
    b.actual = {given[i]};
    e_.axis_table().set_extent(b.formal, given[i].extent);
    e_.inherit_labels(b.formal, given[i].axis);
  }
  return true;
}

bool FunctionCall::bind_parameter(const ast::Parameter& p, const ArgumentValue* argument) {
  const Span span = argument ? argument->span : p.span;
  Value v = argument ? argument->value : e_.evaluate(*p.value);
  if (reads_text(p, v) && !bind_text(p, as<TextValue>(v)->value, span, v)) return false;
  const bool plain = as<NumberValue>(v) || as<BoolValue>(v) || as<TextValue>(v);
  // Where a single value is the default, it stands for all positions: `seen: bool[.., T, S] = true`.
  if (!p.type || (plain && (!p.type->axes || p.type->axes->items.empty() || p.value))) {
    if (p.type && !check_plain(p, v, span)) return false;
    scope_->names[p.name.text] = {v, p.name.span};
    return true;
  }
  NodeId node = e_.tensor(v, span);
  if (node == kNoNode) return false;
  if (!p.type->element) node = e_.real(node, span);
  if (!p.type->axes && p.type->element && p.type->element->text != "text") {
    const std::string written(e_.sources().text(p.type->span));
    e_.fail(code::type_without_axes, p.type->span, "a tensor's type has its axes in `[ ]`", "no axes",
            "write " + written + "[] for a single one", {{span, "is " + kind_of(v)}},
            replaced(p.type->span, written + "[]"));
    return false;
  }
  if (!p.type->axes) {
    e_.fail(code::not_a_text, span, called_ + " takes a text as its `" + p.name.text + "`",
            "is " + kind_of(v));
    return false;
  }
  const TensorType type = e_.graph().graph->type(node);
  std::vector<ListedAxis> listed;
  bool rest_here = false;
  std::vector<AxisId> from, to;
  if (!list_axes(*p.type, listed, rest_here) || !infer_axes(type, listed, span) ||
      !check_extents(p, type, listed, rest_here, span) || !check_element(p, type, span, from, to)) {
    return false;
  }
  const Value inside = inward(node, listed, std::move(from), std::move(to), span);
  scope_->names[p.name.text] = {inside, p.name.span};
  return !is_poison(inside);
}

bool FunctionCall::rest_in_result() const {
  const auto& items = fn_.result->axes->items;
  return std::any_of(items.begin(), items.end(), [](const ast::AxisItem& i) { return i.rest; });
}

/// The argument in the function's own axes.
Value FunctionCall::inward(NodeId node, const std::vector<ListedAxis>& listed, std::vector<AxisId> from,
                           std::vector<AxisId> to, Span span) {
  Value inside = TensorValue{&e_.graph(), node};
  for (const ListedAxis& l : listed) {
    if (l.actual.size() == 1) {
      if (l.actual[0].axis == l.formal) continue;
      from.push_back(l.actual[0].axis);
      to.push_back(l.formal);
      e_.rename_padding(l.actual[0].axis, l.formal);
      continue;
    }
    Attributes merge;
    for (const Dim& d : l.actual) merge.axes.push_back(d.axis);
    merge.to = {l.formal};
    inside = e_.emit(span, OpId::merge, {e_.tensor(inside, span)}, std::move(merge));
  }
  return e_.renamed(inside, std::move(from), std::move(to), span);
}

bool FunctionCall::check_result(const TensorType& type) {
  if (!fn_.result || !fn_.result->axes) return true;
  const AxisTable& table = e_.axis_table();
  std::set<AxisId> declared;
  bool rest_too = false;
  for (const ast::AxisItem& item : fn_.result->axes->items) {
    if (item.rest) {
      rest_too = true;
      continue;
    }
    const auto dim = e_.axis(item);
    if (!dim) return false;
    if (!declared.insert(dim->axis).second) {
      e_.fail_twice(item, dim->axis);
      return false;
    }
    const Dim* found = type.find(dim->axis);
    if (!found) {
      e_.fail(code::result_lacks_axis, item.span,
              "the result of " + called_ + " lacks the axis `" + table.name(dim->axis) +
                  "` that its type promises",
              "the body returns " + shown(type), rest_in_result() ? "" : "write -> " + shown(type), {},
              replaced(fn_.result->span, rest_in_result() ? "" : shown(type)));
      return false;
    }
    if (!(found->extent == dim->extent)) {
      e_.fail(code::result_extent, item.span,
              "the result of " + called_ + " has another extent than its type",
              "promises " + table.symbols().describe(dim->extent) + ", and the body returns " +
                  table.symbols().describe(found->extent));
      return false;
    }
  }
  for (const Dim& d : type.dims) {
    const bool is_rest =
        std::any_of(rest_.begin(), rest_.end(), [&](const Dim& r) { return r.axis == d.axis; });
    if (declared.count(d.axis) || (rest_too && is_rest)) continue;
    e_.fail(
        code::result_has_axis, fn_.result->span,
        "the result of " + called_ + " has an axis `" + table.name(d.axis) + "` that its type doesn't name",
        "the body returns " + shown(type),
        rest_too ? "reduce the axis, or add it to the type" : "reduce the axis, or write -> " + shown(type),
        {}, replaced(fn_.result->span, rest_too ? "" : shown(type)));
    return false;
  }
  return true;
}

/// The result in the caller's axes.
Value FunctionCall::outward(const Value& v) {
  if (is_poison(v) || as<NumberValue>(v) || as<BoolValue>(v) || as<TextValue>(v)) return v;
  const NodeId node = e_.tensor(v, site_.span);
  if (node == kNoNode) return Poison{};
  const TensorType type = e_.graph().graph->type(node);
  if (!check_result(type)) return Poison{};

  AxisMap actual;
  for (const AxisBinding& b : bindings_) actual[b.formal] = b.actual;
  return e_.outward(node, actual, site_.span);
}

}  // namespace weft::check
