#include <algorithm>

#include "lang/check/elaborator.h"
#include "lang/check/recorder.h"
#include "lang/check/suggest.h"

/// Expressions: what a name, a pipe, a call, a member means.
namespace weft::check {

namespace {

Span join(Span a, Span b) {
  return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

}  // namespace

Value Elaborator::evaluate(const ast::Expr& e) {
  constexpr int kDeepest = 600;  // about 2 MiB of stack
  constexpr std::int64_t kMostExpressions = 3'000'000;
  if (growth_.too_deep || reporter_.full()) return Poison{};  // no more is told
  if (growth_.nesting >= kDeepest) {
    growth_.too_deep = true;
    return fail(code::too_deep, e.span, "expressions are nested too deeply once calls are followed",
                "more than " + std::to_string(kDeepest) + " within one another");
  }
  if (growth_.expressions > kMostExpressions) return Poison{};
  if (++growth_.expressions > kMostExpressions) {
    return fail(code::too_large, e.span, "the program grows too large once calls and models are followed",
                "more than " + std::to_string(kMostExpressions) + " expressions up to here");
  }
  ++growth_.nesting;
  Value v = value_of(e);
  if (--growth_.nesting == 0) growth_.too_deep = false;
  return v;
}

Value Elaborator::value_of(const ast::Expr& e) {
  struct Visit {
    Elaborator& self;
    Span span;
    Value operator()(const ast::Number& n) { return NumberValue{n.value, n.integer}; }
    Value operator()(const ast::Text& t) { return TextValue{t.value}; }
    Value operator()(const ast::Reference& r) { return self.reference(r); }
    Value operator()(const ast::Prefix& p) { return self.prefix(p, span); }
    Value operator()(const ast::Chain& c) { return self.chain(c, span); }
    Value operator()(const ast::Postfix& p) { return self.postfix(p, span, nullptr); }
    Value operator()(const ast::Scan& s) { return self.scan(s, span); }
    Value operator()(const ast::Repeat& r) { return self.repeat(r, span); }
  };
  return std::visit(Visit{*this, e.span}, e.form);
}

Value Elaborator::reference(const ast::Reference& r) {
  const Binding* found = scope_->find(r.name.text);
  if (!found) {
    const std::string near = nearest(r.name.text, scope_->all_names());
    return fail(code::unknown_name, r.name.span, "unknown name `" + r.name.text + "`", "not declared here",
                near.empty() ? "" : "did you mean `" + near + "`?", {},
                replaced(r.name.span, near + (near.empty() ? "" : std::string(r.name.primes, '\''))));
  }
  found->used = true;
  if (recorder_) recorder_->name(r.name.span, found->value, found->declared);
  if (r.name.primes == 0 && found == training_) {
    concerns_training_ = true;
    return BoolValue{graph_->training};
  }
  if (r.name.primes == 0) return found->value;
  const AxisValue* axis = as<AxisValue>(found->value);
  if (!axis) {
    if (is_poison(found->value)) return Poison{};
    return fail(code::not_an_axis, r.name.span, "only axes have primes",
                "`" + r.name.text + "` is " + kind_of(found->value), "",
                {{found->declared, "declared here"}});
  }
  AxisId id = axis->axis;
  for (int i = 0; i < r.name.primes; ++i) id = axis_table().primed(id);
  return AxisValue{id};
}

Value Elaborator::chain(const ast::Chain& c, Span) {
  if (c.rest.front().op == ast::Operator::pow) {
    Value right = evaluate(*c.rest.back().operand);
    for (std::size_t i = c.rest.size(); i-- > 0;) {
      const ast::Expr& left = i == 0 ? *c.first : *c.rest[i - 1].operand;
      right = binary(ast::Operator::pow, evaluate(left), right, join(left.span, c.rest.back().operand->span));
    }
    return right;
  }
  Value left = evaluate(*c.first);
  Span left_span = c.first->span;
  for (const ast::Link& link : c.rest) {
    const Span span = join(c.first->span, link.operand->span);
    left = link.op == ast::Operator::pipe ? pipe(left, left_span, *link.operand, span)
                                          : binary(link.op, left, evaluate(*link.operand), span);
    left_span = span;
  }
  return left;
}

Value Elaborator::pipe(const Value& left, Span left_span, const ast::Expr& right, Span span) {
  const ArgumentValue piped{{}, left, left_span};
  if (const auto* p = std::get_if<ast::Postfix>(&right.form)) return postfix(*p, right.span, &piped);
  const Value callee = evaluate(right);
  CallSite site{span, right.span, nullptr, {piped}};
  return call(callee, site);
}

Value Elaborator::postfix(const ast::Postfix& p, Span, const ArgumentValue* piped) {
  Value v = evaluate(*p.base);
  Span so_far = p.base->span;
  const ast::AxisList* axes = nullptr;
  const auto apply = [&](std::vector<ArgumentValue> arguments, Span end) {
    CallSite site{join(so_far, end), so_far, axes, std::move(arguments)};
    v = call(v, site);
    axes = nullptr;
  };
  for (std::size_t i = 0; i < p.suffixes.size(); ++i) {
    const ast::Suffix& suffix = p.suffixes[i];
    const bool last = i + 1 == p.suffixes.size();
    if (const auto* m = std::get_if<ast::Member>(&suffix.form)) {
      const Value of = v;
      v = member(of, m->name);
      if (recorder_) record_member(of, m->name, v);
    } else if (const auto* list = std::get_if<ast::AxisList>(&suffix.form)) {
      axes = list;
      callee_text_ = std::string(sources_.text(so_far));
      if (!last || piped) continue;
      if (is_poison(v)) return v;
      const std::string brackets(sources_.text(suffix.span));
      const bool model = as<ModelValue>(v) != nullptr;
      return fail(code::axes_without_call, suffix.span, "axes in `[ ]` belong to a call", "no call follows",
                  "write " + callee_text_ + brackets + (model ? "()" : "(...)"), {},
                  replaced(suffix.span, model ? brackets + "()" : ""));
    } else {
      std::vector<ArgumentValue> arguments;
      if (last && piped) arguments.push_back(*piped);
      const std::string callee_text = std::string(sources_.text(so_far));
      for (const ast::Argument& a : std::get<ast::Call>(suffix.form).arguments) {
        arguments.push_back({a.name ? a.name->text : "", evaluate(*a.value), a.span});
      }
      callee_text_ = callee_text;
      apply(std::move(arguments), suffix.span);
      if (last) return v;
    }
    so_far = join(so_far, suffix.span);
  }
  if (piped) apply({*piped}, so_far);
  return v;
}

Value Elaborator::member(const Value& v, const ast::Name& name) {
  if (is_poison(v)) return v;
  if (const auto* i = as<InstanceValue>(v)) {
    for (const auto& [text, binding] : i->instance->scope->names) {
      if (text == name.text) return seen_from_outside(binding.value, i->instance);
    }
    if (i->instance->top) {  // of a loaded model: the axes that its source declares
      const auto axis = i->instance->top->names.find(name.text);
      if (axis != i->instance->top->names.end()) return axis->second.value;
    }
  } else if (const auto* d = as<DataValue>(v)) {
    const DataSource& data = program_.data[static_cast<std::size_t>(d->data)];
    if (name.text == "train") return SplitValue{d->data, corpora::Split::train};
    if (name.text == "valid") return SplitValue{d->data, corpora::Split::valid};
    for (std::size_t s = 0; s < data.schema->label_sets.size(); ++s) {
      if (data.schema->label_sets[s] == name.text) {
        if (data.vocabulary && name.text == "vocab") return AxisValue{*data.vocabulary};
        const LabelSource from{d->data, static_cast<int>(s)};
        if (data.stored) {
          const auto labels = data.stored->labels.at(name.text);
          return LabelsValue{labels, Extent(labels->size()), from};
        }
        return LabelsValue{nullptr, Extent(data.label_symbols[s]), LabelSource{d->data, static_cast<int>(s)}};
      }
    }
  } else if (const auto* w = as<WorldValue>(v)) {
    for (const auto& [text, labels] : {std::pair("states", w->states), {"actions", w->actions}}) {
      if (name.text == text) return LabelsValue{labels, Extent(labels->size()), {}};
    }
  } else if (const auto* r = as<RunValue>(v)) {
    for (const Metric& m : r->metrics) {
      if (m.name == name.text) return VariableValue{m.variable};
    }
  }
  const std::vector<std::string> known = member_names(v);
  const std::string near = nearest(name.text, known);
  std::string help = near.empty() ? "" : "did you mean `" + near + "`?";
  if (help.empty() && !known.empty()) help = "it has " + listed(known);
  return fail(code::unknown_member, name.span, kind_of(v) + " has no member `" + name.text + "`",
              "not a member", help, {}, replaced(name.span, near));
}

const std::vector<Dim>* Elaborator::rest() const {
  const Scope* s = scope_->with_rest();
  return s ? &s->rest : nullptr;
}

}  // namespace weft::check
