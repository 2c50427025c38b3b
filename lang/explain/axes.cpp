#include "lang/explain/explain.h"

/// E02xx: names, axes, extents and labels.
namespace weft::explain {

const std::vector<Explanation>& axes() {
  static const std::vector<Explanation> all = {
      {"E0201", "an unknown name",
       R"(Nothing of this name is declared before this place. Names are declared by axis, option, data, let, param, fn and
model, and used only further down; those of a model's members and of a function's parameters are known inside it alone.
Where a name is near, the message proposes it.)",
       R"(
let total = 3
show totla
)",
       R"(
let total = 3
show total
)"},

      {"E0202", "a name declared twice",
       R"(In one scope a name stands for one thing, whatever kind it is: a `let` can't take the name of an axis. Choose another
name. In the REPL, where a line is often mended, a name may be declared again.)",
       R"(
let x = 1
let x = 2
show x
)",
       R"(
let x = 1
let y = 2
show x + y
)"},

      {"E0203", "elements that an operation can't take",
       R"(Arithmetic takes real numbers and integers, `and`, `or` and `not` take truth values, and an index into an axis is a
position, not a number: adding to it or comparing it with an index of another axis means nothing. real(x) makes numbers of
any of them where that is wanted.)",
       R"(
axis T = 4, Word = labels("a", "b")
let best = argmax[Word](zeros[T, Word]())
show best + 1
)",
       R"(
axis T = 4, Word = labels("a", "b")
let best = argmax[Word](zeros[T, Word]())
show real(best) + 1
)"},

      {"E0204", "axes of different extent can't be joined",
       R"(Tensors are joined by the names of their axes, so an axis has to have one extent in all of them. Here two tensors
have the axis with different extents; the message shows both, and the place where one of them was set. Give the layer or
the tensor the extent of the other, or use another axis.)",
       R"(
axis D = 3
let a = zeros[D]()
let b = zeros[D: 4]()
show a + b
)",
       R"(
axis D = 3
let a = zeros[D]()
let b = zeros[D]()
show a + b
)"},

      {"E0205", "an axis used twice in one tensor",
       R"(Axes have names, not positions, so a tensor can't have one twice: nobody could say which is meant. T' is another axis
with the extent and labels of T: a square matrix is [T, T'], and rename[T -> T'](x) gives the second copy of x that
self-attention needs.)",
       R"(
axis D = 3
show zeros[D, D]()
)",
       R"(
axis D = 3
show zeros[D, D']()
)"},

      {"E0206", "an axis that the argument hasn't",
       R"(A function, layer or operation works along an axis of its argument, and the argument has no such axis. The message
says which it has. Perhaps the sides of a layer's arrow are the wrong way round, an axis was summed away too early, or it
is there under another name: rename[A -> B](x) changes that.)",
       R"(
axis T = 4, D = 3, E = 5
show sum[E](zeros[T, D]())
)",
       R"(
axis T = 4, D = 3
show sum[D](zeros[T, D]())
)"},

      {"E0207", "an axis that the function doesn't take",
       R"(The type of the parameter names all axes that the argument may have, and this argument has one more. Reduce or rename
it before the call, or write `..` into the type, which stands for any other axes.)",
       R"(
axis T = 4, D = 3
fn total(x: [D]) -> [] { return sum[D](x) }
show total(zeros[T, D]())
)",
       R"(
axis T = 4, D = 3
fn total(x: [.., D]) -> [..] { return sum[D](x) }
show total(zeros[T, D]())
)"},

      {"E0208", "a bracket holds what isn't an axis",
       R"([ ] always holds axes; values stand in ( ), statements in { }. A name in brackets has to be declared by `axis`, or
to be an axis parameter.)",
       R"(
let n = 3
show zeros[n]()
)",
       R"(
axis N = 3
show zeros[N]()
)"},

      {"E0209", "an axis argument that can't be told",
       R"(Axis arguments may be left out where the types of the arguments determine them: by an axis of the same name, or
because only one is left over. Here several would do, or none of the arguments has it. Give them in the call.)",
       R"(
axis T = 4, D = 3, E = 5
fn total[A](x: [A, D]) -> [D] { return sum[A](x) }
fn spread[A](x: []) -> [A] { return x * ones[A]() }
show total(zeros[T, D]())
show spread(zeros[E]() |> sum[E])
)",
       R"(
axis T = 4, D = 3, E = 5
fn total[A](x: [A, D]) -> [D] { return sum[A](x) }
fn spread[A](x: []) -> [A] { return x * ones[A]() }
show total(zeros[T, D]())
show spread[E](zeros[E]() |> sum[E])
)"},

      {"E0210", "a division of extents that leaves a remainder",
       R"(An extent is a whole number of positions, so D / Head has to come out even: heads of equal width, patches that cover
the picture. The message proposes the nearest divisor that does.)",
       R"(
axis D = 256, Head = 7
axis K = D / Head
show K
)",
       R"(
axis D = 256, Head = 8
axis K = D / Head
show K
)"},

      {"E0211", "the wrong number of axes",
       R"(A model or function with axis parameters takes as many axes as it declares, those before an arrow apart from those
after it. One parameter on a side may stand for several axes, which are then merged.)",
       R"(
axis D = 3
let layer = Linear[D]()
show layer
)",
       R"(
axis D = 3, E = 4
let layer = Linear[D -> E]()
show layer
)"},

      {"E0212", "an index into another axis",
       R"(V[B, T] is a tensor of positions on the axis V. Such an index looks things up in tables that have V and nowhere
else, so that a word is never looked up in a table of tags. Use the table of that axis, or the index that belongs to this
table.)",
       R"(
axis Word = labels("a", "b", "c"), Tag = labels("x", "y"), T = 4, D = 3
param words: [Word, D] = zeros()
param tags: [Tag, D] = zeros()
let best = argmax[Word](zeros[T, Word]())
show at[Tag](tags, best), words
)",
       R"(
axis Word = labels("a", "b", "c"), Tag = labels("x", "y"), T = 4, D = 3
param words: [Word, D] = zeros()
param tags: [Tag, D] = zeros()
let best = argmax[Word](zeros[T, Word]())
show at[Word](words, best), tags
)"},

      {"E0213", "an operation that can't be made from this",
       R"(The operation needs something that its brackets or arguments don't give, as the message says: `dot` an axis to sum
over, for example.)",
       R"(
axis D = 3
show dot[](zeros[D](), ones[D]())
)",
       R"(
axis D = 3
show dot[D](zeros[D](), ones[D]())
)"},

      {"E0214", "an open axis where it has no extent",
       R"(`axis T` declares an open axis: each batch of data brings its own extent. At the top level there is no batch, so a
tensor over T can't be made there. Give an extent on the spot, as in zeros[T: 3](), or compute this in a step.)",
       R"(
axis T
show zeros[T]()
)",
       R"(
axis T
show zeros[T: 3]()
)"},

      {"E0215", "a number that is no extent", R"(An extent is a whole number from 0 to 2147483647.)",
       R"(
axis D = 2.5
show D
)",
       R"(
axis D = 2
show D
)"},

      {"E0216", "an extent that grows too large",
       R"(An axis has at most 2147483647 positions, so that each is a number; and the product or sum of extents stays within 64
bits. No machine could hold more.)",
       R"(
axis A = 2000000000, B = A * A * A
show B
)",
       R"(
axis A = 200, B = A * A * A
show B
)"},

      {"E0217", "a position beyond the end of its axis",
       R"(Positions of an axis with extent n are 0 to n - 1, and a slice ends at n at the latest.)",
       R"(
axis D = 3
show at[D](zeros[D](), 3)
)",
       R"(
axis D = 3
show at[D](zeros[D](), 2)
)"},

      {"E0218", "a tensor's type without its axes",
       R"(The type of a tensor is its elements and its axes: bool[B, T], V[B, T], or [B, T] for real numbers. A single one has
an empty bracket.)",
       R"(
axis D = 3
fn pick(x: [D], first: bool) -> [D] { return where(first, x, 2 * x) }
show pick(zeros[D](), max[D](ones[D]()) < 2)
)",
       R"(
axis D = 3
fn pick(x: [D], first: bool[]) -> [D] { return where(first, x, 2 * x) }
show pick(zeros[D](), max[D](ones[D]()) < 2)
)"},

      {"E0220", "`..` where no other axes are known",
       R"(In a list of axes `..` stands for all other axes: of the argument of a function whose type has `..`, or of the tensor
that an operation works on. Where there is no such tensor there are no other axes.)",
       R"(
show zeros[..]()
)",
       R"(
fn like(x: [..]) -> [..] { return x + zeros[..]() }
show like(3)
)"},

      {"E0221", "a batch over an axis with an extent of its own",
       R"(The axes of a batch are open: the last batch may be smaller, and a text may be short. The number in the reader's
bracket is the largest extent; the axis itself is declared without one.)",
       R"(
axis B = 4, T
data book = lines[B: 4, T: 5]("book.txt")
)",
       R"(
axis B, T
data book = lines[B: 4, T: 5]("book.txt")
)"},

      {"E0222", "a batch without a largest extent",
       R"(A reader has to know how many examples, and how long a stretch, a batch may have: at least one.)",
       R"(
axis B, T
data book = lines[B, T: 5]("book.txt")
)",
       R"(
axis B, T
data book = lines[B: 32, T: 5]("book.txt")
)"},

      {"E0223", "an operation without its axes",
       R"(Operations such as sum, softmax and dot work along axes, which stand in [ ] behind the name. `..` means all others.)",
       R"(
axis D = 3
show softmax(zeros[D]())
)",
       R"(
axis D = 3
show softmax[D](zeros[D]())
)"},

      {"E0224", "axes for what takes none",
       R"(Elementwise functions such as exp work on every element, whatever the axes, so they take none.)",
       R"(
axis D = 3
show exp[D](zeros[D]())
)",
       R"(
axis D = 3
show exp(zeros[D]())
)"},

      {"E0225", "several axes for what goes along one",
       R"(softmax, argmax, slice, scan and others go along one axis. rename[T, D -> TD] makes one axis of several where that is
meant.)",
       R"(
axis T = 4, D = 3
show argmax[T, D](zeros[T, D]())
)",
       R"(
axis T = 4, D = 3
show argmax[D](zeros[T, D]())
)"},

      {"E0226", "a `rename` that doesn't say what becomes what",
       R"(rename[a -> b](x) gives an axis another name, rename[a, b -> c](x) merges several into one, and
rename[a -> b, c](x) splits one into several. Two renamings are two calls.)",
       R"(
axis T = 4
show rename[T](zeros[T]())
)",
       R"(
axis T = 4
show rename[T -> T'](zeros[T]())
)"},

      {"E0227", "`at` with another number of indices than axes",
       R"(at[S, A](table, s, a) looks up one index for each axis in the bracket, in that order.)",
       R"(
axis S = 4, A = 2
show at[S, A](zeros[S, A](), 1)
)",
       R"(
axis S = 4, A = 2
show at[S, A](zeros[S, A](), 1, 0)
)"},

      {"E0228", "elements of what isn't an axis",
       R"(Before the bracket of a type stands what the elements are: nothing for real numbers, bool, int, or an axis whose
positions they are.)",
       R"(
axis T = 4
let n = 3
fn first(x: n[T]) -> [] { return 1 }
show first(zeros[T]())
)",
       R"(
axis T = 4, N = 3
fn first(x: N[T]) -> [] { return 1 }
show first(argmax[N](zeros[T, N]()))
)"},

      {"E0229", "a label given twice", R"(Labels name the positions of an axis, each a different one.)",
       R"(
axis Class = labels("neg", "pos", "neg")
show Class
)",
       R"(
axis Class = labels("neg", "pos")
show Class
)"},

      {"E0230", "a result that lacks an axis of its type",
       R"(The function's result type promises an axis that what it returns hasn't. Perhaps it was summed away, or the type names
the axis of the argument instead of that of the result.)",
       R"(
axis T = 4, D = 3
fn total(x: [T, D]) -> [T, D] { return sum[D](x) }
show total(zeros[T, D]())
)",
       R"(
axis T = 4, D = 3
fn total(x: [T, D]) -> [T] { return sum[D](x) }
show total(zeros[T, D]())
)"},

      {"E0231", "a result with an axis that its type doesn't name",
       R"(What the function returns has an axis that its result type doesn't have: it was not reduced, or broadcasting brought
it in. Reduce it, or add it to the type.)",
       R"(
axis T = 4, D = 3
fn means(x: [T, D]) -> [T] { return x }
show means(zeros[T, D]())
)",
       R"(
axis T = 4, D = 3
fn means(x: [T, D]) -> [T] { return mean[D](x) }
show means(zeros[T, D]())
)"},

      {"E0232", "a result of another extent than its type",
       R"(The axis is the one that the result type names, but what is returned has another extent along it.)",
       R"(
axis T = 4
fn shorter(x: [T]) -> [T] { return slice[T](x, 0, 2) }
show shorter(zeros[T]())
)",
       R"(
axis T = 4
fn shorter(x: [T]) -> [T: 2] { return slice[T](x, 0, 2) }
show shorter(zeros[T]())
)"},

      {"E0233", "a label that the axis hasn't",
       R"(Where an axis has labels, a text in quotes stands for the position of that label. The axis has no such label, or none
at all; the message proposes the nearest, or lists them. Those of a vocabulary are known when the data is open.)",
       R"(
axis Class = labels("neg", "pos")
show at[Class](zeros[Class](), "pso")
)",
       R"(
axis Class = labels("neg", "pos")
show at[Class](zeros[Class](), "pos")
)"},

      {"E0234", "a parameter of other than real numbers",
       R"(Parameters are trained by gradients, so they are real numbers. A table of indices or truth values is a `let`.)",
       R"(
axis D = 3
param w: int[D] = zeros()
show w
)",
       R"(
axis D = 3
param w: [D] = zeros()
show w
)"},
  };
  return all;
}

}  // namespace weft::explain
