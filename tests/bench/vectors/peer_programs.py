"""The programs that word vectors are measured against, built from their sources outside the repository."""

import os
import shutil
import subprocess
import sys

SOURCES = {
    "fasttext": "https://github.com/facebookresearch/fastText",
    "word2vec": "https://github.com/tmikolov/word2vec",
    "psgnscc": "https://github.com/vasupsu/pWord2Vec",
}

# pSGNScc asks for Intel's library; OpenBLAS has the same products.
MKL_H = """#include <cblas.h>
#include <immintrin.h>
inline void mkl_set_num_threads(int n) { openblas_set_num_threads(n); }
"""

BUILDS = {
    "fasttext": "make -j2 fasttext CXXFLAGS='-pthread -std=c++17 -march=native -O3 -funroll-loops -DNDEBUG'",
    "word2vec": "gcc word2vec.c -o word2vec -lm -pthread -Ofast -march=native -funroll-loops -w",
    "psgnscc": "g++ -std=c++14 -O3 -march=native -ffast-math -fopenmp -DUSE_MKL -I. pSGNScc.cpp -o psgnscc "
    "-lopenblas -w",
}


def program(name, folder):
    """The path of a peer, built where it isn't yet; nothing where its source can't be had."""
    found = os.path.join(folder, name, name)
    if os.path.exists(found):
        return found
    source = os.path.join(folder, name)
    os.makedirs(folder, exist_ok=True)
    if not os.path.isdir(source):
        if subprocess.run(["git", "clone", "-q", "--depth", "1", SOURCES[name], source]).returncode:
            shutil.rmtree(source, ignore_errors=True)
            print(f"{name}: {SOURCES[name]} can't be cloned; put its source into {source}", file=sys.stderr)
            return None
    if name == "psgnscc":
        with open(os.path.join(source, "mkl.h"), "w") as file:
            file.write(MKL_H)
    done = subprocess.run(BUILDS[name], shell=True, cwd=source, capture_output=True, text=True)
    if done.returncode:
        print(f"{name}: {done.stderr[-2000:]}", file=sys.stderr)
        return None
    return found
