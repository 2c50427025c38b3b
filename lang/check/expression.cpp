#include <algorithm>
#include <cmath>

#include "lang/check/elaborator.h"
#include "lang/check/recorder.h"
#include "lang/check/suggest.h"
#include "lang/syntax/limits.h"
#include "tensor/op.h"

/// Expressions: what a value is, arithmetic by name, pipes, members.
namespace weft::check {

namespace {

Span join(Span a, Span b) {
  return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

const char* spelling(ast::Operator op) {
  switch (op) {
    case ast::Operator::pipe:
      return "|>";
    case ast::Operator::logical_or:
      return "or";
    case ast::Operator::logical_and:
      return "and";
    case ast::Operator::less:
      return "<";
    case ast::Operator::less_equal:
      return "<=";
    case ast::Operator::greater:
      return ">";
    case ast::Operator::greater_equal:
      return ">=";
    case ast::Operator::equal:
      return "==";
    case ast::Operator::not_equal:
      return "!=";
    case ast::Operator::add:
      return "+";
    case ast::Operator::sub:
      return "-";
    case ast::Operator::mul:
      return "*";
    case ast::Operator::div:
      return "/";
    case ast::Operator::pow:
      return "^";
  }
  return "?";
}

bool is_logic(ast::Operator op) {
  return op == ast::Operator::logical_and || op == ast::Operator::logical_or;
}
bool is_comparison(ast::Operator op) {
  return op >= ast::Operator::less && op <= ast::Operator::not_equal;
}

Value fold(ast::Operator op, const NumberValue& a, const NumberValue& b) {
  const bool integer = a.integer && b.integer;
  switch (op) {
    case ast::Operator::add:
      return NumberValue{a.value + b.value, integer};
    case ast::Operator::sub:
      return NumberValue{a.value - b.value, integer};
    case ast::Operator::mul:
      return NumberValue{a.value * b.value, integer};
    case ast::Operator::div: {
      const double q = a.value / b.value;
      return NumberValue{q, integer && b.value != 0 && q == std::floor(q)};
    }
    case ast::Operator::pow:
      return NumberValue{std::pow(a.value, b.value), integer && b.value >= 0};
    case ast::Operator::less:
      return BoolValue{a.value < b.value};
    case ast::Operator::less_equal:
      return BoolValue{a.value <= b.value};
    case ast::Operator::greater:
      return BoolValue{a.value > b.value};
    case ast::Operator::greater_equal:
      return BoolValue{a.value >= b.value};
    case ast::Operator::equal:
      return BoolValue{a.value == b.value};
    default:
      return BoolValue{a.value != b.value};
  }
}

OpId op_of(ast::Operator op) {
  switch (op) {
    case ast::Operator::logical_or:
      return OpId::logical_or;
    case ast::Operator::logical_and:
      return OpId::logical_and;
    case ast::Operator::less:
    case ast::Operator::greater:
      return OpId::less;
    case ast::Operator::less_equal:
    case ast::Operator::greater_equal:
      return OpId::less_equal;
    case ast::Operator::equal:
      return OpId::equal;
    case ast::Operator::not_equal:
      return OpId::not_equal;
    case ast::Operator::add:
      return OpId::add;
    case ast::Operator::sub:
      return OpId::sub;
    case ast::Operator::mul:
      return OpId::mul;
    case ast::Operator::div:
      return OpId::div;
    default:
      return OpId::pow;
  }
}

}  // namespace

Value Elaborator::evaluate(const ast::Expr& e) {
  constexpr int kDeepest = 600;  // about 2 MiB of stack
  constexpr std::int64_t kMostExpressions = 3'000'000;
  if (too_deep_ || diagnostics_.size() >= syntax::kMostFaults) return Poison{};  // no more is told
  if (nesting_ >= kDeepest) {
    too_deep_ = true;
    return fail(code::too_deep, e.span, "expressions are nested too deeply once calls are followed",
                "more than " + std::to_string(kDeepest) + " within one another");
  }
  if (evaluated_ > kMostExpressions) return Poison{};
  if (++evaluated_ > kMostExpressions) {
    return fail(code::too_large, e.span, "the program grows too large once calls and models are followed",
                "more than " + std::to_string(kMostExpressions) + " expressions up to here");
  }
  ++nesting_;
  Value v = value_of(e);
  if (--nesting_ == 0) too_deep_ = false;
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

Value Elaborator::prefix(const ast::Prefix& p, Span span) {
  Value v = evaluate(*p.operand);
  for (auto it = p.ops.rbegin(); it != p.ops.rend(); ++it) {
    if (is_poison(v)) return v;
    if (*it == ast::Prefix::Op::minus) {
      if (const auto* n = as<NumberValue>(v)) {
        v = NumberValue{-n->value, n->integer};
        continue;
      }
      const NodeId node = tensor(v, p.operand->span);
      if (node == kNoNode) return Poison{};
      const Element element = graph_->graph->type(node).element;
      if (element.kind == ElementKind::integer) {
        v = emit(span, OpId::sub, {graph_->graph->constant(0, {element, {}}), node});
        continue;
      }
      v = emit(span, OpId::neg, {real(node, span)});
    } else {
      if (const auto* b = as<BoolValue>(v)) {
        v = BoolValue{!b->value};
        continue;
      }
      const NodeId node = tensor(v, p.operand->span);
      if (node == kNoNode) return Poison{};
      v = emit(span, OpId::logical_not, {node});
    }
  }
  return v;
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

// --- tensors of the current graph ---

NodeId Elaborator::capture(GraphScope& inner, NodeId outer) {
  if (const auto it = inner.captured.find(outer); it != inner.captured.end()) return it->second;
  const NodeId node = inner.graph->input(inner.outer->graph->type(outer));
  inner.outer_inputs.push_back(outer);
  inner.captured.emplace(outer, node);
  return node;
}

NodeId Elaborator::import_node(const TensorValue& v) {
  std::vector<GraphScope*> inside;
  GraphScope* g = graph_;
  while (g && g != v.graph) {
    inside.push_back(g);
    g = g->outer;
  }
  if (!g) return kNoNode;
  NodeId node = v.node;
  for (auto it = inside.rbegin(); it != inside.rend(); ++it) node = capture(**it, node);
  return node;
}

NodeId Elaborator::node_of(VariableId id) {
  GraphScope& root = graph_->root();
  auto it = root.current.find(id);
  if (it == root.current.end()) {
    const NodeId node = root.graph->input(program_.variables[static_cast<std::size_t>(id)].type);
    root.inputs.push_back(id);
    it = root.current.emplace(id, node).first;
  }
  return import_node(TensorValue{&root, it->second});
}

NodeId Elaborator::tensor(const Value& v, Span span) {
  Graph& g = *graph_->graph;
  g.set_origin(span);
  if (const auto* t = as<TensorValue>(v)) {
    const NodeId node = import_node(*t);
    if (node == kNoNode) {
      fail(code::other_computation, span, "this tensor belongs to another computation", "not available here",
           "compute it in the same step or function");
    }
    return node;
  }
  if (const auto* x = as<VariableValue>(v)) {
    const NodeId node = node_of(x->variable);
    if (!x->of) return node;
    const Value seen = outward(node, x->of->actual, span);
    return is_poison(seen) ? kNoNode : tensor(seen, span);
  }
  if (const auto* n = as<NumberValue>(v)) return g.constant(n->value);
  if (const auto* b = as<BoolValue>(v)) {
    TensorType type;
    type.element.kind = ElementKind::boolean;
    return g.constant(b->value ? 1 : 0, type);
  }
  if (const auto* a = as<AxisValue>(v)) {
    const Extent e = axis_table()[a->axis].extent;
    if (const auto n = e.constant()) return g.constant(static_cast<double>(*n));
    Attributes attributes;
    attributes.extents = {e};
    return g.emit(OpId::extent, {}, std::move(attributes));
  }
  if (!is_poison(v)) {
    fail(code::not_a_tensor, span, "expected a tensor, got " + kind_of(v), "not a tensor",
         as<InstanceValue>(v) ? "call it: a layer takes its input in ( )" : "");
  }
  return kNoNode;
}

Value Elaborator::emit(Span span, OpId op, std::vector<NodeId> inputs, Attributes attributes) {
  for (const NodeId i : inputs) {
    if (i == kNoNode) return Poison{};
  }
  graph_->graph->set_origin(span);
  const std::vector<NodeId> operands = inputs;
  try {
    return TensorValue{graph_, graph_->graph->emit(op, std::move(inputs), std::move(attributes))};
  } catch (const ShapeError& e) {
    if (e.kind == ShapeError::Kind::extents) {
      std::vector<Dim> seen;
      for (const NodeId i : operands) {
        for (const Dim& d : graph_->graph->type(i).dims) {
          const auto same = [&](const Dim& s) { return s.axis == d.axis; };
          const auto known = std::find_if(seen.begin(), seen.end(), same);
          if (known == seen.end()) {
            seen.push_back(d);
          } else if (!(known->extent == d.extent)) {
            return extent_fault(span, d.axis, known->extent, d.extent, "both");
          }
        }
      }
    }
    return fail(e, span);
  } catch (const std::overflow_error&) {
    return fail(code::extent_overflow, span, "an extent grows too large", "beyond 64 bits");
  }
}

Value Elaborator::renamed(const Value& v, std::vector<AxisId> from, std::vector<AxisId> to, Span span) {
  if (from.empty() || is_poison(v)) return v;
  Attributes attributes;
  attributes.axes = std::move(from);
  attributes.to = std::move(to);
  return emit(span, OpId::rename, {tensor(v, span)}, std::move(attributes));
}

Value Elaborator::outward(NodeId node, const AxisMap& actual, Span span) {
  const TensorType type = graph_->graph->type(node);
  Value out = TensorValue{graph_, node};
  std::vector<AxisId> from, to;
  const auto rename = [&](AxisId formal, AxisId outside) {
    if (formal == outside) return;
    from.push_back(formal);
    to.push_back(outside);
  };
  for (const auto& [formal, dims] : actual) {
    if (dims.size() != 1) {
      if (!type.has(formal)) continue;
      Attributes split;
      split.axes = {formal};
      for (const Dim& d : dims) {
        split.to.push_back(d.axis);
        split.extents.push_back(d.extent);
      }
      out = emit(span, OpId::split, {tensor(out, span)}, std::move(split));
      continue;
    }
    const AxisId outside = dims[0].axis;
    const bool indexed = type.element.kind == ElementKind::index && type.element.of == formal;
    if (type.has(formal) || indexed) rename(formal, outside);
    const AxisId prime = axis_table().primed(formal);
    if (type.has(prime)) rename(prime, axis_table().primed(outside));
  }
  return renamed(out, std::move(from), std::move(to), span);
}

NodeId Elaborator::real(NodeId node, Span span) {
  if (node == kNoNode) return node;
  const Element element = graph_->graph->type(node).element;
  if (element.kind != ElementKind::integer && element.kind != ElementKind::boolean) return node;
  Attributes attributes;
  attributes.type.element.kind = ElementKind::real;
  const Value v = emit(span, OpId::cast, {node}, std::move(attributes));
  const auto* t = as<TensorValue>(v);
  return t ? t->node : kNoNode;
}

Value Elaborator::binary(ast::Operator op, const Value& left, const Value& right, Span span) {
  if (is_poison(left) || is_poison(right)) return Poison{};
  const auto folded = [&](const Value& v) -> Value {
    if (const auto* a = as<AxisValue>(v)) {
      if (const auto n = axis_table()[a->axis].extent.constant())
        return NumberValue{static_cast<double>(*n), true};
    }
    return v;
  };
  const Value a = folded(left), b = folded(right);
  const auto *na = as<NumberValue>(a), *nb = as<NumberValue>(b);
  const auto *ba = as<BoolValue>(a), *bb = as<BoolValue>(b);
  if (na && nb && !is_logic(op)) return fold(op, *na, *nb);
  if (ba && bb && is_logic(op)) {
    return BoolValue{op == ast::Operator::logical_and ? ba->value && bb->value : ba->value || bb->value};
  }
  const bool equality = op == ast::Operator::equal || op == ast::Operator::not_equal;
  if (ba && bb && equality) return BoolValue{(ba->value == bb->value) == (op == ast::Operator::equal)};
  if (auto v = text_operation(op, a, b, span)) return *v;
  if (as<TextValue>(a) || as<TextValue>(b)) {
    return fail(code::not_a_tensor, span, std::string("`") + spelling(op) + "` takes numbers and tensors",
                kind_of(a) + " and " + kind_of(b));
  }
  NodeId x = tensor(a, span), y = tensor(b, span);
  if (x == kNoNode || y == kNoNode) return Poison{};
  if (!is_logic(op)) {
    // A literal takes the integers' side where it can; otherwise integers and truth values count as reals.
    const auto literal = [&](const NumberValue* n, NodeId& mine, NodeId other) {
      const ElementKind kind = graph_->graph->type(other).element.kind;
      if (!n || !n->integer || kind != ElementKind::integer) return;
      TensorType type;
      type.element.kind = ElementKind::integer;
      mine = graph_->graph->constant(n->value, type);
    };
    literal(na, x, y);
    literal(nb, y, x);
    const ElementKind kx = graph_->graph->type(x).element.kind, ky = graph_->graph->type(y).element.kind;
    const bool whole = kx == ElementKind::integer && ky == ElementKind::integer && op != ast::Operator::div &&
                       op != ast::Operator::pow;
    const bool compared = is_comparison(op) && kx == ky;
    if (!whole && !compared && kx != ElementKind::index && ky != ElementKind::index) {
      x = real(x, span);
      y = real(y, span);
    }
  }
  if (op != ast::Operator::greater && op != ast::Operator::greater_equal)
    return emit(span, op_of(op), {x, y});
  const TensorType tx = graph_->graph->type(x), ty = graph_->graph->type(y);
  const auto begins = [](const TensorType& a, const TensorType& b) {
    const auto same = [](const Dim& p, const Dim& q) { return p.axis == q.axis; };
    return a.dims.size() <= b.dims.size() && std::equal(a.dims.begin(), a.dims.end(), b.dims.begin(), same);
  };
  if (begins(tx, ty) || begins(ty, tx)) return emit(span, op_of(op), {y, x});
  // y < x would have the axes of y first. So -x < -y, of reals, and of others not x <= y.
  if (tx.element.kind == ElementKind::real) {
    const Value a = emit(span, OpId::neg, {x}), b = emit(span, OpId::neg, {y});
    return emit(span, op_of(op), {tensor(a, span), tensor(b, span)});
  }
  const Value opposite = emit(span, op == ast::Operator::greater ? OpId::less_equal : OpId::less, {x, y});
  return is_poison(opposite) ? opposite : emit(span, OpId::logical_not, {tensor(opposite, span)});
}

NodeId Elaborator::padding_mask(AxisId axis, Span span) {
  const auto& lengths = graph_->root().lengths;
  const auto it = lengths.find(axis);
  if (it == lengths.end()) return kNoNode;
  const NodeId length = import_node(TensorValue{&graph_->root(), it->second});
  Attributes attributes;
  attributes.axes = {axis};
  attributes.type = {{ElementKind::integer, {}}, {{axis, axis_table()[axis].extent}}};
  const Value where = emit(span, OpId::position, {}, std::move(attributes));
  return tensor(emit(span, OpId::less, {tensor(where, span), length}), span);
}

const std::vector<Dim>* Elaborator::rest() const {
  const Scope* s = scope_->with_rest();
  return s ? &s->rest : nullptr;
}

}  // namespace weft::check
