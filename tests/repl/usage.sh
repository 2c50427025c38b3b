#!/usr/bin/env bash
# Usage and script errors exit with 2, a failed expectation with 1, and what is right with 0.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

run 0 --version
out_has weft
run 0 --help
for command in run check train predict generate repl; do out_has "$command"; done
for command in run check train predict generate repl show explain lsp; do run 0 "$command" --help; done

run 2
err_has command
run 2 frobnicate
err_has frobnicate
run 2 trian
err_has train
run 2 --frobnicate
err_has frobnicate
run 2 run
err_has SCRIPT
run 2 run none.weft
err_has none.weft
mkdir folder
run 2 run folder
err_has folder
run 2 check none.weft
run 2 train
err_has RECIPE
run 2 train language_modle --corpus corpus.txt
err_has language_model
run 0 train --help
out_has language_model
out_has classifier
run 0 train classifier --help
out_has --corpus
out_has --output
run 2 train classifier --epohcs 3
err_has --epochs
run 2 train classifier --epochs many
err_has many
run 2 predict
err_has MODEL
run 2 generate
err_has MODEL
run 2 generate a b c
err_has c
run 2 generate a --tokns 3
err_has --tokens
run 2 generate a --tokens 1.5
err_has 1.5
run 2 generate a --temperature hot
err_has hot
run 2 predict a --top 0
err_has --top

# Options of a script: known, of the right type, shown with their comments. No corpus is there, and none is needed yet.
write_program lm.weft
run 0 run lm.weft --help
out_has --epochs
out_has 'passes over the corpus'
run 2 run lm.weft --epoch 3
err_has --epochs
run 2 run lm.weft --epochs many
err_has epochs
err_has many
run 2 run lm.weft --epochs
err_has --epochs
run 2 run lm.weft --corpus --epochs 3
err_has --corpus
run 2 run lm.weft --epochs 1.5
err_has 1.5
run 2 run lm.weft surplus
err_has surplus
run 2 run lm.weft --threads none
err_has none
run 2 run lm.weft --threads -1
run 2 run lm.weft --threads
run 2 run lm.weft --seed x
run 2 --seed 1.5 run lm.weft
run 2 run lm.weft --device abacus
err_has abacus

# A script is checked before any data is read, and checking reads none.
run 0 check lm.weft
sed 's/Linear\[H -> V\]/Linear[E -> V]/' lm.weft >axis.weft
run 2 check axis.weft
err_has 'error['
err_has axis.weft:
run 2 run axis.weft
err_has 'error['

printf 'show nosuch\nlet x = alsonot\n' >two.weft
run 2 check two.weft
err_has two.weft:1:6
err_has two.weft:2:9
printf 'let = 3\n' >syntax.weft
run 2 run syntax.weft
err_has syntax.weft:1:
printf 'show 1\n# \xff\n' >bytes.weft
run 2 run bytes.weft
err_has bytes.weft:2:
: >empty.weft
run 0 run empty.weft

printf 'expect 2 > 1\nshow 5\n' >holds.weft
run 0 run holds.weft
out_has 5
# An option with a value that begins like an option.
printf 'option word = "a"\nshow word\n' >word.weft
run 0 run word.weft --word=--b
out_is --b
run 0 check word.weft --word b
out_is ''
printf 'expect 1 > 2\n' >fails.weft
run 1 run fails.weft
err_has fails.weft:1
err_has '1 > 2'
finish
