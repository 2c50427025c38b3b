"""Weft's model files, and the order in which Weft goes through a corpus."""

import json
import struct

import numpy as np

TYPES = {"F32": np.float32, "F64": np.float64, "I32": np.int32, "U8": np.uint8, "BOOL": np.bool_}


def read_model(path):
    """The tensors of a safetensors file by name, and the labels of its corpus by label set."""
    with open(path, "rb") as file:
        content = file.read()
    (size,) = struct.unpack_from("<Q", content)
    tensors = {}
    for name, entry in json.loads(content[8 : 8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        values = np.frombuffer(content[begin:end], TYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"]).copy()
    tokenizer = tensors.pop("tokenizer", None)
    labels = {}
    if tokenizer is not None:
        for sets in json.loads(tokenizer.tobytes())["labels"].values():
            labels.update(sets)
    return tensors, labels


def philox(key, counter):
    """Philox 4x32-10 (Salmon et al. 2011): four words for each of many counters of four words."""
    mask = np.uint64(0xFFFFFFFF)
    word = [np.asarray(c, np.uint64) for c in counter]
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    for _ in range(10):
        p0, p1 = word[0] * np.uint64(0xD2511F53), word[2] * np.uint64(0xCD9E8D57)
        word = [
            (p1 >> np.uint64(32)) ^ word[1] ^ np.uint64(k0),
            p1 & mask,
            (p0 >> np.uint64(32)) ^ word[3] ^ np.uint64(k1),
            p0 & mask,
        ]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return word


def permutation(n, epoch, seed=1):
    """The order of n records in an epoch, as corpora/permutation.cpp has it."""
    order = 2  # RandomUse::order
    if n < 2:
        return np.arange(n)

    def bits(key, index, sequence):
        index = np.asarray(index, np.uint64)
        low, high = index & np.uint64(0xFFFFFFFF), index >> np.uint64(32)
        return philox(key, (low, high, np.full_like(index, sequence), np.full_like(index, order)))

    first = bits(seed, np.array([epoch]), 0)
    key = int(first[1][0]) << 32 | int(first[0][0])
    half = ((n - 1).bit_length() + 1) // 2
    mask, shift = np.uint64((1 << half) - 1), np.uint64(half)
    value = np.arange(n, dtype=np.uint64)
    left_over = np.arange(n)
    while len(left_over):
        walked = value[left_over]
        left, right = walked >> shift, walked & mask
        for turn in range(6):
            left, right = right, left ^ (bits(key, right, turn)[0] & mask)
        value[left_over] = (left << shift) | right
        left_over = left_over[value[left_over] >= n]
    return value.astype(np.int64)
