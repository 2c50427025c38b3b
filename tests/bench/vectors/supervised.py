"""The text classifier beside fastText: the same corpora, settings and numbers of threads, whole processes in turn,
accuracies on the test files by `fasttext test` and `weft test`; and what Weft's search comes to on clinc150 beside
fastText's own and beside the best settings known for it there. fastText is built with -march=native, or what
--fasttext names."""

import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys

import bench
from bench import WORK
from peer_programs import program

# corpus: rate, epochs; all with word bigrams, 200,000 buckets, 100 dimensions, softmax
SETTINGS = {
    "clinc150": (1.0, 25),
    "trec6": (0.5, 25),
    "movie_polarity": (0.3, 10),
    "generated": (0.5, 5),
}


def prepare(data, name, parts=("train", "test")):
    """The corpus in fastText's form. Its training lines are shuffled for fastText, which goes through them as they
    lie; Weft shuffles by itself."""
    paths = []
    for part in parts:
        path = os.path.join(WORK, f"{name}.{part}.txt")
        paths.append(path)
        if os.path.exists(path):
            continue
        with open(os.path.join(data, name, f"{part}.tsv"), encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t", 1) for line in file]
        lines = [f"__label__{label.replace(' ', '_')} {text}\n" for label, text in rows]
        if part == "train":
            random.Random(1).shuffle(lines)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines)
    return paths


def generate(lines):
    """Ten words a line by Zipf's law, two of them of those that tell one of 20 labels, which they do 6 times in 10."""
    paths = [os.path.join(WORK, f"generated{lines}.{part}.txt") for part in ("train", "test")]
    rng = random.Random(2)
    words = [f"w{i}" for i in range(50000)]
    weights = list(itertools.accumulate(1 / (i + 5) for i in range(len(words))))
    for path, count in zip(paths, (lines, 20000)):
        if os.path.exists(path):
            continue
        with open(path, "w", encoding="utf-8") as file:
            for _ in range(count):
                label = rng.randrange(20)
                text = rng.choices(words, cum_weights=weights, k=10)
                for _ in range(2):
                    told = label if rng.random() < 0.6 else rng.randrange(20)
                    text[rng.randrange(10)] = f"k{told}_{rng.randrange(200)}"
                file.write(f"__label__c{label} {' '.join(text)}\n")
    return paths


def weft_accuracy(weft, model, test):
    done = subprocess.run([weft, "test", model, test, "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["accuracy"]


def fasttext_accuracy(fasttext, model, test):
    done = subprocess.run([fasttext, "test", model, test], check=True, capture_output=True, text=True)
    return next(float(line.split("\t")[1]) for line in done.stdout.splitlines() if line.startswith("P@1"))


def measure(weft, fasttext, name, train, test, threads, runs):
    rate, epochs = SETTINGS[name]
    ours, theirs = os.path.join(WORK, "weft.bin"), os.path.join(WORK, "peer")
    ours_command = [
        *(weft, "train", "fasttext", "--supervised", "--corpus", train, "--output", ours, "--threads", str(threads)),
        *("--rate", str(rate), "--epochs", str(epochs), "--word_ngrams", "2", "--buckets", "200000"),
        *("--dimension", "100", "--min_n", "0", "--max_n", "0"),
    ]
    their_command = [
        *(fasttext, "supervised", "-input", train, "-output", theirs, "-thread", str(threads)),
        *("-lr", str(rate), "-epoch", str(epochs), "-wordNgrams", "2", "-bucket", "200000", "-dim", "100"),
    ]
    times, accuracies = [], []
    for _ in range(runs):
        times.append((bench.Timed(ours_command).seconds, bench.Timed(their_command).seconds))
        accuracies.append((weft_accuracy(weft, ours, test), fasttext_accuracy(fasttext, theirs + ".bin", test)))
    ratio = statistics.median(p / w for w, p in times)
    ours_accuracy = statistics.median(a for a, _ in accuracies)
    their_accuracy = statistics.median(a for _, a in accuracies)
    return {
        "weft_s": statistics.median(w for w, _ in times),
        "peer_s": statistics.median(p for _, p in times),
        "ratio": ratio,
        "weft_accuracy": ours_accuracy,
        "peer_accuracy": their_accuracy,
        "met": ratio >= 2 and ours_accuracy >= their_accuracy - 0.005,
    }


def search(weft, fasttext, data, seconds):
    """Each one's own way from the corpus to a classifier in so many seconds: Weft's leaves the validation file alone,
    fastText's needs it. fastText's best is that or its best settings known, whichever is better on the test file."""
    model, theirs = os.path.join(WORK, "search.bin"), os.path.join(WORK, "search.peer")
    folder = os.path.join(data, "clinc150")
    run = bench.Timed([weft, "train", "fasttext", "--supervised", "--corpus", os.path.join(folder, "train.tsv"),
                       "--output", model, "--autotune", str(seconds)])
    ours = weft_accuracy(weft, model, os.path.join(folder, "test.tsv"))
    train, valid, test = prepare(data, "clinc150", ("train", "val", "test"))
    peer = bench.Timed([fasttext, "supervised", "-input", train, "-output", theirs, "-autotune-validation", valid,
                        "-autotune-duration", str(seconds)])
    found = fasttext_accuracy(fasttext, theirs + ".bin", test)
    rate, epochs = SETTINGS["clinc150"]
    known = []
    for seed in range(3):
        subprocess.run([fasttext, "supervised", "-input", train, "-output", theirs, "-lr", str(rate), "-epoch",
                        str(epochs), "-wordNgrams", "2", "-bucket", "200000", "-dim", "100", "-thread", "1", "-seed",
                        str(seed)], check=True, capture_output=True)
        known.append(fasttext_accuracy(fasttext, theirs + ".bin", test))
    best = max(found, statistics.mean(known))
    return {
        "weft_s": run.seconds,
        "peer_s": peer.seconds,
        "weft_accuracy": ours,
        "peer_accuracy": best,
        "found": found,
        "known": statistics.mean(known),
        "met": ours >= 0.915 and ours >= best,
    }


def table(measured):
    head = ["corpus", "threads", "Weft, s", "fastText, s", "times as fast (goal)", "accuracy", "fastText's"]
    lines = []
    for key, r in measured.items():
        name, _, threads = key.partition(" / ")
        told = f"{r['ratio']:.2f} (2)" if "ratio" in r else ""
        theirs = f"{r['peer_accuracy']:.4f}"
        if "found" in r:
            theirs += f" (its search {r['found']:.4f}, its best settings known {r['known']:.4f})"
        lines.append([name, threads, f"{r['weft_s']:.2f}", f"{r['peer_s']:.2f}", told, f"{r['weft_accuracy']:.4f}", theirs])
    return bench.table(head, lines)


def main():
    p = bench.parser("supervised", __doc__)
    p.add_argument("row", nargs="*", help="those that are measured: " + ", ".join([*SETTINGS, "search"]))
    p.add_argument("--fasttext", help="a program to take in its place")
    a = bench.parse(p)
    for name in a.row:
        if name not in (*SETTINGS, "search"):
            p.error(f"there is no row {name}; there are: {', '.join([*SETTINGS, 'search'])}")
    fasttext = a.fasttext or program("fasttext", a.peers) or shutil.which("fasttext")
    if not fasttext:
        sys.exit("supervised.py: fastText is needed: apt-get install fasttext, or --fasttext PROGRAM")
    measured = bench.Measured("supervised", keep=not a.quick)
    for name in SETTINGS:
        if a.only_save or (a.row and name not in a.row):
            continue
        train, test = generate(200000 if a.quick else 1000000) if name == "generated" else prepare(a.data, name)
        for threads in a.threads:
            key = f"{name} / {threads}"
            measured[key] = measure(a.weft, fasttext, name, train, test, threads, 1 if a.quick else a.runs)
            print(table({key: measured[key]}), flush=True)
    if not a.quick and not a.only_save and (not a.row or "search" in a.row):
        key = f"clinc150, search of 60 s / {os.cpu_count()}"
        measured[key] = search(a.weft, fasttext, a.data, 60)
        print(table({key: measured[key]}), flush=True)
    if a.save:
        bench.save("supervised", "Text classifiers",
                   "fastText built with -march=native; word bigrams, 200,000 buckets, 100 dimensions, "
                   f"softmax; whole processes, medians of {a.runs} in turn. `generated` has 1,000,000 lines of ten words.\n\n"
                   + table(measured))
    return 0 if all(r["met"] for r in measured.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
