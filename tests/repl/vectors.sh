# shellcheck shell=bash
# weft vectors and weft convert: word vectors searched, compared, evaluated, printed, reduced and converted.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cat >x.vec <<'V'
6 3
man 1 0 0
woman 1 1 0
king 1 0 1
queen 1 1 1
run -1 0.5 0
山 -1 -1 0
V

run 0 vectors nearest x.vec king --top 2
out_is 'king
  queen   0.8165
  man     0.7071'
run 0 vectors nearest x.vec run 山 --top 1 --json
out_has '{"query":"run","nearest":[{"word":"山","cosine":0.31622'
out_has '{"query":"山","nearest":[{"word":"run","cosine":0.31622'

# words from standard input; one that is missing is told of, with what it may have been meant for
printf 'kingg\n\n queen \r\nzebra\n' >words
input=words
run 3 vectors nearest x.vec --top 1
out_is 'queen
  woman   0.8165'   # and king: the first of equals
err_has 'x.vec: no vector for `kingg`, did you mean `king`?'
err_has 'x.vec: no vector for `zebra`'
printf '\377\n' >words
run 3 vectors nearest x.vec
err_has '<stdin>:1: a word that is not UTF-8'
input=/dev/null

run 0 vectors analogy x.vec man king woman --top 1
out_has 'man : king :: woman : ?'
out_has 'queen   0.9753'
run 3 vectors analogy x.vec man kign woman
err_has 'did you mean `king`?'

run 0 vectors print x.vec woman 山
out_is 'woman 1 1 0
山 -1 -1 0'
run 0 vectors print x.vec woman --json
out_is '{"word":"woman","vector":[1,1,0]}'

printf 'man\tking\t7\nman\tqueen\t5\nking\tqueen\t9\nman\tzebra\t1\n' >pairs.txt
printf ': family\nman king woman queen\nman woman king queen\nman zebra king queen\n: gram1-x\nman woman king man\n' >analogies.txt
run 0 vectors evaluate x.vec pairs.txt analogies.txt
out_has 'Spearman  1.0000'
out_has '3 of 4 pairs ( 75.00 %)'
out_has 'family     100.00 %       2 of      2 right, 1 not asked'
out_has 'syntactic    0.00 %       0 of      1 right, 0 not asked'
out_has 'total       66.67 %       2 of      3 right, 1 not asked'
run 0 vectors evaluate x.vec pairs.txt analogies.txt --json
out_has '"spearman":1.0,'
out_has '"semantic":{"right":2,"asked":2,"missing":1,"accuracy":1.0}'

run 0 vectors reduce x.vec --dimension 2 --output y.w2v
out_has '6 words, from 3 to 2 dimensions, which hold '
run 0 vectors print y.w2v king
run 2 vectors reduce x.vec --dimension 4 --output z.vec
err_has 'vectors of 3 dimensions'
absent z.vec

# there and back through every format
previous=x.vec
for file in a.bin a.safetensors a.npy a.w2v a.glove a.vec.gz b.vec; do
  run 0 convert "$previous" "$file"
  exists "$file"
  previous=$file
done
same_file x.vec b.vec
run 0 convert x.vec c.vec --first 2
[[ $(head -1 c.vec) == "2 3" ]] || fault "expected two words in c.vec"
run 0 convert x.vec c.dat --to glove
run 4 convert x.vec d.foo
err_has '`.foo` names no format'
absent d.foo
run 2 convert x.vec d.vec --to glov
err_has 'word2vec-text'

# scripts load the safetensors, and match rows by word
run 0 convert x.vec words.safetensors
cat >corpus.txt <<'T'
the king and the queen
the man and the king
the woman runs
T
cat >use.weft <<'W'
let vectors = load("words.safetensors")
axis T = 2
show sum[E](at[V](vectors.embed.table, "queen"))
W
sed -i 's/axis T = 2/axis V = vectors.V, E = vectors.E/' use.weft
run 0 run use.weft
out_has 3

# faults
printf '2 2\na 1 2\na 3 4\n' >twice.vec
run 4 vectors print twice.vec a
err_has 'twice.vec:3: the word `a` is listed a second time'
run 0 vectors print twice.vec a --skip-faults
out_is 'a 1 2'
err_has '1 faulty word'
run 4 vectors print missing.vec a
err_has 'missing.vec: can'
run 4 vectors print . a
run 2 vectors
err_has 'a command is required'
run 2 vectors neerest x.vec
err_has 'there is no command `neerest`, did you mean `nearest`?'
run 2 vectors nearest
err_has 'weft vectors nearest FILE [WORD]'
run 0 vectors nearest --help
out_has 'weft vectors nearest FILE [WORD] [OPTIONS]'

finish
