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

namespace {

bool read_normalize(Elaborator& e, const ArgumentValue& a, nlp::Normalize& out) {
  const auto name = e.text(a.value, a.span, "normalize");
  if (!name) return false;
  const auto& names = nlp::normalize_names();
  const auto found = std::find(names.begin(), names.end(), *name);
  if (found == names.end()) {
    e.fail(code::not_one_of, a.span, "normalize is none, nfc, nfkc, nfd or nfkd", "not one of them");
    return false;
  }
  out = static_cast<nlp::Normalize>(found - names.begin());
  return true;
}

bool read_truth(Elaborator& e, const ArgumentValue& a, const std::string& name, bool& out) {
  const auto* truth = as<BoolValue>(a.value);
  if (truth == nullptr) {
    e.fail(code::wrong_kind, a.span, name + " is true or false", kind_of(a.value));
    return false;
  }
  out = truth->value;
  return true;
}

bool read_count(Elaborator& e, const ArgumentValue& a, const std::string& name, std::int64_t& out) {
  const auto n = e.whole_number(a.value, a.span, name);
  if (!n) return false;
  if (*n < 1) {
    e.fail(code::bad_value, a.span, name + " is at least 1", "too small");
    return false;
  }
  out = *n;
  return true;
}

/// sentencepiece(size = 8000, model = unigram) or sentencepiece(file = "x.model").
bool read_pieces(Elaborator& e, const ArgumentValue* size, const ArgumentValue* model,
                 const ArgumentValue* file, nlp::TokenizerSettings& out) {
  if (size && !read_count(e, *size, "size", out.training.size)) return false;
  if (model) {
    const auto name = e.text(model->value, model->span, "model");
    if (!name) return false;
    if (*name != "unigram" && *name != "bpe") {
      e.fail(code::not_one_of, model->span, "model is unigram or bpe", "not one of them");
      return false;
    }
    out.training.model = *name;
  }
  if (!file) return true;
  const auto path = e.text(file->value, file->span, "file");
  if (!path) return false;
  if (const ArgumentValue* learnt = size ? size : model) {
    e.fail(code::bad_value, learnt->span, "a model from a file has its size and its kind already",
           "for a model that is learnt", "leave out " + std::string(size ? "size" : "model") + ", or file");
    return false;
  }
  if (path->empty()) {
    e.fail(code::bad_value, file->span, "file is the path of a SentencePiece model", "empty");
    return false;
  }
  out.file = *path;
  return true;
}

}  // namespace

/// words(min_count = 2), chars(...), sentencepiece(...): how text becomes tokens.
Value tokenizer(Elaborator& e, const Builtin& b, CallSite& site) {
  std::vector<std::string> names = {"min_count", "normalize", "fold_case", "strip_accents", "locale"};
  const bool pieces = b.name == "sentencepiece";
  if (pieces) names.insert(names.end(), {"size", "model", "file"});
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, names, 0, a)) return Poison{};
  TokenizerValue t;
  t.settings = nlp::TokenizerSettings::of(b.name);
  if (a[0] && !read_count(e, *a[0], "min_count", t.min_count)) return Poison{};
  if (a[1] && !read_normalize(e, *a[1], t.settings.normalize)) return Poison{};
  if (a[2] && !read_truth(e, *a[2], "fold_case", t.settings.fold_case)) return Poison{};
  if (a[3] && !read_truth(e, *a[3], "strip_accents", t.settings.strip_accents)) return Poison{};
  if (a[4]) {
    const auto s = e.text(a[4]->value, a[4]->span, "locale");
    if (!s) return Poison{};
    t.settings.locale = *s;
  }
  if (pieces && !read_pieces(e, a[5], a[6], a[7], t.settings)) return Poison{};
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
