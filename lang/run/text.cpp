#include <algorithm>
#include <cmath>
#include <cstring>

#include "lang/label_hint.h"
#include "lang/run/machine.h"
#include "nlp/decode/sample.h"
#include "nlp/text/tokenizer.h"
#include "nlp/text/vocabulary.h"

/// Models fed with text: labels and texts in a program, prediction, generation.
namespace weft {

namespace {

/// A uniform number in [0, 1) that belongs to (seed, stream, position).
double uniform(std::uint64_t seed, std::uint64_t position, std::uint32_t stream, const Workers& workers) {
  Tensor t(DType::f64, {});
  KernelParams params;
  params.numbers = {0, 1};
  params.stream = stream;
  KernelCall call;
  call.output = t.view();
  call.params = &params;
  call.workers = &workers;
  call.random = {seed, position};
  find_kernel("random_uniform", Device::cpu, DType::f64)->run(call);
  return t.item();
}

std::int64_t stride_of(const Tensor& t, AxisId axis) {
  std::int64_t stride = 1;
  for (std::size_t i = t.axes().size(); i-- > 0;) {
    if (t.axes()[i].axis == axis) return stride;
    stride *= t.axes()[i].extent;
  }
  return 0;
}

/// Time is padded to a multiple of this in generation, so that few plans serve all lengths.
constexpr std::int64_t kTimeGrain = 16;
/// How far back generation looks.
constexpr std::int64_t kLongestContext = 128;

}  // namespace

Machine::Encoded Machine::encode(const LabelSource& source, const std::string& text) const {
  const OpenedData& data = opened(source.data);
  const Labels& labels = *data.labels[static_cast<std::size_t>(source.set)];
  const auto unknown = labels.find(nlp::kUnknown);
  Encoded out;
  nlp::make_tokenizer(data.tokens)->tokenize(text, [&](std::string_view token) {
    const auto id = labels.find(token);
    if (!id) out.unknown.emplace_back(token);
    if (id || unknown) out.ids.push_back(static_cast<std::int32_t>(id ? *id : *unknown));
  });
  return out;
}

Tensor Machine::input_of(const TensorType& type, const std::vector<std::int32_t>& ids) const {
  std::vector<Tensor::Size> axes;
  for (const Dim& d : type.dims) axes.push_back({d.axis, 1});
  axes.back().extent = static_cast<std::int64_t>(ids.size());
  const auto fixed = type.dims.back().extent.constant();
  if (fixed && *fixed != axes.back().extent) {
    throw std::runtime_error("the model takes texts of exactly " + std::to_string(*fixed) +
                             " tokens, and this one has " + std::to_string(ids.size()));
  }
  Tensor input(storage_of(type.element, options_.real), std::move(axes));
  std::ranges::copy(ids, input.values<std::int32_t>().begin());
  return input;
}

Tensor Machine::read(const TensorType& type, const LabelSource& source, const Encoded& text) const {
  if (!text.ids.empty()) return input_of(type, text.ids);
  // An empty text is one unknown word, as in training.
  const auto unknown = opened(source.data).labels[static_cast<std::size_t>(source.set)]->find(nlp::kUnknown);
  return input_of(type, {static_cast<std::int32_t>(unknown.value_or(0))});
}

void Machine::execute(const ResolveLabel& action) {
  const auto labels = program_.axes[action.axis].labels;
  const auto position = labels ? labels->find(action.label) : std::nullopt;
  if (!position) {
    throw corpora::DataError(
        place_of(action.origin), 0,
        "\"" + action.label + "\" is no label of `" + program_.axes.name(action.axis) + "`",
        labels ? label_hint(action.label, *labels) : "");
  }
  Tensor& t = value(action.target);
  t.values<std::int32_t>()[0] = static_cast<std::int32_t>(*position);
}

void Machine::execute(const ReadText& action) {
  const Encoded text = encode(action.source, action.text);
  if (!text.unknown.empty()) {
    std::string words;
    for (std::size_t i = 0; i < std::min<std::size_t>(text.unknown.size(), 5); ++i)
      words += (i ? ", \"" : "\"") + text.unknown[i] + "\"";
    if (text.unknown.size() > 5) words += " and " + std::to_string(text.unknown.size() - 5) + " more";
    observer_.note(place_of(action.origin) + ": not in the vocabulary, read as <unk>: " + words);
  }
  try {
    values_[action.target] =
        read(program_.variables[static_cast<std::size_t>(action.target)].type, action.source, text);
  } catch (const std::runtime_error& e) {
    throw corpora::DataError(place_of(action.origin), 0, e.what());
  }
}

Tensor Machine::predict(const TextModel& model, const std::string& text) {
  const Tensor input = read(program_.variables[static_cast<std::size_t>(model.input)].type, model.source,
                            encode(model.source, text));
  Plan p = plan(model.computation, {{model.input, input}});
  p.run(workers_, {options_.seed, steps_});
  return p.output(0).clone();
}

std::string Machine::generate(const Generation& g) {
  const TextModel& model = g.model;
  const OpenedData& data = opened(model.source.data);
  const Labels& labels = *data.labels[static_cast<std::size_t>(model.source.set)];
  const auto unknown = labels.find(nlp::kUnknown), end = labels.find(nlp::kEnd);
  std::vector<std::int32_t> ids = encode(model.source, g.prompt).ids;
  const std::size_t prompt = ids.size();
  if (ids.empty()) ids.push_back(static_cast<std::int32_t>(end.value_or(unknown.value_or(0))));
  const std::size_t start = ids.size() - prompt;  // an <eos> that stands for an empty prompt isn't shown

  struct Ready {
    Tensor input;
    std::unique_ptr<Plan> plan;
  };
  std::map<std::int64_t, Ready> plans;  // by padded time
  const auto fixed = model.time.extent.constant();
  const std::int64_t longest = fixed.value_or(kLongestContext);
  std::vector<float> logits(static_cast<std::size_t>(labels.size()));
  for (std::int64_t n = 0; n < g.tokens && !observer_.interrupted(); ++n) {
    const auto length = std::min<std::int64_t>(static_cast<std::int64_t>(ids.size()), longest);
    const std::int64_t time = fixed.value_or((length + kTimeGrain - 1) / kTimeGrain * kTimeGrain);
    Ready& ready = plans[time];
    if (!ready.plan) {
      const TensorType& type = program_.variables[static_cast<std::size_t>(model.input)].type;
      ready.input = input_of(type, std::vector<std::int32_t>(static_cast<std::size_t>(time), 0));
      ready.plan = std::make_unique<Plan>(plan(model.computation, {{model.input, ready.input}}));
    }
    // A model trained to score the next token doesn't look ahead, so what follows position length - 1 is of
    // no account.
    const auto x = ready.input.values<std::int32_t>();
    std::ranges::fill(x, 0);
    std::copy(ids.end() - length, ids.end(), x.begin());
    ready.plan->run(workers_, {options_.seed, steps_});
    const Tensor& scores = ready.plan->output(0);
    const std::int64_t at = (length - 1) * stride_of(scores, model.time.axis),
                       step = stride_of(scores, model.vocabulary);
    for (std::size_t i = 0; i < logits.size(); ++i) {
      logits[i] = static_cast<float>(scores.at(at + static_cast<std::int64_t>(i) * step));
    }
    if (unknown) logits[static_cast<std::size_t>(*unknown)] = -std::numeric_limits<float>::infinity();
    const double u = uniform(options_.seed, static_cast<std::uint64_t>(n), g.stream, workers_);
    ids.push_back(static_cast<std::int32_t>(nlp::sample(logits, g.temperature, u)));
  }

  // Paragraph by paragraph: <eos> ends one.
  const auto tokenizer = nlp::make_tokenizer(data.tokens);
  std::string out;
  std::vector<std::string> line;
  for (std::size_t i = start; i < ids.size(); ++i) {
    if (end && ids[i] == *end) {
      out += tokenizer->detokenize(line) + "\n";
      line.clear();
    } else {
      line.push_back(labels.at(ids[i]));
    }
  }
  return out + tokenizer->detokenize(line);
}

}  // namespace weft
