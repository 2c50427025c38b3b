#!/usr/bin/env bash
# 100 MB without a line break, as a script and as a corpus: an answer in reasonable time and memory.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

write_corpus sentences 2000
for ((i = 0; i < 1300; ++i)); do cat sentences; done | tr '\n' ' ' | head -c 100000000 >long.txt
[[ $(wc -c <long.txt) == 100000000 ]] || fault "the file is not 100 MB"

last="weft check of 100 MB"
timeout 120 "$program" check long.txt </dev/null >out 2>err
status=$?
((status == 2)) || { fault "$last: expected exit status 2, got $status" && show_streams; }
[[ $(wc -c <err) -lt 100000 ]] || fault "$last: the diagnostic shows $(wc -c <err) bytes"

# As a corpus it is data like any other; one step is enough here.
write_program lm.weft
sed -i 's/^  epochs = epochs$/  steps = 2/; /validate on/,/^  }/d; s/, holdout = 0.2//' lm.weft
run 0 run lm.weft --corpus long.txt
finish
