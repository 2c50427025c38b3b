#!/usr/bin/env bash
# The REPL and a training at a terminal: prompts, Ctrl-C, Ctrl-D, a progress line that is rewritten.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
if ! command -v script >/dev/null; then
  echo "without script(1) there is no terminal to test with"
  exit 77   # ctest tells it as skipped, not as passed
fi
export TERM=xterm

# start ARGUMENT...: weft at a terminal of its own; what it writes goes to `screen`, what `type` writes comes to it.
start() {
  last="weft $*, at a terminal"
  rm -f keys && mkfifo keys
  : >screen
  SHELL=/bin/sh script -qefc "'$program' $*; echo status \$?" /dev/null <keys >screen 2>&1 &
  session=$!
  exec 3>keys
}
keys() { printf '%b' "$1" >&3; }
# await TEXT [COUNT]: until TEXT has appeared COUNT times.
await() {
  local i
  for ((i = 0; i < 300; ++i)); do
    (($(grep -oaF -e "$1" screen | wc -l) >= ${2:-1})) && return
    kill -0 $session 2>/dev/null || break
    sleep 0.1
  done
  fault "$last: waited in vain for '$1'"
  tail -c 2000 screen | cat -v | sed 's/^/    /'
}
finish_session() {
  await "status $1"
  exec 3>&-
  wait $session
}

write_corpus corpus.txt
write_program lm.weft
last_statements=
write_program training.weft

start repl
await 'weft> '
keys 'let a = 39\r'
await 'weft> ' 2
keys 'show nosuch\r'
await 'error['
await 'weft> ' 3
# A statement over several lines, with an empty one among them.
keys 'fn more(x: []) -> [] {\r'
await '  ... '
keys '\r  return x + 3\r}\r'
await 'weft> ' 4
keys 'more(a)\r'
await 42
await 'weft> ' 5
# Ctrl-C drops a line, and a statement half said.
keys 'let a = 1'
await 'let a = 1'
keys '\003'
await 'weft> ' 6
keys 'let a = (1 +\r'
await '  ... ' 4
keys '\003'
await 'weft> ' 7
keys 'a + 100\r'
await 139
# In a training it stops that; the model keeps what it learnt, and the session goes on.
sed 's/^option epochs = 1 /option epochs = 1000000 /' training.weft >&3
await 'loss '
keys '\003'
await 'interrupted after step'
keys '\rshow 70 + 7\r'
await 77
keys 'save lm to "lm.safetensors"\r'
await 'saved lm'
keys ':quit\r'
finish_session 0
run 0 generate lm.safetensors

start repl
await 'weft> '
keys '\004'
finish_session 0

# A training at a terminal tells its progress in one line, and Ctrl-C ends it.
start run training.weft --epochs 1000000
await $'\r\e[K'
keys '\003'
finish_session 130
finish
