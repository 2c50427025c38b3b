"""The models of models/agreement in PyTorch. A peer has `losses()`, in the order of the script's `minimize` lines."""

import torch
import torch.nn.functional as F
from torch import nn

from peers import Linear, copy, positions


def tensor(values):
    return torch.from_numpy(values.copy())


def index(values):
    return torch.from_numpy(values.argmax(-1))


def convolution(layer, weights, path):
    """Weft's weight is [In * KY * KX, Out]."""
    out, inputs, ky, kx = layer.weight.shape
    copy(layer.weight, weights[path + ".weight"].reshape(inputs, ky, kx, out).transpose(3, 0, 1, 2))
    copy(layer.bias, weights[path + ".offset"])


def normalization(layer, weights, path):
    copy(layer.weight, weights[path + ".gain"])
    copy(layer.bias, weights[path + ".bias"])


class LeNet(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.image = tensor(weights["image"]).permute(0, 3, 1, 2)
        self.digit = index(weights["score"])
        self.c1, self.c3 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.c5, self.f6, self.out = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
        for name in "c1", "c3":
            convolution(getattr(self, name), weights, "net." + name)
        for name in "c5", "f6", "out":
            Linear.fill(getattr(self, name), weights, "net." + name)

    def losses(self):
        x = F.avg_pool2d(torch.tanh(self.c1(self.image)), 2)
        x = F.avg_pool2d(torch.tanh(self.c3(x)), 2)
        x = x.permute(0, 2, 3, 1).flatten(1)
        yield F.cross_entropy(self.out(torch.tanh(self.f6(torch.tanh(self.c5(x))))), self.digit)

    def optimizers(self):
        return [torch.optim.SGD(self.parameters(), 0.01, momentum=0.9, nesterov=True)]


class Autoencoder(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.image = tensor(weights["image"])
        self.inner, self.code = nn.Linear(196, 64), nn.Linear(64, 16)
        self.outer, self.out = nn.Linear(16, 64), nn.Linear(64, 196)
        self.norm, self.outer_norm = nn.BatchNorm1d(64), nn.BatchNorm1d(64)
        for name in "inner", "code", "outer", "out":
            Linear.fill(getattr(self, name), weights, name)
        for name in "norm", "outer_norm":
            normalization(getattr(self, name), weights, name)

    def losses(self):
        z = self.code(F.leaky_relu(self.norm(self.inner(self.image))))
        yield F.mse_loss(torch.sigmoid(self.out(F.silu(self.outer_norm(self.outer(z))))), self.image)

    def optimizers(self):
        return [torch.optim.RMSprop(self.parameters(), 1e-3, alpha=0.9)]


class Attention(nn.Module):
    def __init__(self, width, heads, weights, path):
        super().__init__()
        self.heads = heads
        for name in "q", "k", "v", "out":
            layer = nn.Linear(width, width, bias=name == "out")
            copy(layer.weight, weights[f"{path}.{name}.weight"].reshape(width, width).T)
            if name == "out":
                copy(layer.bias, weights[f"{path}.{name}.offset"])
            setattr(self, name, layer)

    def forward(self, x, y, causal=False):
        def split(z):
            return z.view(*z.shape[:2], self.heads, -1).transpose(1, 2)

        z = F.scaled_dot_product_attention(split(self.q(x)), split(self.k(y)), split(self.v(y)), is_causal=causal)
        return self.out(z.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A layer of the encoder or, with `cross`, of the decoder."""

    def __init__(self, width, heads, weights, path, post=False, causal=False, cross=False):
        super().__init__()
        self.post, self.causal = post, causal
        self.attend = Attention(width, heads, weights, path + ".attend")
        self.cross = Attention(width, heads, weights, path + ".cross") if cross else None
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        Linear.fill(self.up, weights, path + ".forward.up")
        Linear.fill(self.down, weights, path + ".forward.down")
        for name in ["attend_norm", "forward_norm"] + (["cross_norm"] if cross else []):
            norm = nn.LayerNorm(width)
            normalization(norm, weights, f"{path}.{name}")
            setattr(self, name, norm)

    def part(self, x, norm, work):
        return norm(x + work(x)) if self.post else x + work(norm(x))

    def forward(self, x, memory=None):
        x = self.part(x, self.attend_norm, lambda y: self.attend(y, y, self.causal))
        if self.cross:
            x = self.part(x, self.cross_norm, lambda y: self.cross(y, memory))
        return self.part(x, self.forward_norm, lambda y: self.down(F.relu(self.up(y))))


class Translation(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.source, self.target = index(weights["source"]), index(weights["target"])
        self.following = index(weights["following"])
        width, vocabulary = weights["out.weight"].shape
        self.embed, self.out = nn.Embedding(vocabulary, width), nn.Linear(width, vocabulary)
        copy(self.embed.weight, weights["embed.table"])
        Linear.fill(self.out, weights, "out")
        self.encoder = nn.ModuleList(
            Layer(width, 4, weights, f"encoder.blocks.{i}", post=True) for i in range(2))
        self.decoder = nn.ModuleList(
            Layer(width, 4, weights, f"decoder.blocks.{i}", causal=True, cross=True) for i in range(2))
        self.norm = nn.LayerNorm(width)
        normalization(self.norm, weights, "decoder.last_norm.0")
        self.width = width

    def losses(self):
        memory = self.embed(self.source) + positions(self.source.shape[1], self.width)
        for layer in self.encoder:
            memory = layer(memory)
        state = self.embed(self.target) + positions(self.target.shape[1], self.width)
        for layer in self.decoder:
            state = layer(state, memory)
        yield F.cross_entropy(self.out(self.norm(state)).flatten(0, 1), self.following.flatten())

    def optimizers(self):
        return [torch.optim.AdamW(self.parameters(), 1e-3, weight_decay=0.1)]


class GAN(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.noise, self.real = tensor(weights["noise"]), tensor(weights["real"])
        for net in "G", "D":
            layers = nn.ModuleDict()
            for name in "hidden", "deeper", "out":
                values = weights[f"{net}.{name}.weight"]
                layers[name] = nn.Linear(*values.shape)
                Linear.fill(layers[name], weights, f"{net}.{name}")
            setattr(self, net, layers)

    @staticmethod
    def run(net, x):
        return net["out"](F.elu(net["deeper"](torch.tanh(net["hidden"](x)))))

    def losses(self):
        def bce(logit, target):
            return F.binary_cross_entropy_with_logits(logit, torch.full_like(logit, target))

        fake = self.run(self.G, self.noise)
        yield bce(self.run(self.D, self.real), 1.0) + bce(self.run(self.D, fake.detach()), 0.0)
        yield bce(self.run(self.D, fake), 1.0)

    def optimizers(self):
        return [torch.optim.Adam(net.parameters(), 2e-3, betas=(0.5, 0.999)) for net in (self.D, self.G)]


class Regression(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.x, self.y = tensor(weights["x"]), tensor(weights["y"])
        self.hidden, self.out = nn.Linear(13, 40), nn.Linear(40, 1)
        self.norm = nn.RMSNorm(40, eps=1e-6)
        Linear.fill(self.hidden, weights, "hidden")
        Linear.fill(self.out, weights, "out")
        copy(self.norm.weight, weights["norm.gain"])

    def losses(self):
        y = self.out(self.norm(F.gelu(self.hidden(self.x))))
        penalty = sum((p**2).sum() for layer in (self.hidden, self.out) for p in layer.parameters())
        yield F.huber_loss(y, self.y) + 1e-3 * penalty

    def optimizers(self):
        return [torch.optim.Adagrad(self.parameters(), 0.05)]


class Generation(nn.Module):
    clip = 0.5

    def __init__(self, weights):
        super().__init__()
        self.text, self.following = index(weights["text"]), index(weights["following"])
        vocabulary, self.width = weights["embed.table"].shape
        self.embed = nn.Embedding(vocabulary, self.width)
        copy(self.embed.weight, weights["embed.table"])
        self.stack = nn.ModuleList(
            Layer(self.width, 3, weights, f"stack.blocks.{i}", causal=True) for i in range(2))
        self.norm = nn.LayerNorm(self.width)
        normalization(self.norm, weights, "stack.last_norm.0")

    def losses(self):
        state = self.embed(self.text) + positions(self.text.shape[1], self.width)
        for layer in self.stack:
            state = layer(state)
        logits = self.norm(state) @ self.embed.weight.T
        yield F.cross_entropy(logits.flatten(0, 1), self.following.flatten())

    def optimizers(self):
        return [torch.optim.SGD(self.parameters(), 0.02, momentum=0.9)]


MODELS = {
    "lenet": (LeNet, "LeNet-5: convolution, mean pooling", "nesterov"),
    "autoencoder": (Autoencoder, "autoencoder with batch normalization", "rmsprop"),
    "translation": (Translation, "Transformer encoder and decoder, post- and pre-norm", "adamw"),
    "generation": (Generation, "causal Transformer with a tied table", "momentum, clip"),
    "gan": (GAN, "generative adversarial network", "adam"),
    "regression": (Regression, "regression with RMS norm, Huber's loss, l2", "adagrad"),
}
