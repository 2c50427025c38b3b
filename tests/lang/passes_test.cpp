#include <cstring>
#include <random>

#include "lang/report/extents.h"
#include "lang/session.h"
#include "tensor/plan.h"
#include "tests/catch2.h"

using namespace weft;

namespace {

class Silent : public Observer {
  void show(const std::string&) override {}
  void progress(const Progress&) override {}
  void note(const std::string&) override {}
  bool interrupted() override { return false; }
};

/// The steps of a script's trainings, run on numbers out of a hat.
class Steps {
 public:
  explicit Steps(const std::string& source) : session_({}, silent_) {
    for (const Diagnostic& d : session_.read("test.weft", source)) {
      INFO(render(d, session_.sources()));
      CHECK(d.severity != Severity::error);
    }
    report::bind_batches(session_.program(), extents_);
    report::bind_labels(session_.program(), extents_);
    for (const Action& action : session_.program().actions) {
      if (const auto* training = std::get_if<Training>(&action)) steps_.push_back(&training->step);
    }
    for (const Computation* step : steps_) report::bind_rest(*step->graph, extents_);
  }
  std::size_t count() const { return steps_.size(); }

  /// The bytes of all outputs and of all that was updated, after two runs.
  std::vector<std::byte> run(std::size_t i, const PlanOptions& options, int threads) const {
    const Computation& step = *steps_[i];
    std::vector<Tensor> inputs = numbers(*step.graph);
    Plan plan(*step.graph, step.outputs, step.effects, extents_.bindings, inputs, options);
    const Workers workers(threads);
    for (std::uint64_t n = 1; n <= 2; ++n) plan.run(workers, {7, n});
    std::vector<std::byte> all;
    const auto add = [&all](const Tensor& t) { all.insert(all.end(), t.data(), t.data() + t.bytes()); };
    for (std::size_t k = 0; k < step.outputs.size(); ++k) add(plan.output(static_cast<int>(k)));
    for (const Tensor& t : inputs) add(t);
    return all;
  }

 private:
  std::vector<Tensor> numbers(const Graph& graph) const {
    std::mt19937 random(5);
    const auto evaluate = [&](const Extent& e) {
      return *graph.axes().symbols().evaluate(e, extents_.bindings);
    };
    std::vector<Tensor> inputs;
    for (NodeId id : graph.inputs()) {
      const TensorType& type = graph.type(id);
      std::vector<Tensor::Size> sizes;
      for (const Dim& dim : type.dims) sizes.push_back({dim.axis, evaluate(dim.extent)});
      inputs.emplace_back(storage_of(type.element, DType::f32), sizes);
      const Tensor& t = inputs.back();
      const std::int64_t positions =
          type.element.kind == ElementKind::index ? evaluate(graph.axes()[type.element.of].extent) : 3;
      for (std::int64_t k = 0; k < t.size(); ++k) {
        // Positive, as moments and numbers of steps are; a length is 1 to 3.
        if (t.dtype() == DType::f32) {
          t.values<float>()[k] = static_cast<float>(random() % 1000 + 1) / 2000.0F;
        } else if (t.dtype() == DType::i32) {
          const auto drawn = static_cast<std::int32_t>(random() % static_cast<std::uint32_t>(positions));
          t.values<std::int32_t>()[k] = type.element.kind == ElementKind::index ? drawn : drawn + 1;
        } else {
          t.values<bool>()[k] = random() % 2 == 0;
        }
      }
    }
    return inputs;
  }

  Silent silent_;
  Session session_;
  report::Extents extents_;
  std::vector<const Computation*> steps_;
};

const char* const kLanguageModel = R"(
axis B, T
axis E = 24, H = 130
data book = lines[B: 3, T: 5]("no_such_corpus.txt", tokens = words())
axis V = book.vocab
model Language {
  let embed = Embed[V, E]()
  let rnn = LSTM[E -> H](layers = 2, dropout = 0.2)
  let again = GRU[H -> H]()
  let out = Linear[H -> V]()
  fn (x: V[B, T]) -> [B, T, V] { return embed(x) |> rnn[T] |> again[T] |> out }
}
let lm = Language()
train run on book.train as (x = ids, y = next) {
  step { minimize mean[B, T](cross_entropy[V](lm(x), y)) over lm using adam(1e-3, clip = 1.0) }
}
)";

const char* const kTransformer = R"(
axis B, T
axis D = 48
data texts = tsv[B: 3, T: 7]("no_such_corpus.tsv", tokens = words())
axis V = texts.vocab, Class = texts.classes
model Classifier {
  let embed = Embed[V, D]()
  let encoder = TransformerEncoder[T, D](layers = 2, heads = 4, wider = 2, dropout = 0.1)
  let out = Linear[D -> Class]()
  fn (x: V[B, T]) -> [B, Class] {
    return mean[T](embed(x) * sqrt(D) + positions[T, D]() |> encoder) |> out
  }
}
let classifier = Classifier()
train run on texts.train as (x = text, y = label) {
  step { minimize mean[B](cross_entropy[Class](classifier(x), y)) over classifier using adamw(3e-4) }
}
)";

const char* const kPictures = R"(
axis B = 2, Rows = 28, Columns = 28, Grey = 1, Digit = 10
let lenet = LeNet5[Rows, Columns, Grey -> Digit]()
param picture: [B, Rows, Columns, Grey] = normal(1)
param wanted: [B, Digit] = normal(1)
train run {
  step { minimize mean[B](sum[Digit]((lenet(picture) - wanted) ^ 2)) over lenet using nesterov(0.1) }
  steps = 1
}
)";

const char* const kOptimizers = R"(
axis I = 37, O = 19
param a: [I, O] = normal(1)
param b: [I, O] = normal(1)
param c: [I, O] = normal(1)
param x: [I] = normal(1)
fn loss(w: [I, O]) -> [] {
  let y = dot[I](x, w)
  return mean[O](sigmoid(y) * tanh(y) + gelu(y) ^ 2 / 4 + maximum(y, 0.1) - minimum(y * 1, 3) + log(1 + abs(y)))
}
train run {
  step {
    minimize loss(a) + 0.01 * l2(a) over a using momentum(0.1, clip = 0.5)
    minimize loss(b) over b using rmsprop(0.1)
    minimize loss(c) + loss(a) over c using adagrad(0.1)
  }
  steps = 1
}
)";

}  // namespace

TEST_CASE("passes: each of them, and all, leave the steps of real models as they are, bit for bit") {
  const char* const sources[] = {kLanguageModel, kTransformer, kPictures, kOptimizers};
  for (const char* source : sources) {
    INFO(source);
    const Steps steps(source);
    REQUIRE(steps.count() == 1);
    PlanOptions none;
    none.fold = none.share = none.fuse = false;
    const auto expected = steps.run(0, none, 1);
    PlanOptions fold = none, share = none, fuse = none;
    fold.fold = share.share = fuse.fuse = true;
    CHECK(steps.run(0, fold, 1) == expected);
    CHECK(steps.run(0, fuse, 1) == expected);
    // Attention, which is recognized with equal subexpressions, sums in another order.
    if (source == kTransformer) {
      CHECK(steps.run(0, PlanOptions{}, 1) == steps.run(0, share, 1));
    } else {
      CHECK(steps.run(0, share, 1) == expected);
      CHECK(steps.run(0, PlanOptions{}, 1) == expected);
    }
    CHECK(steps.run(0, PlanOptions{}, 1) == steps.run(0, PlanOptions{}, 2));
  }
}
