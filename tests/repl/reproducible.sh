#!/usr/bin/env bash
# The same seed gives the same model file bit for bit, on one thread and on two; another seed another.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_corpus corpus.txt 300
write_program lm.weft
run 0 run lm.weft --seed 7 --threads 1 --epochs 2 --file one.safetensors
run 0 run lm.weft --seed 7 --threads 2 --epochs 2 --file two.safetensors
same_file one.safetensors two.safetensors
run 0 run lm.weft --seed 7 --epochs 2 --file all.safetensors
same_file one.safetensors all.safetensors
run 0 run lm.weft --seed 8 --threads 1 --epochs 2 --file other.safetensors
cmp -s one.safetensors other.safetensors && fault "two seeds gave one model"

write_labelled days.tsv
run 0 train classifier --corpus days.tsv --epochs 1 --seed 7 --threads 1 --output one.safetensors
run 0 train classifier --corpus days.tsv --epochs 1 --seed 7 --threads 2 --output two.safetensors
same_file one.safetensors two.safetensors
finish
