#include "lang/explain/explain.h"

/// E04xx: statements, training, imports.
namespace weft::explain {

const std::vector<Explanation>& statements() {
  static const std::vector<Explanation> all = {
      {"E0402", "one number is wanted",
       R"(A loss, and a figure that a validation shows, is one real number. What stands here still has axes, or isn't real:
reduce it, by mean over the batch as a rule.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize at[V](W, x) ^ 2 over W using sgd(0.1) }
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
}
)"},

      {"E0403", "nothing to train after `over`",
       R"(After `over` stand what a training changes: models, layers or parameters. This has no parameters of its own.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over V using sgd(0.1) }
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
}
)"},

      {"E0404", "a setting that a training doesn't have",
       R"(Beside its blocks a training has settings such as epochs, steps and patience. The message proposes the nearest, or
lists them. The learning rate belongs to the optimizer.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
  epoch = 3
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
  epochs = 3
}
)"},

      {"E0405", "a column that the reader doesn't give",
       R"(After `as` stand the columns of the data, each perhaps with a name of your own: (x = ids, y = next). Which there are
depends on the reader; the message proposes the nearest, or lists them.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = idx) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
}
)"},

      {"E0406", "nothing is given back", R"(A function, and the body of a scan, ends with `return`.)",
       R"(
fn twice(x: []) -> [] { let y = 2 * x }
show twice(3)
)",
       R"(
fn twice(x: []) -> [] { return 2 * x }
show twice(3)
)"},

      {"E0407", "`next` of what isn't carried",
       R"(A scan carries the values that stand after the `;` in its parenthesis, with what they start from. `next` gives the
value of one of them at the next position.)",
       R"(
axis T = 4
show scan[T](x = ones[T](); h = 0) { let s = h + x  next g = s  return s }
)",
       R"(
axis T = 4
show scan[T](x = ones[T](); h = 0) { let s = h + x  next h = s  return s }
)"},

      {"E0408", "a file that can't be imported",
       R"(The path of an import is taken from the folder of the file in which it stands. There is no such file, or it can't be
read.)",
       R"(
import "nowhere.weft"
)",
       R"(
import std.nn
)"},

      {"E0409", "an option that can't be what it was set to",
       R"(On the command line an option was given a value of another kind than it has in the script: a number takes a number, a
whole number a whole one, true or false one of these.)",
       "", ""},

      {"E0411", "another number of values than names",
       R"(`let a, b = ...` takes apart what gives two values: unstack along an axis of extent 2, or a function that returns
two.)",
       R"(
axis Gate = 3
let a, b = unstack[Gate](zeros[Gate]())
show a + b
)",
       R"(
axis Gate = 3
let a, b, c = unstack[Gate](zeros[Gate]())
show a + b + c
)"},

      {"E0413", "a figure that can't be put together from batches",
       R"(A validation goes through its data batch by batch, so what it shows is made of sums, means and maxima over the batch
and of arithmetic on them. What needs the mean of all before it looks at each example again can't be had in one pass.)",
       R"(
axis B, T
data texts = tsv[B: 4, T: 5]("x.tsv")
axis V = texts.vocab, Class = texts.classes
param table: [V, Class] = zeros()
fn logits(x: V[B, T]) -> [B, Class] { return mean[T](at[V](table, x)) }
train run on texts.train as (x = text, y = label) {
  step { minimize mean[B](cross_entropy[Class](logits(x), y)) over table using sgd(0.1) }
  validate on texts.valid { show spread = mean[B, Class]((logits(x) - mean[B](logits(x))) ^ 2) }
}
)",
       R"(
axis B, T
data texts = tsv[B: 4, T: 5]("x.tsv")
axis V = texts.vocab, Class = texts.classes
param table: [V, Class] = zeros()
fn logits(x: V[B, T]) -> [B, Class] { return mean[T](at[V](table, x)) }
train run on texts.train as (x = text, y = label) {
  step { minimize mean[B](cross_entropy[Class](logits(x), y)) over table using sgd(0.1) }
  validate on texts.valid { show spread = mean[Class](mean[B](logits(x) ^ 2) - mean[B](logits(x)) ^ 2) }
}
)"},

      {"E0414", "a training that doesn't know how long",
       R"(A training runs on a split of a corpus, once or for some epochs. Without data, as when each step makes its own, it
needs its number of steps, and epochs mean nothing.)",
       R"(
param w: [] = ones()
train run {
  step { minimize w ^ 2 over w using sgd(0.1) }
}
)",
       R"(
param w: [] = ones()
train run {
  step { minimize w ^ 2 over w using sgd(0.1) }
  steps = 10
}
)"},

      {"E0415", "a training that changes nothing",
       R"(The step of a training says what is learnt: minimize a loss over a model, or set a parameter.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
train run on book.train as (x = ids) {
  step { }
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
}
)"},

      {"E0416", "a scan that walks along nothing",
       R"(A scan goes position by position along at least one tensor that has its axis: scan[T](x; h = ...).)",
       R"(
axis T = 4
show scan[T](; h = 0) { next h = h + 1  return h }
)",
       R"(
axis T = 4
show scan[T](t = position[T](); h = 0) { next h = h + real(t)  return h }
)"},

      {"E0417", "what a scan walks along needs a name",
       R"(Inside the body the element at one position has a name. A name in the parenthesis keeps its own; an expression needs
one: x = ones[T]().)",
       R"(
axis T = 4
show scan[T](ones[T](); h = 0) { next h = h + 1  return h }
)",
       R"(
axis T = 4
show scan[T](x = ones[T](); h = 0) { next h = h + x  return h }
)"},

      {"E0418", "a setting of a training out of range",
       R"(steps, patience and accumulate are at least 1, epochs and seed at least 0, and a checkpoint has a name.)",
       R"(
param w: [] = ones()
train run {
  step { minimize w ^ 2 over w using sgd(0.1) }
  steps = 0
}
)",
       R"(
param w: [] = ones()
train run {
  step { minimize w ^ 2 over w using sgd(0.1) }
  steps = 10
}
)"},

      {"E0419", "a library that isn't there",
       R"(Names after `import` without quotes are those of the libraries that come with Weft, such as std.nn; they are always
there, imported or not. A file of your own is imported by its path in quotes.)",
       R"(
import std.nothing
)",
       R"(
import std.nn
)"},

      {"E0420", "a tensor of another computation",
       R"(Every statement of the top level, every step and every validation is a computation of its own. A tensor that is
computed in one is gone in the next, but for what a `let` of the top level names. So a model, which is used again and
again, can't be made with a tensor that is computed in its argument.)",
       R"(
axis D = 3
model Scale(by = 1) {
  fn (x: [D]) -> [D] { return x * by }
}
let scale = Scale(by = 2 * ones[D]())
show scale(ones[D]())
)",
       R"(
axis D = 3
model Scale(by = 1) {
  fn (x: [D]) -> [D] { return x * by }
}
let twos = 2 * ones[D]()
let scale = Scale(by = twos)
show scale(ones[D]())
)"},

      {"E0421", "a tensor in a model's `let`",
       R"(The members of a model are made once, before any input is there, so a `let` among them holds layers, numbers and
settings. What is computed from an input belongs into a fn, what is learnt is a param.)",
       R"(
axis D = 3
model Shift {
  let offset = ones[D]()
  fn (x: [D]) -> [D] { return x + offset }
}
let shift = Shift()
show shift(zeros[D]())
)",
       R"(
axis D = 3
model Shift {
  fn (x: [D]) -> [D] { return x + ones[D]() }
}
let shift = Shift()
show shift(zeros[D]())
)"},

      {"E0422", "a function without a name outside of a model",
       R"(In a model the fn without a name is what a call of the layer means. Elsewhere a function needs a name to be called
by.)",
       R"(
fn (x: []) -> [] { return 2 * x }
)",
       R"(
fn twice(x: []) -> [] { return 2 * x }
show twice(3)
)"},

      {"E0423", "a model made inside of a step or function",
       R"(Making a model makes its parameters. In a step or function that would happen anew at each call, and nothing could be
learnt. Make it outside with `let`, or as a member of a model.)",
       R"(
axis D = 3
fn apply(x: [D]) -> [D'] {
  let layer = Linear[D -> D']()
  return layer(x)
}
show apply(zeros[D]())
)",
       R"(
axis D = 3
let layer = Linear[D -> D']()
fn apply(x: [D]) -> [D'] { return layer(x) }
show apply(zeros[D]())
)"},

      {"E0424", "a loss that doesn't depend on what it is minimized over",
       R"(No parameter after `over` has a part in the loss, so there is nothing to change. Perhaps the wrong model is named, or
stop() keeps the gradient away.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
param U: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over U using sgd(0.1) }
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
}
)"},

      {"E0425", "`expect` of what isn't one truth value",
       R"(`expect` takes a comparison that is true or false as a whole. Compare numbers, and reduce tensors before.)",
       R"(
expect 3
)",
       R"(
expect 3 < 4
)"},

      {"E0426", "a carried value without its next",
       R"(Each value that a scan carries gets its next value in the body, or it wouldn't have to be carried: a value that stays
as it is can be used from outside.)",
       R"(
axis T = 4
show scan[T](x = ones[T](); h = 0) { return h + x }
)",
       R"(
axis T = 4
show scan[T](x = ones[T](); h = 0) { next h = h + x  return h + x }
)"},

      {"E0427", "a carried value that changes its type",
       R"(What a scan carries has one type from the first position to the last: the axes, extents and elements with which it
starts.)",
       R"(
axis T = 4, D = 3
show scan[T](x = ones[T, D](); h = 0) { next h = h + x  return h }
)",
       R"(
axis T = 4, D = 3
show scan[T](x = ones[T, D](); h = zeros[D]()) { next h = h + x  return h }
)"},

      {"E0428", "files that import each other in a circle",
       R"(A file is read where it is imported, so it can't be read while it is being read. Put what both need into a third file,
or leave one of the imports out.)",
       "", ""},

      {"E0429", "a column is named, not computed",
       R"(After `as` stand names of columns. What is computed from them belongs into the step.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = 2 * ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using sgd(0.1) }
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](2 * at[V](W, x) ^ 2) over W using sgd(0.1) }
}
)"},
  };
  return all;
}

}  // namespace weft::explain
