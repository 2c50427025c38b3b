#!/usr/bin/env bash
# What a session knows beside statements: `ans`, `?`, :type, :time, :undo, :load, :save.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# say: standard input becomes the session's.
say() {
  cat >session
  input=session
}

# `ans` is what was shown last, computed once.
say <<'WEFT'
axis D = 3
1 + 1
ans * 10
show total = ans + 2
ans
normal[D]()
expect sum[D](abs(ans - ans)) == 0
let kept = ans
7
expect sum[D](abs(kept)) > 0
WEFT
run 0 repl
out_has 'total = 22'
[[ $(head -4 out) == $'2\n20\ntotal = 22\n22' ]] || fault "$last: ans is the value shown last" && true

# Types without running; a fault is told, and nothing is left of what was asked.
say <<'WEFT'
axis D = 3, E = 4
let x = ones[D, E]()
:type sum[D](x)
:type x > 0
:type (
  x + 1
)
:type Linear[D -> E]()
:type nosuch
:type let a = 1
show sum[D, E](x)
WEFT
last="weft repl, types"
weft repl <session >out 2>err
((status = $?, status == 2)) || fault "$last: exit status $status"
out_has '[E = 4]'
out_has 'bool[D = 3, E = 4]'
out_has 'Linear[D = 3 -> E = 4]'
out_has 12
err_has nosuch
err_has 'an expression has a type'

# Help comes from the comments of the source, of the library and of the language.
say <<'WEFT'
option rate = 0.1   # how fast it learns
# Twice what it is given.
fn twice[D](x: [D]) -> [D] {
  return x + x
}
axis D = 3
?twice
?rate
?D
?softmax
?Linear
? let
?lines
?
WEFT
run 0 repl
out_has 'fn twice[D](x: [D]) -> [D]'
out_has 'Twice what it is given.'
out_has 'how fast it learns'
out_has 'axis D = 3'
out_has 'softmax['
out_has 'model Linear['
out_has 'names for values'
out_has 'lines[batch'
out_has ':undo'
printf '?twise\n' >session
run 2 repl
err_has 'no `twise`'
printf ':udno\n' >session
run 2 repl
err_has ':undo'

# Names go back to what they were; so does a failed statement's.
say <<'WEFT'
let a = 1
let a = 2
:undo
show first = a
let a = a + nosuch
show second = a
let b = 5
:undo
show b
:undo
:undo
WEFT
last="weft repl, undo"
weft repl <session >out 2>err
out_has 'first = 1'
out_has 'second = 1'
err_has 'took back: let a = 2'
err_has 'unknown name'
out_is $'first = 1\nsecond = 1'

# What a training changed goes back too, and training again gives the same again.
write_corpus corpus.txt
last_statements=
write_program training.weft
say <<'WEFT'
:load training.weft
let before = sum[V, E](abs(lm.embed.table)) * 1
train again on book.train as (x = ids, y = next) {
  step { minimize mean[B, T](cross_entropy[V](lm(x), y)) over lm using adam(0.01) }
  steps = 3
}
let first = sum[V, E](abs(lm.embed.table)) * 1
expect first != before
:undo
:undo
:undo
expect sum[V, E](abs(lm.embed.table)) == before
train again on book.train as (x = ids, y = next) {
  step { minimize mean[B, T](cross_entropy[V](lm(x), y)) over lm using adam(0.01) }
  steps = 3
}
expect sum[V, E](abs(lm.embed.table)) != before
:time show 6 * 7
:save saved.weft
WEFT
run 0 repl
out_has 42
err_matches 'checked in .*ms, ran in'
err_has 'saved the session to saved.weft'
run 0 run saved.weft
out_is 42

# A file that isn't there, or has faults, changes nothing.
printf 'let a = 1\nlet b = nosuch\n' >faulty.weft
say <<'WEFT'
:load none.weft
:load faulty.weft
let a = 3
:load "good file.weft"
show a
:load .
WEFT
printf 'let a = 4   # loaded\n' >'good file.weft'
run 2 repl
err_has 'none.weft'
err_has 'faulty.weft:2'
out_is 4

# A session as a script: no undone or faulty statements, each name declared once, `ans` by a name of its own.
say <<'WEFT'
# the size
axis D = 3
let a = ones[D]()
show sum[D](a)
let a = a + ones[D]()   # twice
nosuch
let wrong = 1
:undo
# Doubles.
fn twice[D](x: [D]) -> [D] {
  return x + x
}
twice(a)
let b = ans + 1
show sum[D](b)
let 数 = 2
数 + 1
let c = 1
show c
let c = 2
show total = c
:save session.weft
WEFT
last="weft repl, saving"
weft repl <session >out 2>err
err_has 'saved the session to session.weft'
run 0 check session.weft
run 0 run session.weft
out_has 15
out_has 'total = 2'
[[ $(tail -2 out) == $'3\ntotal = 2' ]] || { fault "$last: what was shown of a name that is gone is left out" && show_streams; }
grep -q '# Doubles.' session.weft || fault "$last: the comments stay"
grep -q 'wrong\|nosuch' session.weft && fault "$last: undone and faulty statements are left out"

# A copied session: prompts are taken off, results are left out.
say <<'WEFT'
weft> let a = 20
weft> fn more(x: []) -> [] {
  ...   return x + 1
  ... }
weft> more(a)
21
weft> show done = ans * 2
done = 42
weft>
WEFT
run 0 repl
out_is $'21\ndone = 42'

# Statements that throw leave nothing behind.
say <<'WEFT'
axis B, T
let book = 1
data book = lines[B: 4, T: 6]("none.txt", tokens = words())
show book
WEFT
run 3 repl
out_is 1
finish
