#!/usr/bin/env bash
# A text classifier from the command line: training, predicting, testing, its faults, and going on after a break.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

write_labelled days.tsv 300
awk -F'\t' '{print "__label__" $1, $2}' days.tsv >days.txt
small=(--dimension 8 --epochs 5 --buckets 1000)

# The same corpus in both forms gives the same model; the seed and the number of threads don't change it.
run 0 train fasttext --supervised --corpus days.tsv --output a.bin "${small[@]}" --deterministic
err_has '300 examples'
run 0 train fasttext --supervised --corpus days.txt --output b.bin "${small[@]}" --deterministic --threads 3
same_file a.bin b.bin

run 0 test a.bin days.tsv
out_has 'accuracy          1.0000'
run 0 test a.bin days.txt --tsv
out_has $'accuracy\t1.0000'
out_has $'praise\t150\t150\t1.0000\t1.0000\t1.0000\t1.0000'
run 0 test a.bin days.tsv --json --confusion
out_has '"accuracy":1.0'
out_has '"counts":[[150,0],[0,150]]'

# Labels without their prefix, as many as asked for; a line with nothing known still gets one.
printf 'what a good and lovely day\n\nwhat a bad and awful day\n' >lines
run 0 predict a.bin lines --top 1
[[ $(cut -f1 out | tr '\n' ' ') == 'praise '*' blame ' ]] || { fault "$last: praise, anything, blame" && show_streams; }
mv out from_file
input=lines
run 0 predict a.bin - --top 1
same_file from_file out
run 0 predict a.bin --json
out_has '{"labels":[{"label":"praise","probability":'
run 0 predict a.bin --threshold 0.99
run 0 predict a.bin --threshold 2
out_is ''
input=/dev/null

# A test with what the model doesn't know, and with empty lines.
printf 'praise\ta good day\n\npraise\nnews\ta day\npraise\t\n' >odd.txt
run 3 test a.bin odd.txt --form tsv
err_has 'odd.txt:3: the line has no tab'
printf 'praise\ta good and lovely day\n\nnews\ta day\npraise\t\n' >odd.txt
run 0 test a.bin odd.txt --form tsv
err_has '1 empty lines'
err_has '1 lines without a text'
err_has '1 labels that the model'
out_has 'accuracy          0.5000'

# Corpora that can't be used.
printf 'just a text\nand another\n' >none.txt
run 3 train fasttext --supervised --corpus none.txt
err_has 'none.txt:1: no line has a label'
: >empty.txt
run 3 train fasttext --supervised --corpus empty.txt
run 3 train fasttext --supervised --corpus missing.tsv
run 2 train fasttext --supervised
err_has '--corpus'
run 2 train fasttext --supervised --corpus days.tsv --epoch 3
err_has 'did you mean `--epochs`?'
run 1 train fasttext --supervised --corpus days.tsv --metric f3 --holdout 0.2 --output no.bin
err_has 'precision-at-recall'
run 1 train fasttext --supervised --corpus days.tsv --rate 1000000 --dimension 8 --output no.bin
err_has 'lower rate'
absent no.bin
awk 'BEGIN { for (i = 0; i < 20000; ++i) print "__label__" i, "word" }' >labels.txt
run 3 train fasttext --supervised --corpus labels.txt --dimension 65536 --buckets 100000000 --word_ngrams 2
err_has 'the matrices of 20000 labels'

# Validation, early stopping and a search.
run 0 train fasttext --supervised --corpus days.tsv --holdout 0.2 --patience 1 --output c.bin "${small[@]}" --epochs 20
err_has 'no better for 1 epochs'
run 0 train fasttext --supervised --corpus days.tsv --trials 5 --output d.bin "${small[@]}"
err_has 'trial 5: 5 epochs'
err_has 'best of 5 trials'
run 0 test d.bin days.tsv
run 0 train fasttext --supervised --corpus days.tsv --trials 1 --model_size 14k --output e.ftz "${small[@]}"
(($(stat -c %s e.ftz) < 16000)) || fault "$last: expected a model of some 14 kB"
run 0 test e.ftz days.tsv

# It goes on with a corpus that brings a new label and new words, and keeps what it knew.
awk 'BEGIN { for (i = 0; i < 200; ++i) print "question\twhere does river number " i % 7 " rise" }' >questions.tsv
run 0 train fasttext --supervised --corpus questions.tsv --from a.bin --output grown.bin --epochs 3 --rate 0.1 --deterministic
err_has 'going on from a.bin: '
err_has ' 1 new labels'
cat days.tsv questions.tsv >both.tsv
run 0 test grown.bin both.tsv --tsv
out_has $'accuracy\t1.0000'
run 2 train fasttext --supervised --corpus questions.tsv --from a.bin --dimension 9
err_has "its model's dimension"
run 4 train fasttext --supervised --corpus questions.tsv --from e.ftz
err_has 'it is quantized'

# Killed and resumed: the same bits as in one go.
run 0 train fasttext --supervised --corpus days.tsv --output whole.bin "${small[@]}" --epochs 40 --deterministic
weft train fasttext --supervised --corpus days.tsv --output part.bin "${small[@]}" --epochs 40 --deterministic \
  --checkpoint part.checkpoint --checkpoint_minutes 0 --holdout 0 2>err &
sleep 0.05
kill -9 $! 2>/dev/null
wait 2>/dev/null
run 0 train fasttext --supervised --corpus days.tsv --output part.bin "${small[@]}" --epochs 40 --deterministic \
  --checkpoint part.checkpoint
same_file whole.bin part.bin
absent part.checkpoint
finish
