"""What the parts of `./dev bench vectors` share: where things lie, options, timing, and what was measured so
far."""

import argparse
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import page  # noqa: E402, after its folder is on the path

ROOT = page.ROOT
WORK = os.path.join(ROOT, "build", "bench", "vectors")


def parser(part, description):
    """The options that all parts have."""
    p = argparse.ArgumentParser(prog=f"./dev bench vectors {part}", description=description)
    p.add_argument("--runs", type=int, default=5, help="runs of each program, in turn (default 5)")
    p.add_argument("--threads", default="1,2", help="numbers of threads, such as 1,2 (default)")
    p.add_argument("--quick", action="store_true", help="little, to see whether all of it works; nothing is kept")
    p.add_argument("--save", action="store_true", help="put what was measured so far into docs/performance.md")
    p.add_argument("--only-save", action="store_true", help="the same, and measure nothing")
    p.add_argument("--weft", default=os.path.join(ROOT, "build", "release", "weft"))
    p.add_argument("--peers", default=os.environ.get("WEFT_BENCH_PEERS", os.path.join(WORK, "peers")),
                   help="folder of the peers' sources, one each in fasttext, word2vec and psgnscc; or WEFT_BENCH_PEERS")
    p.add_argument("--data", default=os.environ.get("WEFT_DATA", os.path.join(ROOT, "..", "shared", "data")),
                   help="folder of the corpora; or WEFT_DATA")
    return p


def parse(p):
    """The arguments; programs run in the bench's own folder, so paths are made absolute."""
    a = p.parse_args()
    for name in ("weft", "peers", "data"):
        setattr(a, name, os.path.abspath(getattr(a, name)))
    a.save |= a.only_save
    a.threads = [int(n) for n in a.threads.split(",")]
    os.makedirs(WORK, exist_ok=True)
    return a


class Timed:
    """A whole process: seconds on the clock and of the processor, and its largest memory in bytes."""

    def __init__(self, command, stdin=None, stdout=subprocess.DEVNULL):
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=WORK, stdin=stdin or subprocess.DEVNULL, stdout=stdout,
                                   stderr=subprocess.PIPE)
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)}: exit status {process.returncode}\n"
                     f"{complaint.decode(errors='replace')[-2000:]}")
        self.processor_seconds = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss * 1024


class Measured(dict):
    """What a part has measured, by row: kept from run to run, so that a table may be made row by row. A row's entry is
    replaced as it is measured again."""

    def __init__(self, part, keep=True):
        super().__init__()
        self.path = os.path.join(WORK, part + ".json") if keep else None
        if keep and os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                self.update(json.load(file))

    def __setitem__(self, row, entry):
        super().__setitem__(row, entry)
        if self.path:
            with open(self.path + ".new", "w", encoding="utf-8") as file:
                json.dump(self, file, indent=1)
            os.replace(self.path + ".new", self.path)


def table(head, rows):
    return "\n".join(["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]]) + "\n"


def save(part, title, text):
    """Puts a part's table into docs/performance.md."""
    page.save(f"vectors {part}", title, f"{page.machine()}; {text}")
