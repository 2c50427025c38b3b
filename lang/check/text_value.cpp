#include <algorithm>
#include <charconv>

#include "lang/check/function_call.h"
#include "lang/check/guards.h"

/// Texts as values: joined and compared before the run, and read by models. A text where `V[T]` or `V[B, T]`
/// is asked for becomes the indices of its tokens when the program runs; a call that is given one is a
/// computation of its own, for which the text gives its open axes their extents.
namespace weft::check {

// --- texts known before the run ---

namespace {

std::optional<std::string> written(const Value& v) {
  if (const auto* t = as<TextValue>(v)) return t->value;
  if (const auto* b = as<BoolValue>(v)) return b->value ? "true" : "false";
  if (const auto* n = as<NumberValue>(v)) {
    char text[40];
    return std::string(text, std::to_chars(text, text + sizeof text, n->value).ptr);
  }
  return std::nullopt;
}

/// Where at either end of an expression a text is written; the whole where it isn't written out.
Span written_at(const Sources& sources, Span whole, const TextValue& text) {
  const std::string literal = "\"" + text.value + "\"";
  const std::string_view source = sources.text(whole);
  const auto length = static_cast<std::uint32_t>(literal.size());
  if (source.ends_with(literal)) return {whole.file, whole.end - length, whole.end};
  if (source.starts_with(literal)) return {whole.file, whole.begin, whole.begin + length};
  return whole;
}

}  // namespace

std::optional<Value> Elaborator::text_operation(ast::Operator op, const Value& a, const Value& b, Span span) {
  const auto *left = as<TextValue>(a), *right = as<TextValue>(b);
  if (!left && !right) return std::nullopt;
  const bool equality = op == ast::Operator::equal || op == ast::Operator::not_equal;
  if (op == ast::Operator::add) {
    const auto x = written(a), y = written(b);
    if (x && y) return TextValue{*x + *y};
  } else if (equality && left && right) {
    return BoolValue{(left->value == right->value) == (op == ast::Operator::equal)};
  } else if (equality &&
             (as<TensorValue>(a) || as<VariableValue>(a) || as<TensorValue>(b) || as<VariableValue>(b))) {
    // A label, compared with indices of its axis.
    const NodeId indices = tensor(left ? b : a, span);
    if (indices == kNoNode) return Poison{};
    const Element element = graph_->graph->type(indices).element;
    if (element.kind == ElementKind::index) {
      const auto label =
          index_of(left ? a : b, element.of, written_at(sources_, span, *(left ? left : right)));
      return emit(span, op == ast::Operator::equal ? OpId::equal : OpId::not_equal, {indices, *label});
    }
    return fail(code::element_mismatch, span, "only indices of an axis with labels compare with a text",
                "the other side is " + describe(indices));
  }
  return std::nullopt;
}

// --- texts as arguments ---

bool FunctionCall::check_plain(const ast::Parameter& p, const Value& v, Span span) {
  const std::string element = p.type->element ? p.type->element->text : "";
  const auto* n = as<NumberValue>(v);
  const bool text = as<TextValue>(v) != nullptr;
  const auto wrong = [&](const char* code, const char* wanted) {
    e_.fail(code, span, called_ + " takes " + wanted + " as its `" + p.name.text + "`", "is " + kind_of(v),
            "", {{p.type->span, "the type asked for"}});
    return false;
  };
  if (element == "text" && !p.type->axes) return text || wrong(code::not_a_text, "a text");
  if (text) return wrong(code::element_mismatch, "a number or tensor");
  if (element == "int" && (!n || !n->integer)) return wrong(code::element_mismatch, "a whole number");
  if (element == "bool" && n) return wrong(code::element_mismatch, "true or false");
  return true;
}

bool FunctionCall::reads_text(const ast::Parameter& p, const Value& v) {
  if (!as<TextValue>(v) || !p.type || !p.type->element || !p.type->axes) return false;
  const std::string& element = p.type->element->text;
  return element != "bool" && element != "int" && element != "text";
}

std::optional<TextInput> FunctionCall::text_input(const ast::Parameter& p, Span span) {
  const std::string& element = p.type->element->text;
  const auto vocabulary = e_.base_axis(*p.type->element);
  if (!vocabulary) return std::nullopt;
  const std::vector<Dim> actual = actual_of(*p.type->element, *vocabulary);
  if (actual.size() != 1) {
    not_inferred(element, span, "a text doesn't tell it");
    return std::nullopt;
  }
  TextInput input;
  input.type.element = {ElementKind::index, actual[0].axis};
  for (const ast::AxisItem& item : p.type->axes->items) {
    if (item.rest) continue;
    const auto base = e_.axis(item) ? e_.base_axis(item.name) : std::nullopt;
    if (!base) return std::nullopt;
    AxisBinding* b = binding_of(*base);
    if (b && b->actual.empty()) {
      // The caller's open axis of that name, so that it can be reduced there; else one of our making.
      const Binding* known = caller_->find(item.name.text);
      const auto* axis = known ? as<AxisValue>(known->value) : nullptr;
      AxisTable& table = e_.axis_table();
      if (axis && e_.is_open(table[axis->axis].extent)) {
        b->actual = {{axis->axis, table[axis->axis].extent}};
      } else {
        const Extent extent(table.symbols().fresh(item.name.text));
        b->actual = {{table.declare(item.name.text, extent, item.span), extent}};
      }
    }
    const std::vector<Dim> dims = actual_of(item.name, *base);
    if (dims.size() == 1) input.type.dims.push_back(dims[0]);
    if (item.extent && dims.size() == 1) input.type.dims.back().extent = e_.axis(item)->extent;
  }
  if (input.type.dims.empty()) return input;  // one index: a label
  const auto source = e_.label_source(actual[0].axis);
  if (!source) {
    e_.fail(code::takes_no_text, span, "`" + element + "` has no vocabulary to read text with",
            called_ + " takes indices of `" + element + "`",
            "take the axis from a corpus: axis V = book.vocab", {{p.type->span, "the type asked for"}});
    return std::nullopt;
  }
  input.source = *source;
  if (input.type.dims.size() > 2) {
    e_.fail(code::takes_no_text, span, "a text goes into a model as V[B, T] or V[T]",
            called_ + " takes " + shown(input.type), "", {{p.type->span, "the type asked for"}});
    return std::nullopt;
  }
  input.time = input.type.dims.back();
  if (input.type.dims.size() == 2) input.batch = input.type.dims.front();
  const auto rows = input.batch ? input.batch->extent.constant() : std::nullopt;
  if (rows.value_or(1) != 1) {
    e_.fail(code::takes_no_text, span, "one text is a batch of one",
            called_ + " takes " + std::to_string(*rows) + " at a time",
            "declare the axis without an extent: axis " + e_.axis_table().name(input.batch->axis),
            {{p.type->span, "the type asked for"}});
    return std::nullopt;
  }
  return input;
}

std::optional<TextInput> FunctionCall::model_input() {
  if (!bind_axes()) return std::nullopt;
  const ScopeGuard in_scope(e_, scope_);
  return text_input(fn_.parameters[0], site_.span);
}

bool FunctionCall::bind_text(const ast::Parameter& p, const std::string& text, Span span, Value& v) {
  const auto input = text_input(p, span);
  if (!input) return false;
  if (input->type.dims.empty()) {
    v = e_.label_index(text, input->type.element.of, span);
    return !is_poison(v);
  }
  if (e_.graph().root().batches) {
    e_.fail(code::other_computation, span, "a text can't be read inside a training",
            "it would be read before the training", "read it in a statement of its own, after the training");
    return false;
  }
  Program& program = e_.program();
  const VariableId id = program.add({"text", VariableKind::value, input->type, {}, 0});
  program.actions.push_back(ReadText{id, input->source, text, span});
  if (input->batch) batch_axes_.push_back(input->batch->axis);
  v = VariableValue{id};
  return true;
}

/// A text's row is the only one: its axis goes.
Value FunctionCall::without_batch(Value v) {
  for (const AxisId axis : batch_axes_) {
    const auto* t = as<TensorValue>(v);
    if (!t || !e_.graph().graph->type(t->node).has(axis)) continue;
    Attributes first;
    first.axes = {axis};
    first.extents = {Extent(0), Extent(1)};
    first.numbers = {1};
    v = e_.emit(site_.span, OpId::slice, {t->node}, std::move(first));
  }
  return v;
}

bool Elaborator::reads_text(const ast::FnDecl& fn, const CallSite& site) {
  std::size_t position = 0;
  for (const ArgumentValue& a : site.arguments) {
    const ast::Parameter* p = nullptr;
    if (a.name.empty()) {
      if (position < fn.parameters.size()) p = &fn.parameters[position];
      ++position;
    } else {
      const auto named = std::find_if(fn.parameters.begin(), fn.parameters.end(),
                                      [&](const ast::Parameter& q) { return q.name.text == a.name; });
      if (named != fn.parameters.end()) p = &*named;
    }
    if (!p || !FunctionCall::reads_text(*p, a.value)) continue;
    const auto& items = p->type->axes->items;
    if (std::any_of(items.begin(), items.end(), [](const ast::AxisItem& i) { return !i.rest; })) return true;
  }
  return false;
}

Value Elaborator::call_with_text(const ast::FnDecl& fn, const std::shared_ptr<Scope>& defined,
                                 const Instance* instance, CallSite& site) {
  for (const ArgumentValue& a : site.arguments) {
    if (!as<TensorValue>(a.value)) continue;
    return fail(code::other_computation, a.span, "beside a text this argument has to be there already",
                "computed in the same statement",
                "give it a name first: let x = " + std::string(sources_.text(a.span)));
  }
  GraphScope own(axis_table());
  own.batches = graph_->root().batches;
  const GraphGuard in_graph(*this, &own);
  const Value result = FunctionCall(*this, fn, defined, instance, site).run();
  if (is_poison(result)) return result;

  std::vector<Value> values = {result};
  const auto* tuple = as<std::shared_ptr<TupleValue>>(result);
  if (tuple) values = (*tuple)->values;
  ComputeValues action;
  std::vector<NodeId> nodes;
  for (Value& v : values) {
    if (is_poison(v)) return v;
    const auto* t = as<TensorValue>(v);
    if (!t) continue;
    nodes.push_back(t->node);
    action.targets.push_back(program_.add({"result", VariableKind::value, own.graph->type(t->node), {}, 0}));
    v = VariableValue{action.targets.back()};
  }
  if (!settled(*own.graph)) return Poison{};
  if (!nodes.empty()) {
    action.computation = finish(own, std::move(nodes));
    program_.actions.push_back(std::move(action));
  }
  if (!tuple) return values[0];
  auto out = std::make_shared<TupleValue>();
  out->values = std::move(values);
  return out;
}

// --- models that are fed with texts again and again: predict, generate ---

std::optional<TextModel> Elaborator::text_model(const Value& v, const char* method, Span span) {
  const auto* instance = as<InstanceValue>(v);
  if (!instance) {
    if (!is_poison(v)) fail(code::takes_no_text, span, "expected a model, got " + kind_of(v), "not a model");
    return std::nullopt;
  }
  const ast::ModelDecl& d = *instance->instance->declaration;
  const ast::FnDecl* fn = method ? instance->instance->method(method) : nullptr;
  if (!fn) fn = instance->instance->method("");
  if (!fn || fn->parameters.empty() || !FunctionCall::reads_text(fn->parameters[0], TextValue{})) {
    fail(code::takes_no_text, span, "model `" + d.name.text + "` doesn't take a text",
         "its fn has no argument of word indices", "give it an unnamed fn (x: V[B, T]) -> ...");
    return std::nullopt;
  }
  GraphScope own(axis_table());
  const GraphGuard in_graph(*this, &own);
  CallSite site{span, span, nullptr, {}};
  const auto input =
      FunctionCall(*this, *fn, instance->instance->scope, instance->instance.get(), site).model_input();
  if (!input) return std::nullopt;
  if (input->type.dims.empty()) {
    fail(code::takes_no_text, span, "a text goes into a model as V[B, T] or V[T]",
         "model `" + d.name.text + "` takes " + weft::describe(input->type, axis_table()));
    return std::nullopt;
  }
  TextModel out;
  out.source = input->source;
  out.vocabulary = input->type.element.of;
  out.time = input->time;
  out.input = program_.add({"text", VariableKind::column, input->type, {}, 0});
  site.arguments.push_back({{}, VariableValue{out.input}, span});
  const NodeId result =
      tensor(call_function(*fn, instance->instance->scope, instance->instance.get(), site), span);
  if (result == kNoNode) return std::nullopt;
  out.computation = finish(own, {result});
  return out;
}

}  // namespace weft::check
