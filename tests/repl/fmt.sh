#!/usr/bin/env bash
# weft fmt: files in place, folders, standard input, --check, and what it leaves alone.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ugly='let   x=1
# 注释
axis 词=3  # c'
neat='let x = 1
# 注释
axis 词 = 3  # c'

# From standard input to standard output.
printf '%s' "$ugly" >in
input=in
run 0 fmt
out_is "$neat"
run 0 fmt -
out_is "$neat"
run 1 fmt --check
out_is '<stdin>'
printf '%s\n' "$neat" >in
run 0 fmt --check
out_is ''
printf 'let = 3\n' >in
run 2 fmt
out_is ''
err_has 'error[E01'
err_has '<stdin>:1:5'
input=/dev/null
run 0 fmt
out_is ''

# In place: only what changes is written, with its permissions.
printf '%s\n' "$ugly" >a.weft
printf '%s\n' "$neat" >b.weft
chmod 640 a.weft
chmod 444 b.weft
written=$(stat -c %Y.%i b.weft)
run 1 fmt --check a.weft b.weft
out_is a.weft
[[ $(cat a.weft) == "$ugly" ]] || fault "--check wrote"
run 0 fmt a.weft b.weft
out_is ''
[[ $(cat a.weft) == "$neat" ]] || fault "a.weft isn't formatted"
[[ $(stat -c %a a.weft) == 640 ]] || fault "a.weft lost its permissions"
[[ $(stat -c %Y.%i b.weft) == "$written" ]] || fault "b.weft was written"
run 0 fmt --check a.weft b.weft

# A link stays one.
printf '%s\n' "$ugly" >target.weft
ln -s target.weft link.weft
run 0 fmt link.weft
[[ -L link.weft && $(cat target.weft) == "$neat" ]] || fault "a link isn't followed"

# Folders: the sources below them, not those of other kinds or in hidden folders.
mkdir -p deep/er deep/.hidden
for file in deep/one.weft deep/er/two.weft deep/.hidden/three.weft deep/notes.txt; do printf '%s\n' "$ugly" >"$file"; done
run 1 fmt --check deep
out_is $'deep/er/two.weft\ndeep/one.weft'
run 0 fmt deep
run 0 fmt --check deep
for file in deep/.hidden/three.weft deep/notes.txt; do
  [[ $(cat "$file") == "$ugly" ]] || fault "$file was formatted"
done

# A source with faults is left alone; the others are not.
printf 'let = 3\n' >wrong.weft
printf '%s\n' "$ugly" >a.weft
run 2 fmt wrong.weft a.weft none.weft
err_has 'wrong.weft:1:5'
err_has 'none.weft: no such file'
[[ $(cat wrong.weft) == 'let = 3' ]] || fault "wrong.weft was written"
[[ $(cat a.weft) == "$neat" ]] || fault "a.weft isn't formatted after a fault elsewhere"

# Nothing is left beside the files.
[[ -z $(find . -name '.weft-*') ]] || fault "temporary files are left"
finish
