#!/usr/bin/env python3
"""Nearest words: 1,000 queries in 100,000 x 100 by `weft vectors nearest`, beside one sgemm of that size.

    PYTHON search.py --weft BINARY [--runs 5] [--threads N] [--quick]

Needs numpy (OpenBLAS) or torch for the sgemm; prints a table, then a JSON object a line. What weft needs for the search alone
is its time with 1,000 queries less its time with one: reading the file and scaling the vectors are in both. gensim's
most_similar, where it is installed, goes beside it for a hundredth of the queries.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--weft", default="build/release/weft")
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--quick", action="store_true", help="three runs at most")
args = parser.parse_args()
runs = min(args.runs, 3) if args.quick else args.runs
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(args.threads)

import numpy as np  # noqa: E402  (after the number of threads is set)

WORDS, QUERIES, DIMENSION = 100_000, 1_000, 100


def seconds(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def main():
    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((WORDS, DIMENSION), dtype=np.float32)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = units[: QUERIES * 7 : 7].copy()
    words = [f"w{i}" for i in range(WORDS)]
    try:
        import torch

        torch.set_num_threads(args.threads)
        a, b = torch.from_numpy(asked), torch.from_numpy(units)
        torch_gemm = lambda: a @ b.T  # noqa: E731
    except ImportError:
        torch_gemm = None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.w2v"
        with open(path, "wb") as f:
            f.write(f"{WORDS} {DIMENSION}\n".encode())
            for word, row in zip(words, vectors):
                f.write(word.encode() + b" " + row.tobytes() + b"\n")

        def weft(queries):
            text = "".join(words[i * 7] + "\n" for i in range(queries))
            command = [args.weft, "vectors", "nearest", str(path), "--json", "--threads", str(args.threads)]
            return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout

        times = {"weft, 1,000 queries": [], "weft, 1 query": [], "sgemm, numpy": [], "sgemm, torch": []}
        out = ""
        for _ in range(runs):
            t, out = seconds(lambda: weft(QUERIES))
            times["weft, 1,000 queries"].append(t)
            t, scores = seconds(lambda: asked @ units.T)
            times["sgemm, numpy"].append(t)
            times["weft, 1 query"].append(seconds(lambda: weft(1))[0])
            if torch_gemm:
                times["sgemm, torch"].append(seconds(torch_gemm)[0])
    wrong = 0
    for i, line in enumerate(out.splitlines()):
        found = [n["word"] for n in json.loads(line)["nearest"]]
        row = scores[i].copy()
        row[i * 7] = -2
        best = np.argpartition(-row, 10)[:10]
        wrong += {words[j] for j in best} != set(found)
    medians = {name: statistics.median(t) for name, t in times.items() if t}
    search = medians["weft, 1,000 queries"] - medians["weft, 1 query"]
    gemm = min(t for name, t in medians.items() if name.startswith("sgemm"))
    print(f"{QUERIES} queries in {WORDS} x {DIMENSION}, {args.threads} threads, medians of {runs}")
    for name, t in medians.items():
        print(f"  {name:22} {t:8.3f} s")
    print(f"  {'weft, the search':22} {search:8.3f} s   {search / gemm:.2f} x the faster sgemm")
    print(f"  neighbours that differ from numpy's: {wrong} of {QUERIES} queries")
    for name, t in times.items():
        if t:
            print(json.dumps({"bench": "vectors search", "what": name, "threads": args.threads, "seconds": t}))
    print(json.dumps({"bench": "vectors search", "ratio": search / gemm, "wrong": wrong}))


main()
