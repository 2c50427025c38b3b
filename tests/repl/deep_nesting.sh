#!/usr/bin/env bash
# Ten thousand levels of anything get a diagnostic or run: no crash, no hang.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# repeat TEXT COUNT
repeat() { awk -v text="$1" -v count="$2" 'BEGIN { for (i = 0; i < count; ++i) printf "%s", text }'; }

# survives FILE: runs or is refused with a diagnostic.
survives() {
  last="weft check $1"
  timeout 60 "$program" check "$1" </dev/null >out 2>err
  status=$?
  if ((status == 2)); then
    err_has 'error['
  elif ((status != 0)); then
    fault "$last: exit status $status"
    show_streams
  fi
}

n=10000
{ printf 'show ' && repeat '(' $n && printf 1 && repeat ')' $n && echo; } >parentheses.weft
{ printf 'show ' && repeat '(' $n && echo; } >open.weft
{ printf 'show ' && repeat 'exp(' $n && printf 1 && repeat ')' $n && echo; } >calls.weft
{ printf 'show ' && repeat '-' $n && echo 1; } >signs.weft
{ printf 'show ' && repeat 'not ' $n && echo 'true'; } >nots.weft
{ printf 'show 1' && repeat ' + 1' $n && echo; } >sum.weft
{ printf 'show 2' && repeat ' ^ 1' $n && echo; } >powers.weft
{ printf 'let a = 1\nshow a' && repeat ' |> exp' $n && echo; } >pipes.weft
{ repeat 'repeat 2 { ' $n && repeat '}' $n && echo; } >blocks.weft
{ repeat 'model M { ' $n && repeat '}' $n && echo; } >models.weft
{ printf 'show f' && repeat '[' $n && repeat ']' $n && echo; } >brackets.weft
{ printf 'axis T = 2\nshow T' && repeat "'" $n && echo; } >primes.weft
{ printf 'show a' && repeat '.b' $n && echo; } >members.weft
{ printf 'show f' && repeat '()' $n && echo; } >suffixes.weft
for script in *.weft; do survives "$script"; done
finish
