"""Run the notebooks beside this file and keep what they show: `python docs/notebooks/run.py`.

    python docs/notebooks/run.py [--check] [NAME ...]

With --check nothing is written: a notebook fails if a cell raises, if what it prints is no longer
what the file shows, or if it shows a path of the machine. Pictures and HTML are not compared.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets.config import Config

HERE = Path(__file__).resolve().parent
LIMIT_S = 300
PATH = re.compile(r"(/home/|/root/|/tmp/|/Users/|/usr/|site-packages|[A-Z]:\\\\)[^\s\"'<]*")
"""What only the machine that ran a notebook has."""


def main() -> int:
    """Run the notebooks named, or all of them; return 1 if any failed."""
    parser = argparse.ArgumentParser(description="Run the notebooks and keep what they show.")
    parser.add_argument("names", nargs="*", help="notebooks without .ipynb; default: all")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    options = parser.parse_args()
    names = options.names or sorted(path.stem for path in HERE.glob("*.ipynb"))
    failed = False
    for name in names:
        began = time.perf_counter()
        problems = run(HERE / f"{name}.ipynb", keep=not options.check)
        sys.stdout.write(f"{name}: {time.perf_counter() - began:.0f} s\n")
        for problem in problems:
            sys.stderr.write(f"{name}: {problem}\n")
        failed = failed or bool(problems)
    return int(failed)


def run(path: Path, *, keep: bool) -> list[str]:
    """Run one notebook in an empty folder, and return what is wrong with it."""
    kept = nbformat.read(path, as_version=4)
    book = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        # Where the system can, the kernel is spoken to by way of files, and no port is opened.
        way = {} if os.name == "nt" else {"transport": "ipc", "ip": f"{folder}/.kernel"}
        client = NotebookClient(
            book,
            timeout=LIMIT_S,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": folder}},
            config=Config(KernelManager=way),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            return [f"a cell raises: {error}"]
    # The version of Python is no part of the text.
    book.metadata = kept.metadata
    problems = [f"shows a path of the machine: {found}" for found in paths(book)]
    if keep and not problems:
        nbformat.write(book, path)
    elif not keep and printed(book) != printed(kept):
        problems.append("prints something else than the file shows. Run docs/notebooks/run.py")
    return problems


def printed(book: nbformat.NotebookNode) -> list[str]:
    """Return the plain text of all that a notebook shows."""
    texts = []
    for cell in book.cells:
        for output in cell.get("outputs", []):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            texts.append("".join(text))
    return texts


def paths(book: nbformat.NotebookNode) -> list[str]:
    """Return the paths of this machine that the outputs of a notebook show."""
    found = []
    for cell in book.cells:
        for output in cell.get("outputs", []):
            texts = [output.get("text", ""), *output.get("data", {}).values()]
            found += [match.group() for text in texts for match in PATH.finditer(str(text))]
    return found


if __name__ == "__main__":
    sys.exit(main())
