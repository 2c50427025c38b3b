#include "lang/check/function_call.h"
#include "lang/check/suggest.h"

#include <algorithm>

namespace weft::check {

namespace {

std::string names_of(const std::vector<Dim>& dims, const AxisTable& axes) {
  std::string s;
  for (const Dim& d : dims) s += (s.empty() ? "" : ", ") + axes.name(d.axis);
  return s;
}

std::vector<Dim> unmatched(const TensorType& type, const std::set<AxisId>& matched) {
  std::vector<Dim> left;
  for (const Dim& d : type.dims) {
    if (!matched.count(d.axis)) left.push_back(d);
  }
  return left;
}

}  // namespace

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

bool FunctionCall::list_axes(const ast::Type& type, std::vector<ListedAxis>& listed, bool& rest_here) {
  for (const ast::AxisItem& item : type.axes->items) {
    if (item.rest) {
      rest_here = has_rest_ = true;
      continue;
    }
    const auto axis = e_.axis(item);
    if (!axis) return false;
    const auto base = e_.base_axis(item.name);
    if (!base) return false;
    const auto same = [&](const ListedAxis& l) { return l.formal == axis->axis; };
    if (std::any_of(listed.begin(), listed.end(), same)) {
      e_.fail(code::axis_twice, item.span, "an axis can't stand twice in one list",
              "`" + e_.axis_table().name(axis->axis) + "` is there already",
              "if a second one of its extent is meant, write " + e_.axis_table().name(axis->axis) + "'", {},
              replaced(item.name.span, std::string(e_.sources().text(item.name.span)) + "'"));
      return false;
    }
    listed.push_back({&item, *base, primed(item.name, *base), {}});
  }
  return true;
}

bool FunctionCall::infer_axes(const TensorType& argument, std::vector<ListedAxis>& listed, Span span) {
  std::set<AxisId> matched;
  const auto settle = [&](ListedAxis& l) {
    const AxisBinding* b = binding_of(l.base);
    if (b && b->actual.empty()) return false;
    l.actual = actual_of(l.item->name, l.base);
    for (const Dim& d : l.actual) matched.insert(d.axis);
    return true;
  };
  const auto infer = [&](ListedAxis& l, AxisId found) {
    binding_of(l.base)->actual = {{found, e_.axis_table()[found].extent}};
    settle(l);
  };
  for (ListedAxis& l : listed) settle(l);
  for (ListedAxis& l : listed) {  // an axis of the same name is meant
    if (!l.actual.empty() || settle(l) || l.item->name.primes) continue;
    for (const Dim& d : unmatched(argument, matched)) {
      const Axis& axis = e_.axis_table()[d.axis];
      if (axis.name == l.item->name.text && axis.primes == 0) {
        infer(l, d.axis);
        break;
      }
    }
  }
  for (ListedAxis& l : listed) {  // the one that is left over is meant
    if (!l.actual.empty() || settle(l)) continue;
    const auto left = unmatched(argument, matched);
    const auto open =
        std::count_if(listed.begin(), listed.end(), [](const ListedAxis& x) { return x.actual.empty(); });
    if (left.size() == 1 && open == 1) {
      infer(l, left[0].axis);
      continue;
    }
    not_inferred(l.item->name.text, span, "has the axes " + shown(argument));
    return false;
  }
  return true;
}

void FunctionCall::not_inferred(const std::string& axis, Span span, std::string label) {
  std::string own;
  if (fn_.axes) {
    for (const ast::AxisItem& item : fn_.axes->items) own += (own.empty() ? "" : ", ") + item.name.text;
  }
  e_.fail(code::axis_not_inferred, span, "can't tell which axis is `" + axis + "` of " + called_,
          std::move(label),
          "give it in the call: " + std::string(e_.sources().text(site_.callee)) + "[" + own + "](...)");
}

bool FunctionCall::check_extents(const ast::Parameter& p, const TensorType& argument,
                                 const std::vector<ListedAxis>& listed, bool rest_here, Span span) {
  AxisTable& table = e_.axis_table();
  std::set<AxisId> matched;
  for (const ListedAxis& l : listed) {
    for (const Dim& d : l.actual) matched.insert(d.axis);
  }
  const std::vector<Dim> left = unmatched(argument, matched);
  for (const ListedAxis& l : listed) {
    Extent got(1);
    for (const Dim& d : l.actual) {
      const Dim* found = argument.find(d.axis);
      if (!found) {
        const std::string want = table.name(d.axis);
        std::string help;
        std::optional<Fix> fix = turned_round(d.axis, argument);
        if (fix) help = "write " + instance_->declaration->name.text + fix->text + ", the other way round";
        for (const Dim& other : left) {
          if (!fix && other.extent == d.extent && !rest_here) {
            const std::string text(e_.sources().text(span));
            fix = Fix{span, "rename[" + table.name(other.axis) + " -> " + want + "](" + text + ")"};
            help = "rename it: " + fix->text;
          }
        }
        e_.fail(code::axis_missing, span,
                called_ + " needs the axis `" + want + "` in its argument `" + p.name.text + "`",
                "has the axes " + shown(argument), help, {{l.item->span, "asked for here"}}, fix);
        return false;
      }
      got = got * found->extent;
    }
    AxisBinding* b = binding_of(l.base);
    if (b && b->own && !b->sized) {
      // An axis parameter takes its extent and labels from the first argument that has it.
      b->sized = true;
      b->actual[0].extent = got;
      table.set_extent(b->formal, got);
      e_.inherit_labels(b->formal, b->actual[0].axis);
    }
    Extent needed = table[l.base].extent;
    if (l.item->extent) {
      const auto given = e_.axis(*l.item);
      if (!given) return false;
      needed = given->extent;
    }
    if (got == needed) continue;
    const std::string callee(e_.sources().text(site_.callee));
    e_.extent_fault(site_.callee, l.actual.size() == 1 ? l.actual[0].axis : l.base, needed, got,
                    instance_ ? "the layer `" + callee + "`" : "both");
    return false;
  }
  if (!left.empty() && !rest_here) {
    e_.fail(code::axis_unexpected, span,
            called_ + " takes no axis `" + names_of(left, table) + "` in its argument `" + p.name.text + "`",
            "has the axes " + shown(argument),
            "reduce or rename the axis, or let the function take more axes with `..`",
            {{p.type->span, "the type asked for"}});
    return false;
  }
  for (const Dim& d : left) {
    if (std::none_of(rest_.begin(), rest_.end(), [&](const Dim& r) { return r.axis == d.axis; }))
      rest_.push_back(d);
  }
  return true;
}

/// `Linear[V -> H]` given what has H: the bracket with its sides changed, where that is how the layer was
/// made.
std::optional<Fix> FunctionCall::turned_round(AxisId wanted, const TensorType& argument) const {
  if (!instance_ || !instance_->declaration->axes || !instance_->declaration->axes->arrow)
    return std::nullopt;
  const auto has = [&](const std::vector<ast::AxisItem>& side, const auto& good) {
    return std::all_of(side.begin(), side.end(), [&](const ast::AxisItem& item) {
      const Binding* b = instance_->scope->find(item.name.text);
      const auto* formal = b ? as<AxisValue>(b->value) : nullptr;
      const auto actual = formal ? instance_->actual.find(formal->axis) : instance_->actual.end();
      return actual != instance_->actual.end() &&
             std::all_of(actual->second.begin(), actual->second.end(), good);
    });
  };
  const ast::AxisList& declared = *instance_->declaration->axes;
  if (!has(declared.items, [&](const Dim& d) { return d.axis == wanted; }) ||
      !has(declared.to, [&](const Dim& d) { return argument.has(d.axis); })) {
    return std::nullopt;
  }
  const std::string text = sides_changed(e_.sources().text(instance_->brackets));
  return text.empty() ? std::nullopt : std::optional(Fix{instance_->brackets, text});
}

bool FunctionCall::rest_in_result() const {
  const auto& items = fn_.result->axes->items;
  return std::any_of(items.begin(), items.end(), [](const ast::AxisItem& i) { return i.rest; });
}

bool FunctionCall::check_element(const ast::Parameter& p, const TensorType& argument, Span span,
                                 std::vector<AxisId>& from, std::vector<AxisId>& to) {
  const std::vector<Note> notes = {{p.type->span, "the type asked for"}};
  const std::string name = p.type->element ? p.type->element->text : "";
  if (name.empty()) {
    if (argument.element.kind != ElementKind::index) return true;
    e_.fail(code::element_mismatch, span, called_ + " takes real numbers as its `" + p.name.text + "`",
            "is " + shown(argument), "look the indices up in a table first", notes);
    return false;
  }
  if (name == "bool" || name == "int") {
    const ElementKind wanted = name == "bool" ? ElementKind::boolean : ElementKind::integer;
    if (argument.element.kind == wanted) return true;
    e_.fail(code::element_mismatch, span,
            called_ + " takes elements of " + name + " as its `" + p.name.text + "`", "is " + shown(argument),
            "", notes);
    return false;
  }
  if (const Binding* named = e_.scope().find(name);
      named && !is_poison(named->value) && !as<AxisValue>(named->value)) {
    e_.fail(code::not_an_element, p.type->element->span,
            "a tensor's elements are bool, int or indices of an axis",
            "`" + name + "` is " + kind_of(named->value));
    return false;
  }
  const auto base = e_.base_axis(*p.type->element);
  if (!base) return false;
  AxisBinding* b = binding_of(*base);
  if (b && b->actual.empty() && argument.element.kind == ElementKind::index) {
    b->actual = {{argument.element.of, e_.axis_table()[argument.element.of].extent}};
  }
  const std::vector<Dim> actual = actual_of(*p.type->element, *base);
  if (argument.element.kind != ElementKind::index || actual.size() != 1 ||
      argument.element.of != actual[0].axis) {
    const std::string want = actual.empty() ? name : names_of(actual, e_.axis_table());
    const std::string other = actual.size() == 1 ? index_into(e_, actual[0].axis) : "";
    e_.fail(code::wrong_index, span,
            called_ + " takes indices of `" + want + "` as its `" + p.name.text + "`",
            "is " + shown(argument), other.empty() ? "" : "did you mean `" + other + "`?", notes,
            replaced(span, other));
    return false;
  }
  const AxisId formal = primed(*p.type->element, *base);
  if (formal != actual[0].axis && !argument.has(actual[0].axis)) {
    from.push_back(actual[0].axis);
    to.push_back(formal);
  }
  return true;
}

/// The argument in the function's own axes.
Value FunctionCall::inward(NodeId node, const std::vector<ListedAxis>& listed, std::vector<AxisId> from,
                           std::vector<AxisId> to, Span span) {
  Value inside = TensorValue{&e_.graph(), node};
  auto& lengths = e_.graph().root().lengths;
  for (const ListedAxis& l : listed) {
    if (l.actual.size() == 1) {
      if (l.actual[0].axis == l.formal) continue;
      from.push_back(l.actual[0].axis);
      to.push_back(l.formal);
      if (const auto it = lengths.find(l.actual[0].axis); it != lengths.end()) lengths[l.formal] = it->second;
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
      e_.fail(code::axis_twice, item.span, "an axis can't stand twice in one list",
              "`" + table.name(dim->axis) + "` is there already",
              "if a second one of its extent is meant, write " + table.name(dim->axis) + "'", {},
              replaced(item.name.span, std::string(e_.sources().text(item.name.span)) + "'"));
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
