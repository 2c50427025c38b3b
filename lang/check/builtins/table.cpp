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
      {"chars", "chars(min_count, normalize, fold_case)  text as characters", tokenizer},
      {"words", "words(min_count, normalize, fold_case, locale)  text as words", tokenizer},
      {"concat", "concat[axis](x, y, ...)  one after the other along an axis", concat},
      {"unstack", "unstack[axis](x)  one value for each position of an axis", unstack},
      {"slice", "slice[axis](x, from, length)  a stretch of an axis", slice},
      {"last", "last[axis](x)  the last position of an axis; of a padded scan, where each row ended", last},
      {"rename", "rename[a -> b](x)  another name; [a, b -> c] merges, [a -> b, c] splits", rename},
      {"position", "position[axis]()  0, 1, 2, ... along an axis", position},
      {"real", "real(x)  integers, truth values and indices as real numbers", real_of},
      {"dropout", "dropout(x, rate)  in training, zero with probability rate, else x / (1 - rate)", dropout},
      {"labels", "labels(\"a\", \"b\")  names for the positions of an axis", labels},
      {"linear", "linear(rate, warmup)  a learning rate that falls in a line to 0", schedule},
      {"cosine", "cosine(rate, warmup)  a learning rate that falls along a cosine to 0", schedule},
      {"sgd", "sgd(rate, clip)  gradient descent", optimizer},
      {"adam", "adam(rate, beta1, beta2, epsilon, decay, clip)  Kingma and Ba 2015", optimizer},
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
