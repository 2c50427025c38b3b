"""Tokenizers beside their peers: ICU alone, and SentencePiece's own spm_encode. The same text, in turn, whole
processes; each pair's output is compared first."""

import gzip
import os
import shutil
import statistics
import subprocess
import sys

import bench
from bench import WORK


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
    source = os.path.join(bench.HERE, "icu_words.cpp")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        compiler = os.environ.get("CXX", "c++")
        flags = ["-O2", "-DNDEBUG", "-std=c++20", source, "-o", program, "-licui18n", "-licuuc", "-licudata"]
        subprocess.run([compiler, *flags], check=True)
    return program


def run(command, text, output):
    with open(text, "rb") as source, open(output, "wb") as sink:
        return bench.Timed(command, stdin=source, stdout=sink)


def same(one, two):
    with open(one, "rb") as a, open(two, "rb") as b:
        return a.read() == b.read()


def measure(row, runs):
    ours, theirs = os.path.join(WORK, "weft.out"), os.path.join(WORK, "peer.out")
    run(row.weft, row.text, ours)
    run(row.peer, row.text, theirs)
    equal = same(ours, theirs)
    times = [(run(row.weft, row.text, ours), run(row.peer, row.text, theirs)) for _ in range(runs)]
    weft = statistics.median(w.seconds for w, _ in times)
    megabytes = os.path.getsize(row.text) / 1e6
    ratio = statistics.median(p.seconds / w.seconds for w, p in times)
    return {
        "peer": row.peer_name,
        "weft_mb_s": megabytes / weft,
        "peer_mb_s": megabytes / statistics.median(p.seconds for _, p in times),
        "ratio": ratio,
        "wanted": f"{row.megabytes_at_least} MB/s" if row.megabytes_at_least else f"{row.at_least:g}",
        "same_output": equal,
        "met": ratio >= row.at_least and megabytes / weft >= row.megabytes_at_least and equal,
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
        "peer": "ICU",
        "weft_f1": ours["F1"],
        "peer_f1": icu["F1"],
        "wanted": "the same", "met": all(ours[name] == icu[name] for name in ("precision", "recall", "F1")),
    }


def rows_of(a, english, chinese, icu_words):
    one, plain = ["--threads", "1"], ["--normalize", "none", "--fold-case", "false"]
    yield Row("ICU words, ASCII, 1 thread", english, [a.weft, "tokenize", *one], [icu_words], "ICU", 0, 100)
    yield Row("ICU words, Chinese, 1 thread", chinese, [a.weft, "tokenize", *one], [icu_words], "ICU", 0.9)
    yield Row("ICU words, Chinese as it is, 1 thread", chinese, [a.weft, "tokenize", *one, *plain],
              [icu_words, "--plain"], "ICU", 0.9)
    if not shutil.which("spm_encode"):
        print("no spm_encode: install sentencepiece", file=sys.stderr)
        return
    model = os.path.join(WORK, "pieces.model")
    sample = os.path.join(WORK, "sample.txt")
    with open(english, "rb") as file, open(sample, "wb") as short:
        short.write(file.read(4_000_000))
    subprocess.run([a.weft, "tokenize", "--train", "sentencepiece", "--size", "8000", "--output", model, sample],
                   check=True, stderr=subprocess.DEVNULL)
    for threads in a.threads:
        yield Row(f"SentencePiece encode, {threads} thread" + "s" * (threads > 1), english,
                  [a.weft, "tokenize", "--model", model, "--threads", str(threads)],
                  ["spm_encode", f"--model={model}"], "spm_encode", 1.8 if threads == 2 else 0)


def table(measured):
    head = ["work", "Weft", "peer", "", "times as fast (goal)", "the same output"]
    lines = []
    for name, r in measured.items():
        if "ratio" in r:
            told = f"{r['ratio']:.2f}" + (f" ({r['wanted']})" if r["wanted"] != "0" else "")
            lines.append([name, f"{r['weft_mb_s']:.1f} MB/s", f"{r['peer_mb_s']:.1f} MB/s", r["peer"], told,
                          "yes" if r["same_output"] else "NO"])
        else:
            lines.append([name, f"F1 {r['weft_f1']:.4f}", f"F1 {r['peer_f1']:.4f}", r["peer"], "",
                          "yes" if r["met"] else "NO"])
    return bench.table(head, lines)


def main():
    p = bench.parser("text", __doc__)
    a = bench.parse(p)
    measured = bench.Measured("text", keep=not a.quick)
    if not a.only_save:
        english, chinese, gold = write_texts(a.data, a.quick)
        icu_words = build_icu_words()
        for row in rows_of(a, english, chinese, icu_words):
            measured[row.name] = measure(row, 1 if a.quick else a.runs)
        measured["PKU segmentation"] = segmentation(a.weft, icu_words, gold)
    print(table(measured))
    if a.save:
        bench.save("text", "Tokenizers", f"whole processes, medians of {a.runs} in turn.\n\n"
                   + table(measured))
    return 0 if all(r["met"] for r in measured.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
