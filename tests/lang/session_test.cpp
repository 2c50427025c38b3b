#include <cmath>
#include <fstream>

#include "lang/session.h"
#include "tests/catch2.h"

namespace weft {
namespace {

class Quiet : public Observer {
 public:
  void show(const std::string& text) override { shown.push_back(text); }
  void progress(const Progress& p) override { losses.push_back(p.loss); }
  void note(const std::string& line) override { notes.push_back(line); }
  bool interrupted() override { return false; }

  std::vector<std::string> shown, notes;
  std::vector<double> losses;
};

const std::string kCorpus = std::string(WEFT_SOURCE_DIR) + "/corpora/samples/english.txt";

/// A language model around a recurrent layer: 20 steps of training, its loss shown.
std::string program(const std::string& layer_source, const std::string& layer) {
  return R"(
axis B, T
axis E = 12, H = 16
data book = lines[B: 8, T: 10](")" +
         kCorpus + R"(", tokens = words(min_count = 3), holdout = 0.1)
axis V = book.vocab
)" + layer_source +
         R"(
model Language {
  let embed = Embed[V, E]()
  let rnn = )" +
         layer + R"([E -> H]()
  let out = Linear[H -> V]()
  fn (x: V[B, T]) -> [B, T, V] { return embed(x) |> rnn[T] |> out }
}
let lm = Language()
train run on book.train as (x = ids, y = next) {
  step { minimize mean[B, T](cross_entropy[V](lm(x), y)) over lm using adam(1e-2, clip = 1.0) }
  steps = 20
}
)";
}

/// The GRU as the language's reference writes it out.
const char* const kWrittenOut = R"(
model OwnGRU[In -> H] {
  axis Gate = labels("reset", "update", "new")
  param W: [In, Gate, H] = glorot()
  param U: [H', Gate, H] = orthogonal()
  param b: [Gate, H] = zeros()

  fn [T](x: [.., T, In]) -> [.., T, H] {
    return scan[T](x; h = zeros[.., H]()) {
      let i_r, i_z, i_n = unstack[Gate](dot[In](x, W) + b)
      let h_r, h_z, h_n = unstack[Gate](dot[H'](rename[H -> H'](h), U))
      let z = sigmoid(i_z + h_z)
      let n = tanh(i_n + sigmoid(i_r + h_r) * h_n)
      next h = (1 - z) * n + z * h
      return h
    }
  }
}
)";

struct Trained {
  double loss = 0;
  std::map<std::string, std::vector<double>> parameters;
};

Trained train(const std::string& source, int threads, std::uint64_t seed = 7) {
  Quiet observer;
  Session session({{threads, seed, DType::f32}, {}, false}, observer);
  const auto diagnostics = session.read("test.weft", source);
  for (const Diagnostic& d : diagnostics) UNSCOPED_INFO(render(d, session.sources()));
  REQUIRE(diagnostics.empty());
  REQUIRE(session.run() == Outcome::done);
  REQUIRE_FALSE(observer.losses.empty());
  Trained out{observer.losses.back(), {}};
  for (std::size_t i = 0; i < session.program().variables.size(); ++i) {
    const Variable& v = session.program().variables[i];
    if (v.kind != VariableKind::parameter) continue;
    const Tensor& t = session.machine().value(static_cast<VariableId>(i));
    auto& values = out.parameters[std::to_string(i) + v.name];
    for (std::int64_t k = 0; k < t.size(); ++k) values.push_back(t.at(k));
  }
  return out;
}

TEST_CASE("a GRU written out and the library's train alike") {
  const Trained own = train(program(kWrittenOut, "OwnGRU"), 1), library = train(program("", "GRU"), 1);
  CHECK(own.loss == Approx(library.loss).margin(1e-6));
  CHECK(own.loss < std::log(600));  // below that of a uniform guess over the vocabulary
}

TEST_CASE("the number of threads changes no bit of a trained model") {
  const Trained one = train(program("", "LSTM"), 1), two = train(program("", "LSTM"), 2);
  CHECK(one.loss == two.loss);
  CHECK(one.parameters == two.parameters);
}

TEST_CASE("another seed gives another model") {
  CHECK(train(program("", "LSTM"), 1, 1).parameters != train(program("", "LSTM"), 1, 2).parameters);
}

TEST_CASE("checking opens no corpus") {
  Quiet observer;
  Session session({{1, 1, DType::f32}, {}, false}, observer);
  std::string source = program("", "LSTM");
  source.replace(source.find(kCorpus), kCorpus.size(), "/there/is/no/such/file");
  CHECK(session.read("test.weft", source).empty());
  CHECK_THROWS_AS(session.run(), corpora::DataError);
}

}  // namespace
}  // namespace weft
