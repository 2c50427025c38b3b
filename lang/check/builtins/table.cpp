#include "lang/check/builtins/table.h"

/// What the language knows by itself: one row a name. Ops of the table come in by their rows.
namespace weft::check {

namespace {

/// Axis ops of the table that want more than their row says.
Value (*special(OpId op))(Elaborator&, const Builtin&, CallSite&) {
  switch (op) {
    case OpId::dot:
      return dot;
    case OpId::cross_entropy:
      return cross_entropy;
    default:
      return over_axes;
  }
}

std::vector<OpId> op_ids() {
  return {
#define WEFT_OP(name, kind, surface) OpId::name,
#include "tensor/ops.def"
#undef WEFT_OP
  };
}

std::vector<Builtin> make_builtins() {
  std::vector<Builtin> all = {
      {"at", "at[axes](table, index, ...)  the rows of a table at indices of its axes", at},
      {"chars", "chars(min_count, normalize, fold_case, strip_accents, locale)  text as characters",
       tokenizer},
      {"words", "words(min_count, normalize, fold_case, strip_accents, locale)  text as words", tokenizer},
      {"bytes", "bytes(min_count, normalize, fold_case, strip_accents, locale)  text as bytes of UTF-8",
       tokenizer},
      {"whitespace",
       "whitespace(min_count, normalize, fold_case, strip_accents, locale)  text cut at white space",
       tokenizer},
      {"sentencepiece",
       "sentencepiece(size, model, min_count, normalize, fold_case, strip_accents, locale)  text as pieces "
       "learnt from it by SentencePiece; sentencepiece(file = \"x.model\") with a model that is there",
       tokenizer},
      {"concat", "concat[axis](x, y, ...)  one after the other along an axis", concat},
      {"unstack", "unstack[axis](x)  one value for each position of an axis", unstack},
      {"slice", "slice[axis](x, from, length)  a stretch of an axis", slice},
      {"last", "last[axis](x)  the last position of an axis; of a padded scan, where each row ended", last},
      {"rename", "rename[a -> b](x)  another name; [a, b -> c] merges, [a -> b, c] splits", rename},
      {"position", "position[axis]()  0, 1, 2, ... along an axis", position},
      {"real", "real(x)  integers, truth values and indices as real numbers", real_of},
      {"dropout",
       "dropout(x, rate)  in training, zero with probability rate, else x / (1 - rate); dropout[T](x, rate) "
       "with one mask for all positions of T",
       dropout},
      {"top_k", "top_k[T -> K](x)  the K largest along T, the largest first, and their positions", top_k},
      {"sort", "sort[T](x, descending)  x in order along an axis, the smallest first", sort},
      {"argsort", "argsort[T](x, descending)  the positions of the smallest element, the next one, ...",
       sort},
      {"scatter",
       "scatter[T -> V](x, index, ...)  zeros, with each x added at its index: the opposite of `at`",
       scatter},
      {"load", "load(path, into, only)  a model from a file; with `into` its tensors copied into another",
       load},
      {"word2vec",
       "word2vec[V, E](corpus, window, epochs, negatives, sample, rate, model, loss, deterministic)  an "
       "Embed "
       "learnt from a corpus (Mikolov et al. 2013)",
       word_vectors},
      {"fasttext",
       "fasttext[V, E](corpus, window, epochs, negatives, sample, rate, model, loss, deterministic, min_n, "
       "max_n, "
       "buckets)  an Embed learnt from a corpus with the n-grams of its words (Bojanowski et al. 2017)",
       word_vectors},
      {"labels", "labels(\"a\", \"b\")  names for the positions of an axis", labels},
      {"linear", "linear(rate, warmup)  a learning rate that falls in a line to 0", schedule},
      {"cosine", "cosine(rate, warmup)  a learning rate that falls along a cosine to 0", schedule},
      {"exponential", "exponential(rate, decay, every)  rate * decay ^ ((step - 1) / every)", exponential},
      {"plateau",
       "plateau(rate, factor, patience)  rate * factor for every `patience` epochs without progress",
       plateau},
      {"warmup", "warmup(steps, then)  a rate that rises in a line to what follows: a number, schedule or fn",
       warmup},
      {"sgd", "sgd(rate, clip)  gradient descent", optimizer},
      {"momentum", "momentum(rate, momentum, clip)  Polyak 1964", optimizer},
      {"nesterov", "nesterov(rate, momentum, clip)  Nesterov 1983, as in Sutskever et al. 2013", optimizer},
      {"adagrad", "adagrad(rate, epsilon, clip)  Duchi, Hazan and Singer 2011", optimizer},
      {"rmsprop", "rmsprop(rate, beta, epsilon, clip)  Tieleman and Hinton 2012", optimizer},
      {"adam", "adam(rate, beta1, beta2, epsilon, decay, clip)  Kingma and Ba 2015; decay as L2", optimizer},
      {"adamw", "adamw(rate, beta1, beta2, epsilon, decay, clip)  Loshchilov and Hutter 2019", optimizer},
      {"l1", "l1(model)  the sum of |w| over its parameters", regularizer},
      {"l2", "l2(model)  the sum of w ^ 2 over its parameters", regularizer},
      {"min", "min[axes](x)  the smallest element", least},
      {"argmin", "argmin[axis](x)  the position of the smallest element, the first of several", least},
      {"windows", "windows[Y -> Y, K](x, stride, padding, dilation, fill)  an axis seen through windows of K",
       windows},
      {"overlap", "overlap[Y, K -> Y](x, stride, padding, dilation)  windows laid over each other and added",
       overlap},
      {"gridworld", "gridworld(\"cliff\")  a world to learn in; its .states and .actions label axes",
       gridworld},
      {"episodes", "episodes(world, policy, count, limit)  what a training walks through a world on",
       episodes},
      {"generate", "generate(model, prompt, tokens, temperature)  text that goes on from a prompt", generate},
  };
  for (const char* name : {"zeros", "ones", "constant", "normal", "uniform", "glorot", "he", "orthogonal"}) {
    all.push_back({name, std::string(name) + "  an initializer; with axes a tensor", fill});
  }
  for (const OpId id : op_ids()) {
    const Op& row = op(id);
    if (row.surface == Surface::hidden) continue;
    const bool values = row.surface == Surface::values;
    const std::string name(row.name);
    all.push_back({name, name + (values ? "(x)  " : "[axes](x)  ") + std::string(row.formula),
                   values ? elementwise : special(id), &row});
  }
  return all;
}

}  // namespace

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> all = make_builtins();
  return all;
}

}  // namespace weft::check
