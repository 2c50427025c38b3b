#!/usr/bin/env bash
# 100 MB without a line break, as a script and as a corpus, and input without an end: an answer in reasonable time, in
# bounded memory.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

write_corpus sentences 2000
yes "$(tr '\n' ' ' <sentences)" | tr -d '\n' | head -c 100000000 >long.txt
[[ $(wc -c <long.txt) == 100000000 ]] || fault "the file is not 100 MB"

# Megabytes that a process may take. A sanitizer keeps what was freed, and notes beside what wasn't.
most=800
[[ -n ${WEFT_SANITIZE:-} ]] && most=4000

# bounded STATUS ARGUMENT...: as run, and the largest resident size that is seen stays in bounds.
bounded() {
  local wanted=$1 process size largest=0
  shift
  last="weft $*"
  "$program" "$@" <"$input" >out 2>err &
  process=$!
  while kill -0 $process 2>/dev/null; do
    size=$(awk '/^VmHWM/ { print int($2 / 1024) }' /proc/$process/status 2>/dev/null)
    ((${size:-0} > largest)) && largest=$size
    if ((largest > most)); then
      fault "$last: took more than $most MB"
      kill -KILL $process
    fi
    sleep 0.05
  done
  wait $process
  status=$?
  [[ $status == "$wanted" ]] || { fault "$last: expected exit status $wanted, got $status" && show_streams; }
}

bounded 2 check long.txt
[[ $(wc -c <err) -lt 100000 ]] || fault "$last: the diagnostic shows $(wc -c <err) bytes"

# As a corpus it is data like any other.
write_program lm.weft
sed -i 's/^  epochs = epochs$/  steps = 2/; /validate on/,/^  }/d; s/, holdout = 0.2//' lm.weft
bounded 0 run lm.weft --corpus long.txt

bounded 2 run /dev/zero
input=/dev/zero
bounded 3 repl
bounded 3 predict lm.safetensors
finish
