#!/usr/bin/env bash
# `weft lsp` as an editor meets it: a client that writes framed messages and reads framed answers.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export LC_ALL=C XDG_CACHE_HOME=$work/cache

# say JSON: appends a message to the session. Lengths count bytes.
say() { printf 'Content-Length: %d\r\n\r\n%s' "${#1}" "$1" >>session; }
request() { say "{\"jsonrpc\":\"2.0\",\"id\":$1,\"method\":\"$2\",\"params\":$3}"; }
notify() { say "{\"jsonrpc\":\"2.0\",\"method\":\"$1\",\"params\":$2}"; }
begin() {
  : >session
  request 1 initialize '{"capabilities":{"textDocument":{"documentSymbol":{"hierarchicalDocumentSymbolSupport":true}}}}'
  notify initialized '{}'
}
end() {
  request 99 shutdown null
  notify exit null
}
# quoted FILE: a text as a JSON string.
quoted() {
  printf '"'
  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/\\t/g' "$1" | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 } END { printf "\\n" }'
  printf '"'
}
uri=file://$work/lm.weft
open() { notify textDocument/didOpen "{\"textDocument\":{\"uri\":\"${2:-$uri}\",\"languageId\":\"weft\",\"version\":1,\"text\":$(quoted "$1")}}"; }
at() { printf '{"textDocument":{"uri":"%s"},"position":{"line":%d,"character":%d}}' "$uri" "$1" "$2"; }

# serve STATUS: runs the session; each answer becomes a line of `answers`. The frames must be exact.
serve() {
  input=session
  run "$1" lsp || true
  input=/dev/null
  : >answers
  local header body length
  exec 3<out
  while IFS= read -r header <&3; do
    header=${header%$'\r'}
    if [[ ! $header =~ ^Content-Length:\ ([0-9]+)$ ]]; then
      fault "a frame begins with '$header'"
      break
    fi
    length=${BASH_REMATCH[1]}
    IFS= read -r header <&3
    [[ $header == $'\r' ]] || fault "no empty line after the header"
    IFS= read -r -N "$length" body <&3 || fault "a frame is too short"
    printf '%s\n' "$body" >>answers
  done
  exec 3<&-
}
# answer ID TEXT...: the answer to that request has each of these.
answer() {
  local id=$1 line text
  line=$(grep -F "\"id\":$id," answers)
  shift
  for text in "$@"; do
    [[ $line == *"$text"* ]] || fault "answer $id lacks $text: ${line:0:1500}"
  done
}
lacks() {
  local line
  line=$(grep -F "\"id\":$1," answers)
  [[ $line != *"$2"* ]] || fault "answer $1 has $2: ${line:0:1500}"
}
# published N TEXT...: the Nth diagnostics have each of these.
published() {
  local line text
  line=$(grep -F publishDiagnostics answers | sed -n "$1p")
  shift
  for text in "$@"; do
    [[ $line == *"$text"* ]] || fault "diagnostics lack $text: ${line:0:1500}"
  done
}

cat >lm.weft <<'WEFT'
axis B, T
axis E = 8, H = 12
option rate = 0.01  # the learning rate
data book = lines[B: 4, T: 6]("corpus.txt", tokens = words(), holdout = 0.2)
axis V = book.vocab

# A small one.
model Language {
  let embed = Embed[V, E]()
  let rnn = LSTM[E -> H]()
  let out = Linear[H -> V]()

  fn (x: V[B, T]) -> [B, T, V] {
    let state = embed(x) |> rnn[T]
    return out(state)
  }
}

let lm = Language()
train run on book.train as (x = ids, y = next) {
  step {
    minimize mean[B, T](cross_entropy[V](lm(x), y)) over lm using adam(rate)
  }
}
WEFT

# --- the life of a session ---

: >session
request 1 textDocument/hover "$(at 0 0)"
request 2 initialize '{"capabilities":{}}'
request 3 initialize '{"capabilities":{}}'
notify initialized '{}'
request 4 textDocument/frobnicate '{}'
notify textDocument/frobnicate '{}'
notify '$/cancelRequest' '{"id":4}'
notify '$/setTrace' '{"value":"off"}'
request 5 textDocument/hover "$(at 0 0)"
request 6 textDocument/hover '{"textDocument":3}'
say '{"jsonrpc":"2.0","id":7,"method":'
say '[]'
say '{"jsonrpc":"2.0","id":8}'
say '{"jsonrpc":"2.0","id":{},"method":"shutdown"}'
printf 'Content-Type: nonsense\r\n\r\n' >>session
printf 'content-length:  2\r\nX-Other: 1\r\n\r\n{}' >>session
say $'{"jsonrpc":"2.0","id":9,"method":"\xff\xfe"}'
request '"text"' textDocument/formatting '{"textDocument":{"uri":"file:///nowhere"}}'
request 98 shutdown null
request 10 textDocument/hover "$(at 0 0)"
notify exit null
serve 0
answer 1 '"code":-32002'
answer 2 '"capabilities"' '"change":2' '"hoverProvider":true' '"definitionProvider":true' '"completionProvider"' \
  '"documentFormattingProvider":true' '"documentSymbolProvider":true' '"name":"weft"'
answer 3 '"code":-32600'
answer 4 '"code":-32601' frobnicate
answer 5 '"code":-32602' "isn't open"
answer 6 '"code":-32602'
answer null '"code":-32700' '"code":-32600'
answer '"text"' '"code":-32602'
answer 98 '"result":null'
answer 10 '"code":-32600'
[[ $(grep -c frobnicate answers) == 1 ]] || fault "an unknown notification was answered"

begin
notify exit null
serve 1
begin
serve 1
printf 'Content-Length: 100\r\n\r\n{"json' >>session
serve 1

# --- diagnostics, as one types ---

sed 's/Linear\[H -> V\]/Linear[E -> V]/' lm.weft >wrong.weft
begin
open wrong.weft
notify textDocument/didChange '{"textDocument":{"uri":"'"$uri"'","version":2},"contentChanges":[
  {"range":{"start":{"line":10,"character":19},"end":{"line":10,"character":20}},"text":"H"},
  {"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"text":"# 文😀\n"}]}'
notify textDocument/didChange '{"textDocument":{"uri":"'"$uri"'","version":3},"contentChanges":[{"text":"let 文 = \"😀\" + 文b\nshow 文\n"}]}'
notify textDocument/didChange '{"textDocument":{"uri":"'"$uri"'","version":4},"contentChanges":[{"text":"show (\n"}]}'
notify textDocument/didChange '{"textDocument":{"uri":"'"$uri"'","version":5},"contentChanges":[
  {"range":{"start":{"line":99,"character":7},"end":{"line":9,"character":0}},"text":"1)\n"}]}'
notify textDocument/didChange '{"textDocument":{"uri":"file:///unopened","version":5},"contentChanges":[{"text":""}]}'
notify textDocument/didClose '{"textDocument":{"uri":"'"$uri"'"}}'
end
serve 0
published 1 '"code":"E02' '"severity":1' '"source":"weft"' '"version":1' "\"uri\":\"$uri\""
published 2 '"diagnostics":[]' '"version":2'
# UTF-16: the face counts two, the character before it one.
published 3 '"code":"E0201"' '"start":{"character":15,"line":0}' '"end":{"character":17,"line":0}' '"version":3'
published 4 '"code":"E01' '"version":4'
published 5 '"diagnostics":[]' '"version":5'
published 6 '"diagnostics":[]'
[[ $(grep -c publishDiagnostics answers) == 6 ]] || fault "six diagnostics were to be published"

# --- hover, definition, symbols, completion, formatting ---

begin
open lm.weft
request 10 textDocument/hover "$(at 13 29)"      # rnn
request 11 textDocument/hover "$(at 14 16)"      # state
request 12 textDocument/hover "$(at 21 75)"      # rate
request 13 textDocument/hover "$(at 9 14)"       # LSTM
request 14 textDocument/hover "$(at 21 26)"      # cross_entropy
request 15 textDocument/hover "$(at 5 0)"        # nothing
request 16 textDocument/hover "$(at 18 10)"      # Language
request 20 textDocument/definition "$(at 21 59)" # lm
request 21 textDocument/definition "$(at 9 14)"  # LSTM
request 22 textDocument/definition "$(at 14 16)" # state
request 23 textDocument/definition "$(at 21 26)" # a builtin
request 24 textDocument/definition "$(at 12 12)" # B
request 30 textDocument/documentSymbol "{\"textDocument\":{\"uri\":\"$uri\"}}"
request 31 textDocument/formatting "{\"textDocument\":{\"uri\":\"$uri\"},\"options\":{\"tabSize\":2,\"insertSpaces\":true}}"
# A line more at the end, as it grows: `show lm.`, `show sum[`, `show Linear[E -> H](`, `s`.
n=24
type_in() { notify textDocument/didChange "{\"textDocument\":{\"uri\":\"$uri\"},\"contentChanges\":[{\"range\":{\"start\":{\"line\":$n,\"character\":0},\"end\":{\"line\":$((n + 1)),\"character\":0}},\"text\":\"$1\"}]}"; }
type_in 'show lm.'
request 40 textDocument/completion "$(at $n 8)"
type_in 'show lm.em'
request 41 textDocument/completion "$(at $n 10)"
type_in 'show sum['
request 42 textDocument/completion "$(at $n 9)"
type_in 'let z = Linear[E -> H]('
request 43 textDocument/completion "$(at $n 23)"
type_in 'sh'
request 44 textDocument/completion "$(at $n 2)"
type_in '# sh'
request 45 textDocument/completion "$(at $n 4)"
type_in 'show \"sh'
request 46 textDocument/completion "$(at $n 8)"
type_in 'show book.'
request 47 textDocument/completion "$(at $n 10)"
type_in 'show rat'
request 48 textDocument/codeAction "{\"textDocument\":{\"uri\":\"$uri\"},\"range\":{\"start\":{\"line\":$n,\"character\":5},\"end\":{\"line\":$n,\"character\":6}},\"context\":{\"diagnostics\":[]}}"
request 49 textDocument/completion "$(at 14 4)" # inside the function: its own names
end
serve 0
published 1 '"diagnostics":[]'
answer 10 'LSTM[E = 8 -> H = 12]' '"start":{"character":28,"line":13}'
answer 11 'state: [T, B, H = 12]'
answer 12 'option rate = 0.01' 'the learning rate'
answer 13 'model LSTM[In -> H](' 'Layers of LSTM'
answer 14 'cross_entropy['
answer 15 '"result":null'
answer 16 'model Language' 'A small one.'
answer 20 "$uri" '"start":{"character":4,"line":18}'
answer 21 "file://$work/cache/weft/"
answer 22 '"start":{"character":8,"line":13}'
answer 23 '"result":null'
answer 24 '"start":{"character":5,"line":0}'
exists "$(grep -o "$work/cache/weft/[^\"]*" answers | head -1)"
answer 30 '"name":"Language"' '"name":"rnn"' '"name":"run"' '"children":[{' '"kind":5'
answer 31 '"result":[]'
answer 40 '"label":"embed"' '"label":"rnn"' 'LSTM[E = 8 -> H = 12]' '"newText":"embed"'
lacks 40 '"label":"show"'
answer 41 '"label":"embed"' '"start":{"character":8,"line":24}' '"end":{"character":10,"line":24}'
answer 42 '"label":"B"' '"label":"V"'
lacks 42 '"label":"lm"'
answer 43 '"newText":"bias = "' '"label":"lm"'
answer 44 '"label":"show"' '"label":"lm"' '"label":"softmax"'
answer 45 '"items":[]'
answer 46 '"items":[]'
answer 47 '"label":"train"' '"label":"vocab"'
answer 48 '"newText":"rate"' quickfix
answer 49 '"label":"state"' '"label":"x"' '"label":"embed"'

# --- formatting changes only what has to ---

printf 'let a=1\nlet b = 2\nlet c = 3\n' >loose.weft
begin
open loose.weft
request 10 textDocument/formatting "{\"textDocument\":{\"uri\":\"$uri\"},\"options\":{}}"
notify textDocument/didChange '{"textDocument":{"uri":"'"$uri"'"},"contentChanges":[{"text":"let = 1\n"}]}'
request 11 textDocument/formatting "{\"textDocument\":{\"uri\":\"$uri\"},\"options\":{}}"
end
serve 0
answer 10 '"newText":"let a = 1\n"' '"start":{"character":0,"line":0}' '"end":{"character":0,"line":1}'
answer 11 '"result":null'

# --- what is imported: as it is in the editor, not on the disk ---

printf 'axis Part = 3\n' >part.weft
printf 'axis Part = 5\nlet wrong = nosuch\n' >part_typed.weft
printf 'import "part.weft"\nshow zeros[Part]()\n' >whole.weft
begin
open whole.weft
request 10 textDocument/hover "$(at 1 12)"
open part_typed.weft "file://$work/part.weft"
request 11 textDocument/hover "$(at 1 12)"
request 12 textDocument/definition "$(at 1 12)"
request 13 textDocument/definition "$(at 0 10)"
end
serve 0
answer 10 'axis Part = 3'
answer 11 'axis Part = 5'
answer 12 "file://$work/part.weft" '"start":{"character":5,"line":0}'
answer 13 "file://$work/part.weft"
published 1 '"diagnostics":[]'
grep -F publishDiagnostics answers | grep -F "\"uri\":\"$uri\"" | grep -qF 'part.weft:2:13' ||
  fault "the fault of the imported file isn't told at its import"

# --- the library, as go-to-definition opens it, has no faults; names in it are found ---

weft show std.nn >nn.weft
begin
open nn.weft
request 10 textDocument/hover "$(at "$(grep -n 'model Linear' nn.weft | cut -d: -f1 | awk '{ print $1 - 1 }')" 8)"
end
serve 0
published 1 '"diagnostics":[]'
answer 10 'model Linear[In -> Out]('

finish
