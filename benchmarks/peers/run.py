"""Set other tools beside the engine: `python benchmarks/peers/run.py [--write PAGE] [--only NAME]`.

All walk the same table for the same children on one thread, each in an environment of its own that
the script makes at the first run. The engine is timed before and after every tool; the fastest of
several repeats counts, in processor time. Each tool's counts are held against the exact
expectation, so that none is fast at something else. Takes some five minutes once the environments
are made; needs Linux or macOS. Tools in R are run where Rscript is on the path and has the packages
they need.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from common import common_job, reduced
from environments import ONE_THREAD, NotBuiltError, default_folder, python_of, rscript_with
from exact import LIMIT, expected_months, largest_z
from job import save
from table import Answer, Measured, Missing, markdown, nanoseconds

HERE = Path(__file__).parent
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
SIZES = (2_000, 50_000)
PARTS_OF_MONTH = 16
"""How finely continuous time is followed in the exact expectation."""
LONGEST_SECONDS = 170
"""A tool that takes longer with one number of children is stopped."""


class Peer(NamedTuple):
    """A tool, the script that uses it and what of the table it cannot follow."""

    name: str
    tool: str
    script: str
    needs: str | tuple[str, ...]
    """Name of the environment; or the packages that R must have."""
    arguments: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    continuous: bool = False


ENGINE = Peer("engine", "Stepdown", "engine.py", ())
PEERS = (
    Peer("numpy", "numpy, tuned", "numpy_tuned.py", "numpy"),
    Peer("events", "numpy, from event to event", "numpy_events.py", "numpy"),
    Peer("samplev", "numpy, samplev", "numpy_samplev.py", "numpy"),
    Peer("heormodel", "heormodel", "heormodel_.py", "heormodel"),
    Peer("starsim", "starsim, own module", "starsim_.py", "starsim"),
    Peer("laser", "laser-core, own step in numba", "laser_.py", "laser"),
    Peer("neworder", "neworder, ustream and numpy", "neworder_.py", "neworder"),
    Peer("transition", "neworder, df.transition", "neworder_.py", "neworder", ("transition",),
         ("age", "time")),
    Peer("r-samplev", "R, samplev", "samplev.R", ()),
    Peer("rcpp", "Rcpp, own loop in C++", "rcpp.R", ("Rcpp",)),
    Peer("hesim", "hesim, IndivCtstm", "hesim.R", ("hesim", "data.table"), (),
         ("age", "calendar", "elapsed"), True),
)  # fmt: skip


def main() -> None:
    """Run the peers, print the table, and write it if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into this page")
    parser.add_argument("--only", nargs="+", choices=[peer.name for peer in PEERS], metavar="NAME")
    parser.add_argument("--environments", type=Path, default=default_folder(), metavar="FOLDER")
    parser.add_argument("--seconds", type=float, default=3.0, help="spent on a tool and size")
    options = parser.parse_args()
    chosen = [peer for peer in PEERS if not options.only or peer.name in options.only]
    occasion = (
        f"{date.today()}, {os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f} when "
        "it began (a quiet machine has 0)."
    )
    with tempfile.TemporaryDirectory() as scratch:
        try:
            rows = list(_rows(chosen, options, Path(scratch)))
        except NotBuiltError as reason:
            sys.exit(f"The engine itself did not run: {reason}")
    text = f"{occasion}\n\n{markdown(rows)}"
    sys.stdout.write(text)
    wrong = [row for row in rows if isinstance(row, Measured) and row.largest_z > LIMIT]
    for row in wrong:
        sys.stderr.write(f"{row.tool}, N = {row.n_children}: z = {row.largest_z:.1f}\n")
    if wrong:
        sys.exit(f"Counts that differ from the expectation by more than {LIMIT} standard errors.")
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        after = rest.partition(END)[2]
        options.write.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def _rows(
    peers: list[Peer], options: argparse.Namespace, scratch: Path
) -> Iterator[Measured | Missing]:
    """Yield the engine's rows, then every peer's, with the engine timed between any two."""
    before = _time_engine(options.seconds, scratch)
    for size, answer in before.items():
        yield _measured(ENGINE, size, answer, nanoseconds(answer))
    for peer in peers:
        try:
            answers = dict(_answers(peer, options, scratch))
        except NotBuiltError as reason:
            yield Missing(peer.tool, str(reason))
            continue
        after = _time_engine(options.seconds, scratch)
        for size, answer in answers.items():
            engine_ns = min(nanoseconds(before[size]), nanoseconds(after[size]))
            yield _measured(peer, size, answer, engine_ns)
        before = after


def _time_engine(seconds: float, scratch: Path) -> dict[int, Answer]:
    """Return the engine's answer for each number of children."""
    command, arguments = [sys.executable], (seconds / 3,)
    return {
        size: _ask(command, ENGINE.script, _table(size, (), scratch), arguments) for size in SIZES
    }


def _answers(
    peer: Peer, options: argparse.Namespace, scratch: Path
) -> Iterator[tuple[int, Answer]]:
    """Yield a peer's answer for each number of children."""
    if isinstance(peer.needs, str):
        command = python_of(peer.needs, options.environments)
    else:
        command = rscript_with(peer.needs)
    for size in SIZES:
        table = _table(size, peer.leaves_out, scratch)
        yield size, _ask(command, peer.script, table, (options.seconds, *peer.arguments))


def _table(size: int, leaves_out: tuple[str, ...], scratch: Path) -> Path:
    """Return the file of a table, written if it is not there yet."""
    path = scratch / f"{'-'.join((str(size), *leaves_out))}.npz"
    if not path.exists():
        save(path, reduced(common_job(size), leaves_out))
    return path


def _ask(command: list[str], script: str, table: Path, arguments: tuple) -> Answer:
    """Run a script on one thread and return its answer."""
    answer = table.with_name("answer.json")
    answer.unlink(missing_ok=True)
    line = [*command, str(HERE / script), str(table), str(answer), *map(str, arguments)]
    try:
        done = subprocess.run(
            line, env=os.environ | ONE_THREAD, capture_output=True, text=True,
            timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise NotBuiltError(f"took more than {LONGEST_SECONDS} seconds") from late
    if done.returncode or not answer.exists():
        said = (done.stderr.strip() or "no message").splitlines()[-1]
        raise NotBuiltError(f"failed: {said[:120]}")
    return json.loads(answer.read_text(encoding="ascii"))


def _measured(peer: Peer, size: int, answer: Answer, engine_ns: float) -> Measured:
    """Hold an answer against the exact expectation of the table that the tool walked."""
    job = reduced(common_job(size), peer.leaves_out)
    expected, bound = expected_months(job, PARTS_OF_MONTH if peer.continuous else 1)
    z = largest_z(answer["months"], answer["runs"], expected, bound)
    return Measured(peer.tool, size, answer, engine_ns, z)


if __name__ == "__main__":
    main()
