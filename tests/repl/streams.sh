#!/usr/bin/env bash
# Data goes to standard output, progress and logs to standard error.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_corpus corpus.txt
write_program lm.weft
run 0 run lm.weft --epochs 2
out_is 42
err_has loss
err_has perplexity
err_matches '[0-9]+ tokens/s|tokens/s'
# Not a terminal: plain lines, nothing that moves the cursor.
if grep -q $'[\r\e]' err; then fault "control characters in a log that is no terminal" && show_streams; fi

# A text that takes its time tells how much of it has been read, and what is wrong with it on a line of its own.
slowly() { head -c 600000 /dev/zero | tr '\0' 'a'; sleep 1.3; printf 'b%.0s' {1..300000}; printf "$1"; }
slowly ' the end\n' | "$program" vocab >out 2>err || fault "weft vocab of a slow text: exit status $?"
err_matches '^vocab: 0\.[0-9] MB read$'
slowly '\xff\n' | "$program" vocab >out 2>err && fault "weft vocab took what is no UTF-8"
err_matches '^vocab: 0\.[0-9] MB read$'
err_matches '^weft: <stdin>:1: '

run 0 generate lm.safetensors "the red"
out_has "the red"
# Output that can't be written is an error, not a silence.
weft generate lm.safetensors >/dev/full 2>err </dev/null && fault "output to a full disk went unnoticed"
weft --help >/dev/full 2>err </dev/null && fault "help to a full disk went unnoticed"
# A reader that has seen enough is none.
weft generate lm.safetensors 2>err </dev/null | head -c 1 >/dev/null
status=${PIPESTATUS[0]}
((status == 0 || status == 141 || status == 1)) || fault "a closed pipe gave exit status $status"
finish
