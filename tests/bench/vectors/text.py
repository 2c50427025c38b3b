"""Tokenizers beside their peers: ICU alone, and SentencePiece's own spm_encode. The same text, in turn, whole
processes; each pair's output is compared first."""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
WORK = os.path.join(ROOT, "build", "bench", "vectors")


class Row:
    """One kind of work: Weft's command and the peer's, over one text."""

    def __init__(self, name, text, weft, peer, peer_name, at_least, megabytes_at_least=0):
        self.name, self.text, self.weft, self.peer = name, text, weft, peer
        self.peer_name, self.at_least, self.megabytes_at_least = peer_name, at_least, megabytes_at_least


def write_texts(data, quick):
    """English of english16, all ASCII; Chinese of the PKU test set without its spaces, many times over."""
    english = os.path.join(WORK, "english.txt")
    chinese = os.path.join(WORK, "chinese.txt")
    with gzip.open(os.path.join(data, "english16", "english16.txt.gz")) as packed:
        text = packed.read()
    if quick:
        text = text[: text.index(b"\n", len(text) // 4) + 1]
    else:
        text *= 4
    with open(english, "wb") as file:
        file.write(text)
    gold = os.path.join(data, "pku_segmentation", "test_gold.utf8")
    with open(gold, "rb") as file:
        text = file.read().replace(b" ", b"").replace(b"\r", b"")
    with open(chinese, "wb") as file:
        file.write(text * (2 if quick else 8))
    return english, chinese, gold


def build_icu_words():
    program = os.path.join(WORK, "icu_words")
    source = os.path.join(HERE, "icu_words.cpp")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        compiler = os.environ.get("CXX", "c++")
        flags = ["-O2", "-DNDEBUG", "-std=c++20", source, "-o", program, "-licui18n", "-licuuc", "-licudata"]
        subprocess.run([compiler, *flags], check=True)
    return program


def run(command, text, output):
    """Seconds on the clock, and of processor time."""
    with open(text, "rb") as source, open(output, "wb") as sink:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdin=source, stdout=sink)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)}: exit status {process.returncode}")
        return seconds, usage.ru_utime + usage.ru_stime


def same(one, two):
    with open(one, "rb") as a, open(two, "rb") as b:
        return a.read() == b.read()


def measure(row, runs):
    ours, theirs = os.path.join(WORK, "weft.out"), os.path.join(WORK, "peer.out")
    run(row.weft, row.text, ours)
    run(row.peer, row.text, theirs)
    equal = same(ours, theirs)
    times = [(run(row.weft, row.text, ours), run(row.peer, row.text, theirs)) for _ in range(runs)]
    weft = statistics.median(w[0] for w, _ in times)
    peer = statistics.median(p[0] for _, p in times)
    megabytes = os.path.getsize(row.text) / 1e6
    ratio = statistics.median(p[0] / w[0] for w, p in times)
    fast_enough = ratio >= row.at_least and megabytes / weft >= row.megabytes_at_least
    return {
        "row": row.name,
        "peer": row.peer_name,
        "megabytes": round(megabytes, 2),
        "weft_s": round(weft, 4),
        "peer_s": round(peer, 4),
        "weft_mb_s": round(megabytes / weft, 2),
        "peer_mb_s": round(megabytes / peer, 2),
        "weft_processor_s": round(statistics.median(w[1] for w, _ in times), 4),
        "peer_processor_s": round(statistics.median(p[1] for _, p in times), 4),
        "ratio": round(ratio, 3),
        "at_least": row.at_least,
        "at_least_mb_s": row.megabytes_at_least,
        "same_output": equal,
        "met": bool(fast_enough and equal),
    }


def segmentation(weft, icu_words, gold):
    """F1 of ICU words on the PKU test set: Weft's, and ICU's own."""

    def scores(output):
        return {name: float(value) for name, value in (line.split("\t") for line in output.splitlines() if "\t" in line)}

    plain = ["--normalize", "none", "--fold-case", "false"]
    ours = subprocess.run([weft, "tokenize", "--score", gold, *plain], check=True, capture_output=True, text=True)
    with open(gold, "rb") as file:
        icu = subprocess.run([icu_words, "--score"], stdin=file, check=True, capture_output=True, text=True)
    ours, icu = scores(ours.stdout), scores(icu.stdout)
    return {
        "row": "PKU segmentation",
        "peer": "ICU",
        "weft_f1": ours["F1"],
        "peer_f1": icu["F1"],
        "met": all(ours[name] == icu[name] for name in ("precision", "recall", "F1")),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weft", default=os.path.join(ROOT, "build", "release", "weft"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="shorter texts")
    parser.add_argument("--data", default=os.environ.get("WEFT_DATA", os.path.join(ROOT, "..", "shared", "data")))
    arguments = parser.parse_args()
    os.makedirs(WORK, exist_ok=True)
    english, chinese, gold = write_texts(arguments.data, arguments.quick)
    weft, icu_words = arguments.weft, build_icu_words()
    one = ["--threads", "1"]
    plain = ["--normalize", "none", "--fold-case", "false"]
    rows = [
        Row("ICU words, ASCII, 1 thread", english, [weft, "tokenize", *one], [icu_words], "ICU", 0, 100),
        Row("ICU words, Chinese, 1 thread", chinese, [weft, "tokenize", *one], [icu_words], "ICU", 0.9),
        Row("ICU words, Chinese, as it is", chinese, [weft, "tokenize", *one, *plain], [icu_words, "--plain"], "ICU", 0.9),
    ]
    if shutil.which("spm_encode"):
        model = os.path.join(WORK, "pieces.model")
        learn = [weft, "tokenize", "--train", "sentencepiece", "--size", "8000", "--output", model]
        sample = os.path.join(WORK, "sample.txt")
        with open(english, "rb") as file, open(sample, "wb") as short:
            short.write(file.read(4_000_000))
        subprocess.run([*learn, sample], check=True, stderr=subprocess.DEVNULL)
        encode = [weft, "tokenize", "--model", model, "--threads", "2"]
        rows.append(Row("SentencePiece encode, 2 threads", english, encode, ["spm_encode", f"--model={model}"],
                        "spm_encode", 1.8))
    else:
        print("no spm_encode: install sentencepiece", file=sys.stderr)
    results = [measure(row, arguments.runs) for row in rows]
    results.append(segmentation(weft, icu_words, gold))
    print(f"{'work':32} {'weft':>9} {'peer':>9} {'ratio':>6}  wanted")
    for r in results:
        if "ratio" in r:
            wanted = f"{r['at_least_mb_s']} MB/s" if r["at_least_mb_s"] else f"{r['at_least']} x {r['peer']}"
            print(f"{r['row']:32} {r['weft_mb_s']:6.1f} MB {r['peer_mb_s']:6.1f} MB {r['ratio']:6.2f}  {wanted}"
                  f"{'' if r['same_output'] else '  OUTPUT DIFFERS'}{'' if r['met'] else '  NOT MET'}")
        else:
            print(f"{r['row']:32} {r['weft_f1']:6.4f} F1 {r['peer_f1']:6.4f} F1")
    for r in results:
        print(json.dumps(r))


if __name__ == "__main__":
    main()
