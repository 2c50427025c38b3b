#!/usr/bin/env bash
# A session at a terminal: completion, statements over several lines, Ctrl-C, undo, save, reload, history, pasting.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$here/pty.sh"
write_corpus corpus.txt
last_statements=
write_program training.weft
echo 'let imported = 30' >empty_but_for_one.weft
prompts=0
# line TEXT: types it and waits until it has been dealt with.
line() {
  keys "$1\r"
  await 'weft> ' $((++prompts))
}
begin() {
  start repl
  prompts=0
  await 'weft> ' $((++prompts))
}

begin
# Tab: a keyword, a name, members, axes, a command, a path.
line 'let temperature = 40'
line 'sh\t tempe\t + 2'
await 42
line 'axis Breadth = 3, Base = 2'
line 'ones[Br\t]()'
await '[Breadth = 3]'
line ':lo\t traini\t'
await 'corpus.txt'
line 'import "emp\t'
line 'show imported + 1'
await 31
line 'lm.em\t.ta\t'
await '[V = '
keys 'book.\t'
await 'valid  vocab'
await 'weft> book.' # drawn again below the list
interrupt
await 'weft> ' $((prompts += 2))
# An indentation where there is no word to complete.
keys 'fn more(x: []) -> [] {\r'
await '  ... '
keys '\treturn x + 3\r}\r'
await 'weft> ' $((++prompts))
line 'more(temperature)'
await 43
# Ctrl-C in a training: the model keeps what it learnt, and that can be taken back.
line 'let before = sum[V, E](abs(lm.embed.table)) * 1'
keys 'train long on book.train as (x = ids, y = next) {\r'
keys 'step { minimize mean[B, T](cross_entropy[V](lm(x), y)) over lm using adam(0.01) }\repochs = 1000000\r}\r'
await 'long: epoch'
interrupt
await 'the model keeps what it learnt'
await 'weft> ' $((++prompts))
line 'show learnt = sum[V, E](abs(lm.embed.table)) != before'
await 'learnt = true'
line ':undo'
line ':undo'
line 'show unlearnt = sum[V, E](abs(lm.embed.table)) == before'
await 'unlearnt = true'
# And in an evaluation.
line 'axis Long = 20000000, Short = 4'
keys 'scan[Long](x = ones[Long](); h = zeros[Short]()) { next h = cos(h) return sum[Short](h) }\r'
sleep 0.3
interrupt
await $'interrupted\r'
await 'weft> ' $((++prompts))
line 'show 70 + 7'
await 77
line ':undo'
line ':undo'
line ':save session.weft'
await 'saved the session'
keys ':quit\r'
finish_session 0
exists session.weft
run 0 check session.weft
exists state/weft/history
grep -qF 'fn more(x: []) -> [] {\n' state/weft/history || fault "history: a statement over several lines is one entry"

# The saved session goes on in another one; its history is there, by statement.
begin
line ':load session.weft'
line 'show more(1000)'
await 1003
keys '\020\020\020'
await ':quit'
interrupt
await 'weft> ' $((++prompts))
# A paste as terminals send it: of a copied session, only what was said.
keys '\e[200~weft> let p = 500\nweft> p + 55\n555 of old\nweft> p + \e[201~66\r'
await 566
grep -aqE '^([^0-9]*2004l)?555.?$' screen || fault "$last: a pasted line runs"
grep -aq 'of old.*weft>' screen && fault "$last: what was copied of results is left out"
await_prompt
prompts=$(grep -oaF 'weft> ' screen | wc -l)
line 'show 名 = 8'
await '名 = 8' 2
keys '\004'
finish_session 0
finish
