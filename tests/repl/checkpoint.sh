#!/usr/bin/env bash
# A training with a checkpoint that is killed or interrupted and taken up again ends with the same model, bit for bit, as
# one that was never stopped.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
set -m
write_corpus corpus.txt 400

# write_resumable FILE ACCUMULATE: a language model with dropout, a validation, patience and Adam, so that all there is to
# keep counts. With ACCUMULATE = 1 Adam lets rows of the table lie.
write_resumable() {
  write_program "$1"
  sed -i "s/  epochs = epochs/  epochs = epochs, patience = 50, accumulate = $2, checkpoint = \"lm.checkpoint\"/" "$1"
}
args=(--epochs 12)

fresh() { rm -f lm.checkpoint lm.safetensors; }

# start SCRIPT ARGUMENT...: runs it in the background.
start() {
  last="weft run $1, stopped"
  rm -f err  # what an earlier run said is no sign of life
  "$program" run "$@" >out 2>err </dev/null &
  process=$!
}
# await PATTERN: until stderr of the process has it.
await() {
  local i
  for ((i = 0; i < 3000; ++i)); do
    grep -qs -e "$1" err && return
    kill -0 "$process" 2>/dev/null || break
    sleep 0.01
  done
}

# goes_on: taken up again it ends with the same model as whole.safetensors.
goes_on() {
  run 0 run lm.weft "${args[@]}"
  err_has 'goes on from lm.checkpoint after step'
  same_file whole.safetensors lm.safetensors
}

for accumulate in 1 2; do
  write_resumable lm.weft $accumulate
  fresh

  # The one that is never stopped.
  run 0 run lm.weft "${args[@]}"
  mv lm.safetensors whole.safetensors
  out_has 42

  # Once it is finished nothing is done again.
  run 0 run lm.weft "${args[@]}"
  err_has 'is finished according to lm.checkpoint'
  same_file whole.safetensors lm.safetensors

  # Killed after the second epoch: goes on from there.
  fresh
  start lm.weft "${args[@]}"
  await 'epoch 2/12, step'
  kill -KILL $process 2>/dev/null || fault "$last: it ended by itself"
  wait $process 2>/dev/null
  exists lm.checkpoint
  absent lm.safetensors
  goes_on

  # Interrupted in the middle of an epoch: what was learnt is saved, and goes on from the very batch.
  fresh
  start lm.weft "${args[@]}"
  await 'epoch 3/12, step'
  kill -INT $process 2>/dev/null || fault "$last: it ended by itself"
  wait $process
  [[ $? == 130 ]] || fault "$last: expected exit status 130"
  exists lm.safetensors
  goes_on
done

# What doesn't belong to the program is refused, with what differs, and stays.
cp lm.checkpoint kept
run 4 run lm.weft --epochs 7
err_has 'option epochs was 12 and is 7'
err_has 'delete lm.checkpoint to start afresh'
run 4 run lm.weft "${args[@]}" --seed 3
err_has '--seed was 1 and is 3'
sed -i 's/rnn = LSTM/rnn =  LSTM/' lm.weft
echo 'one line more .' >>corpus.txt
run 4 run lm.weft "${args[@]}"
err_has 'lm.weft has changed'
err_has 'corpus.txt) has changed'
same_file kept lm.checkpoint

# So is another file.
cp whole.safetensors lm.checkpoint
run 4 run lm.weft "${args[@]}"
err_has 'expected a checkpoint of a training'
same_file whole.safetensors lm.checkpoint
printf 'no tensors' >lm.checkpoint
run 4 run lm.weft "${args[@]}"
err_has lm.checkpoint
write_program folder.weft
sed -i 's/  epochs = epochs/  epochs = epochs, checkpoint = "nowhere\/lm.checkpoint"/' folder.weft
run 1 run folder.weft
err_has "nowhere/lm.checkpoint can't be written"

# Episodes go on too: the place in the world, its luck, the policy's draws and the returns.
cat >lake.weft <<'WEFT'
let world = gridworld("frozen_lake")
axis S = world.states, A = world.actions
model Table {
  param values: [S, A] = zeros()
}
let table = Table()
option file = "lake.safetensors"
train learner on episodes(world, policy = epsilon_greedy[A](table.values, 0.5), count = 8000)
      as (s = state, a = action, r = reward, s1 = next_state, live = continues) {
  step {
    let target = r + 0.9 * live * max[A](at[S](table.values, s1))
    set at[S, A](table.values, s, a) = 0.9 * at[S, A](table.values, s, a) + 0.1 * target
  }
  checkpoint = "lake.checkpoint"
}
save table to file
show learner.return, learner.length
WEFT
run 0 run lake.weft
mv out whole.out
mv lake.safetensors whole.lake
rm lake.checkpoint
start lake.weft
await 'episode'
kill -INT $process 2>/dev/null || fault "$last: it ended by itself"
wait $process
[[ $? == 130 ]] || fault "$last: expected exit status 130"
run 0 run lake.weft
err_has 'goes on from lake.checkpoint'
same_file whole.lake lake.safetensors
same_file whole.out out
run 0 run lake.weft
err_has 'is finished'
same_file whole.out out
finish
