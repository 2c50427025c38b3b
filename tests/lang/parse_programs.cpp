#include "tests/catch2.h"
#include "tests/lang/parse_support.h"

// The programs of the language's own reference.

using weft::test::Program;

namespace {

const char* const kLanguageModel = R"weft(# A word-level LSTM language model.
axis B, T                                   # open: each batch brings its own extent
axis E = 256, H = 512

option corpus = "kjv.txt"                   # a UTF-8 text file, one paragraph a line
option epochs = 5                           # passes over the corpus

data book = lines[B: 32, T: 35](corpus, tokens = words(min_count = 2), holdout = 0.1)
axis V = book.vocab

model Language {
  let embed = Embed[V, E]()
  let rnn   = LSTM[E -> H](layers = 2, dropout = 0.3)
  let out   = Linear[H -> V]()

  fn (x: V[B, T]) -> [B, T, V] {
    return embed(x) |> rnn[T] |> out
  }
}

let lm = Language()

train run on book.train as (x = ids, y = next) {
  step {
    let loss = mean[B, T](cross_entropy[V](lm(x), y))
    minimize loss over lm using adam(cosine(3e-3, warmup = 400), clip = 1.0)
  }
  validate on book.valid {
    show perplexity = exp(mean[B, T](cross_entropy[V](lm(x), y)))
  }
  epochs = epochs, patience = 2
}

save lm to "lm.safetensors"
show generate(lm, "In the beginning", tokens = 40, temperature = 0.8)
expect run.perplexity < 400
)weft";

const char* const kAttention = R"weft(# softmax(QK^T / sqrt(d_k)) V, Vaswani et al. 2017, eq. 1
fn attention[Q, S, K](q: [.., Q, K], k: [.., S, K], v: [.., S, K], seen: bool[.., Q, S]) -> [.., Q, K] {
  let score = dot[K](q, k) / sqrt(K)
  let weight = softmax[S](where(seen, score, -inf))
  return dot[S](weight, v)
}

model SelfAttention[T, D] {
  axis Head = 8, K = D / Head
  let q = Linear[D -> Head, K](bias = false)
  let k = Linear[D -> Head, K](bias = false)
  let v = Linear[D -> Head, K](bias = false)
  let out = Linear[Head, K -> D]()

  fn (x: [.., T, D], seen: bool[.., T, T']) -> [.., T, D] {
    let y = rename[T -> T'](x)
    return attention[T, T', K](q(x), k(y), v(y), seen) |> out
  }
}
)weft";

const char* const kGru = R"weft(model GRU[In -> H] {
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
)weft";

const char* const kGan = R"weft(train gan on images.train as (real = image) {
  step {
    let fake = G(normal[B, Z]())
    minimize mean[B](bce(D(real), 1) + bce(D(stop(fake)), 0)) over D using adam(2e-4, beta1 = 0.5)
    minimize mean[B](bce(D(fake), 1))                         over G using adam(2e-4, beta1 = 0.5)
  }
}
)weft";

const char* const kSarsa = R"weft(let world = gridworld("cliff")              # labelled axes State and Action
axis S = world.states, A = world.actions
param Q: [S, A] = zeros()

train learner on episodes(world, policy = epsilon_greedy[A](Q, 0.1), count = 500)
      as (s = state, a = action, r = reward, s1 = next_state, a1 = next_action, live = continues) {
  step {
    let target = r + 0.99 * live * at[S, A](Q, s1, a1)            # Sarsa
    # let target = r + 0.99 * live * max[A](at[S](Q, s1))         # Q-learning
    set at[S, A](Q, s, a) = at[S, A](Q, s, a) + 0.5 * (target - at[S, A](Q, s, a))
  }
}
)weft";

}  // namespace

TEST_CASE("the first program") {
  const Program program(kLanguageModel);
  CHECK(program.rendered() == "");
  CHECK(program.dump() == R"((axis (B -) (T -))
(axis (E 256) (H 512))
(option corpus "kjv.txt" help="a UTF-8 text file, one paragraph a line")
(option epochs 5 help="passes over the corpus")
(data book (postfix lines [B:32 T:35] (call corpus tokens=(postfix words (call min_count=2)) holdout=0.1)))
(axis (V (postfix book .vocab)))
(model Language - () help="" {
  (let embed (postfix Embed [V E] (call)))
  (let rnn (postfix LSTM [E -> H] (call layers=2 dropout=0.3)))
  (let out (postfix Linear [H -> V] (call)))
  (fn - - ((x (type V [B T]) -)) (type - [B T V]) help="" {
    (return (chain (postfix embed (call x)) |> (postfix rnn [T]) |> out))
  })
})
(let lm (postfix Language (call)))
(train run (postfix book .train) (columns x=ids y=next) {
  (step {
    (let loss (postfix mean [B T] (call (postfix cross_entropy [V] (call (postfix lm (call x)) y)))))
    (minimize loss (over lm) (postfix adam (call (postfix cosine (call 0.003 warmup=400)) clip=1.0)))
  })
  (validate (postfix book .valid) {
    (show perplexity=(postfix exp (call (postfix mean [B T] (call (postfix cross_entropy [V] (call (postfix lm (call x)) y)))))))
  })
  (settings epochs=epochs patience=2)
})
(save lm "lm.safetensors")
(show (postfix generate (call lm "In the beginning" tokens=40 temperature=0.8)))
(expect (chain (postfix run .perplexity) < 400))
)");
}

TEST_CASE("attention") {
  const Program program(kAttention);
  CHECK(program.rendered() == "");
  CHECK(std::get<weft::ast::FnDecl>(program.statement(0).form).help ==
        "softmax(QK^T / sqrt(d_k)) V, Vaswani et al. 2017, eq. 1");
  CHECK(program.parsed.program.statements.size() == 2);
}

TEST_CASE("a GRU by scan") {
  const Program program(kGru);
  CHECK(program.rendered() == "");
  const auto& gru = std::get<weft::ast::ModelDecl>(program.statement(0).form);
  REQUIRE(gru.members.size() == 5);
  const auto& call = std::get<weft::ast::FnDecl>(gru.members[4].form);
  const auto& scan =
      std::get<weft::ast::Scan>(std::get<weft::ast::Return>(call.body.at(0).form).values[0]->form);
  CHECK(scan.body.size() == 6);
  CHECK(std::get<weft::ast::LetDecl>(scan.body[0].form).names.size() == 3);
}

TEST_CASE("two minimizations") {
  CHECK(Program(kGan).rendered() == "");
}

TEST_CASE("a table that a step changes") {
  const Program program(kSarsa);
  CHECK(program.rendered() == "");
  CHECK(program.parsed.program.statements.size() == 4);
}
