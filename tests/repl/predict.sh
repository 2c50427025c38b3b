#!/usr/bin/env bash
# A trained classifier names the labels of the lines on its input, with its model file alone.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_labelled days.tsv 400
run 0 train classifier --corpus days.tsv --epochs 4 --output days.safetensors
exists days.safetensors
rm days.tsv

printf 'what a good and lovely day\nwhat a bad and awful day\n\nwords nobody has seen\n' >lines
input=lines
run 0 predict days.safetensors
[[ $(wc -l <out) == 4 ]] || { fault "$last: expected one line a line" && show_streams; }
sed -n 1p out | grep -q '^praise' || { fault "$last: the first line is praise" && show_streams; }
sed -n 2p out | grep -q '^blame' || { fault "$last: the second line is blame" && show_streams; }
mv out first
run 0 predict days.safetensors --threads 1
same_file first out

printf 'a \xff line\n' >lines
run 3 predict days.safetensors
input=/dev/null
run 0 predict days.safetensors
out_is ''
finish
