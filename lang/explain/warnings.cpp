#include "lang/explain/explain.h"

/// W05xx: what is allowed and hardly meant.
namespace weft::explain {

const std::vector<Explanation>& warnings() {
  static const std::vector<Explanation> all = {
      {"W0501", "an axis that is never used",
       R"(The axis is declared and no type, bracket or expression has it. Leave it out, or begin its name with _ if it is meant
to stay.)",
       R"(
axis D = 3, E = 4
show zeros[D]()
)",
       R"(
axis D = 3
show zeros[D]()
)"},

      {"W0502", "an option that is never used",
       R"(The option can be set from the command line and changes nothing. Use it, leave it out, or begin its name with _.)",
       R"(
option size = 3
show 3
)",
       R"(
option size = 3
show size
)"},

      {"W0503", "a model that is never made",
       R"(No layer is made of the model. Leave it out, or begin its name with _ if it is meant to stay.)",
       R"(
axis D = 3
model Scale {
  param by: [] = ones()
  fn (x: [D]) -> [D] { return x * by }
}
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

      {"W0504", "a `let` that is never used",
       R"(None of the names that the statement declares is used further down. Leave it out, or begin its name with _.)",
       R"(
let x = 3
)",
       R"(
let x = 3
show x
)"},

      {"W0505", "a parameter that no training changes",
       R"(The script trains, and the parameter stays what it was at the beginning: the losses that are minimized over it don't
depend on it, or it takes part in a step and stands in no `over`. Use it, name it after `over`, or `freeze` it if it is
meant to stay.)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
param offset: [] = ones()
train run on book.train as (x = ids) {
  step { minimize mean[B, T]((at[V](W, x) + offset) ^ 2) over W using sgd(0.1) }
}
)",
       R"(
axis B, T
data book = lines[B: 32, T: 35]("book.txt")
axis V = book.vocab
param W: [V] = zeros()
param offset: [] = ones()
train run on book.train as (x = ids) {
  step { minimize mean[B, T]((at[V](W, x) + offset) ^ 2) over W, offset using sgd(0.1) }
}
)"},

      {"W0506", "a `rename` that changes nothing",
       R"(The axis gets the name that it has. As a rule a prime is missing: rename[T -> T'](x) gives x another axis of the same
extent, as self-attention needs.)",
       R"(
axis T = 3
show rename[T -> T](ones[T]())
)",
       R"(
axis T = 3
show rename[T -> T'](ones[T]())
)"},
  };
  return all;
}

}  // namespace weft::explain
