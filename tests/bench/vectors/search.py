"""Nearest words: 1,000 queries in 100,000 x 100 by `weft vectors nearest`, beside one sgemm of that size by numpy
and, where it is installed, by PyTorch. What Weft needs for the search alone is its time with 1,000 queries less its time
with one: reading the file and scaling the vectors are in both. The neighbours are compared with numpy's."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import bench

WORDS, QUERIES, DIMENSION = 100_000, 1_000, 100
GOAL = 2  # times the seconds of the product


def seconds(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def measure(weft, threads, runs):
    """In a process of its own, so that the libraries are told of the number of threads before they start."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    import numpy as np

    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((WORDS, DIMENSION), dtype=np.float32)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = units[: QUERIES * 7 : 7].copy()
    words = [f"w{i}" for i in range(WORDS)]
    products = {"numpy": lambda: asked @ units.T}
    try:
        import torch

        torch.set_num_threads(threads)
        a, b = torch.from_numpy(asked), torch.from_numpy(units)
        products["PyTorch"] = lambda: a @ b.T
    except ImportError:
        pass
    times = {name: [] for name in ("all", "one", *products)}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.w2v")
        with open(path, "wb") as f:
            f.write(f"{WORDS} {DIMENSION}\n".encode())
            for word, row in zip(words, vectors):
                f.write(word.encode() + b" " + row.tobytes() + b"\n")

        def nearest(queries):
            text = "".join(words[i * 7] + "\n" for i in range(queries))
            command = [weft, "vectors", "nearest", path, "--json", "--threads", str(threads)]
            return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout

        for product in products.values():
            product()  # libraries set themselves up
        out = ""
        for _ in range(runs):
            t, out = seconds(lambda: nearest(QUERIES))
            times["all"].append(t)
            times["one"].append(seconds(lambda: nearest(1))[0])
            for name, product in products.items():
                times[name].append(seconds(product)[0])
    scores, wrong = products["numpy"](), 0
    for i, line in enumerate(out.splitlines()):
        row = scores[i].copy()
        row[i * 7] = -2
        best = {words[j] for j in np.argpartition(-row, 10)[:10]}
        wrong += best != {n["word"] for n in json.loads(line)["nearest"]}
    medians = {name: statistics.median(t) for name, t in times.items()}
    faster = min(products, key=lambda name: medians[name])
    search = statistics.median(x - y for x, y in zip(times["all"], times["one"]))
    return {"search_s": search, "all_s": medians["all"], "product_s": medians[faster], "product": faster,
            "ratio": search / medians[faster], "wrong": wrong}


def table(measured):
    head = ["threads", "the search, ms", "whole process, ms", "one sgemm, ms", "by", "times its time (goal: at most)",
            "queries with other neighbours"]
    return bench.table(head, [[threads, f"{r['search_s'] * 1e3:.0f}", f"{r['all_s'] * 1e3:.0f}",
                               f"{r['product_s'] * 1e3:.0f}", r["product"], f"{r['ratio']:.2f} ({GOAL})", str(r["wrong"])]
                              for threads, r in measured.items()])


def main():
    p = bench.parser("search", __doc__)
    p.add_argument("--measure", type=int, metavar="THREADS", help="print one measurement as JSON")
    a = bench.parse(p)
    runs = 1 if a.quick else a.runs
    if a.measure:
        print(json.dumps(measure(a.weft, a.measure, runs)))
        return 0
    measured = bench.Measured("search", keep=not a.quick)
    for threads in [] if a.only_save else a.threads:
        command = [sys.executable, __file__, "--measure", str(threads), "--runs", str(runs), "--weft", a.weft]
        measured[str(threads)] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(table(measured))
    if a.save:
        bench.save("search", "Nearest words",
                   f"{QUERIES:,} queries in {WORDS:,} x {DIMENSION}, medians of {a.runs} in turn. The "
                   "search is the whole process less one with a single query.\n\n" + table(measured))
    return 0 if all(r["ratio"] <= GOAL and r["wrong"] == 0 for r in measured.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
