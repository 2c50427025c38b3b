"""A row's model in PyTorch, as a process that does what it reads: peer.py ROW MODE THREADS FOLDER

Commands, a line each: `losses N`, `time WARM STEPS DROPOUT`, `infer COUNT`, `mm`. Answers are JSON, a line each; each
has the peak of resident memory in bytes.
"""

import json
import resource
import sys
import time

import numpy as np
import torch

import peers
from compare import corpus_of
from rows import Corpus, row_named
from weft_file import read_model


class Peer:
    def __init__(self, row, mode, folder):
        self.row, self.mode = row, mode
        self.kind = row.base or row.name
        self.weights, labels = read_model(f"{folder}/{self.kind}.safetensors")
        self.corpus = Corpus(row, corpus_of(row), labels) if row.data else None
        self.ready = {}

    def batches(self, shuffled=True):
        if not self.row.data:
            batch = peers.image_batch(self.weights)
            while True:
                yield batch
        tags = torch.from_numpy(self.weights["score"].argmax(1)) if self.kind == "tagger" else None
        for x, y in self.corpus.batches(shuffled):
            x = torch.from_numpy(x)
            yield x, torch.from_numpy(y) if tags is None else tags[x]

    def step_of(self, dropout):
        """A model with its training step; compiled models are kept, as compiling takes long."""
        model = peers.model(self.kind, self.weights, dropout)
        parameters = [p for p in model.parameters() if p.requires_grad]
        optimizer = peers.optimizer(self.kind, parameters)
        clip = peers.CLIP.get(self.kind)
        loss_of = torch.compile(model.loss) if self.mode == "compile" else model.loss

        def step(x, y):
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(x, y)
            loss.backward()
            if clip:
                torch.nn.utils.clip_grad_norm_(parameters, clip)
            optimizer.step()
            return loss

        return model, step

    def losses(self, count):
        _, step = self.step_of(0.0)
        batches = self.batches()
        return {"losses": [step(*next(batches)).item() for _ in range(count)]}

    def time(self, warm, steps, dropout):
        if dropout not in self.ready:
            self.ready[dropout] = self.step_of(dropout)[1], self.batches()
        step, batches = self.ready[dropout]
        for _ in range(warm):
            step(*next(batches)).item()
        seconds = []
        for _ in range(steps):
            start = time.perf_counter()
            step(*next(batches)).item()
            seconds.append(time.perf_counter() - start)
        return {"seconds": float(np.median(seconds))}

    def infer(self, count):
        if "infer" not in self.ready:
            model = peers.model(self.kind, self.weights).eval()
            self.ready["infer"] = torch.compile(model.loss) if self.mode == "compile" else model.loss
        loss_of = self.ready["infer"]
        with torch.inference_mode():
            for _, batch in zip(range(3), self.batches(False)):
                loss_of(*batch).item()
            sum, start = 0.0, time.perf_counter()
            for _, batch in zip(range(count), self.batches(False)):
                sum += loss_of(*batch).item()
            seconds = time.perf_counter() - start
        return {"seconds": seconds / count, "losses": [sum / count]}


def sgemm_rate(n=2048):
    """FLOP a second of a large product."""
    a, b, c = torch.randn(n, n), torch.randn(n, n), torch.empty(n, n)
    best = float("inf")
    for _ in range(8):
        start = time.perf_counter()
        torch.mm(a, b, out=c)
        best = min(best, time.perf_counter() - start)
    return {"rate": 2.0 * n**3 / best}


def main():
    name, mode, threads, folder = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    peer = None if name == "-" else Peer(row_named(name), mode, folder)
    for line in sys.stdin:
        match line.split():
            case ["losses", count]:
                answer = peer.losses(int(count))
            case ["time", warm, steps, dropout]:
                answer = peer.time(int(warm), int(steps), float(dropout))
            case ["infer", count]:
                answer = peer.infer(int(count))
            case ["mm"]:
                answer = sgemm_rate()
        answer["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(answer), flush=True)


main()
