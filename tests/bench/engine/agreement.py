"""Losses and gradients of models in Weft beside PyTorch's, from the same weights and data.

Both have the papers' formulas: no constant of PyTorch had to be changed but those that a script names (the beta of
rmsprop, the decay of adamw). Where the two differ in form:
- PyTorch's recurrent layers have two biases where one says all; the second is held at 0. Weft's LSTM adds 1 to the
  forget gate in its formula (Gers et al. 2000 begin with an open gate); PyTorch has that 1 in the bias.
- PyTorch adds 1e-6 to the norm that gradients are clipped by, the paper (Pascanu et al. 2013) doesn't, nor does Weft.
- Transformers have no dropout of attention weights and no bias in the products for queries, keys and values (Vaswani et
  al. 2017, section 3.2), which nn.TransformerEncoderLayer has; the peers are written out for that reason.
What is left is rounding. It is largest where relu's argument comes to lie on the other side of 0: of the millions of them in a
step of the Transformer classifier some few do, and each takes an element of the gradient with it.
"""

import argparse
import os
import re
import subprocess
import sys

import numpy as np
import torch

import agreement_peers
import compare
import peers
from rows import ROWS, Corpus, write_corpus
from weft_file import read_model

STEPS = 20
TOLERANCE = 1e-4
RATE = 1000.0  # of the one step whose difference shows the gradient: large, so that rounding the weights doesn't


class RowPeer(torch.nn.Module):
    """A model of the speed comparison as one that has `losses`."""

    def __init__(self, row, weights, labels):
        super().__init__()
        self.row, self.model = row, peers.model(row.name, weights)
        self.clip = peers.CLIP.get(row.name)
        if not row.data:
            batch = peers.image_batch(weights)
            self.batches = iter(lambda: batch, None)
        else:
            corpus = Corpus(row, compare.corpus_of(row), labels)
            tags = torch.from_numpy(weights["score"].argmax(1)) if row.name == "tagger" else None
            self.batches = (
                (torch.from_numpy(x), torch.from_numpy(y) if tags is None else tags[torch.from_numpy(x)])
                for x, y in corpus.batches()
            )

    def losses(self):
        yield self.model.loss(*next(self.batches))

    def optimizers(self):
        return [peers.optimizer(self.row.name, [p for p in self.model.parameters() if p.requires_grad])]


class Case:
    def __init__(self, name, script, title, optimizer, make, options):
        self.name, self.script, self.title, self.optimizer = name, script, title, optimizer
        self.make, self.options = make, options  # make(weights, labels)


def cases():
    optimizers = {"transformer": "adamw", "mlp": "sgd", "bag": "sgd, sparse", "tagger": "adam",
                  "text_cnn": "adam", "image_cnn": "sgd"}
    for row in ROWS:
        if row.base:
            continue
        write_corpus(row, compare.corpus_of(row))
        options = ["--corpus", compare.corpus_of(row)] if row.data else []
        options += ["--dropout", "0"] if row.dropout else []
        yield Case(row.name, os.path.join(compare.HERE, "models", row.script + ".weft"), row.title,
                   optimizers.get(row.name, "adam, clip"),
                   lambda weights, labels, row=row: RowPeer(row, weights, labels), options)
    for name, (kind, title, optimizer) in agreement_peers.MODELS.items():
        yield Case(name, os.path.join(compare.HERE, "models", "agreement", name + ".weft"), title, optimizer,
                   lambda weights, _, kind=kind: kind(weights), [])


def short_paths(weights):
    return {path.replace(".offset.0.by", ".offset"): w for path, w in weights.items()}


def run(program, script, *options):
    done = subprocess.run([program, "run", script, *options], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{script}\n{done.stderr}")


def losses_of_weft(program, case, initial):
    log = os.path.join(compare.WORK, "agreement.jsonl")
    run(program, case.script, "--initial", initial, "--steps", str(STEPS), "--log", log, *case.options)
    records = compare.read_log(log)
    names = [name for name in records[0] if name.startswith("loss")]
    return [[record[name] for name in names] for record in records if "step" in record]


def weights_after_one_step(program, case, initial):
    """With each optimizer of the script replaced by plain gradient descent."""
    with open(case.script) as file:
        text = file.read()
    text, count = re.subn(r"using \w+\([^()]*\)", f"using sgd({RATE:g})", text)
    assert count > 0, case.script
    model = re.search(r"^save (\w+) to initial", text, re.M).group(1)
    script = os.path.join(compare.WORK, f"agreement_{case.name}.weft")
    after = os.path.join(compare.WORK, "agreement_after.safetensors")
    with open(script, "w") as file:
        file.write(text + f'\nsave {model} to "{after}"\n')
    run(program, script, "--initial", initial, "--steps", "1", *case.options)
    return short_paths(read_model(after)[0])


def losses_of_peer(peer):
    optimizers = peer.optimizers()
    clip = getattr(peer, "clip", None)
    told = []
    for _ in range(STEPS):
        losses = []
        for optimizer, loss in zip(optimizers, peer.losses()):
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if clip:
                torch.nn.utils.clip_grad_norm_(peer.parameters(), clip)
            optimizer.step()
            losses.append(loss.item())
        told.append(losses)
    return told


def gradient_distance(case, weights, labels, after):
    """The largest distance of a parameter's gradient, relative to that gradient's length, and the parameter's name."""
    peer, moved = case.make(weights, labels), case.make({**weights, **after}, labels)
    # Of several losses each has its own parameters, and the second reads what the first has changed.
    optimizers = peer.optimizers()
    gradients = {}
    for optimizer, loss in zip(optimizers, peer.losses()):
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters, allow_unused=True)):
            if gradient is None:
                continue
            gradient = gradient.to_dense()
            gradients[id(parameter)] = gradient
            if len(optimizers) > 1:
                parameter.data -= RATE * gradient
    worst, worst_name = 0.0, ""
    start = dict(case.make(weights, labels).named_parameters())
    for (name, parameter), (_, end) in zip(peer.named_parameters(), moved.named_parameters()):
        if id(parameter) not in gradients:
            continue
        expected = gradients[id(parameter)].double()
        got = (start[name].detach().double() - end.detach().double()) / RATE
        length = expected.norm().item()
        if length < 1e-7:  # a bias before a normalization: 0 but for rounding
            continue
        distance = (got - expected).norm().item() / length
        if distance > worst or not np.isfinite(distance):
            worst, worst_name = distance, name
    return worst, worst_name


def main():
    parser = argparse.ArgumentParser(prog="./dev bench agreement", description=__doc__)
    parser.add_argument("model", nargs="*", help="those that are run")
    parser.add_argument("--save", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--weft", default=compare.PROGRAM, help="the program")
    arguments = parser.parse_args()
    os.makedirs(compare.WORK, exist_ok=True)
    lines = ["| model | optimizer | losses of 20 steps within | gradients within |", "|---|---|---|---|"]
    print("\n".join(lines), flush=True)
    failed = []
    for case in cases():
        if arguments.model and case.name not in arguments.model:
            continue
        initial = os.path.join(compare.WORK, f"agreement_{case.name}.safetensors")
        mine = losses_of_weft(arguments.weft, case, initial)
        weights, labels = read_model(initial)
        weights = short_paths(weights)
        theirs = losses_of_peer(case.make(weights, labels))
        loss = max(compare.furthest(list(a), list(b)) for a, b in zip(zip(*mine), zip(*theirs)))
        gradient, name = gradient_distance(
            case, weights, labels, weights_after_one_step(arguments.weft, case, initial))
        lines.append(f"| {case.title} | {case.optimizer} | {loss:.1e} | {gradient:.1e} |")
        print(lines[-1], flush=True)
        if not loss <= TOLERANCE:
            failed.append(f"{case.name}: losses differ by {loss:.1e}\n  Weft    {mine}\n  PyTorch {theirs}")
        if not gradient <= TOLERANCE:
            failed.append(f"{case.name}: the gradient of {name} differs by {gradient:.1e}")
    if failed:
        sys.exit("\n".join(failed))
    if arguments.save:
        compare.page.save("agreement", "Agreement with PyTorch", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
