"""Measure Stepdown on this machine: `python benchmarks/measure.py [--write PAGE] [--quick]`.

Runs the scripts that each measure one thing, in processes of their own, and puts their tables
together; `--write` puts them between the marks of a page. What is repeated is repeated alternately
and the fastest repeat counts: other work on the machine only ever adds time. Needs Linux or macOS,
and takes some eight minutes; `--quick` takes two and measures too little to be kept.
"""

import argparse
import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

import page
from process import python

# This process stays small (no numpy): a child's peak memory never counts less than its parent has.

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ("engine", "shipped", "command", "profile_run", "scaling")
PACKAGES = ("stepdown", "numpy", "numba", "llvmlite", "scipy", "xarray")


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument("--dirty-ok", action="store_true", help="write whatever is not committed")
    parser.add_argument("--quick", action="store_true", help="few draws, to try the scripts")
    options = parser.parse_args()
    if options.write and _is_dirty(options.write) and not options.dirty_ok:
        sys.exit("Changes are not committed, so no commit names what is measured; see --dirty-ok.")
    parts = [_machine(options)]
    sys.stdout.write(parts[0])
    for script in SCRIPTS:
        parts.append(_tables(script, options.quick))
        sys.stdout.write("\n" + parts[-1])
        sys.stdout.flush()
    if options.write:
        page.write(options.write, "\n".join([*parts[1:], parts[0]]))


def _tables(script: str, is_quick: bool) -> str:
    """Return the tables that a script prints."""
    words = [str(ROOT / "benchmarks" / f"{script}.py")]
    if script != "profile_run":
        return python(*words, *["--quick"][: int(is_quick)]).said.strip() + "\n"
    said = python(*words, "--draws", 100 if is_quick else 2000).said.strip()
    return f"### Where the seconds of `stepdown run` go\n\n{said}\n"


def _machine(options: argparse.Namespace) -> str:
    """Say what was measured, where and when."""
    commit = _git("rev-parse", "--short=12", "HEAD").strip()
    if _is_dirty(options.write):
        commit += ", with changes that are not committed"
    rows = [
        ("Processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("System", f"{platform.system()}, {platform.machine()}"),
        ("Python", platform.python_version()),
        ("Packages", ", ".join(f"{name} {version(name)}" for name in PACKAGES)),
        ("Other work when this began", f"{os.getloadavg()[0]:.1f} cores busy"),
        ("Date", date.today().isoformat()),
        ("Commit", commit),
        ("Kind", "a quick try, not to be compared" if options.quick else "in full"),
    ]
    return page.table("Measured on", ("What", "Here"), rows)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _is_dirty(written: Path | None) -> bool:
    """Tell whether anything but the page itself is not committed."""
    apart = []
    if written and written.resolve().is_relative_to(ROOT):
        apart.append(f":(exclude){written.resolve().relative_to(ROOT)}")
    return bool(_git("status", "--porcelain", "--", ".", *apart).strip())


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main()
