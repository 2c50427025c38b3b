# shellcheck shell=bash
# What the command-line tests share. A test is a bash script that is given the program as its first argument:
#
#   source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
#   run 2 check wrong.weft           # runs `weft check wrong.weft` and wants exit status 2
#   err_has 'error[E0204]'           # of what the last run wrote
#   finish
#
# It works in a folder of its own, goes on after a fault, and tells all of them.
set -uo pipefail
export LC_ALL=C.UTF-8

program=$(realpath "${1:?the weft program}") || exit 2
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")   # this folder
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
export XDG_STATE_HOME=$work/state   # no test adds to anybody's history
faults=0

fault() {
  echo "FAULT: $*"
  faults=$((faults + 1))
}
show_streams() {
  echo "  stdout:" && head -c 2000 out | sed 's/^/    /'
  echo "  stderr:" && tail -c 2000 err | sed 's/^/    /'
}

# weft ARGUMENT...: the program, ended when it hangs.
weft() { timeout 250 "$program" "$@"; }

# run STATUS ARGUMENT...: runs weft with `input` (a file, by default nothing) as standard input; leaves its streams in
# `out` and `err` and its exit status in `status`.
input=/dev/null
run() {
  local wanted=$1
  shift
  last="weft $*"
  weft "$@" <"$input" >out 2>err
  status=$?
  if [[ $status != "$wanted" ]]; then
    fault "$last: expected exit status $wanted, got $status"
    show_streams
    return 1
  fi
}

has() {
  grep -qF -e "$2" "$1" && return
  fault "$last: expected '$2' in $3"
  show_streams
}
out_has() { has out "$1" stdout; }
err_has() { has err "$1" stderr; }
err_matches() {
  grep -qE -e "$1" err && return
  fault "$last: expected /$1/ in stderr"
  show_streams
}
out_is() {
  [[ $(cat out) == "$1" ]] && return
  fault "$last: expected exactly '$1' on stdout"
  show_streams
}
exists() { [[ -s $1 ]] || fault "$last: expected the file $1"; }
absent() { [[ ! -e $1 ]] || fault "$last: expected no file $1"; }
same_file() { cmp -s "$1" "$2" || fault "$last: $1 and $2 differ"; }

finish() {
  if ((faults)); then
    echo "$faults faults"
    exit 1
  fi
  exit 0
}

# write_corpus FILE [LINES]: sentences over some 25 words, the same in every run.
write_corpus() {
  awk -v lines="${2:-200}" 'BEGIN {
    split("red blue old small green tall young quiet", adjective)
    split("cat dog bird fox man child horse king", noun)
    split("sees hears finds follows greets leaves", verb)
    state = 1
    for (i = 0; i < lines; ++i) {
      for (k = 1; k <= 5; ++k) {
        state = (state * 16807) % 2147483647
        pick[k] = int(state / 65536)
      }
      printf "the %s %s %s the %s %s .\n", adjective[pick[1] % 8 + 1], noun[pick[2] % 8 + 1],
        verb[pick[3] % 6 + 1], adjective[pick[4] % 8 + 1], noun[pick[5] % 8 + 1]
    }
  }' >"$1"
}

# write_labelled FILE [LINES]: label, tab, text; which of the two labels shows in the words.
write_labelled() {
  write_corpus "$1.text" "${2:-200}"
  awk '{ if (NR % 2) print "praise\twhat a good and lovely day , " $0; else print "blame\twhat a bad and awful day , " $0 }' \
    "$1.text" >"$1"
  rm "$1.text"
}

# write_program FILE: a language model that trains in a moment. $optimizer and $last_statements fit it to a test.
optimizer='adam(rate)'
last_statements='save lm to file
show 6 * 7'
write_program() {
  cat >"$1" <<WEFT
# A small language model.
axis B, T
axis E = 8, H = 12

option corpus = "corpus.txt"     # a UTF-8 text file
option epochs = 1                # passes over the corpus
option rate = 0.01               # the learning rate
option file = "lm.safetensors"   # where the model goes

data book = lines[B: 4, T: 6](corpus, tokens = words(min_count = 1), holdout = 0.2)
axis V = book.vocab

model Language {
  let embed = Embed[V, E]()
  let rnn = LSTM[E -> H](dropout = 0.1)
  let out = Linear[H -> V]()

  fn (x: V[B, T]) -> [B, T, V] {
    return embed(x) |> rnn[T] |> out
  }
}

let lm = Language()

train run on book.train as (x = ids, y = next) {
  step {
    let loss = mean[B, T](cross_entropy[V](lm(x), y))
    minimize loss over lm using $optimizer
  }
  validate on book.valid {
    show perplexity = exp(mean[B, T](cross_entropy[V](lm(x), y)))
  }
  epochs = epochs
}

$last_statements
WEFT
}
