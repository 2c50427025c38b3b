#include <algorithm>

#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"

/// Labels, tokenizers, generation.
namespace weft::check {

Value labels(Elaborator& e, const Builtin&, CallSite& site) {
  std::vector<std::string> names;
  for (const ArgumentValue& a : site.arguments) {
    const auto t = e.text(a.value, a.span, "`labels`");
    if (!t) return Poison{};
    if (std::find(names.begin(), names.end(), *t) != names.end()) {
      return e.fail(code::label_twice, a.span, "label \"" + *t + "\" is given twice", "the second time");
    }
    names.push_back(*t);
  }
  const auto n = static_cast<std::int64_t>(names.size());
  return LabelsValue{std::make_shared<Labels>(std::move(names)), Extent(n), {}};
}

/// words(min_count = 2), chars(...): how text becomes tokens.
Value tokenizer(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, {"min_count", "normalize", "fold_case", "locale"}, 0, a)) {
    return Poison{};
  }
  TokenizerValue t;
  t.settings.kind = b.name;
  if (a[0]) {
    const auto n = e.whole_number(a[0]->value, a[0]->span, "min_count");
    if (!n) return Poison{};
    if (*n < 1) return e.fail(code::bad_value, a[0]->span, "min_count is at least 1", "too small");
    t.min_count = *n;
  }
  if (a[1]) {
    const auto s = e.text(a[1]->value, a[1]->span, "normalize");
    if (!s) return Poison{};
    if (*s == "none") {
      t.settings.normalize = nlp::Normalize::none;
    } else if (*s == "nfc") {
      t.settings.normalize = nlp::Normalize::nfc;
    } else if (*s == "nfkc") {
      t.settings.normalize = nlp::Normalize::nfkc;
    } else {
      return e.fail(code::not_one_of, a[1]->span, "normalize is none, nfc or nfkc", "not one of them");
    }
  }
  if (a[2]) {
    const auto* fold_case = as<BoolValue>(a[2]->value);
    if (!fold_case)
      return e.fail(code::wrong_kind, a[2]->span, "fold_case is true or false", kind_of(a[2]->value));
    t.settings.fold_case = fold_case->value;
  }
  if (a[3]) {
    const auto s = e.text(a[3]->value, a[3]->span, "locale");
    if (!s) return Poison{};
    t.settings.locale = *s;
  }
  return t;
}

Value generate(Elaborator& e, const Builtin&, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`generate`", site, {"model", "prompt", "tokens", "temperature"}, 2, a))
    return Poison{};
  auto generation = std::make_shared<Generation>();
  const auto prompt = e.text(a[1]->value, a[1]->span, "generate's prompt");
  if (!prompt) return Poison{};
  generation->prompt = *prompt;
  if (a[2]) {
    const auto n = e.whole_number(a[2]->value, a[2]->span, "tokens");
    if (!n) return Poison{};
    if (*n < 0) return e.fail(code::bad_value, a[2]->span, "tokens can't be negative", "negative");
    generation->tokens = *n;
  }
  if (a[3]) {
    const auto n = e.number(a[3]->value, a[3]->span, "temperature");
    if (!n) return Poison{};
    if (*n < 0) return e.fail(code::bad_value, a[3]->span, "a temperature is 0 or more", "negative");
    generation->temperature = *n;
  }
  auto model = e.text_model(a[0]->value, nullptr, a[0]->span);
  if (!model) return Poison{};
  const TensorType& result = model->computation.graph->type(model->computation.outputs[0]);
  if (!result.has(model->time.axis) || !result.has(model->vocabulary)) {
    return e.fail(
        code::cannot_generate, a[0]->span, "only a model that scores the next word can generate",
        "it maps " +
            describe(e.program().variables[static_cast<std::size_t>(model->input)].type, e.axis_table()) +
            " to " + describe(result, e.axis_table()),
        "its result needs the axes of time and of the vocabulary");
  }
  generation->model = std::move(*model);
  generation->stream = e.next_stream();
  return GenerationValue{generation};
}

}  // namespace weft::check
