#include "lang/explain/explain.h"

/// E01xx: what can be wrong with a text before anything is known of its meaning.
namespace weft::explain {

const std::vector<Explanation>& syntax() {
  static const std::vector<Explanation> all = {
      {"E0101", "the text isn't UTF-8",
       R"(A source is UTF-8 text. Here stands a byte that no character of UTF-8 has, or a NUL: the file is in another
encoding (Latin-1, UTF-16), or it is no text at all. Save it as UTF-8, or convert it: iconv -f latin1 -t utf8.)",
       "show 1  # caf\xe9\n", "show 1  # caf\xc3\xa9\n"},

      {"E0102", "a character that means nothing in a program",
       R"(Outside of comments and texts a program consists of names, numbers, brackets and operators. Typographic quotes and
dashes that a word processor put in are the usual cause. Names may have letters of any script, so Greek and Chinese
ones are fine.)",
       R"(
show 3 $ 4
)",
       R"(
show 3 * 4
)"},

      {"E0103", "a text without its closing quote",
       R"(A text begins and ends with " on one line. A line break inside a text is written \n, a quote \".)",
       R"(
show "hello
)",
       R"(
show "hello"
)"},

      {"E0104", "an escape that isn't one",
       R"(After a backslash in a text stands n, t, a quote, another backslash, or u{...} with the number of a character in
hexadecimal. A backslash itself is written twice, as in a Windows path.)",
       R"(
show "C:\data"
)",
       R"(
show "C:\\data"
)"},

      {"E0105", "letters that stick to a number",
       R"(A number is digits, perhaps a point and digits, perhaps an exponent as in 1e-3. A name can't begin with a digit,
and a product needs its *.)",
       R"(
axis D = 4
show 2D
)",
       R"(
axis D = 4
show 2 * D
)"},

      {"E0106", "a number that can't be held",
       R"(The number is too large or too small for a float64, or it is a whole number beyond 2^53, of which not every one can
be held exactly.)",
       R"(
show 1e400
)",
       R"(
show 1e300
)"},

      {"E0107", "a bracket that is never closed",
       R"(Every ( [ { needs its partner further on. The place shown is where the bracket opens; where it was meant to close
only you can tell.)",
       R"(
axis D = 4
show sum[D](zeros[D]()
)",
       R"(
axis D = 4
show sum[D](zeros[D]())
)"},

      {"E0108", "a bracket that closes nothing",
       R"(Every ) ] } needs its partner further up. Often one was closed twice, or with a bracket of another kind.)",
       R"(
show (1 + 2))
)",
       R"(
show (1 + 2)
)"},

      {"E0109", "brackets nested too deeply",
       R"(More brackets stand in one another than the parser follows, so that no source can exhaust its stack. No program
written by hand comes near the limit; give names to parts with `let`.)",
       "", ""},

      {"E0110", "something else has to come here",
       R"(The parser could go on in few ways at this place, and the message names them. Often a bracket, a comma or an `=` is
missing just before.)",
       R"(
let x 3
show x
)",
       R"(
let x = 3
show x
)"},

      {"E0111", "a line that starts no statement",
       R"(Every statement begins with a word of the language: axis, let, model, train, show and so on. A bare expression is a
statement only in the REPL; in a script write `show` before it.)",
       R"(
axes D = 4
)",
       R"(
axis D = 4
show D
)"},

      {"E0112", "a word of the language used as a name",
       R"(Words with which statements begin, and those inside them, can't be names of your own.)",
       R"(
let model = 3
)",
       R"(
let width = 3
show width
)"},

      {"E0113", "`else` without an `if`",
       R"(`else` follows the closing brace of an `if` block. Here none comes before it.)",
       R"(
let deep = true
else { show 2 }
)",
       R"(
let deep = true
if deep { show 1 } else { show 2 }
)"},

      {"E0114", "something after a complete statement",
       R"(The statement ended before this. A statement ends where the next begins, and the next begins with a word of the
language; what stands here belongs to neither. Often an operator is missing.)",
       R"(
show 1 2
)",
       R"(
show 1, 2
)"},

      {"E0115", "comparisons can't be chained",
       R"(a < b < c would compare a truth value with c. Say which two comparisons are meant and join them with `and`.)",
       R"(
let x = 3
show 1 < x < 5
)",
       R"(
let x = 3
show 1 < x and x < 5
)"},

      {"E0116", "`not` inside what binds tighter",
       R"(`not` binds looser than comparisons and arithmetic: as an operand of one of those it needs parentheses.)",
       R"(
show 1 == not true
)",
       R"(
show true == (not true)
)"},

      {"E0117", "a statement in a block that holds no such ones",
       R"(A block holds certain statements: a model axis, param, let and fn; a function let and return; a step let, minimize
and set; a train block step, validate and settings. What declares or prints stands at the top level.)",
       R"(
return 3
)",
       R"(
fn three() -> [] { return 3 }
show three()
)"},

      {"E0118", "a prime on what isn't an axis",
       R"(T' is another axis with the extent and labels of T. Only axes have such twins: values, functions and models are
given another name.)",
       R"(
let x' = 3
)",
       R"(
let x1 = 3
show x1
)"},

      {"E0119", "a source of more than 4 MiB",
       R"(A source is read whole and is written by people or small generators. Data belongs into files that `data` reads.)",
       "", ""},
  };
  return all;
}

}  // namespace weft::explain
