#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"

/// word2vec[V, E](book, ...) and fasttext[V, E](book, ...): an Embed whose table is learnt from a corpus.
namespace weft::check {

namespace {

/// The library's Embed, whatever the script calls by that name.
const ModelValue* embed_model(const Scope& scope) {
  const Scope* top = &scope;
  while (top->parent) top = top->parent.get();
  const Binding* found = top->find("Embed");
  return found ? as<ModelValue>(found->value) : nullptr;
}

struct WholeNumber {
  const char* name;
  std::int32_t* value;
  std::int64_t least, most;
};

bool read_whole(Elaborator& e, const ArgumentValue* a, const WholeNumber& row) {
  if (!a) return true;
  const auto n = e.whole_number(a->value, a->span, row.name);
  if (!n) return false;
  if (*n < row.least || *n > row.most) {
    e.fail(
        code::bad_value, a->span,
        std::string(row.name) + " is from " + std::to_string(row.least) + " to " + std::to_string(row.most),
        "out of range");
    return false;
  }
  *row.value = static_cast<std::int32_t>(*n);
  return true;
}

bool read_real(Elaborator& e, const ArgumentValue* a, const char* name, bool zero, double& value) {
  if (!a) return true;
  const auto n = e.number(a->value, a->span, name);
  if (!n) return false;
  if (!(*n > 0 || (zero && *n == 0)) || *n > 1e6) {
    e.fail(code::bad_value, a->span, std::string(name) + (zero ? " is at least 0" : " is above 0"),
           "out of range");
    return false;
  }
  value = *n;
  return true;
}

/// One of two words for a value; false after a diagnostic.
template <class T>
bool read_choice(Elaborator& e, const ArgumentValue* a, const char* name, const char* first, T one,
                 const char* second, T other, T& value) {
  if (!a) return true;
  const auto text = e.text(a->value, a->span, name);
  if (!text) return false;
  if (*text != first && *text != second) {
    e.fail(code::not_one_of, a->span, std::string(name) + " is " + first + " or " + second,
           "neither of them");
    return false;
  }
  value = *text == first ? one : other;
  return true;
}

}  // namespace

Value word_vectors(Elaborator& e, const Builtin& b, CallSite& site) {
  const bool subwords = b.name == "fasttext";
  Arguments a;
  std::vector<std::string> names = {"corpus", "window", "epochs", "negatives",    "sample",
                                    "rate",   "model",  "loss",   "deterministic"};
  if (subwords) names.insert(names.end(), {"min_n", "max_n", "buckets"});
  if (!e.match_arguments("`" + b.name + "`", site, names, 1, a)) return Poison{};
  TrainEmbedding training;
  training.name = b.name;
  training.origin = site.span;
  if (const auto* data = as<DataValue>(a[0]->value)) {
    training.data = data->data;
  } else if (const auto* split = as<SplitValue>(a[0]->value)) {
    training.data = split->data;
    training.split = split->split;
  } else {
    if (is_poison(a[0]->value)) return Poison{};
    return e.fail(code::wrong_kind, a[0]->span,
                  "`" + b.name + "` learns from a corpus, not from " + kind_of(a[0]->value), "not a corpus",
                  "open one before: data book = lines[B: 32, T: 35](\"book.txt\")");
  }
  nlp::EmbeddingSettings& s = training.settings;
  s.min_count = 1;  // the corpus has its vocabulary already
  if (subwords) {
    s.min_n = 3;
    s.max_n = 6;
    s.buckets = 2'000'000;
    s.noise_power = 0.5;
  }
  const WholeNumber numbers[] = {{"window", &s.window, 1, 1000},
                                 {"epochs", &s.epochs, 1, 1'000'000},
                                 {"negatives", &s.negatives, 1, 1000}};
  for (std::size_t i = 0; i < std::size(numbers); ++i) {
    if (!read_whole(e, a[i + 1], numbers[i])) return Poison{};
  }
  if (!read_real(e, a[4], "sample", true, s.sample) || !read_real(e, a[5], "rate", false, s.rate))
    return Poison{};
  if (!read_choice(e, a[6], "model", "skipgram", nlp::EmbeddingTask::skipgram, "cbow",
                   nlp::EmbeddingTask::cbow, s.task) ||
      !read_choice(e, a[7], "loss", "negative_sampling", nlp::EmbeddingLoss::negative_sampling,
                   "hierarchical_softmax", nlp::EmbeddingLoss::hierarchical_softmax, s.loss))
    return Poison{};
  if (a[8]) {
    const auto* truth = as<BoolValue>(a[8]->value);
    if (!truth) {
      return e.fail(code::wrong_kind, a[8]->span, "deterministic is true or false", kind_of(a[8]->value));
    }
    training.deterministic = truth->value;
  }
  if (subwords) {
    const WholeNumber more[] = {
        {"min_n", &s.min_n, 1, 100}, {"max_n", &s.max_n, 0, 100}, {"buckets", &s.buckets, 1, 1'000'000'000}};
    for (std::size_t i = 0; i < std::size(more); ++i) {
      if (!read_whole(e, a[i + 9], more[i])) return Poison{};
    }
  }

  const ModelValue* embed = embed_model(e.scope());
  if (!embed) return e.fail(code::not_a_layer, site.callee, "the library has no Embed", "needs it");
  CallSite made{site.span, site.callee, site.axes, {}};
  Value value = e.instantiate(*embed, made);
  const auto* instance = as<InstanceValue>(value);
  if (!instance) return Poison{};
  std::vector<NamedParameter> parameters;
  e.collect_parameters(*instance->instance, "", parameters);
  training.table = parameters.at(0).variable;
  const TensorType& type = e.program().variables[static_cast<std::size_t>(training.table)].type;
  const AxisId words = type.dims.at(0).axis;
  const auto source = e.label_source(words);
  if (!source && !e.axis_table()[words].labels) {
    const std::string v = site.axes->items[0].name.text;
    return e.fail(code::not_a_vocabulary, site.axes->items[0].span,
                  "axis `" + v + "` has no labels, which its vectors are found by", "not a vocabulary",
                  "declare it from the corpus: axis " + v + " = book.vocab");
  }
  const DataSource& data = e.program().data[static_cast<std::size_t>(training.data)];
  for (std::size_t c = 0; c < data.schema->columns.size(); ++c) {
    const corpora::ColumnSchema& column = data.schema->columns[c];
    const bool text = column.axes.size() == 2;
    const bool mine = source && source->data == training.data &&
                      data.schema->label_sets[static_cast<std::size_t>(source->set)] == column.labels;
    if (text && (mine || training.column < 0)) training.column = static_cast<int>(c);
    if (text && mine) break;
  }
  if (training.column < 0) {
    return e.fail(code::wrong_kind, a[0]->span, "this corpus holds no text", "no column of words");
  }
  if (!e.check_options().declarations_only) e.program().actions.push_back(std::move(training));
  return value;
}

}  // namespace weft::check
