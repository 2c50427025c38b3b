#!/usr/bin/env bash
# `weft show` prints the library: a list of it, a part, one model with its comment, a recipe.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

run 0 show
for name in std.nn LSTM Linear Embed recipes language_model classifier; do out_has "$name"; done
out_has 'Layers of LSTM'

run 0 show std.nn
out_has '# Layers. Every model here is written in the language itself.'
out_has 'model GRULayer[In -> H] {'

# One model: its comment, and nothing of its neighbours.
run 0 show std.nn.Linear
cp out linear
[[ $(head -1 linear) == '# y = x W + b' ]] || fault "the comment isn't there: $(head -1 linear)"
out_has 'model Linear[In -> Out]('
[[ $(tail -1 linear) == '}' ]] || fault "it doesn't end with the model: $(tail -1 linear)"
[[ $(grep -c '^model ' linear) == 1 ]] || fault "more than one model"
run 0 show Linear
same_file out linear

run 0 show language_model
cp out recipe.weft
out_has 'option corpus'
run 0 check recipe.weft

run 2 show std.nn.Liner
err_has 'did you mean `std.nn.Linear`?'
run 2 show nothing_like_it
err_has '`weft show` lists'
run 2 show std.nn surplus
err_has surplus
finish
