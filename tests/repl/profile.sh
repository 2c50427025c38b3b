#!/usr/bin/env bash
# --log, --profile and --trace: what a run tells beside its results.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v python3 >/dev/null || exit 77
write_corpus corpus.txt
write_program lm.weft

# A JSON object a line: each step, and the validation.
run 0 run lm.weft --epochs 2 --log steps.jsonl --profile --trace trace.json
out_is 42
python3 - <<'PYTHON' >told 2>&1 || fault "the log: $(cat told)"
import json
records = [json.loads(line) for line in open("steps.jsonl")]
steps = [r for r in records if "loss" in r]
checks = [r for r in records if "validation" in r]
assert [r["step"] for r in steps] == list(range(1, len(steps) + 1)), steps[:3]
assert all(r["run"] == "run" and 0 < r["loss"] < 10 and 0 < r["seconds"] < 60 for r in steps), steps[:3]
assert steps[-1]["loss"] < steps[0]["loss"]
assert [r["epoch"] for r in checks] == [1, 2] and checks[0]["step"] * 2 == checks[1]["step"] == len(steps), checks
assert all(1 < r["validation"]["perplexity"] < 1000 and r["batches"] > 0 and r["seconds"] > 0 for r in checks), checks
PYTHON

# Time by op and by source line, the user's and the library's.
err_matches '^profile: [0-9.]+ s in plans, run [0-9]+ times; [0-9.]+ s beside them'
err_matches '^ +share +(seconds|ms) +calls +GF/s +GB/s +op$'
err_matches '^ +[0-9.]+ % +[0-9.]+ +[0-9]+ +[0-9.]+ +[0-9.]+  dot$'
err_matches '^ +share +(seconds|ms) +calls +GF/s +GB/s +line$'
err_matches '  lm.weft:[0-9]+  minimize loss over lm using adam\(rate\)  \(.*adam'
err_matches '  std.nn:[0-9]+  next h = sigmoid\(o\) \* tanh\(c\)  \('

if grep -qF '(no line)' err; then fault "$last: calls without a line: $(grep -F '(no line)' err)"; fi

# The shares of each table come to all, and no op takes more than all.
python3 - <<'PYTHON' >told 2>&1 || fault "the profile: $(cat told)"
import re
tables = open("err").read().split("GB/s  ")[1:]
assert len(tables) == 2
for table in tables:
    shares = [float(x) for x in re.findall(r"^ *([0-9.]+) %", table, re.M)]
    assert len(shares) > 3 and abs(sum(shares) - 100) < 2 and shares[:-1] == sorted(shares[:-1], reverse=True), shares
PYTHON

# The trace holds the last steps, call by call, in order and within their runs.
python3 - <<'PYTHON' >told 2>&1 || fault "the trace: $(cat told)"
import json
events = json.load(open("trace.json"))["traceEvents"][1:]
runs = [e for e in events if e["name"].startswith("plan ")]
calls = [e for e in events if not e["name"].startswith("plan ")]
assert 3 <= len(runs) and len(calls) > 50
assert all(e["ph"] == "X" and e["dur"] >= 0 for e in events)
assert {"dot", "adam"} <= {e["name"] for e in calls}
adam = next(e for e in calls if e["name"] == "adam")
assert adam["args"]["line"].startswith("lm.weft:") and adam["args"]["source"].startswith("minimize"), adam
for call in calls:
    assert any(r["ts"] - 1 <= call["ts"] and call["ts"] + call["dur"] <= r["ts"] + r["dur"] + 1 for r in runs), call
PYTHON

# The same results with and without; nothing is told unasked.
mv lm.safetensors told.safetensors
run 0 run lm.weft --epochs 2
same_file lm.safetensors told.safetensors
if grep -q '^profile:' err; then fault "$last: a profile that nobody asked for"; fi

# A recipe takes them too.
run 0 train language_model --corpus corpus.txt --epochs 1 --tokens 1 --log recipe.jsonl
exists recipe.jsonl

# A loss that is no number is null.
optimizer='sgd(1e30)'
write_program diverges.weft
run 1 run diverges.weft --log diverges.jsonl
python3 -c 'import json; assert [json.loads(line) for line in open("diverges.jsonl")][-1]["loss"] is None' ||
  fault "$last: $(tail -n 1 diverges.jsonl)"

# What can't be written is told of before the run.
for option in --log --trace; do
  run 1 run lm.weft $option nowhere/file
  err_has "nowhere/file"
  if grep -q 'loss' err; then fault "$last: it ran"; fi
done
run 2 run lm.weft --log
run 2 check lm.weft --profile
finish
