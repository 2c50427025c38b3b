#include <algorithm>
#include <cmath>
#include <cstring>

#include "lang/run/machine.h"
#include "nlp/decode/sample.h"
#include "nlp/text/tokenizer.h"
#include "nlp/text/vocabulary.h"

/// Models fed with text: prediction and generation.
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

SymbolId symbol_of(const Dim& d) {
  return d.extent.symbol().value();
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

std::vector<std::int32_t> Machine::encode(const TextModel& model, const std::string& text) const {
  const OpenedData& data = opened(model.source.data);
  const Labels& labels = *data.labels[static_cast<std::size_t>(model.source.set)];
  const auto unknown = labels.find(nlp::kUnknown);
  std::vector<std::int32_t> ids;
  nlp::make_tokenizer(data.tokens)->tokenize(text, [&](std::string_view token) {
    const auto id = labels.find(token);
    if (id || unknown) ids.push_back(static_cast<std::int32_t>(id ? *id : *unknown));
  });
  return ids;
}

Tensor Machine::predict(const TextModel& model, const std::string& text) {
  std::vector<std::int32_t> ids = encode(model, text);
  if (ids.empty()) {  // an empty text is one unknown word, as in training
    const auto unknown =
        opened(model.source.data).labels[static_cast<std::size_t>(model.source.set)]->find(nlp::kUnknown);
    ids.push_back(static_cast<std::int32_t>(unknown.value_or(0)));
  }
  if (model.has_batch) bindings_.bind(symbol_of(model.batch), 1);
  bindings_.bind(symbol_of(model.time), static_cast<std::int64_t>(ids.size()));
  Tensor input = make(program_.variables[static_cast<std::size_t>(model.input)].type);
  std::ranges::copy(ids, input.values<std::int32_t>().begin());
  Plan p = plan(model.computation, {{model.input, input}});
  if (model.has_batch) bindings_.release(symbol_of(model.batch));
  bindings_.release(symbol_of(model.time));
  p.run(workers_, {options_.seed, steps_});
  return p.output(0).clone();
}

std::string Machine::generate(const Generation& g) {
  const TextModel& model = g.model;
  const OpenedData& data = opened(model.source.data);
  const Labels& labels = *data.labels[static_cast<std::size_t>(model.source.set)];
  const auto unknown = labels.find(nlp::kUnknown), end = labels.find(nlp::kEnd);
  std::vector<std::int32_t> ids = encode(model, g.prompt);
  const std::size_t prompt = ids.size();
  if (ids.empty()) ids.push_back(static_cast<std::int32_t>(end.value_or(unknown.value_or(0))));
  const std::size_t start = ids.size() - prompt;  // an <eos> that stands for an empty prompt isn't shown

  struct Ready {
    Tensor input;
    std::unique_ptr<Plan> plan;
  };
  std::map<std::int64_t, Ready> plans;  // by padded time
  std::vector<float> logits(static_cast<std::size_t>(labels.size()));
  for (std::int64_t n = 0; n < g.tokens && !observer_.interrupted(); ++n) {
    const auto length = std::min<std::int64_t>(static_cast<std::int64_t>(ids.size()), kLongestContext);
    const std::int64_t time = (length + kTimeGrain - 1) / kTimeGrain * kTimeGrain;
    Ready& ready = plans[time];
    if (!ready.plan) {
      if (model.has_batch) bindings_.bind(symbol_of(model.batch), 1);
      bindings_.bind(symbol_of(model.time), time);
      ready.input = make(program_.variables[static_cast<std::size_t>(model.input)].type);
      ready.plan = std::make_unique<Plan>(plan(model.computation, {{model.input, ready.input}}));
      if (model.has_batch) bindings_.release(symbol_of(model.batch));
      bindings_.release(symbol_of(model.time));
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
