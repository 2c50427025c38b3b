#include "lang/explain/explain.h"

/// E03xx: values and calls.
namespace weft::explain {

const std::vector<Explanation>& values() {
  static const std::vector<Explanation> all = {
      {"E0301", "a call of what can't be called",
       R"(Functions, models, methods and layers can be called: a model's name makes a layer, a layer takes its input. Numbers,
tensors and axes can't be. Often a `*` is missing before a parenthesis.)",
       R"(
let x = 3
show x(2)
)",
       R"(
let x = 3
show x * 2
)"},

      {"E0302", "too many arguments",
       R"(The call gives more values than the function, model or operation has parameters.)",
       R"(
fn twice(x: []) -> [] { return 2 * x }
show twice(1, 2)
)",
       R"(
fn twice(x: []) -> [] { return 2 * x }
show twice(1)
)"},

      {"E0303", "an argument of a name that isn't known",
       R"(Arguments are given by position or as name = value, with the names that the function, model, optimizer or reader has.
The message proposes the nearest, or lists them.)",
       R"(
axis D = 3, E = 4
let layer = Linear[D -> E](bais = false)
show layer
)",
       R"(
axis D = 3, E = 4
let layer = Linear[D -> E](bias = false)
show layer
)"},

      {"E0304", "an argument is missing",
       R"(Parameters without a default have to be given, by position or by name.)",
       R"(
fn scaled(x: [], by: []) -> [] { return x * by }
show scaled(3)
)",
       R"(
fn scaled(x: [], by: []) -> [] { return x * by }
show scaled(3, by = 2)
)"},

      {"E0305", "a value of another kind is wanted",
       R"(The argument takes a value of one kind, such as true or false, and gets another.)",
       R"(
let tokens = words(fold_case = "yes")
show tokens
)",
       R"(
let tokens = words(fold_case = true)
show tokens
)"},

      {"E0306", "a member that isn't there",
       R"(After a point stands a member: of a layer its parameters, layers and methods, of a corpus its splits and label sets,
of a training the figures it shows. The message proposes the nearest, or lists them.)",
       R"(
axis D = 3, E = 4
let layer = Linear[D -> E]()
show layer.wieght
)",
       R"(
axis D = 3, E = 4
let layer = Linear[D -> E]()
show layer.weight
)"},

      {"E0307", "a number out of the range of its argument",
       R"(The argument means something only within a range: a share lies between 0 and 1, a rate of dropout below 1, a count of
words at least at 1.)",
       R"(
axis D = 3
show dropout(ones[D](), 1.5)
)",
       R"(
axis D = 3
show dropout(ones[D](), 0.5)
)"},

      {"E0308", "a function or model that contains itself",
       R"(Every call is followed when a program is checked, and nothing in the language could end a recursion. What repeats
along an axis is a `scan`, what repeats in depth a `repeat`.)",
       R"(
fn down(x: []) -> [] { return down(x - 1) }
show down(3)
)",
       R"(
fn down(x: []) -> [] { return x - 1 }
show down(down(3))
)"},

      {"E0309", "an argument given twice", R"(The argument has been given before, by position or by name.)",
       R"(
fn scaled(x: [], by: []) -> [] { return x * by }
show scaled(3, 2, by = 2)
)",
       R"(
fn scaled(x: [], by: []) -> [] { return x * by }
show scaled(3, by = 2)
)"},

      {"E0310", "not a tensor",
       R"(Arithmetic and the operations on axes take tensors and numbers. A layer is none, but what it gives is: call it. A
text becomes a tensor only where a model takes indices into a vocabulary.)",
       R"(
axis D = 3
let layer = Linear[D -> D']()
show layer + 1
)",
       R"(
axis D = 3
let layer = Linear[D -> D']()
show layer(zeros[D]()) + 1
)"},

      {"E0311", "not a number that is known before the run",
       R"(What shapes a program (rates, counts, numbers of layers) has to be known when it is checked: a number, an option,
arithmetic over these, or the extent of an axis that isn't open. A tensor is known only in the run, a text is no number.)",
       R"(
let rate = cosine("fast")
show rate
)",
       R"(
let rate = cosine(3e-3)
show rate
)"},

      {"E0312", "not a text", R"(A text in quotes is wanted here: a label, a path, a prompt.)",
       R"(
axis Class = labels("neg", 1)
show Class
)",
       R"(
axis Class = labels("neg", "1")
show Class
)"},

      {"E0313", "a parameter that starts from no initializer",
       R"(A parameter starts from an initializer, which knows its axes: zeros() ones() constant(c) normal(mean, stddev)
uniform(low, high) glorot() he() orthogonal(), or from one number.)",
       R"(
axis D = 3
param W: [D] = "zeros"
show W
)",
       R"(
axis D = 3
param W: [D] = zeros()
show W
)"},

      {"E0314", "not an extent",
       R"(An axis takes its extent from a whole number, another axis, arithmetic over these, or labels.)",
       R"(
axis D = "many"
show D
)",
       R"(
axis D = 3
show D
)"},

      {"E0315", "`repeat` of what isn't a layer",
       R"(repeat n { ... } makes n layers, one applied after the other, so between the braces stands a call of a model.)",
       R"(
let stack = repeat 2 { 3 }
show stack
)",
       R"(
axis D = 3
let stack = repeat 2 { Norm[D]() }
show stack(ones[D]())
)"},

      {"E0316", "not the value of an option",
       R"(An option is set from the command line, so it is a number, a text, true or false.)",
       R"(
option size = labels("a")
show size
)",
       R"(
option size = 3
show size
)"},

      {"E0317", "data that comes from no reader",
       R"(`data` opens a source through a reader, which knows the format of the file and the axes of a batch.)",
       R"(
data book = "book.txt"
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
)"},

      {"E0318", "not a split of a corpus",
       R"(A training and a validation run on one split of a corpus, book.train or book.valid, so that no example is used for
both.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book as (x = ids) {
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

      {"E0319", "not an optimizer",
       R"(After `using` stands an optimizer with its learning rate, such as adam(1e-3) or sgd(0.1).)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
train run on book.train as (x = ids) {
  step { minimize mean[B, T](at[V](W, x) ^ 2) over W using 0.1 }
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

      {"E0320", "not a tokenizer",
       R"(tokens says how text becomes words, characters or pieces: a call such as words(min_count = 2) or chars().)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt", tokens = "words")
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt", tokens = words())
)"},

      {"E0321", "`save` of what isn't a named model",
       R"(`save` writes a model that has a name: the file keeps the script, and finds the model in it by that name.)",
       R"(
axis D = 3
save Linear[D -> D']() to "layer.safetensors"
)",
       R"(
axis D = 3
let layer = Linear[D -> D']()
save layer to "layer.safetensors"
)"},

      {"E0322", "a model that takes no text",
       R"(A text goes into a model whose unnamed fn has one argument of indices into a vocabulary, such as x: V[B, T], where
the axis V comes from a corpus.)",
       R"(
axis D = 3, E = 4
let layer = Linear[D -> E]()
show generate(layer, "In the beginning")
)",
       R"(
axis B, T, H = 8
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
model Language {
  let embed = Embed[V, H]()
  let out = Linear[H -> V]()
  fn (x: V[B, T]) -> [B, T, V] { return embed(x) |> out }
}
let lm = Language()
show generate(lm, "In the beginning")
)"},

      {"E0323", "a model that can't generate",
       R"(Text goes on where a model gives a score to each word of the vocabulary at each position: its result has the axes of
time and of the vocabulary. A classifier has neither.)",
       R"(
axis B, T, Class = labels("neg", "pos")
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
model Classifier {
  let embed = Embed[V, Class]()
  fn (x: V[B, T]) -> [B, Class] { return mean[T](embed(x)) }
}
let classify = Classifier()
show generate(classify, "In the beginning")
)",
       R"(
axis B, T, H = 8
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
model Language {
  let embed = Embed[V, H]()
  let out = Linear[H -> V]()
  fn (x: V[B, T]) -> [B, T, V] { return embed(x) |> out }
}
let lm = Language()
show generate(lm, "In the beginning")
)"},

      {"E0324", "not a whole number",
       R"(What counts something (layers, words, steps, positions) is a whole number.)",
       R"(
axis D = 3
let stack = repeat 1.5 { Norm[D]() }
show stack(ones[D]())
)",
       R"(
axis D = 3
let stack = repeat 2 { Norm[D]() }
show stack(ones[D]())
)"},

      {"E0325", "a word that isn't one of a few",
       R"(The argument takes one of the words that the message lists.)",
       R"(
let tokens = words(normalize = "upper")
show tokens
)",
       R"(
let tokens = words(normalize = nfc)
show tokens
)"},

      {"E0326", "a chain of an impossible length",
       R"(`repeat` takes 0 to 10000 layers. With 0, or with false, a chain gives back what it gets.)",
       R"(
axis D = 3
let stack = repeat -1 { Norm[D]() }
show stack(ones[D]())
)",
       R"(
axis D = 3
let stack = repeat 1 { Norm[D]() }
show stack(ones[D]())
)"},

      {"E0327", "an initializer that needs more axes",
       R"(An orthogonal matrix has rows and columns, so the parameter needs two axes at least.)",
       R"(
axis D = 3
param W: [D] = orthogonal()
show W
)",
       R"(
axis D = 3
param W: [D, D'] = orthogonal()
show W
)"},

      {"E0328", "axes in brackets without a call",
       R"(A bracket gives axes to a call, so a parenthesis follows it: Linear[D -> E]() makes a layer. An element of a tensor is
looked up with at[D](x, 0).)",
       R"(
axis D = 3, E = 4
let layer = Linear[D -> E]
show layer
)",
       R"(
axis D = 3, E = 4
let layer = Linear[D -> E]()
show layer
)"},

      {"E0329", "a call of a model without an unnamed fn",
       R"(A layer is called through the unnamed fn of its model. This model has only named methods: call one of them, or leave
out its name.)",
       R"(
axis D = 3
model Scale {
  param by: [] = ones()
  fn forward(x: [D]) -> [D] { return x * by }
}
let scale = Scale()
show scale(zeros[D]())
)",
       R"(
axis D = 3
model Scale {
  param by: [] = ones()
  fn (x: [D]) -> [D] { return x * by }
}
let scale = Scale()
show scale(zeros[D]())
)"},

      {"E0330", "expressions nested too deeply once calls are followed",
       R"(Functions that call functions, hundreds within one another, are followed only so far, so that no source can exhaust
the stack.)",
       "", ""},

      {"E0331", "a program that grows too large once calls and models are followed",
       R"(Every call and every layer is written out when a program is checked. A few lines that double something again and
again can stand for more than any machine holds; the limit is three million expressions.)",
       "", ""},

      {"E0332", "a reader that isn't known",
       R"(After `data name =` stands one of the readers, which the message lists.)",
       R"(
axis B, T
data book = line[B: 32, T: 35]("book.txt")
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
)"},
  };
  return all;
}

}  // namespace weft::explain
