#!/usr/bin/env bash
# A model file is all that generate needs, and one that is damaged exits with 4.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
write_corpus corpus.txt
write_program lm.weft
run 0 run lm.weft
exists lm.safetensors

# In another folder, with corpus and script gone.
mkdir elsewhere
mv lm.safetensors elsewhere/moved.safetensors
rm corpus.txt lm.weft
cd elsewhere || exit 2
run 0 generate moved.safetensors "the red" --seed 3
[[ -s out ]] || fault "$last wrote nothing"
mv out first
run 0 generate moved.safetensors "the red" --seed 3
same_file first out
run 0 generate moved.safetensors

run 4 generate none.safetensors
err_has none.safetensors
run 4 predict none.safetensors
mkdir folder
run 4 generate folder
size=$(wc -c <moved.safetensors)
for bytes in 0 4 8 9 200 $((size / 2)) $((size - 1)); do
  head -c "$bytes" moved.safetensors >cut.safetensors
  run 4 generate cut.safetensors
  err_has cut.safetensors
done
{ cat moved.safetensors && echo more; } >longer.safetensors
run 4 generate longer.safetensors
echo 'This is a text file, not a model at all.' >text.safetensors
run 4 generate text.safetensors
# A header longer than any file, one that is no JSON, and a file of tensors that Weft didn't write.
{ printf '\xff\xff\xff\xff\xff\xff\xff\x7f' && tail -c +9 moved.safetensors; } >header.safetensors
run 4 generate header.safetensors
printf '\x08\0\0\0\0\0\0\0{"a": [[' >json.safetensors
run 4 generate json.safetensors
printf '\x02\0\0\0\0\0\0\0{}' >foreign.safetensors
run 4 generate foreign.safetensors
run 4 predict foreign.safetensors
# Metadata that is there and wrong.
LC_ALL=C sed 's/"dtype":"F32"/"dtype":"Q32"/' moved.safetensors >dtype.safetensors
cmp -s moved.safetensors dtype.safetensors || run 4 generate dtype.safetensors
finish
