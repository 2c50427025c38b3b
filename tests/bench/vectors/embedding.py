"""Word vectors beside fastText, word2vec.c and pSGNScc: the same corpus, settings and number of threads, in turn,
whole processes; and how good what they learn is, as means over three seeds."""

import argparse
import gzip
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time

from peer_programs import program
from quality import quality

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
WORK = os.path.join(ROOT, "build", "bench", "vectors")
PERFORMANCE = os.path.join(ROOT, "docs", "performance.md")

# Dimension 100, window 5, 5 negatives, sample 1e-4, min count 5, rate 0.05. Weft draws negatives as the peer that
# its quality is held against.
WEFT = "--dimension 100 --window 5 --negatives 5 --sample 1e-4 --min_count 5 --rate 0.05"
FASTTEXT = "-dim 100 -ws 5 -neg 5 -t 1e-4 -minCount 5 -lr 0.05 -verbose 0"
WORD2VEC = "-size 100 -window 5 -negative 5 -sample 1e-4 -min-count 5 -alpha 0.05 -binary 0 -debug 0"


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


def run(command):
    """Seconds of a whole process, and its largest memory."""
    begin = time.monotonic()
    process = subprocess.Popen(command.split(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}\n{complaint.decode(errors='replace')[-2000:]}")
    return time.monotonic() - begin, usage.ru_maxrss * 1024


def measure(row, threads, a, corpus):
    """Lines of the table: name, seconds, memory, quality, goal."""
    contenders = [("Weft", row.weft, None)] + row.peers
    times, memory, qualities = {}, {}, {}
    for r in range(max(a.runs, 0 if a.quick else 3)):
        for name, command, _ in contenders:
            output = os.path.join(WORK, "out")
            text = command(a, threads, r + 1, a.epochs, corpus, output)
            if not text:
                continue
            seconds, memory[name] = run(text)
            times.setdefault(name, []).append(seconds)
            if not a.quick and r < 3:
                if f"{output}.bin" in text:  # fastText writes both, and is timed with both
                    subprocess.run([a.weft, "convert", output + ".bin", output + ".vec"], check=True,
                                   stderr=subprocess.DEVNULL)
                qualities.setdefault(name, []).append(quality(output + ".vec", a.data))
    lines = []
    own = statistics.median(times["Weft"])
    for name, _, goal in contenders:
        if name not in times:
            continue
        seconds = statistics.median(times[name])
        means = [statistics.mean(q[i] for q in qualities[name]) for i in range(3)] if name in qualities else None
        ratio = "" if name == "Weft" else f"{seconds / own:.2f}" + (f" ({goal:g})" if goal else "")
        scores = " | ".join(f"{m:.3f}" for m in means) if means else " |  | "
        lines.append(f"| {row.title} | {threads} | {name} | {seconds:.2f} | {ratio} | {scores} "
                     f"| {memory[name] / 1e6:.0f} |")
    return lines


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return re.search(r"model name\s*: (.*)", file.read()).group(1)
    except (OSError, AttributeError):
        return platform.processor()


def save(text):
    """Puts the table between its markers in docs/performance.md."""
    begin, end = "<!-- embedding: begin -->", "<!-- embedding: end -->"
    with open(PERFORMANCE) as file:
        page = file.read()
    if begin not in page:
        page += ("\n## Word vectors\n\n`./dev bench vectors --save` writes this table.\n\n" + begin + "\n" + end + "\n")
    before, rest = page.split(begin, 1)
    with open(PERFORMANCE, "w") as file:
        file.write(before + begin + "\n" + text + end + rest.split(end, 1)[1])


def main():
    parser = argparse.ArgumentParser(prog="./dev bench vectors", description=__doc__)
    parser.add_argument("row", nargs="*", help="those that are run: " + ", ".join(r.name for r in ROWS))
    parser.add_argument("--threads", default="1,2", help="numbers of threads, such as 1,2 (default)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, in turn (default 5)")
    parser.add_argument("--epochs", type=int, default=5, help="passes over the corpus (default 5)")
    parser.add_argument("--quick", action="store_true", help="one run of one epoch, without quality")
    parser.add_argument("--save", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--weft", default=os.path.join(ROOT, "build", "release", "weft"))
    parser.add_argument("--peers", default=os.environ.get("WEFT_BENCH_PEERS", os.path.join(WORK, "peers")),
                        help="folder of the peers' sources, one each in fasttext, word2vec and psgnscc")
    parser.add_argument("--data", default=os.environ.get("WEFT_DATA", os.path.join(ROOT, "..", "shared", "data")),
                        help="folder of english16 and word_evaluation; or WEFT_DATA")
    a = parser.parse_args()
    if a.quick:
        a.runs = a.epochs = 1
    for name in a.row:
        if name not in {r.name for r in ROWS}:
            parser.error(f"there is no row {name}; there are: {', '.join(r.name for r in ROWS)}")
    os.makedirs(WORK, exist_ok=True)
    corpus = os.path.join(WORK, "english16.txt")
    with gzip.open(os.path.join(a.data, "english16", "english16.txt.gz")) as packed, open(corpus, "wb") as file:
        shutil.copyfileobj(packed, file)
    lines = ["| work | threads | program | seconds | times as fast (goal) | WordSim | SimLex | analogies | memory, MB |",
             "|---|---|---|---|---|---|---|---|---|"]
    print("\n".join(lines), flush=True)
    for row in ROWS:
        if a.row and row.name not in a.row:
            continue
        for threads in map(int, a.threads.split(",")):
            lines += measure(row, threads, a, corpus)
            print("\n".join(lines[len(lines) - 1 - len(row.peers):]), flush=True)
    text = (f"{processor()}; english16, {a.epochs} epochs, dimension 100, window 5, 5 negatives; whole processes, "
            f"medians of {a.runs} in turn; quality: means over 3 seeds (word2vec.c and pSGNScc know one only).\n\n"
            + "\n".join(lines) + "\n")
    if a.save:
        save(text)


if __name__ == "__main__":
    main()
