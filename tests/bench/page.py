"""Where the benchmarks' results go: the page of tables, and the machine they were measured on."""

import os
import platform
import re

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PAGE = os.path.join(ROOT, "docs", "performance.md")


def machine():
    """The processor and how many of its cores there are."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = re.search(r"model name\s*: (.*)", file.read()).group(1)
    except (OSError, AttributeError):
        name = platform.processor()
    return f"{name}, {os.cpu_count()} cores"


def save(bench, title, text):
    """Puts what `./dev bench BENCH` measured between its markers in docs/performance.md."""
    begin, end = f"<!-- {bench}: begin -->", f"<!-- {bench}: end -->"
    with open(PAGE, encoding="utf-8") as file:
        whole = file.read()
    if begin not in whole:
        whole += f"\n## {title}\n\n`./dev bench {bench} --save` writes this table.\n\n{begin}\n{end}\n"
    before, rest = whole.split(begin, 1)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(f"{before}{begin}\n{text}{end}{rest.split(end, 1)[1]}")
