#!/usr/bin/env bash
# Pieces that are learnt with a model are stored with it; a model from outside is checked.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_corpus book.txt 300
cat >lm.weft <<'W'
option corpus = "book.txt"
axis B, T, E = 8
data book = lines[B: 8, T: 16](corpus, tokens = sentencepiece(size = 45), holdout = 0.1)
axis V = book.vocab
model Next {
  let embed = Embed[V, E]()
  let out = Linear[E -> V]()
  fn (x: V[B, T]) -> [B, T, V] { return embed(x) |> out }
}
let lm = Next()
train run on book.train as (x = ids, y = next) {
  step { minimize mean[B, T](cross_entropy[V](lm(x), y)) over lm using adam(0.05) }
  steps = 20
}
save lm to "lm.safetensors"
show generate(lm, "the ", tokens = 8, temperature = 0)
W
run 0 run lm.weft
mv out first
mv lm.safetensors first.safetensors
run 0 run lm.weft --threads 1
same_file out first
same_file lm.safetensors first.safetensors
rm book.txt lm.weft
run 0 generate lm.safetensors "the " --tokens 8 --temperature 0
same_file out first

# A model that is there.
write_corpus book.txt 300
run 0 tokenize --train sentencepiece --size 45 --output own.model book.txt
echo 'axis B, T
data book = lines[B: 8, T: 16]("book.txt", tokens = sentencepiece(file = "own.model"))
show book.vocab' >file.weft
run 0 run file.weft
out_has '▁'
echo nonsense >own.model
run 3 run file.weft
err_has 'own.model: not a SentencePiece model, or a damaged one'
rm own.model
run 3 run file.weft
err_has "own.model: can't be opened: No such file or directory"
run 0 check file.weft   # which opens no data

echo 'axis B, T
data book = lines[B: 8, T: 16]("book.txt", tokens = sentencepiece(size = 30000))' >large.weft
run 3 run large.weft
err_matches 'book.txt: the text is too small for 30000 pieces; it is enough for [0-9]+'
cat book.txt | weft run <(sed 's/"book.txt"/"-"/' large.weft) >out 2>err
grep -q 'this can be read once' err || { fault "a pipe can't be read twice" && show_streams; }
finish
