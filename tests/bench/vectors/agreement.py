"""Whether Weft's word vectors agree with fastText's, gensim's and scikit-learn's, in both directions.

Trains small models with Debian's `fasttext` and compares nearest neighbours, vectors, label probabilities, quantized files,
evaluations and PCA. Needs gensim and scikit-learn. A check a line; the exit status is 1 where one fails.
"""

import gzip
import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import bench

args = None
failed = 0


def run(*command, text=None, status=0):
    done = subprocess.run([str(c) for c in command], input=text, capture_output=True, text=True)
    if done.returncode != status:
        sys.exit(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout


def fasttext(*words, text=None):
    return run(args.fasttext, *words, text=text)


def weft(*words, text=None):
    return run(args.weft, *words, text=text)


def tell(what, good, detail):
    global failed
    failed += not good
    print(f"{'agrees' if good else 'DIFFERS':8} {what}: {detail}", flush=True)


def vectors_of(text):
    out = {}
    for line in text.splitlines():
        word, *numbers = line.split()
        out[word] = np.array(numbers, dtype=np.float64)
    return out


def largest_difference(a, b):
    assert a.keys() == b.keys(), "other words"
    return max(float(np.abs(a[w] - b[w]).max()) for w in a)


def beyond_print(ours, printed):
    """The largest difference beyond the five digits that fastText prints."""
    assert ours.keys() == printed.keys(), "other words"
    worst = 0.0
    for w, b in printed.items():
        last = 10.0 ** (np.floor(np.log10(np.maximum(np.abs(b), 1e-30))) - 4)
        worst = max(worst, float((np.abs(ours[w] - b) - 0.5 * last).max()))
    return worst


def fasttext_nn(model, words, top):
    """Answers of `fasttext nn`: a prompt before each, then `top` lines of word and cosine."""
    lines = [line for line in fasttext("nn", model, top, text="\n".join(words) + "\n").splitlines()]
    lines = [line.replace("Query word? ", "") for line in lines]
    lines = [line for line in lines if len(line.split()) == 2]
    return {w: [(x.split()[0], float(x.split()[1])) for x in lines[i * top : (i + 1) * top]] for i, w in enumerate(words)}


def weft_nn(model, words, top):
    out = weft("vectors", "nearest", model, *words, "--top", top, "--json")
    return {r["query"]: [(n["word"], n["cosine"]) for n in r["nearest"]] for r in map(json.loads, out.splitlines())}


def compare_nn(what, ours, theirs):
    cosines = max(abs(x[1] - y[1]) for w in theirs for x, y in zip(ours[w], theirs[w]))
    # neighbours whose cosines are the same to the last digit printed may come the other way round
    same = all({x[0] for x in ours[w]} == {y[0] for y in theirs[w]} or cosines < 1e-5 for w in theirs)
    order = sum(x[0] == y[0] for w in theirs for x, y in zip(ours[w], theirs[w]))
    all_of = sum(len(theirs[w]) for w in theirs)
    tell(what, same and cosines < 2e-5 and order >= 0.99 * all_of, f"{order} of {all_of} neighbours, cosines within {cosines:.1e}")


def probabilities(text):
    return [dict(zip(line.split()[::2], map(float, line.split()[1::2]))) for line in text.splitlines()]


def check_files(folder):
    english = folder / "english.txt"
    with gzip.open(args.data / "english16/english16.txt.gz", "rt") as f, open(english, "w") as out:
        for _, line in zip(range(60000), f):
            out.write(line)
    options = ["-input", english, "-dim", 50, "-epoch", 2, "-thread", 1]
    fasttext("skipgram", *options, "-output", folder / "sub", "-bucket", 50000)
    fasttext("cbow", *options, "-output", folder / "plain", "-maxn", 0)
    words = [line.split()[0] for line in (folder / "sub.vec").read_text().splitlines()[1:]]
    asked = words[1:200:4] + ["kingdomship", "unbelievabler", "éclairs", "x"]
    sub = folder / "sub.bin"

    compare_nn("fastText's .bin, nearest", weft_nn(sub, asked, 10), fasttext_nn(sub, asked, 10))
    query = "\n".join(words[1:3000] + asked) + "\n"
    theirs = vectors_of(fasttext("print-word-vectors", sub, text=query))
    ours = vectors_of(weft("vectors", "print", sub, text=query))
    tell("fastText's .bin, vectors and out of vocabulary", beyond_print(ours, theirs) < 1e-6,
         f"{len(theirs)} words, at most {beyond_print(ours, theirs):.1e} beyond the five digits it prints")

    weft("convert", sub, folder / "ours.bin")
    tell("fastText's .bin through Weft", (folder / "ours.bin").read_bytes() == sub.read_bytes(), "the same bytes")
    weft("convert", folder / "plain.vec", folder / "flat.bin")
    compare_nn("Weft's .bin of plain vectors, in fastText", weft_nn(folder / "plain.vec", words[1:100], 5),
               fasttext_nn(folder / "flat.bin", words[1:100], 5))
    vectors = vectors_of(fasttext("print-word-vectors", folder / "flat.bin", text="\n".join(words[1:500]) + "\n"))
    ours = vectors_of(weft("vectors", "print", folder / "plain.vec", text="\n".join(words[1:500]) + "\n"))
    tell("Weft's .bin of plain vectors, print-word-vectors", beyond_print(ours, vectors) < 1e-6,
         f"within {largest_difference(ours, vectors):.1e}")
    return sub, words


def check_supervised(folder):
    train, test = folder / "intents.txt", folder / "questions.txt"
    for path, name in ((train, "train"), (test, "test")):
        rows = [line.rstrip("\n").split("\t") for line in open(args.data / f"clinc150/{name}.tsv")]
        path.write_text("".join(f"__label__{label.replace(' ', '_')} {text}\n" for label, text in rows))
    texts = "".join(line.split(" ", 1)[1] for line in test.read_text().splitlines(True)[:500])
    for name, options, quantize in (
            ("softmax", ["-wordNgrams", 2], ["-qnorm", "-cutoff", 4000, "-retrain"]),
            ("subwords", ["-minn", 2, "-maxn", 4], ["-dsub", 3]),
            ("hs", ["-loss", "hs"], ["-qnorm"]),
            ("ova", ["-loss", "ova", "-wordNgrams", 2], ["-cutoff", 2000])):
        fasttext("supervised", "-input", train, "-output", folder / name, "-dim", 30, "-epoch", 5, "-lr", 1, "-bucket", 20000,
                 "-thread", 1, *options)
        fasttext("quantize", "-input", train, "-output", folder / name, "-epoch", 1, "-thread", 1, *quantize)
        for ending in ("bin", "ftz"):
            theirs = probabilities(fasttext("predict-prob", folder / f"{name}.{ending}", "-", 5, text=texts))
            back = folder / f"{name}.ours.{ending}"
            weft("convert", folder / f"{name}.{ending}", back)
            again = probabilities(fasttext("predict-prob", back, "-", 5, text=texts))
            tell(f"{name}.{ending} through Weft, in fastText", again == theirs, f"labels and probabilities of {len(theirs)} texts")
            done = subprocess.run([args.weft, "predict", str(folder / f"{name}.{ending}"), "--top", "5"], input=texts,
                                  capture_output=True, text=True)
            if done.returncode != 0:
                tell(f"{name}.{ending}, weft predict", False, done.stderr.strip())
                continue
            ours = [dict(zip(f[::2], map(float, f[1::2]))) for f in (line.split("\t") for line in done.stdout.splitlines())]
            ours = [{k if k.startswith("__label__") else "__label__" + k: v for k, v in o.items()} for o in ours]
            # labels of one probability may come in any order
            first = sum(max(b.values()) - b.get(max(a, key=a.get), 0) < 1e-5 or abs(max(a.values()) - max(b.values())) < 1e-5
                        for a, b in zip(ours, theirs))
            apart = max(abs(a.get(k, 0) - v) for a, b in zip(ours, theirs) for k, v in b.items() if k in a)
            tell(f"{name}.{ending}, weft predict", len(ours) == len(theirs) and first >= 0.998 * len(theirs) and apart < 1e-5,
                 f"{first} of {len(theirs)} labels, probabilities within {apart:.1e}")


def check_gensim(folder, sub, words):
    logging.disable(logging.WARNING)
    import gensim
    from gensim.models.fasttext import load_facebook_model, save_facebook_model

    vec = folder / "plain.vec"
    ours = {w: v.astype(np.float32) for w, v in vectors_of(vec.read_text().split("\n", 1)[1]).items()}
    for ending, binary in (("vec", False), ("vec.gz", False), ("w2v", True)):
        weft("convert", vec, folder / f"to_gensim.{ending}")
        theirs = gensim.models.KeyedVectors.load_word2vec_format(str(folder / f"to_gensim.{ending}"), binary=binary)
        difference = max(float(np.abs(theirs[w] - ours[w]).max()) for w in ours)
        tell(f"Weft's .{ending} in gensim", len(theirs) == len(ours) and difference < 1e-7, f"{len(theirs)} words within {difference:.1e}")
        theirs.save_word2vec_format(str(folder / f"of_gensim.{ending}"), binary=binary)
        back = vectors_of(weft("vectors", "print", folder / f"of_gensim.{ending}", text="\n".join(words[1:500]) + "\n"))
        difference = max(float(np.abs(back[w].astype(np.float32) - ours[w]).max()) for w in back)
        tell(f"gensim's .{ending} in Weft", difference < 1e-7, f"within {difference:.1e}")
    weft("convert", sub, folder / "ours.bin")
    model = load_facebook_model(str(folder / "ours.bin"))
    unknown = ["kingdomship", "éclairs"]
    words = [w for w in words if w != "</s>"]  # gensim gives it n-grams, which fastText doesn't
    mine = vectors_of(weft("vectors", "print", sub, *words[1:50], *unknown))
    difference = max(float(np.abs(model.wv[w] - mine[w]).max()) for w in mine)
    tell("Weft's .bin in gensim, out of vocabulary too", difference < 1e-6, f"within {difference:.1e}")
    save_facebook_model(model, str(folder / "of_gensim.bin"))
    back = vectors_of(weft("vectors", "print", folder / "of_gensim.bin", *words[1:50], *unknown))
    difference = max(float(np.abs(back[w] - mine[w]).max()) for w in mine)
    tell("gensim's .bin in Weft", difference < 1e-6, f"within {difference:.1e}")

    keyed = gensim.models.KeyedVectors.load_word2vec_format(str(vec))
    for name in ("EN-WS-353-ALL.txt", "EN-SIMLEX-999.txt"):
        path = args.data / "word_evaluation" / name
        pearson, spearman, missing = keyed.evaluate_word_pairs(str(path))
        mine = json.loads(weft("vectors", "evaluate", vec, path, "--json"))
        good = abs(mine["spearman"] - spearman[0]) < 5e-5 and abs(mine["pearson"] - pearson[0]) < 5e-5  # its cosines are float32
        good &= abs(100 * (1 - mine["covered"] / mine["pairs"]) - missing) < 1e-9
        tell(f"evaluate {name}", good, f"Spearman {mine['spearman']:.6f} and {spearman[0]:.6f}, {mine['covered']} of {mine['pairs']}")
    path = args.data / "word_evaluation/questions-words.txt"
    accuracy, sections = keyed.evaluate_word_analogies(str(path))
    mine = json.loads(weft("vectors", "evaluate", vec, path, "--json"))
    theirs = {s["section"]: (len(s["correct"]), len(s["correct"]) + len(s["incorrect"])) for s in sections}
    same = all(theirs[s["section"]] == (s["right"], s["asked"]) for s in mine["sections"])
    tell("evaluate questions-words.txt", same and abs(mine["total"]["accuracy"] - accuracy) < 1e-9,
         f"{mine['total']['right']} of {mine['total']['asked']}, all {len(mine['sections'])} sections")
    a, b, c = "man", "king", "woman"
    theirs = keyed.most_similar(positive=[b, c], negative=[a], topn=5)
    mine = json.loads(weft("vectors", "analogy", vec, a, b, c, "--top", 5, "--json"))["nearest"]
    apart = max(abs(x[1] - y["cosine"]) for x, y in zip(theirs, mine))
    tell("analogy", [x[0] for x in theirs] == [y["word"] for y in mine] and apart < 1e-5, f"cosines within {apart:.1e}")


def check_pca(folder):
    from sklearn.decomposition import PCA

    weft("convert", folder / "plain.vec", folder / "plain.npy")
    rows = np.load(folder / "plain.npy")
    pca = PCA(10, svd_solver="full").fit(rows.astype(np.float64))
    mine = json.loads(weft("vectors", "reduce", folder / "plain.vec", "--dimension", 10, "--output", folder / "r.npy", "--json"))
    difference = float(np.abs(np.load(folder / "r.npy") - pca.transform(rows)).max())
    share = abs(mine["explained_variance"] - pca.explained_variance_ratio_.sum())
    tell("reduce, beside scikit-learn's PCA", difference < 1e-4 and share < 1e-6, f"within {difference:.1e}, explained share within {share:.1e}")


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    sub, words = check_files(folder)
    check_gensim(folder, sub, words)
    check_pca(folder)
    check_supervised(folder)


if __name__ == "__main__":
    p = bench.parser("agreement", __doc__)
    p.add_argument("--fasttext", default="fasttext")
    p.add_argument("--keep", type=Path, help="work in this folder and leave it")
    args = bench.parse(p)
    args.data = Path(args.data)
    if args.keep:
        main(args.keep)
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder))
    sys.exit(1 if failed else 0)
