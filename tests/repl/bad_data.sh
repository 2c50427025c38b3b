#!/usr/bin/env bash
# Corpora that can't be used exit with 3, say which file and why, and leave no model.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_program lm.weft

run 3 run lm.weft --corpus none.txt
err_has none.txt
mkdir folder
run 3 run lm.weft --corpus folder
err_has folder
: >empty.txt
run 3 run lm.weft --corpus empty.txt
err_has empty.txt
printf ' \n\n\t\n' >blank.txt
run 3 run lm.weft --corpus blank.txt
err_has blank.txt

write_corpus good.txt 20
{ cat good.txt && printf 'the red \xe2\x28 cat\n' && cat good.txt; } >bytes.txt
run 3 run lm.weft --corpus bytes.txt
err_has bytes.txt:21
err_has "$(($(wc -c <good.txt) + 8))"
printf 'two words\n' >short.txt
run 3 run lm.weft --corpus short.txt
err_has short.txt
# Enough for a vocabulary, too little for a window.
sed '/validate on/,/^  }/d; s/, holdout = 0.2//' lm.weft >window.weft
printf 'a b a\n' >window.txt
run 3 run window.weft --corpus window.txt
err_has 'T = 6'
# Nothing left to validate with.
sed 's/, holdout = 0.2//' lm.weft >validates.weft
run 3 run validates.weft --corpus good.txt
err_has validate
head -c 100000 /dev/zero >zeros.txt
run 3 run lm.weft --corpus zeros.txt
err_has zeros.txt:1
yes the | head -n 400 >one.txt
run 3 run lm.weft --corpus one.txt
err_has one.txt
absent lm.safetensors

# Tables.
run 3 train classifier --corpus none.tsv
err_has none.tsv
write_labelled good.tsv 40
{ cat good.tsv && echo 'no tab here'; } >columns.tsv
run 3 train classifier --corpus columns.tsv
err_has columns.tsv:41
sed 's/^blame/praise/' good.tsv >label.tsv
run 3 train classifier --corpus label.tsv
err_has label.tsv
yes $'one\tthe red cat sees the dog' | head -n 40 >class.tsv
run 3 train classifier --corpus class.tsv
err_has class.tsv
finish
