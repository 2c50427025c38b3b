"""All parts of the vectors' bench, one after the other: word vectors, classifiers, tokenizers, the search for
neighbours, and whether files and results agree with the peers'."""

import subprocess
import sys

import bench

PARTS = ["embedding", "supervised", "text", "search", "agreement"]


def main():
    p = bench.parser("", __doc__)
    p.parse_args()
    failed = []
    for part in PARTS:
        print(f"== {part}", flush=True)
        if subprocess.run([sys.executable, f"{bench.HERE}/{part}.py", *sys.argv[1:]]).returncode:
            failed.append(part)
    if failed:
        print("not as it should be: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
