#include <algorithm>
#include <cmath>
#include <limits>

#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"

/// Axis lists, types, extents: everything between `[` and `]`.
namespace weft::check {

std::optional<double> Elaborator::number(const Value& v, Span span, const std::string& what) {
  if (const auto* n = as<NumberValue>(v)) return n->value;
  if (const auto* a = as<AxisValue>(v)) {
    if (const auto n = axis_table()[a->axis].extent.constant()) return static_cast<double>(*n);
  }
  if (!is_poison(v)) {
    fail(code::not_a_number, span, what + " takes a number known before the run, got " + kind_of(v),
         "not a number");
  }
  return std::nullopt;
}

std::optional<std::int64_t> Elaborator::whole_number(const Value& v, Span span, const std::string& what) {
  const auto n = number(v, span, what);
  if (!n) return std::nullopt;
  if (*n != std::floor(*n) || std::abs(*n) > 9e15) {
    fail(code::not_whole, span, what + " takes a whole number", "not a whole number");
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*n);
}

std::optional<std::string> Elaborator::text(const Value& v, Span span, const std::string& what) {
  if (const auto* t = as<TextValue>(v)) return t->value;
  if (!is_poison(v)) fail(code::not_a_text, span, what + " takes a text, got " + kind_of(v), "not a text");
  return std::nullopt;
}

std::optional<Extent> Elaborator::extent(const Value& v, Span span) {
  if (const auto* a = as<AxisValue>(v)) return axis_table()[a->axis].extent;
  if (const auto* l = as<LabelsValue>(v)) return l->extent;
  if (const auto* n = as<NumberValue>(v)) {
    if (n->value != std::floor(n->value) || n->value < 0 || n->value > 2147483647.0) {
      fail(code::bad_extent, span, "an extent is a whole number from 0 to 2147483647", "not an extent");
      return std::nullopt;
    }
    return Extent(static_cast<std::int64_t>(n->value));
  }
  if (!is_poison(v)) {
    fail(code::not_an_extent, span, "an extent is a number, an axis or labels, not " + kind_of(v),
         "not an extent");
  }
  return std::nullopt;
}

namespace {

/// Arithmetic of extents, symbols kept: `D / Head`, `2 * T + 1`.
class ExtentArithmetic {
 public:
  explicit ExtentArithmetic(Elaborator& e) : e_(e) {}

  std::optional<Extent> operator()(const ast::Expr& x) {
    const auto* chain = std::get_if<ast::Chain>(&x.form);
    if (!chain || !arithmetic(*chain)) return e_.extent(e_.evaluate(x), x.span);
    std::optional<Extent> left = (*this)(*chain->first);
    for (const ast::Link& link : chain->rest) {
      const std::optional<Extent> right = (*this)(*link.operand);
      if (!left || !right) return std::nullopt;
      const std::string shown = describe(*left) + " / " + describe(*right);
      const Extent dividend = *left;
      try {
        left = apply(link.op, *left, *right);
      } catch (const std::overflow_error&) {
        e_.fail(code::extent_overflow, x.span, "an extent grows too large", "beyond 64 bits");
        return std::nullopt;
      }
      if (!left) {
        remainder(x.span, shown, dividend, *right, *link.operand);
        return std::nullopt;
      }
    }
    if (const auto n = left->constant(); n && *n < 0) {
      e_.fail(code::bad_extent, x.span, "an extent can't be negative", "this is " + std::to_string(*n));
      return std::nullopt;
    }
    if (const auto n = left->constant(); n && *n > 2147483647) {
      e_.fail(code::extent_overflow, x.span, "an extent grows too large",
              "this is " + std::to_string(*n) + ", and positions are numbers up to 2147483647");
      return std::nullopt;
    }
    return left;
  }

 private:
  /// Proposes the nearest divisor, in the place where the divisor's number stands.
  void remainder(Span span, const std::string& shown, const Extent& a, const Extent& b,
                 const ast::Expr& divisor) {
    const auto n = a.constant(), m = b.constant();
    if (!n || !m || *n < 1 || *m < 1) {
      e_.fail(code::remainder, span, "this division leaves a remainder", shown,
              "choose extents of which one divides the other");
      return;
    }
    const std::string better = std::to_string(nearest_divisor(*n, *m));
    std::string help = "it would leave none with " + better;
    std::vector<Note> notes;
    std::optional<Fix> fix;
    if (std::holds_alternative<ast::Number>(divisor.form)) {
      fix = Fix{divisor.span, better};
    } else if (const auto* r = std::get_if<ast::Reference>(&divisor.form)) {
      const Binding* found = e_.scope().find(r->name.text);
      const Span declared = found ? found->declared : Span{};
      if (declared.end > declared.begin) {
        notes.push_back({declared, "the divisor is declared here"});
        if (const auto number = number_after(e_.sources(), declared)) {
          fix = Fix{*number, better};
          help = "write " + r->name.text + " = " + better + ", which leaves none";
        }
      }
    }
    e_.fail(code::remainder, span, "this division leaves a remainder", shown, help, std::move(notes),
            std::move(fix));
  }
  static bool arithmetic(const ast::Chain& c) {
    return std::all_of(c.rest.begin(), c.rest.end(), [](const ast::Link& l) {
      return l.op == ast::Operator::add || l.op == ast::Operator::sub || l.op == ast::Operator::mul ||
             l.op == ast::Operator::div;
    });
  }
  std::optional<Extent> apply(ast::Operator op, const Extent& a, const Extent& b) {
    if (op == ast::Operator::add) return a + b;
    if (op == ast::Operator::sub) return a - b;
    if (op == ast::Operator::mul) return a * b;
    return e_.axis_table().symbols().divide(a, b);
  }
  std::string describe(const Extent& x) const { return e_.axis_table().symbols().describe(x); }

  Elaborator& e_;
};

}  // namespace

std::optional<Dim> Elaborator::axis(const ast::AxisItem& item) {
  const std::string& name = item.name.text;
  if (!scope_->find(name) && nearest(name, scope_->all_names()).empty()) {
    fail(code::unknown_name, item.name.span, "unknown name `" + name + "`", "not declared here",
         "declare it: axis " + name);
    return std::nullopt;
  }
  const Value v = reference(ast::Reference{item.name});
  if (is_poison(v)) return std::nullopt;
  const auto* a = as<AxisValue>(v);
  if (!a) {
    fail(code::not_an_axis, item.name.span, "`[ ]` holds axes, and `" + item.name.text + "` is " + kind_of(v),
         "not an axis", "an axis is declared by `axis`: axis " + item.name.text + " = 3");
    return std::nullopt;
  }
  Dim dim{a->axis, axis_table()[a->axis].extent};
  if (item.extent) {
    const auto given = ExtentArithmetic(*this)(*item.extent);
    if (!given) return std::nullopt;
    dim.extent = *given;
  }
  return dim;
}

void Elaborator::fail_twice(const ast::AxisItem& item, AxisId axis) {
  const std::string name = axis_table().name(axis);
  fail(code::axis_twice, item.span, "an axis can't stand twice in one list",
       "`" + name + "` is there already", "if a second one of its extent is meant, write " + name + "'", {},
       replaced(item.name.span, std::string(sources_.text(item.name.span)) + "'"));
}

std::optional<AxisId> Elaborator::base_axis(const ast::Name& name) {
  ast::AxisItem item;
  item.name = name;
  item.name.primes = 0;
  const auto dim = axis(item);
  if (!dim) return std::nullopt;
  return dim->axis;
}

void Elaborator::remember_extent(const ast::AxisItem& item, const Dim& dim, const ast::AxisList& list) {
  const auto n = dim.extent.constant();
  if (!n) return;
  const std::string source(sources_.text(list.span));
  const std::size_t from = item.name.span.end - list.span.begin, to = item.span.end - list.span.begin;
  extent_origins_[{dim.axis, *n}] = {item.span, callee_text_ + source.substr(0, from) + source.substr(to)};
}

bool Elaborator::axes(const ast::AxisList& list, bool to, const std::vector<Dim>* rest,
                      std::vector<Dim>& out) {
  bool good = true;
  for (const ast::AxisItem& item : to ? list.to : list.items) {
    if (item.rest) {
      if (!rest) {
        fail(code::rest_outside, item.span,
             "`..` stands for the other axes of a tensor, and there is none here", "no other axes are known",
             "name the axes, or write this inside a function whose arguments have `..`");
        good = false;
        continue;
      }
      for (const Dim& d : *rest) out.push_back(d);
      continue;
    }
    const auto dim = axis(item);
    if (!dim) {
      good = false;
      continue;
    }
    if (item.extent) remember_extent(item, *dim, list);
    const auto same = [&](const Dim& d) { return d.axis == dim->axis; };
    if (std::any_of(out.begin(), out.end(), same)) {
      fail_twice(item, dim->axis);
      good = false;
      continue;
    }
    out.push_back(*dim);
  }
  return good;
}

std::optional<TensorType> Elaborator::type(const ast::Type& t, const std::vector<Dim>* rest) {
  TensorType result;
  if (t.element) {
    const std::string& name = t.element->text;
    if (name == "bool") {
      result.element.kind = ElementKind::boolean;
    } else if (name == "int") {
      result.element.kind = ElementKind::integer;
    } else {
      const Value v = reference(ast::Reference{*t.element});
      if (is_poison(v)) return std::nullopt;
      const auto* a = as<AxisValue>(v);
      if (!a) {
        fail(code::not_an_element, t.element->span, "a tensor's elements are bool, int or indices of an axis",
             "`" + name + "` is " + kind_of(v));
        return std::nullopt;
      }
      result.element = {ElementKind::index, a->axis};
    }
  }
  if (!t.axes) {
    fail(code::type_without_axes, t.span, "a tensor's type has its axes in `[ ]`", "no axes",
         "write " + std::string(sources_.text(t.span)) + "[] for a single one", {},
         replaced(t.span, std::string(sources_.text(t.span)) + "[]"));
    return std::nullopt;
  }
  if (!axes(*t.axes, false, rest, result.dims)) return std::nullopt;
  return result;
}

// --- messages about extents ---

Value Elaborator::extent_fault(Span span, AxisId axis, const Extent& needed, const Extent& got,
                               const std::string& other) {
  std::vector<Note> notes;
  std::string help;
  for (const Extent& e : {got, needed}) {
    const auto n = e.constant();
    const auto origin = n ? extent_origins_.find({axis, *n}) : extent_origins_.end();
    if (origin == extent_origins_.end()) continue;
    notes.push_back({origin->second.item, "the extent was set here"});
    if (help.empty()) help = "use " + origin->second.suggestion + ", or give " + other + " the same extent";
  }
  if (notes.empty() && axis_table()[axis].declared.end > 0) {
    notes.push_back({axis_table()[axis].declared, "the axis was declared here"});
  }
  const std::string name = axis_table().name(axis) + " = ";
  const SymbolTable& symbols = axis_table().symbols();
  return fail(code::extent_mismatch, span, "axes of different extent can't be joined",
              "needs " + name + symbols.describe(needed) + ", and gets " + name + symbols.describe(got), help,
              std::move(notes));
}

/// Extents in axis declarations: arithmetic over axes, numbers and label sets.
void Elaborator::read(const ast::AxisDecl& d) {
  for (const ast::AxisDecl::One& one : d.axes) {
    const std::string& name = one.name.text;
    if (one.name.primes > 0) {
      fail(code::primed_declaration, one.name.span, "a primed axis needs no declaration",
           "declared with `" + name + "`", "use " + name + "' where it is needed");
      continue;
    }
    if (!one.value) {
      const SymbolId symbol = axis_table().symbols().fresh(name);
      const AxisId id = axis_table().declare(name, Extent(symbol), one.name.span);
      open_[symbol] = {id, Extent(symbol)};
      declare(one.name, AxisValue{id});
      continue;
    }
    if (std::holds_alternative<ast::Chain>(one.value->form)) {
      const auto e = ExtentArithmetic(*this)(*one.value);
      if (e) {
        declare(one.name, AxisValue{axis_table().declare(name, *e, one.name.span)});
      } else {
        declare(one.name, Poison{});
      }
      continue;
    }
    const Value v = evaluate(*one.value);
    if (as<AxisValue>(v) && std::holds_alternative<ast::Postfix>(one.value->form)) {
      declare(one.name, v);  // `axis V = lm.V`: a name for an axis that is there
      continue;
    }
    const auto e = extent(v, one.value->span);
    if (!e) {
      declare(one.name, Poison{});
      continue;
    }
    const auto* l = as<LabelsValue>(v);
    const AxisId id = axis_table().declare(name, *e, one.name.span, l ? l->labels : nullptr);
    if (l && l->source.data >= 0) program_.label_sources[id] = l->source;
    declare(one.name, AxisValue{id});
  }
}

}  // namespace weft::check
