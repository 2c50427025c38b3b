#include "lang/explain/explain.h"

/// E0430 to E0444: if, set, freeze, load, kinds of options.
namespace weft::explain {

const std::vector<Explanation>& updates() {
  static const std::vector<Explanation> all = {
      {"E0430", "an `if` whose condition only the run knows",
       R"(`if` chooses among statements when the program is checked, so its condition is made of what is known then: numbers,
options, extents of axes, texts, `training`. To choose between tensors element by element while the program runs, write
where(condition, a, b).)",
       R"(
axis D = 3
fn positive(x: [D]) -> [D] {
  if sum[D](x) > 0 { return x }
  return -x
}
show positive(ones[D]())
)",
       R"(
axis D = 3
fn positive(x: [D]) -> [D] {
  return where(sum[D](x) > 0, x, -x)
}
show positive(ones[D]())
)"},

      {"E0431", "an `if` on what is no truth value",
       R"(The condition of an `if` is true or false. A number is neither: compare it.)",
       R"(
option layers = 2
if layers { show "deep" }
)",
       R"(
option layers = 2
if layers > 0 { show "deep" }
)"},

      {"E0432", "what `set` can't change",
       R"(`set` writes over a parameter or over a tensor that a `let` of the top level holds, named alone, by its path in a model,
or as at[axes](table, index). A number is known before the run and stays what it is; what a step or function computes is
another tensor each time.)",
       R"(
let turns = 0
set turns = 1
)",
       R"(
param turns: [] = zeros()
set turns = 1
)"},

      {"E0433", "`set` with an axis more than its target",
       R"(A value with fewer axes than the target of `set` is repeated along those it lacks. One with more would need to be
reduced first, and only you know how: by mean, sum or max.)",
       R"(
axis S = 2, A = 3
param Q: [S] = zeros()
set Q = ones[S, A]()
)",
       R"(
axis S = 2, A = 3
param Q: [S] = zeros()
set Q = mean[A](ones[S, A]())
)"},

      {"E0434", "`set` inside of a scan",
       R"(A scan's turns carry values along, from one to the next; a tensor from outside can't be written in it. Carry the value,
and set the tensor to the last one after the scan.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
param turns: [] = zeros()
fn counted(x: [..]) -> [..] {
  set turns = turns + 1
  return x
}
train run on book.train as (x = ids) {
  step {
    let y = scan[T](z = real(x); h = zeros[B]()) {
      next h = counted(h) + z
      return h
    }
    set turns = sum[B, T](y)
  }
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
param turns: [] = zeros()
train run on book.train as (x = ids) {
  step {
    let y = scan[T](z = real(x); h = zeros[B]()) {
      next h = h + z
      return h
    }
    set turns = sum[B, T](y)
  }
}
)"},

      {"E0435", "a function's `set` outside of a step",
       R"(What a function sets is set in the step that calls it. Called elsewhere, in a validation or by `show`, it may change
nothing: put the `set` into `if training { ... }`, so that it is carried out in steps alone.)",
       R"(
param turns: [] = zeros()
fn counted(x: [..]) -> [..] {
  set turns = turns + 1
  return x
}
show counted(1)
)",
       R"(
param turns: [] = zeros()
fn counted(x: [..]) -> [..] {
  if training { set turns = turns + 1 }
  return x
}
show counted(1)
)"},

      {"E0436", "what can't be frozen",
       R"(`freeze` keeps parameters as they are: those of a model, of a layer, or one named by its path.)",
       R"(
axis D = 3
let drop = Dropout(0.5)
freeze drop
)",
       R"(
axis D = 3
let layer = Linear[D -> D']()
freeze layer.weight
)"},

      {"E0437", "nothing left to train",
       R"(All parameters after `over` were frozen before. Freeze less, or minimize over something else.)",
       R"(
param w: [] = ones()
freeze w
train run {
  step { minimize w ^ 2 over w using sgd(0.1) }
  steps = 10
}
)",
       R"(
param w: [] = ones()
param b: [] = ones()
freeze w
train run {
  step { minimize (w + b) ^ 2 over b using sgd(0.1) }
  steps = 10
}
)"},

      {"E0438", "a model file that can't be loaded",
       R"(`load` takes the path of a file that `save` wrote. There is none, or it is broken, or its source can't be read by this
version any more; the message says which.)",
       "", ""},

      {"E0439", "tensors of other shapes",
       R"(load(..., into = model) copies tensors of the same path. Along axes with labels in both rows are matched by label, so
that their extents may differ; along others the extents must be equal. Leave out what doesn't fit: only = "embed.*".)",
       "", ""},

      {"E0440", "nothing to copy",
       R"(load(..., into = model, only = "...") copies tensors whose path fits the pattern and is there both in the file and in the
model. There is none. `*` stands for any text; The message lists the paths of the file.)",
       "", ""},

      {"E0441", "an option of another kind than its default",
       R"(An option is int, real, bool or text. The kind may be left out: then the default tells it.)",
       R"(
option layers: int = 0.5
show layers
)",
       R"(
option layers: int = 5
show layers
)"},

      {"E0442", "`set` with elements of another kind",
       R"(A tensor of truth values takes truth values, one of indices of an axis indices of that axis, one of integers integers.)",
       R"(
axis S = 2
let flags = position[S]() > 0
set flags = position[S]()
)",
       R"(
axis S = 2
let flags = position[S]() > 0
set flags = position[S]() == 1
)"},

      {"E0443", "a vocabulary that is none",
       R"(A reader's `vocab` is an axis with labels: that of another corpus, or of a loaded model. Its labels are the tokens, and
the text is cut into tokens as it was for that axis.)",
       R"(
axis B, T, D = 3
data book = lines[B: 32, T: 35]("book.txt", vocab = D)
show "read"
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
data more = lines[B: 32, T: 35]("book.txt", vocab = book.vocab)
show "read"
)"},

      {"E0444", "patience without a validation",
       R"(Patience counts the validations that bring nothing better and keeps the model of the best, so there must be some:
a `validate` block, whose first number is watched.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
  epochs = 9, patience = 2
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt", holdout = 0.1)
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
  validate on book.valid { show loss = mean[B, T](at[V](W, x) ^ 2) }
  epochs = 9, patience = 2
}
)"},
  };
  return all;
}

}  // namespace weft::explain
