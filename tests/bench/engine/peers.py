"""The same models in PyTorch, with the weights of a Weft model file."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def gates_of(weight):
    """[In, Gate, H] -> [Gate * H, In], as PyTorch's recurrent layers have it."""
    return weight.reshape(weight.shape[0], -1).T


def copy(parameter, values):
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(values.copy()).reshape(parameter.shape))


class Linear:
    """Copies a Weft `Linear` into an nn.Linear."""

    @staticmethod
    def fill(layer, weights, path):
        copy(layer.weight, weights[path + ".weight"].reshape(layer.in_features, layer.out_features).T)
        if layer.bias is not None:
            copy(layer.bias, weights[path + ".offset"])


def fill_recurrent(layer, weights, paths, forget=0.0):
    """PyTorch adds two biases; the second, which says no more than the first, stays 0."""
    for i, path in enumerate(paths):
        copy(getattr(layer, f"weight_ih_l{i}"), gates_of(weights[path + ".W"]))
        copy(getattr(layer, f"weight_hh_l{i}"), gates_of(weights[path + ".U"]))
        bias = weights[path + ".b"].copy()
        if forget:
            bias[1] += forget  # Weft's LSTM adds 1 in the formula
        copy(getattr(layer, f"bias_ih_l{i}"), bias)
        second = getattr(layer, f"bias_hh_l{i}")
        copy(second, weights[path + ".b"] * 0)
        second.requires_grad_(False)


class Recurrent(nn.Module):
    """Something to tell at each position, from a recurrent layer."""

    def forward(self, x):
        y, _ = self.rnn(self.embed(x))
        return self.out(y)

    def loss(self, x, y):
        return F.cross_entropy(self(x).flatten(0, 1), y.flatten())


class Language(Recurrent):
    """An LSTM or GRU language model."""

    def __init__(self, weights, kind, paths):
        super().__init__()
        vocabulary, width = weights["embed.table"].shape
        hidden = weights["out.weight"].shape[0]
        self.embed = nn.Embedding(vocabulary, width)
        self.rnn = kind(width, hidden, num_layers=2, batch_first=True)
        self.out = nn.Linear(hidden, vocabulary)
        copy(self.embed.weight, weights["embed.table"])
        fill_recurrent(self.rnn, weights, paths, 1.0 if kind is nn.LSTM else 0.0)
        Linear.fill(self.out, weights, "out")


class Block(nn.Module):
    """A layer of the encoder, normalized before each part."""

    def __init__(self, width, heads, dropout, weights, path):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=path + ".attend.out.offset" in weights)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.drop = nn.Dropout(dropout)
        parts = [weights[f"{path}.attend.{p}.weight"].reshape(width, width).T for p in "qkv"]
        copy(self.qkv.weight, np.concatenate(parts))
        Linear.fill(self.out, weights, path + ".attend.out")
        Linear.fill(self.up, weights, path + ".forward.up")
        Linear.fill(self.down, weights, path + ".forward.down")
        for norm, name in (self.first, "attend_norm"), (self.second, "forward_norm"):
            copy(norm.weight, weights[f"{path}.{name}.gain"])
            copy(norm.bias, weights[f"{path}.{name}.bias"])

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.qkv(self.first(x)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, length, width)
        x = x + self.drop(self.out(y))
        return x + self.drop(self.down(self.drop(F.relu(self.up(self.second(x))))))


def positions(length, width):
    """Vaswani et al. 2017, section 3.5."""
    t = torch.arange(length, dtype=torch.float64)[:, None]
    d = torch.arange(width)[None, :]
    even = d - d % 2
    angle = t / 10000 ** (even / width)
    return torch.where(d == even, angle.sin(), angle.cos()).float()


class Transformer(nn.Module):
    def __init__(self, weights, dropout, layers=4, heads=8):
        super().__init__()
        vocabulary, self.width = weights["embed.table"].shape
        classes = weights["out.weight"].shape[1]
        self.embed = nn.Embedding(vocabulary, self.width)
        self.register_buffer("positions", positions(128, self.width))
        self.drop = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(
            Block(self.width, heads, dropout, weights, f"encoder.blocks.{i}") for i in range(layers)
        )
        self.norm = nn.LayerNorm(self.width)
        self.out = nn.Linear(self.width, classes)
        copy(self.embed.weight, weights["embed.table"])
        copy(self.norm.weight, weights["encoder.last_norm.0.gain"])
        copy(self.norm.bias, weights["encoder.last_norm.0.bias"])
        Linear.fill(self.out, weights, "out")

    def forward(self, x):
        y = self.drop(self.embed(x) * math.sqrt(self.width) + self.positions[: x.shape[1]])
        for block in self.blocks:
            y = block(y)
        return self.out(self.norm(y).mean(1))

    def loss(self, x, y):
        return F.cross_entropy(self(x), y) if self.training else self(x).amax(1).mean()


class MLP(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.first, self.second, self.out = nn.Linear(784, 512), nn.Linear(512, 512), nn.Linear(512, 10)
        for name in "first", "second", "out":
            Linear.fill(getattr(self, name), weights, name)

    def forward(self, x):
        return self.out(F.relu(self.second(F.relu(self.first(x)))))

    def loss(self, x, y):
        return F.cross_entropy(self(x), y)


class Tagger(Recurrent):
    def __init__(self, weights):
        super().__init__()
        vocabulary, width = weights["embed.table"].shape
        hidden, tags = weights["out.weight"].shape
        self.embed = nn.Embedding(vocabulary, width)
        self.rnn = nn.LSTM(width, hidden // 2, batch_first=True, bidirectional=True)
        self.out = nn.Linear(hidden, tags)
        copy(self.embed.weight, weights["embed.table"])
        for suffix, path in ("", "forward"), ("_reverse", "backward"):
            copy(getattr(self.rnn, "weight_ih_l0" + suffix), gates_of(weights[path + ".W"]))
            copy(getattr(self.rnn, "weight_hh_l0" + suffix), gates_of(weights[path + ".U"]))
            bias = weights[path + ".b"].copy()
            bias[1] += 1
            copy(getattr(self.rnn, "bias_ih_l0" + suffix), bias)
            second = getattr(self.rnn, "bias_hh_l0" + suffix)
            copy(second, bias * 0)
            second.requires_grad_(False)
        Linear.fill(self.out, weights, "out")


class Bag(nn.Module):
    def __init__(self, weights):
        super().__init__()
        vocabulary, width = weights["embed.table"].shape
        self.embed = nn.EmbeddingBag(vocabulary, width, mode="mean", sparse=True)
        self.out = nn.Linear(width, weights["out.weight"].shape[1])
        copy(self.embed.weight, weights["embed.table"])
        Linear.fill(self.out, weights, "out")

    def forward(self, x):
        return self.out(self.embed(x))

    def loss(self, x, y):
        return F.cross_entropy(self(x), y)


def fill_convolution(layer, weights, path):
    """[In window, Out] -> [Out, In, window]."""
    copy(layer.weight, weights[path + ".weight"].T)
    copy(layer.bias, weights[path + ".offset"])


class TextCNN(nn.Module):
    def __init__(self, weights):
        super().__init__()
        vocabulary, width = weights["embed.table"].shape
        names = {"three": 3, "four": 4, "five": 5}
        maps, classes = weights["three.out.weight"].shape
        self.embed = nn.Embedding(vocabulary, width)
        self.windows = nn.ModuleList(nn.Conv1d(width, maps, size) for size in names.values())
        self.outs = nn.ModuleList(nn.Linear(maps, classes) for _ in names)
        copy(self.embed.weight, weights["embed.table"])
        for name, windows, out in zip(names, self.windows, self.outs):
            fill_convolution(windows, weights, name + ".maps")
            Linear.fill(out, weights, name + ".out")

    def forward(self, x):
        words = self.embed(x).transpose(1, 2)
        return sum(out(F.relu(windows(words)).amax(2)) for windows, out in zip(self.windows, self.outs))

    def loss(self, x, y):
        return F.cross_entropy(self(x), y)


def image_batch(weights):
    """The one batch of a model of images: they have channels last in Weft, first in PyTorch."""
    image = torch.from_numpy(weights["image"])
    if image.dim() == 4:
        image = image.permute(0, 3, 1, 2).contiguous()
    return image, torch.from_numpy(weights["score"].argmax(1))


class ImageCNN(nn.Module):
    """Channels first, as PyTorch is fastest on these sizes."""

    def __init__(self, weights):
        super().__init__()
        low, high = 32, 64
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, 3, padding=1) for a, b in [(3, low), (low, low), (low, high), (high, high)]
        )
        self.out = nn.Linear(64 * high, 10)
        for layer, name in zip(self.convolutions, ["first", "second", "third", "fourth"]):
            fill_convolution(layer, weights, name)
        copy(self.out.weight, weights["out.weight"].reshape(8, 8, high, 10).transpose(3, 2, 0, 1))
        copy(self.out.bias, weights["out.offset"])

    def forward(self, x):
        for i, layer in enumerate(self.convolutions):
            x = F.relu(layer(x))
            if i % 2:
                x = F.max_pool2d(x, 2)
        return self.out(x.flatten(1))

    def loss(self, x, y):
        return F.cross_entropy(self(x), y)


LSTM_PATHS = ["rnn.first", "rnn.deeper.0.layer"]


def model(name, weights, dropout=0.0):
    weights = {path.replace(".offset.0.by", ".offset"): w for path, w in weights.items()}
    match name:
        case "lstm":
            return Language(weights, nn.LSTM, LSTM_PATHS)
        case "gru":
            return Language(weights, nn.GRU, ["first", "second"])
        case "gru_library":
            return Language(weights, nn.GRU, LSTM_PATHS)
        case "transformer":
            return Transformer(weights, dropout)
        case "mlp":
            return MLP(weights)
        case "tagger":
            return Tagger(weights)
        case "bag":
            return Bag(weights)
        case "text_cnn":
            return TextCNN(weights)
        case "image_cnn":
            return ImageCNN(weights)
    raise KeyError(name)


def optimizer(name, parameters):
    """The fused forms: one pass over the parameters."""
    match name:
        case "lstm" | "gru" | "gru_library" | "tagger" | "text_cnn":
            return torch.optim.Adam(parameters, 1e-3, fused=True)
        case "transformer":
            return torch.optim.AdamW(parameters, 3e-4, fused=True)
        case "mlp":
            return torch.optim.SGD(parameters, 0.1, fused=True)
        case "image_cnn":
            return torch.optim.SGD(parameters, 1e-4, fused=True)
        case "bag":
            return torch.optim.SGD(parameters, 0.5)  # the fused one takes no sparse gradients
    raise KeyError(name)


CLIP = {"lstm": 1.0, "gru": 1.0, "gru_library": 1.0}
