"""The rows of the comparison: sizes, data, and the work of a step."""

import os
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Row:
    name: str
    title: str
    script: str  # in models/
    data: str  # "lines", "tsv" or "" for none
    vocabulary: int = 0  # with the two special tokens
    batch: int = 0
    length: int = 0
    batches: int = 0  # in the corpus
    classes: int = 0
    steps: int = 10  # that are timed in a run
    warm: int = 3  # and those before them
    flops: float = 0  # of a step, of its matrix products alone
    goal: float = 0  # times as fast as PyTorch
    goal_share: float = 0  # of the machine's sgemm rate
    dropout: bool = False
    base: str = ""  # for inference: the row whose model it is


def linear(rows, inputs, outputs):
    return 2.0 * rows * inputs * outputs


def recurrent(rows, inputs, hidden, gates):
    return linear(rows, inputs, gates * hidden) + linear(rows, hidden, gates * hidden)


def language(rows, gates, embedding=256, hidden=512, vocabulary=10000):
    return (
        recurrent(rows, embedding, hidden, gates)
        + recurrent(rows, hidden, hidden, gates)
        + linear(rows, hidden, vocabulary)
    )


def encoder(batch, length, width=256, inner=1024, layers=4):
    rows = batch * length
    layer = 4 * linear(rows, width, width) + 2 * linear(rows, width, inner)
    return layers * (layer + 2 * linear(rows, width, length))


# A backward pass takes two products for each one of the forward pass; what comes from the data needs no gradient.
MLP = 2 * 64 * (3 * (784 * 512 + 512 * 512 + 512 * 10) - 784 * 512)
# A convolution is a product for each position.
TEXT_CNN = 3 * sum(linear(64 * (65 - size), 128 * size, 100) + linear(64, 100, 4) for size in (3, 4, 5))
IMAGES = [linear(32 * 1024, 27, 32), linear(32 * 1024, 288, 32), linear(32 * 256, 288, 64), linear(32 * 256, 576, 64)]
IMAGE_CNN = 3 * (sum(IMAGES) + linear(32, 4096, 10)) - IMAGES[0]
TAGGER = 3 * (2 * recurrent(480, 100, 128, 4) + linear(480, 256, 20))

ROWS = [
    Row("lstm", "LSTM language model", "lstm", "lines", 10000, 32, 35, 48, steps=12,
        flops=3 * language(1120, 4), goal=1.2, goal_share=0.88),
    Row("gru", "GRU, written by the user with `scan`", "gru", "lines", 10000, 32, 35, 48, steps=12,
        flops=3 * language(1120, 3), goal=1.2, goal_share=0.85),
    Row("gru_library", "GRU of the library", "gru_library", "lines", 10000, 32, 35, 48, steps=12,
        flops=3 * language(1120, 3)),
    Row("transformer", "Transformer encoder classifier", "transformer", "tsv", 10000, 32, 128, 24, 4, steps=8,
        flops=3 * encoder(32, 128), goal=1.4, goal_share=0.80, dropout=True),
    Row("mlp", "MLP", "mlp", "", batch=64, classes=10, steps=600, warm=100, flops=MLP, goal=1.3, goal_share=0.80),
    Row("tagger", "small tagger", "tagger", "lines", 5000, 16, 30, 100, steps=200, warm=30, flops=TAGGER, goal=2),
    Row("bag", "bag-of-embeddings classifier", "bag", "tsv", 50000, 64, 30, 400, 4, steps=2000, warm=200, goal=5),
    Row("text_cnn", "windows of words (Kim 2014)", "text_cnn", "tsv", 10000, 64, 64, 40, 4, steps=40, warm=5,
        flops=TEXT_CNN),
    Row("image_cnn", "convolutions of images", "image_cnn", "", batch=32, classes=10, steps=20, warm=5,
        flops=IMAGE_CNN),
    Row("infer_lstm", "inference: the LSTM", "infer_language", "lines", 10000, 1, 32, 100, steps=100,
        flops=language(32, 4), goal=2.5, base="lstm"),
    Row("infer_gru", "inference: the GRU", "infer_language", "lines", 10000, 1, 32, 100, steps=100,
        flops=language(32, 3), goal=2.5, base="gru"),
    Row("infer_transformer", "inference: the Transformer", "infer_classifier", "tsv", 10000, 1, 32, 100, 4,
        steps=100, flops=encoder(1, 32), goal=1.5, base="transformer"),
]


def row_named(name):
    return next(row for row in ROWS if row.name == name)


def write_corpus(row, path, seed=1):
    """Words by Zipf's law, each of the vocabulary at least once; every text has the same length."""
    if not row.data or os.path.exists(path):
        return
    random = np.random.default_rng(seed)
    words = row.vocabulary - 2
    count = row.batch * row.length * row.batches
    share = 1 / (np.arange(words) + 3.0)
    tokens = random.choice(words, count, p=share / share.sum())
    if not row.base:
        tokens[random.permutation(count)[:words]] = np.arange(words)
    texts = tokens.reshape(-1, row.length) if row.data == "tsv" else tokens.reshape(1, -1)
    with open(path + ".part", "w") as file:
        for i, text in enumerate(texts):
            label = f"c{(i * 7 + text[0]) % row.classes}\t" if row.data == "tsv" else ""
            file.write(label + " ".join(f"w{word}" for word in text) + "\n")
    os.replace(path + ".part", path)


class Corpus:
    """A corpus as Weft reads it: batches of ids and of what is to be told of them."""

    def __init__(self, row, path, labels):
        index = {token: i for i, token in enumerate(labels["vocab"])}
        self.row = row
        with open(path) as file:
            lines = [line.rstrip("\n") for line in file]
        if row.data == "lines":
            ids = []
            for line in lines:
                ids += [index[word] for word in line.split()] + [index["<eos>"]]
            count = (len(ids) - 1) // row.length
            ids = np.array(ids, np.int64)
            self.inputs = ids[: count * row.length].reshape(count, row.length)
            self.targets = ids[1 : count * row.length + 1].reshape(count, row.length)
        else:
            classes = sorted({line.split("\t")[0] for line in lines})
            self.targets = np.array([classes.index(line.split("\t")[0]) for line in lines])
            self.inputs = np.array([[index[word] for word in line.split("\t")[1].split()] for line in lines])

    def order(self, epoch, shuffled=True):
        from weft_file import permutation

        records = permutation(len(self.inputs), epoch) if shuffled else np.arange(len(self.inputs))
        for i in range(0, len(records) - self.row.batch + 1, self.row.batch):
            yield records[i : i + self.row.batch]

    def batches(self, shuffled=True):
        """Endless batches, in the order of a training."""
        epoch = 0
        while True:
            for records in self.order(epoch, shuffled):
                yield self.inputs[records], self.targets[records]
            epoch += 1
