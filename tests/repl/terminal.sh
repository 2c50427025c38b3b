#!/usr/bin/env bash
# The REPL and a training at a terminal: prompts, Ctrl-C, Ctrl-D, a progress line that is rewritten.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$here/pty.sh"

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
interrupt
await 'weft> ' 6
keys 'let a = (1 +\r'
await '  ... ' 4
interrupt
await 'weft> ' 7
keys 'a + 100\r'
await 139
# In a training it stops that; the model keeps what it learnt, and the session goes on.
sed 's/^option epochs = 1 /option epochs = 1000000 /' training.weft >&3
await 'run: epoch' # not what was typed, which speaks of a loss too
interrupt
await 'the model keeps what it learnt'
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
interrupt
finish_session 130
finish
