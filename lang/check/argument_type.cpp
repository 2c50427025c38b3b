#include <algorithm>

#include "lang/check/function_call.h"
#include "lang/check/suggest.h"

/// A parameter's type laid over an argument: which of its axes is which, whether extents and elements fit.
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
      e_.fail_twice(item, axis->axis);
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

}  // namespace weft::check
