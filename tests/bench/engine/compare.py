"""Whole training steps in Weft and in PyTorch: the same model, sizes, data, weights, type and threads, in turn."""

import argparse
import json
import os
import statistics
import subprocess
import sys

from rows import ROWS, row_named, write_corpus

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import page  # noqa: E402, after its folder is on the path

ROOT = page.ROOT
WORK = os.path.join(ROOT, "build", "bench", "engine")
PROGRAM = os.path.join(ROOT, "build", "release", "weft")
SGEMM_RATE = os.path.join(ROOT, "build", "release", "sgemm_rate")


def corpus_of(row):
    return os.path.join(WORK, f"{row.name}." + ("tsv" if row.data == "tsv" else "txt"))


def read_log(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


class Weft:
    """Runs a row's script."""

    def __init__(self, program, row, threads):
        self.program, self.row, self.threads = program, row, threads
        self.log = os.path.join(WORK, f"{row.name}.jsonl")

    def run(self, *options):
        script = os.path.join(HERE, "models", self.row.script + ".weft")
        command = [self.program, "run", script, "--threads", str(self.threads), "--log", self.log, *options]
        # Quiet, but for a run that fails.
        with open(os.path.join(WORK, f"{self.row.name}.err"), "w+") as err:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                err.seek(0)
                sys.exit(f"{' '.join(command)}\n{err.read()}")
        return read_log(self.log), usage.ru_maxrss * 1024

    def files(self):
        corpus = corpus_of(self.row)
        write_corpus(self.row, corpus)
        if self.row.base:
            short = os.path.join(WORK, "short" + os.path.splitext(corpus)[1])
            with open(corpus) as texts, open(short, "w") as file:
                if self.row.data == "tsv":
                    first = texts.readline().split("\t")[1]
                    file.writelines(f"c{i}\t{first}" for i in range(self.row.classes))
                else:
                    file.write(" ".join(texts.readline().split()[:32]) + "\n")
            return ["--trained", self.initial(), "--corpus", short, "--texts", corpus]
        options = ["--initial", self.initial()]
        return options + (["--corpus", corpus] if self.row.data else [])

    def initial(self):
        return os.path.join(WORK, (self.row.base or self.row.name) + ".safetensors")

    def losses(self, count):
        dropout = ["--dropout", "0"] if self.row.dropout else []
        records, _ = self.run(*self.files(), "--steps", str(count), *dropout)
        return [record["loss"] for record in records if "step" in record]

    def time(self):
        """Seconds of a step, what was computed, memory."""
        row = self.row
        if row.base:
            records, memory = self.run(*self.files())
            records = [record for record in records if "validation" in record][1:]
            seconds = statistics.median(record["seconds"] / record["batches"] for record in records)
            return seconds, [records[-1]["validation"]["loss"]], memory
        records, memory = self.run(*self.files(), "--steps", str(row.warm + row.steps))
        return statistics.median(record["seconds"] for record in records[row.warm :]), [], memory


class Peer:
    """A PyTorch process that stays."""

    def __init__(self, python, row, mode, threads):
        environment = dict(os.environ, TORCHINDUCTOR_CACHE_DIR=os.path.join(ROOT, "build", "bench", "inductor"))
        self.errors = open(os.path.join(WORK, f"peer_{row.name if row else 'mm'}_{mode}.err"), "w+")
        self.process = subprocess.Popen(
            [python, os.path.join(HERE, "peer.py"), row.name if row else "-", mode, str(threads), WORK],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)

    def ask(self, *words):
        """The answer; nothing where the process failed."""
        try:
            self.process.stdin.write(" ".join(map(str, words)) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (BrokenPipeError, ValueError):
            return None

    def complaint(self):
        self.errors.seek(0)
        return self.errors.read()[-2000:]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def furthest(a, b):
    """The largest relative distance of two lists of losses."""
    if len(a) != len(b):
        return float("inf")
    return max(abs(x - y) / max(abs(y), 1e-6) if x is not None else float("inf") for x, y in zip(a, b))


def compare(row, threads, arguments, measure_rate):
    weft = Weft(arguments.weft, row, threads)
    if row.base and not os.path.exists(weft.initial()):
        Weft(arguments.weft, row_named(row.base), threads).losses(1)
    if not row.base:
        mine = weft.losses(20)
    else:
        _, mine, _ = weft.time()
    modes = ["eager"] if arguments.quick else ["eager", "compile"]
    peers = {mode: Peer(arguments.python, row, mode, threads) for mode in modes}
    # One that only answers: the agreement is not to count in the memory of those that are timed.
    checker = Peer(arguments.python, row, "eager", threads)
    answer = checker.ask("infer", row.steps) if row.base else checker.ask("losses", 20)
    checker.close()
    if not answer:
        sys.exit(f"{row.name}: PyTorch failed\n{checker.complaint()}")
    distance = furthest(mine, answer["losses"])
    if not distance <= 1e-3:
        sys.exit(f"{row.name}: the losses differ by {distance:.1e}\nWeft    {mine}\nPyTorch {answer['losses']}")

    times = {"weft": [], **{mode: [] for mode in modes}}
    memory = {}
    dropout = 0.1 if row.dropout else 0.0
    question = ["infer", row.steps] if row.base else ["time", row.warm, row.steps, dropout]
    for _ in range(arguments.runs):
        measure_rate(threads)
        seconds, _, memory["weft"] = weft.time()
        times["weft"].append(seconds)
        for mode in list(peers):
            answer = peers[mode].ask(*question)
            if not answer:
                print(f"{row.name}: PyTorch's {mode} failed: {peers[mode].complaint()}", file=sys.stderr)
                del peers[mode]
                continue
            times[mode].append(answer["seconds"])
            memory[mode] = answer["memory"]
    for peer in peers.values():
        peer.close()
    medians = {name: statistics.median(all) for name, all in times.items() if all}
    best = min((name for name in medians if name != "weft"), key=medians.get)
    return {
        "row": row, "threads": threads, "weft": medians["weft"], "eager": medians.get("eager"),
        "compile": medians.get("compile"), "ratio": medians[best] / medians["weft"],
        "distance": distance, "memory": memory["weft"], "peer_memory": memory[best],
        "best": best,
    }


def milliseconds(seconds):
    return "" if seconds is None else f"{seconds * 1e3:.4g}"


def share(row, seconds, rate):
    return f"{row.flops / seconds / rate * 100:.0f} %" if row.flops else ""


def table(results, rates):
    """`rates`: the machine's in all of the run, which others on its cores can only lower."""
    lines = [
        "| work | threads | Weft, ms | PyTorch, ms | compiled | times as fast (goal) | of sgemm (goal) | PyTorch of sgemm "
        "| memory, MB | PyTorch's | losses within |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        row = r["row"]
        goal = f" ({row.goal:g})" if row.goal else ""
        goal_share = f" ({row.goal_share * 100:.0f} %)" if row.goal_share else ""
        best, rate = r[r["best"]], rates[r["threads"]]["best"]
        lines.append(
            f"| {row.title} | {r['threads']} | {milliseconds(r['weft'])} | {milliseconds(r['eager'])} "
            f"| {milliseconds(r['compile'])} | {r['ratio']:.2f}{goal} "
            f"| {share(row, r['weft'], rate)}{goal_share} | {share(row, best, rate)} "
            f"| {r['memory'] / 1e6:.0f} | {r['peer_memory'] / 1e6:.0f} | {r['distance']:.0e} |"
        )
    return "\n".join(lines)


def threads_word(n):
    return "thread" if n == 1 else "threads"


def summary(results, rates, arguments):
    version = subprocess.run(
        [arguments.python, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True
    ).stdout.strip()
    peaks = ", ".join(
        f"{rate['best'] / 1e9:.0f} GF/s with {n} {threads_word(n)} (PyTorch's {rate['PyTorch'] / 1e9:.0f})"
        for n, rate in sorted(rates.items())
    )
    text = f"{page.machine()}; PyTorch {version}; {'one run' if arguments.runs == 1 else f'medians of {arguments.runs} runs in turn'}. sgemm reaches {peaks}.\n"
    by_name = {(r["row"].name, r["threads"]): r for r in results}
    for n in sorted(rates):
        own, library = by_name.get(("gru", n)), by_name.get(("gru_library", n))
        if own and library:
            text += f"\nWith {n} {threads_word(n)} the written-out GRU runs at {library['weft'] / own['weft']:.2f} of the library's speed (goal 0.9)."
    return text + "\n\n" + table(results, rates) + "\n"


def main():
    parser = argparse.ArgumentParser(prog="./dev bench engine", description=__doc__)
    parser.add_argument("row", nargs="*", help="those that are run: " + ", ".join(row.name for row in ROWS))
    parser.add_argument("--threads", help="numbers of threads, such as 1,2 (default)", default="1,2")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, in turn (default 5)")
    parser.add_argument("--quick", action="store_true", help="one run, without torch.compile")
    parser.add_argument("--save", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--weft", default=PROGRAM, help="the program")
    arguments = parser.parse_args()
    arguments.python = sys.executable
    if arguments.quick:
        arguments.runs = 1
    names = {row.name for row in ROWS}
    for name in arguments.row:
        if name not in names:
            parser.error(f"there is no row {name}; there are: {', '.join(sorted(names))}")
    os.makedirs(WORK, exist_ok=True)

    rates, meters = {}, {}

    def measure_rate(threads):
        """Of a large product, by PyTorch's library and by Weft's or OpenBLAS; which is best depends on the machine."""
        if threads not in meters:
            meters[threads] = Peer(arguments.python, None, "eager", threads)
        theirs = meters[threads].ask("mm")["rate"]
        own = float(subprocess.run([SGEMM_RATE, str(threads)], check=True, capture_output=True, text=True).stdout)
        before = rates.get(threads, {"PyTorch": 0, "best": 0})
        rates[threads] = {"PyTorch": max(theirs, before["PyTorch"]), "best": max(own, theirs, before["best"])}

    results = []
    print(table([], rates), flush=True)
    for row in ROWS:
        if arguments.row and row.name not in arguments.row:
            continue
        for threads in map(int, arguments.threads.split(",")):
            results.append(compare(row, threads, arguments, measure_rate))
            print(table(results[-1:], rates).split("\n")[2], flush=True)
    for meter in meters.values():
        meter.close()
    text = summary(results, rates, arguments)
    print("\n" + text)
    if arguments.save:
        page.save("engine", "Against PyTorch", text)


if __name__ == "__main__":
    main()
