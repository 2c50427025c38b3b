#!/usr/bin/env bash
# The REPL takes statements, shows values and keeps what was said, after errors too.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cat >session <<'WEFT'
axis D = 3
let a = 2
show a + 1
a * 10
WEFT
input=session
run 0 repl
out_has 3
out_has 20

# A statement over several lines.
cat >session <<'WEFT'
fn twice[D](x: [D]) -> [D] {
  return x + x
}
let b = 21
show b + b
WEFT
run 0 repl
out_has 42

# An error is told, and neither ends the session nor what was said before it.
cat >session <<'WEFT'
let a = 17
show nosuch
let = 3
show a + 2
WEFT
last="weft repl, with errors"
weft repl <session >out 2>err
status=$?
((status == 2)) || fault "$last: exit status $status"
err_has nosuch
out_has 19

# So are a failed expectation and unusable data; the first fault is the exit status.
cat >session <<'WEFT'
axis B, T
data book = lines[B: 4, T: 6]("none.txt", tokens = words())
expect 1 > 2
show 40 + 2
WEFT
run 3 repl
err_has none.txt
err_has '1 > 2'
out_is 42

# A program is the same as a script and line by line.
write_corpus corpus.txt
write_program lm.weft
run 0 run lm.weft
mv lm.safetensors script.safetensors
input=lm.weft
run 0 repl
out_is 42
run 0 generate lm.safetensors
[[ -s out ]] || fault "$last wrote nothing"
input=session

# An end without a line break, and nothing at all.
printf 'show 6 * 7' >session
run 0 repl
out_has 42
printf 'fn f(x: [D]) {' >session
run 2 repl
err_has '}'
: >session
run 0 repl
finish
