"""How good word vectors are: Spearman's correlation on WordSim-353 and SimLex-999, and Google's analogies."""

import json
import os
import subprocess
import sys

import numpy as np


def load(path):
    """Words and unit rows of a file in word2vec's text form."""
    words, rows = {}, []
    with open(path, encoding="utf-8", errors="replace") as file:
        next(file)
        for line in file:
            fields = line.rstrip().split(" ")
            words[fields[0]] = len(rows)
            rows.append(np.array(fields[1:], dtype=np.float32))
    matrix = np.stack(rows)
    return words, matrix / (np.linalg.norm(matrix, axis=1, keepdims=True) + 1e-9)


def ranks(values):
    """Their ranks, equal ones sharing the mean of theirs."""
    values = np.asarray(values)
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts + 1) / 2)[inverse]


def similarity(path, words, matrix):
    said, found = [], []
    with open(path) as file:
        for line in file:
            fields = line.lower().split()
            if len(fields) == 3 and fields[0] in words and fields[1] in words:
                said.append(float(fields[2]))
                found.append(float(matrix[words[fields[0]]] @ matrix[words[fields[1]]]))
    return float(np.corrcoef(ranks(said), ranks(found))[0, 1])


def analogies(path, words, matrix):
    """The share of a : b = c : d where d is nearest to b - a + c, but for a, b and c (3CosAdd)."""
    with open(path) as file:
        questions = [line.lower().split() for line in file if not line.startswith(":")]
    known = np.array([[words[w] for w in q] for q in questions if all(w in words for w in q)])
    right = 0
    for begin in range(0, len(known), 1000):
        a, b, c, d = known[begin : begin + 1000].T
        scores = (matrix[b] - matrix[a] + matrix[c]) @ matrix.T
        for other in (a, b, c):
            scores[np.arange(len(a)), other] = -9
        right += int((scores.argmax(axis=1) == d).sum())
    return right / max(1, len(known))


def quality_of(path, data):
    folder = os.path.join(data, "word_evaluation")
    words, matrix = load(path)
    return (
        similarity(os.path.join(folder, "EN-WS-353-ALL.txt"), words, matrix),
        similarity(os.path.join(folder, "EN-SIMLEX-999.txt"), words, matrix),
        analogies(os.path.join(folder, "questions-words.txt"), words, matrix),
    )


def quality(path, data):
    """In a process of its own: what a child's memory is told to be begins with its parent's."""
    return json.loads(subprocess.run([sys.executable, __file__, path, data], check=True, stdout=subprocess.PIPE).stdout)


if __name__ == "__main__":
    print(json.dumps(quality_of(*sys.argv[1:])))
