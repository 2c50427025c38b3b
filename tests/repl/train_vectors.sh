#!/usr/bin/env bash
# weft train word2vec and fasttext: what they write, what they refuse, and going on after a kill.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
set -m

# A corpus of two kinds of sentences, some 100,000 words.
awk 'BEGIN { srand(3)
  split("king queen prince", a); split("castle palace realm", b); split("cook baker chef", c); split("soup bread stew", d)
  for (i = 0; i < 15000; ++i)
    if (rand() < .5) print "the " a[int(rand() * 3) + 1] " rules the " b[int(rand() * 3) + 1] " well"
    else print "a " c[int(rand() * 3) + 1] " heats some " d[int(rand() * 3) + 1] " now" }' >corpus.txt
small=(--corpus corpus.txt --dimension 16 --epochs 3 --sample 0)

# Any form, by its name; the vocabulary is the corpus'.
for form in vec w2v bin safetensors; do
  run 0 train word2vec "${small[@]}" --threads 1 --output "v.$form"
  err_has "saved v.$form"
done
[[ $(head -n 1 v.vec) == "20 16" ]] || fault "v.vec begins with $(head -n 1 v.vec)"
[[ $(sed -n 2p v.vec) == "</s> "* ]] || fault "the most frequent word is </s>"
run 0 train fasttext "${small[@]}" --threads 1 --buckets 1000 --output f.bin
[[ $(wc -c <f.bin) -gt $((1020 * 16 * 4)) ]] || fault "f.bin lacks buckets"
run 0 train word2vec "${small[@]}" --threads 1 --model cbow --loss hierarchical_softmax --output c.vec
run 0 train word2vec --help
out_has '--noise_power REAL'

# The same bits whatever the number of threads; another seed gives others.
run 0 train word2vec "${small[@]}" --deterministic --threads 1 --output one.vec
run 0 train word2vec "${small[@]}" --deterministic --threads 3 --output three.vec
same_file one.vec three.vec
run 0 train word2vec "${small[@]}" --deterministic --seed 2 --output other.vec
cmp -s one.vec other.vec && fault "two seeds gave the same vectors"

# From standard input, and packed.
input=corpus.txt
run 0 train word2vec "${small[@]}" --corpus - --deterministic --output piped.vec
input=/dev/null
same_file one.vec piped.vec
gzip -k corpus.txt
run 0 train word2vec "${small[@]}" --corpus corpus.txt.gz --deterministic --output packed.vec
same_file one.vec packed.vec

# Killed again and again and taken up, it ends with the same vectors.
resumable=(train word2vec "${small[@]}" --epochs 40 --deterministic)
run 0 "${resumable[@]}" --output whole.vec
for pause in 0.2 0.3 0.4; do
  "$program" "${resumable[@]}" --checkpoint run.ckpt --checkpoint_minutes 0 --output killed.vec 2>/dev/null &
  sleep "$pause"
  kill -KILL $! 2>/dev/null
  wait $! 2>/dev/null
done
run 0 "${resumable[@]}" --checkpoint run.ckpt --output killed.vec
same_file whole.vec killed.vec
run 4 "${resumable[@]}" --window 3 --checkpoint run.ckpt --output killed.vec
err_has 'delete it to start afresh'

# Without options it learns from a sample, where that is; at the other end of a kill a checkpoint may be cut short.
cp "$here"/../../corpora/samples/{english.txt,intents.tsv} .
run 0 train word2vec --epochs 1
err_has 'saved word2vec.vec'
run 0 train fasttext --epochs 1 --buckets 1000
err_has 'saved fasttext.bin'
run 0 train fasttext --supervised --epochs 1 --buckets 1000
err_has 'wrote classifier.bin'
head -c 1500 run.ckpt >short.ckpt
run 4 "${resumable[@]}" --checkpoint short.ckpt --output killed.vec
err_has 'short.ckpt'
echo hello >short.ckpt
run 4 "${resumable[@]}" --checkpoint short.ckpt --output killed.vec
err_has 'no checkpoint of word vectors'
rm english.txt

# Interrupted, it saves what there is.
"$program" train word2vec "${small[@]}" --threads 1 --epochs 100000 --output stopped.vec 2>err &
sleep 0.5
kill -INT $!
wait $!
status=$?
[[ $status == 130 ]] || fault "interrupted, it ended with $status"
[[ $(head -n 1 stopped.vec) == "20 16" ]] || fault "interrupted, it saved nothing"

# It goes on with a corpus that brings new words.
for ((i = 0; i < 20; ++i)); do echo "the emperor rules the castle well"; done >news.txt
run 0 train word2vec --corpus news.txt --threads 1 --from v.bin --output grown.vec
[[ $(head -n 1 grown.vec) == "21 16" ]] || fault "grown.vec begins with $(head -n 1 grown.vec)"

# What can't be.
run 2 train word2vec
err_has '`--corpus` is needed'
run 2 train word2vec --corpus corpus.txt --windw 3
err_has 'did you mean `--window`?'
run 2 train word2vec --corpus corpus.txt --window 0
err_has '--window expects a whole number from 1 to 500, got `0`'
run 2 train word2vec --corpus corpus.txt --output nowhere/v.vec
err_has 'no folder nowhere'
run 3 train word2vec --corpus missing.txt
: >empty.txt
run 3 train word2vec --corpus empty.txt
err_has 'empty.txt'
run 3 train word2vec --corpus corpus.txt --min_count 1000000
err_has 'try --min_count 1'
run 1 train word2vec "${small[@]}" --threads 1 --rate 1e30
err_has 'no longer numbers'
finish
