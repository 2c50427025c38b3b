"""The text classifier beside fastText: the same corpora, settings and numbers of threads, whole processes in turn,
accuracies on the test files by `fasttext test` and `weft test`; and what Weft's search comes to on clinc150 beside
the best settings known for fastText there. fastText is built with -march=native, or what --fasttext names."""

import argparse
import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

from peer_programs import program

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
WORK = os.path.join(ROOT, "build", "bench", "vectors")

# corpus: rate, epochs; all with word bigrams, 200,000 buckets, 100 dimensions, softmax
SETTINGS = {
    "clinc150": (1.0, 25),
    "trec6": (0.5, 25),
    "movie_polarity": (0.3, 10),
    "generated": (0.5, 5),
}


def prepare(data, name):
    """The corpus in fastText's form. Its training lines are shuffled for fastText, which goes through them as they
    lie; Weft shuffles by itself."""
    paths = []
    for part in ("train", "test"):
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


def timed(command):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


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
        times.append((timed(ours_command), timed(their_command)))
        accuracies.append((weft_accuracy(weft, ours, test), fasttext_accuracy(fasttext, theirs + ".bin", test)))
    ratio = statistics.median(p / w for w, p in times)
    ours_accuracy = statistics.median(a for a, _ in accuracies)
    their_accuracy = statistics.median(a for _, a in accuracies)
    return {
        "row": name,
        "threads": threads,
        "weft_s": round(statistics.median(w for w, _ in times), 3),
        "peer_s": round(statistics.median(p for _, p in times), 3),
        "ratio": round(ratio, 2),
        "at_least": 2,
        "weft_accuracy": round(ours_accuracy, 4),
        "peer_accuracy": round(their_accuracy, 4),
        "met": ratio >= 2 and ours_accuracy >= their_accuracy - 0.005,
    }


def search(weft, data, seconds):
    """Weft's own way from two files to a classifier, the validation file left alone."""
    model = os.path.join(WORK, "search.bin")
    folder = os.path.join(data, "clinc150")
    begin = time.perf_counter()
    timed([weft, "train", "fasttext", "--supervised", "--corpus", os.path.join(folder, "train.tsv"), "--output", model,
           "--autotune", str(seconds)])
    accuracy = weft_accuracy(weft, model, os.path.join(folder, "test.tsv"))
    return {
        "row": f"clinc150, search of {seconds} s",
        "weft_s": round(time.perf_counter() - begin, 1),
        "weft_accuracy": round(accuracy, 4),
        "peer_accuracy": 0.91,
        "met": accuracy >= 0.915,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weft", default=os.path.join(ROOT, "build", "release", "weft"))
    parser.add_argument("--fasttext", help="a program to take in its place")
    parser.add_argument("--peers", default=os.environ.get("WEFT_BENCH_PEERS", os.path.join(WORK, "peers")))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="a shorter generated corpus, no search")
    parser.add_argument("--json", action="store_true", help="a JSON object a row")
    arguments = parser.parse_args()
    data = os.environ.get("WEFT_DATA")
    if not data:
        sys.exit("supervised.py: WEFT_DATA must name the folder of the corpora")
    fasttext = arguments.fasttext or program("fasttext", arguments.peers) or shutil.which("fasttext")
    if not fasttext:
        sys.exit("supervised.py: fastText is needed: apt-get install fasttext, or --fasttext PROGRAM")
    os.makedirs(WORK, exist_ok=True)
    rows = []

    def tell(row):
        rows.append(row)
        if arguments.json:
            print(json.dumps(row), flush=True)
            return
        speed = f"{row['weft_s']:8.2f} s"
        speed += f" {row['peer_s']:8.2f} s {row['ratio']:6.2f} x" if "ratio" in row else " " * 20
        print(f"{row['row']:28} {speed}   accuracy {row['weft_accuracy']:.4f} {row['peer_accuracy']:.4f}"
              f"   {'met' if row['met'] else 'NOT MET'}", flush=True)

    if not arguments.json:
        print(f"{'':28} {'Weft':>10} {'fastText':>10} {'ratio':>8}            Weft   fastText")
    for name in SETTINGS:
        train, test = generate(200000 if arguments.quick else 1000000) if name == "generated" else prepare(data, name)
        tell(measure(arguments.weft, fasttext, name, train, test, arguments.threads, arguments.runs))
    if not arguments.quick:
        tell(search(arguments.weft, data, 60))
    return 0 if all(row["met"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
