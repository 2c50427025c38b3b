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
finish
