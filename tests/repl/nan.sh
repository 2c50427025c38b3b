#!/usr/bin/env bash
# A loss that is no number stops the training, says at which step, and keeps the last good model.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_corpus corpus.txt
write_program lm.weft
run 0 run lm.weft --file good.safetensors

# Diverges after some steps: the file that was there, or the last good model in its place, still works.
optimizer='sgd(1e30)'
write_program diverges.weft
cp good.safetensors kept.safetensors
run 1 run diverges.weft --file kept.safetensors
err_matches 'step [0-9]+'
exists kept.safetensors
run 0 generate kept.safetensors

# Wrong from the first step on.
optimizer='adam(rate)'
write_program lm.weft
sed 's/cross_entropy\[V\](lm(x), y))$/& * log(-1.0)/' lm.weft >first.weft
run 1 run first.weft --file first.safetensors
err_matches 'step 1\b'
finish
