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
run 0 generate first.safetensors

# After a while: what is kept is a model of which a later step showed that it was good, not the first one.
cat >later.weft <<'WEFT'
axis B, T
data book = lines[B: 4, T: 6]("corpus.txt", tokens = words(min_count = 1))
axis V = book.vocab
model Falling {
  param depth: [] = zeros()
  fn () -> [] {
    return log(1.5 - depth)                # its gradient drives depth to 1.5 in some 110 steps
  }
}
let m = Falling()
train run on book.train as (x = ids) {
  step {
    minimize m() over m using sgd(0.01)
  }
  epochs = 10
}
save m to "later.safetensors"
show "not reached"
WEFT
run 1 run later.weft
err_matches 'step 1[0-9][0-9]\b'
err_has 'after step 100'
exists later.safetensors
out_is ''

# Where nothing is saved after it, an older file stays as it was.
sed '/^save/,$d' diverges.weft >unsaved.weft
cp good.safetensors lm.safetensors
run 1 run unsaved.weft
same_file good.safetensors lm.safetensors
finish
