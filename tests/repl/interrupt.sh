#!/usr/bin/env bash
# Ctrl-C in a training finishes the step, saves where a `save` follows, and exits with 130.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# With job control a process in the background gets its interrupts, as one in the foreground does.
set -m
write_corpus corpus.txt

# await_end PROCESS: wants it to end of itself with 130.
await_end() {
  local i
  for ((i = 0; i < 300; ++i)); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  if kill -0 "$1" 2>/dev/null; then
    fault "$last: it still runs after half a minute"
    kill -KILL "$1"
  fi
  wait "$1"
  status=$?
  [[ $status == 130 ]] || { fault "$last: expected exit status 130, got $status" && show_streams; }
}

# interrupt SCRIPT: runs it far longer than the test, interrupts it once it has told of some progress.
interrupt() {
  local i
  last="weft run $1, interrupted"
  "$program" run "$1" --epochs 1000000 >out 2>err </dev/null &
  local process=$!
  for ((i = 0; i < 600; ++i)); do
    grep -qs 'loss' err && break
    kill -0 $process 2>/dev/null || break
    sleep 0.1
  done
  kill -INT $process 2>/dev/null || fault "$last: it ended by itself"
  await_end $process
}

write_program lm.weft
interrupt lm.weft
err_matches 'interrupted after step [0-9]+'
exists lm.safetensors
out_is ''                            # what follows the save is not run
run 0 generate lm.safetensors

last_statements=
write_program unsaved.weft
rm -f lm.safetensors
interrupt unsaved.weft
absent lm.safetensors

# ThreadSanitizer keeps a signal until the next call that it knows, and the C library's own read is none.
[[ ${WEFT_SANITIZE:-} == thread ]] && finish

# While it waits for input.
mkfifo input
last="weft repl, interrupted"
"$program" repl <input >out 2>err &
process=$!
exec 3>input
echo 'show 6 * 7' >&3
for ((i = 0; i < 300; ++i)); do
  grep -qs 42 out && break
  sleep 0.1
done
kill -INT $process
await_end $process
exec 3>&-
finish
