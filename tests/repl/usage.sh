#!/usr/bin/env bash
# Usage and script errors exit with 2, a failed expectation with 1, and what is right with 0.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

run 0 --version
out_has weft
run 0 --help
for command in run check train predict generate repl; do out_has "$command"; done
for command in run check train predict generate repl; do run 0 "$command" --help; done

run 2 frobnicate
run 2 --frobnicate
run 2 run
run 2 run none.weft
err_has none.weft
mkdir folder
run 2 run folder
err_has folder
run 2 check none.weft
run 2 train
run 2 train language_modle --corpus corpus.txt
err_has language_model
run 2 predict
run 2 generate

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
run 2 run lm.weft --epochs 1.5
run 2 run lm.weft --threads none
run 2 run lm.weft --threads -1
run 2 run lm.weft --seed x
run 2 run lm.weft --device abacus

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
printf 'expect 1 > 2\n' >fails.weft
run 1 run fails.weft
err_has fails.weft:1
err_has '1 > 2'
finish
