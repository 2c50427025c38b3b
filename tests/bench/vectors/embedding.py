"""Word vectors beside fastText, word2vec.c and pSGNScc: the same corpus, settings and number of threads, in turn,
whole processes; and how good what they learn is, as means over three seeds."""

import gzip
import os
import shutil
import statistics
import subprocess
import sys

import bench
from peer_programs import program
from quality import quality

# Dimension 100, window 5, 5 negatives, sample 1e-4, min count 5, rate 0.05. Weft draws negatives as the peer that
# its quality is held against.
WEFT = "--dimension 100 --window 5 --negatives 5 --sample 1e-4 --min_count 5 --rate 0.05"
FASTTEXT = "-dim 100 -ws 5 -neg 5 -t 1e-4 -minCount 5 -lr 0.05 -verbose 0"
WORD2VEC = "-size 100 -window 5 -negative 5 -sample 1e-4 -min-count 5 -alpha 0.05 -binary 0 -debug 0"
EPOCHS = 5
SEEDS = 3  # runs whose vectors are rated


def weft(recipe, options, form="vec"):
    def command(a, threads, seed, epochs, corpus, output):
        return (f"{a.weft} train {recipe} --corpus {corpus} --output {output}.{form} --epochs {epochs} "
                f"--threads {threads} --seed {seed} {WEFT} {options}")
    return command


def fasttext(options):
    def command(a, threads, seed, epochs, corpus, output):
        path = program("fasttext", a.peers)
        return path and (f"{path} {options} -input {corpus} -output {output} -epoch {epochs} -thread {threads} "
                         f"-seed {seed} {FASTTEXT}")
    return command


def word2vec(options):
    def command(a, threads, seed, epochs, corpus, output):
        path = program("word2vec", a.peers)
        return path and (f"{path} -train {corpus} -output {output}.vec -iter {epochs} -threads {threads} {WORD2VEC} "
                         f"{options}")
    return command


def psgnscc(a, threads, seed, epochs, corpus, output):
    path = program("psgnscc", a.peers)
    return path and (f"{path} -train {corpus} -output {output}.vec -iter {epochs} -threads {threads} {WORD2VEC} "
                     "-batch-size 11 -C 8 -T 1500000")


class Row:
    def __init__(self, name, title, weft, peers):
        self.name, self.title, self.weft, self.peers = name, title, weft, peers


# peers: name, command, how many times as fast Weft is to be
ROWS = [
    Row("skipgram", "skip-gram", weft("word2vec", "--noise_power 0.5"), [
        ("fastText", fasttext("skipgram -minn 0 -maxn 0"), 6),
        ("pSGNScc", psgnscc, 1.2),
        ("word2vec.c", word2vec("-cbow 0 -hs 0"), None),
    ]),
    Row("deterministic", "skip-gram, deterministic", weft("word2vec", "--noise_power 0.5 --deterministic"), []),
    Row("subwords", "skip-gram, n-grams of 3 to 6", weft("fasttext", "", "bin"), [
        ("fastText", fasttext("skipgram -minn 3 -maxn 6 -bucket 2000000"), 3),
    ]),
    Row("cbow", "CBOW", weft("word2vec", "--model cbow"), [
        ("word2vec.c", word2vec("-cbow 1 -hs 0"), 2),
        ("fastText", fasttext("cbow -minn 0 -maxn 0"), None),
    ]),
    Row("hierarchical", "skip-gram, hierarchical softmax", weft("word2vec", "--loss hierarchical_softmax"), [
        ("word2vec.c", word2vec("-cbow 0 -hs 1 -negative 0"), None),
    ]),
]


def measure(row, threads, a, corpus, before):
    """Gives after each run what there is by program: seconds, bytes, and the quality of the first three runs."""
    entry = before or {}
    done = max((len(e["seconds"]) for e in entry.values()), default=0)
    for r in range(done, done + (1 if a.quick else a.runs)):
        for name, command, _ in [("Weft", row.weft, None)] + row.peers:
            if a.peer and name not in ("Weft", *a.peer):
                continue
            output = os.path.join(bench.WORK, "out")
            text = command(a, threads, r + 1, a.epochs, corpus, output)
            if not text:
                continue
            run = bench.Timed(text.split())
            mine = entry.setdefault(name, {"seconds": [], "memory": 0, "quality": []})
            mine["seconds"].append(run.seconds)
            mine["memory"] = run.memory
            if not a.quick and r < SEEDS:
                if f"{output}.bin" in text:  # fastText writes both, and is timed with both
                    subprocess.run([a.weft, "convert", output + ".bin", output + ".vec"], check=True,
                                   stderr=subprocess.DEVNULL)
                mine["quality"].append(quality(output + ".vec", a.data))
        yield entry


def table(measured):
    head = ["work", "threads", "program", "seconds", "times as fast (goal)", "WordSim", "SimLex", "analogies",
            "memory, MB"]
    lines = []
    for row in ROWS:
        for key in sorted(k for k in measured if k.split()[0] == row.name):
            entry = measured[key]
            own = entry["Weft"]["seconds"]
            for name, _, goal in [("Weft", None, None)] + row.peers:
                if name not in entry:
                    continue
                mine = entry[name]
                ratio = statistics.median(p / w for p, w in zip(mine["seconds"], own))
                told = "" if name == "Weft" else f"{ratio:.2f}" + (f" ({goal:g})" if goal else "")
                scores = [f"{statistics.mean(q[i] for q in mine['quality']):.3f}" if mine["quality"] else ""
                          for i in range(3)]
                lines.append([row.title, key.split()[1], name, f"{statistics.median(mine['seconds']):.2f}", told, *scores,
                              f"{mine['memory'] / 1e6:.0f}"])
    return bench.table(head, lines)


def main():
    p = bench.parser("embedding", __doc__)
    p.add_argument("row", nargs="*", help="those that are measured: " + ", ".join(r.name for r in ROWS))
    p.add_argument("--add", action="store_true", help="more runs to those that there are of a row")
    p.add_argument("--peer", action="append", help="only this peer; may be given several times")
    a = bench.parse(p)
    a.epochs = 1 if a.quick else EPOCHS
    for name in a.row:
        if name not in {r.name for r in ROWS}:
            p.error(f"there is no row {name}; there are: {', '.join(r.name for r in ROWS)}")
    corpus = os.path.join(bench.WORK, "english16.txt")
    with gzip.open(os.path.join(a.data, "english16", "english16.txt.gz")) as packed, open(corpus, "wb") as file:
        shutil.copyfileobj(packed, file)
    measured = bench.Measured("embedding", keep=not a.quick)
    for row in ROWS:
        if a.only_save or (a.row and row.name not in a.row):
            continue
        for threads in a.threads:
            key = f"{row.name} {threads}"
            for entry in measure(row, threads, a, corpus, measured.get(key) if a.add else None):
                measured[key] = entry
            print(table({key: measured[key]}), flush=True)
    counts = {len(e["Weft"]["seconds"]) for e in measured.values()}
    runs = " to ".join(str(n) for n in sorted({min(counts), max(counts)})) if counts else "0"
    text = (f"english16, {EPOCHS} epochs, dimension 100, window 5, 5 negatives; whole processes, "
            f"medians of {runs} runs in turn, ratios run by run; quality: means over {SEEDS} seeds (word2vec.c and "
            f"pSGNScc know one only).\n\n" + table(measured))
    if a.save:
        bench.save("embedding", "Word vectors", text)


if __name__ == "__main__":
    sys.exit(main())
