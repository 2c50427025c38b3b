#!/usr/bin/env bash
# Tokens of texts, vocabularies, pieces and scores from the command line.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

printf 'The Cat sat.\n\nﬁne CAFÉ\r\nlast line' >text
run 0 tokenize text
out_is "$(printf 'the cat sat .\n\nfine café\nlast line')"
input=text
run 0 tokenize - --threads 2
out_is "$(printf 'the cat sat .\n\nfine café\nlast line')"
run 0 tokenize --kind whitespace --strip-accents --normalize nfkd
out_is "$(printf 'The Cat sat.\n\nfine CAFE\nlast line')"
input=/dev/null
run 0 tokenize
out_is ''
run 0 tokenize text --offsets
out_is "$(printf 'the\t0\t3\ncat\t4\t7\nsat\t8\t11\n.\t11\t12\n\n\nfine\t0\t5\ncafé\t6\t11\n\nlast\t0\t4\nline\t5\t9\n\n')"
run 0 tokenize text --format jsonl --offsets
out_has '{"tokens": ["fine", "café"], "offsets": [[0, 5], [6, 11]]}'
out_has '{"tokens": [], "offsets": []}'
gzip -c text >text.gz
run 0 tokenize text.gz --kind chars
out_has 't h e ▁ c a t'
mv out chars
run 0 tokenize --detokenize --kind chars chars
out_is "$(printf 'the cat sat.\n\nfine café\nlast line')"
run 0 tokenize text --kind bytes --format tsv
out_has '<0xC3>'

# Threads change nothing; lines are longer than the pieces they are read in.
awk 'BEGIN { for (i = 0; i < 40000; ++i) printf "Word%d %s", i % 977, i % 20000 == 9 ? "\n" : ""; for (i = 0; i < 3000; ++i) print "line", i, "é" }' >long
for format in text jsonl tsv; do
  run 0 tokenize long --format $format --threads 1
  mv out one
  run 0 tokenize long --format $format --threads 2
  same_file out one
  mv one "one.$format"
done
[[ $(wc -l <one.text) == "$(wc -l <long)" && $(wc -l <one.jsonl) == "$(wc -l <long)" ]] || fault "a line for a line"
[[ $(tr ' ' '\n' <one.text | grep -c .) == "$(grep -c . one.tsv)" ]] || fault "as many tokens in each format"
run 0 tokenize long --offsets
[[ $(grep -cP '^é\t(\d+)\t\d+$' out) == 3000 && $(awk -F'\t' '$1 == "é" && $3 - $2 == 2' out | wc -l) == 3000 ]] ||
  fault "offsets count bytes"

# Vocabularies and numbers.
printf 'b a b\nc b a\n' >abc
run 0 vocab abc
out_is "$(printf 'b\t3\na\t2\nc\t1')"
run 0 vocab abc --min-count 2 --output abc.vocab --threads 2
out_is ''
run 0 vocab abc --size 1
out_is "$(printf 'b\t3')"
run 0 tokenize abc --ids --vocab abc.vocab
out_is "$(printf '0 1 0\n-1 0 1')"
printf '1 0\n' >numbers
run 0 tokenize --detokenize --ids --vocab abc.vocab numbers
out_is 'a b'
printf '1 0\n\n2\n' >numbers
run 3 tokenize --detokenize --ids --vocab abc.vocab numbers
err_has "numbers:3: expected a token's number below 2, got \"2\""
printf 'a\nb\na\n' >twice
run 3 tokenize abc --ids --vocab twice
err_has 'twice:3: the token "a" is in line 1 already'

# SentencePiece.
for i in {1..60}; do echo "the cat $i sat on the mat and the rat sat on the hat of the cat"; done >rhymes
run 0 tokenize --train sentencepiece --size 34 --output pieces.model rhymes
out_is ''
err_has 'pieces.model: 34 pieces'
mv pieces.model again.model
run 0 tokenize --train sentencepiece --size 34 --output pieces.model rhymes
same_file pieces.model again.model
run 0 tokenize --model pieces.model rhymes --threads 2
out_has '▁cat'
mv out rhymes.tok
run 0 tokenize --model pieces.model --detokenize rhymes.tok
same_file out rhymes
run 0 tokenize --model pieces.model --ids rhymes
mv out rhymes.ids
run 0 tokenize --model pieces.model --ids --detokenize rhymes.ids
same_file out rhymes
run 0 tokenize --train sentencepiece --algorithm bpe --size 40 --output bpe.model rhymes
run 3 tokenize --train sentencepiece --size 4000 --output large.model rhymes
err_matches 'rhymes: .*the text is too small for 4000 pieces; it is enough for [0-9]+'
absent large.model
head -c 300 pieces.model >short.model
run 4 tokenize --model short.model rhymes
err_has 'short.model: not a SentencePiece model, or a damaged one'
run 4 tokenize --model missing.model rhymes
err_has 'missing.model: can'"'"'t be opened: No such file or directory'

# Scores.
printf '北京  天安门\n我  爱  北京  。\n' >gold
run 0 tokenize --score gold
out_has "$(printf 'words right\t6')"
out_has "$(printf 'F1\t1.0000')"
printf '北京天安门\n我  爱  北京  。\n' >gold
run 0 tokenize --score gold --threads 1
out_has "$(printf 'precision\t0.6667')"
out_has "$(printf 'recall\t0.8000')"
out_has "$(printf 'F1\t0.7273')"

# Faults.
printf 'one\ntwo \xff\n' >invalid
run 3 tokenize invalid
err_has 'invalid:2: '
run 0 tokenize invalid --invalid replace
out_has 'two �'
run 3 tokenize missing
err_has 'missing: no such file'
run 2 tokenize text --ids
err_has '--ids needs --vocab or --model'
run 2 tokenize text --kind sentencepiece
err_has '--kind sentencepiece needs --model'
run 2 tokenize text --kind word
err_has 'expected words or chars'
run 2 tokenize text --train sentencepiece
err_has '--train needs --output'
run 2 tokenize text --offsets --format text
err_has '--offsets needs --format tsv or jsonl'
run 1 tokenize text --locale nowhere
err_has 'expected a locale as in BCP 47'
run 0 tokenize --help
out_has 'weft tokenize --model book.model --ids book.txt'
run 0 vocab --help
out_has 'weft vocab book.txt --min-count 5 --output book.vocab'
finish
