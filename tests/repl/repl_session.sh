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
((status == 0 || status == 2)) || fault "$last: exit status $status"
err_has nosuch
out_has 19

# An end without a line break, and nothing at all.
printf 'show 6 * 7' >session
run 0 repl
out_has 42
: >session
run 0 repl
finish
