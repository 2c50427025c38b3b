#!/usr/bin/env bash
# The same seed gives the same model file bit for bit, on one thread and on two; another seed another.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_corpus corpus.txt 300
write_program lm.weft
# Large enough that the work is shared out among threads.
sed -i 's/E = 8, H = 12/E = 96, H = 160/; s/B: 4, T: 6/B: 16, T: 20/' lm.weft

# train NAME ARGUMENT...: the model is NAME.safetensors; all are saved under one path, as that is part of the file.
train() {
  local name=$1
  shift
  run 0 run lm.weft --epochs 2 "$@"
  mv lm.safetensors "$name.safetensors"
}
train one --seed 7 --threads 1
train two --seed 7 --threads 2
same_file one.safetensors two.safetensors
train all --seed 7
same_file one.safetensors all.safetensors
train other --seed 8 --threads 1
cmp -s one.safetensors other.safetensors && fault "two seeds gave one model"

write_labelled days.tsv
for threads in 1 2; do
  run 0 train classifier --corpus days.tsv --epochs 1 --seed 7 --threads $threads
  mv classifier.safetensors $threads.safetensors
done
same_file 1.safetensors 2.safetensors
finish
