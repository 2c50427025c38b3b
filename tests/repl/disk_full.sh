#!/usr/bin/env bash
# A disk that is full while a model is saved leaves the older file as it was and no litter beside it.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_corpus corpus.txt
write_program lm.weft
sed -i 's/E = 8, H = 12/E = 64, H = 128/' lm.weft
mkdir models
run 0 run lm.weft --file models/lm.safetensors
cp models/lm.safetensors before
[[ $(wc -c <before) -gt 200000 ]] || fault "the model is too small for this test"

# A limit on the size of files stands in for the full disk: the write fails with EFBIG.
last="weft run lm.weft, on a full disk"
(
  ulimit -f 64
  weft run lm.weft --seed 2 --file models/lm.safetensors </dev/null >out 2>err
)
status=$?
((status == 1)) || { fault "$last: expected exit status 1, got $status" && show_streams; }
err_has lm.safetensors
same_file before models/lm.safetensors
[[ $(ls -A models) == lm.safetensors ]] || fault "$last: left in the folder: $(ls -A models)"

# A folder that isn't there is told of before the training.
run 1 run lm.weft --file nowhere/lm.safetensors
err_has nowhere/lm.safetensors
if grep -q 'epoch' err; then fault "$last: trained before it looked for the folder"; fi
mkdir folder
run 1 run lm.weft --file folder
err_has folder

# Nor is there room for what is put aside while a corpus is read.
export TMPDIR=$work/no_such_folder
run 1 run lm.weft
err_has "$TMPDIR"
export TMPDIR=$work
last="weft run lm.weft, no room for temporary files"
(
  ulimit -f 1
  weft run lm.weft </dev/null >out 2>err
)
status=$?
((status == 1)) || { fault "$last: expected exit status 1, got $status" && show_streams; }
err_has "$TMPDIR"
unset TMPDIR
finish
