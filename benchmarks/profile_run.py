"""Where the seconds of `stepdown run` go: one table in Markdown, in seconds of processor time.

    python benchmarks/profile_run.py hoersholm --draws 2000

Runs the whole command in this process, files and figure included, with one thread, so that the
seconds add up; run it twice and believe the second, since the first may compile. A stage's seconds
are its own: what it calls of another stage is that stage's.
"""

import argparse
import builtins
import contextlib
import importlib
import io
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

STAGES = {
    "reading the scenario": ("report.run.load_scenario", "simulation.make_plan"),
    "loading compiled code": ("numba.core.dispatcher.Dispatcher._compile_for_args",),
    "parameters": ("runs.draw_parameters",),
    "inflow and start": ("tables.derive_inflow",),
    "tables of the draws": ("walks.build_chunk",),
    "the walk": ("walks.simulate_runs",),
    "money and labels": ("runs.chunk_dataset", "runs.lines_dataset"),
    "joining the chunks": ("simulation.finish",),
    "summaries": ("report.run.summarise", "report.run._document"),
    "tables on screen": (
        "report.run.print_summaries",
        "report.run._baseline_cost",
        "report.run.accounts_table",
        "report.run._warn",
    ),
    "result.nc": ("report.run.save_result",),
    "budget.csv and children.csv": ("report.run.budget_csv", "report.run.children_csv"),
    "savings.png": ("report.run._write_figure",),
}
IMPORTS, REST = "imports", "everything else"


class Stopwatch:
    """Seconds of processor time by stage; a stage inside another stops the other's clock."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._running = threading.local()

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            self.switch(stage, 1)
            try:
                return function(*arguments, **named)
            finally:
                self.switch(stage, -1)

        return timed

    def switch(self, stage: str, by: int) -> None:
        """Enter (1) or leave (-1) a stage."""
        now = time.thread_time()
        stack = self._running.__dict__.setdefault("stack", [])
        if stack:
            self.seconds[stack[-1]] += now - self._running.since
        if by > 0:
            stack.append(stage)
        else:
            stack.pop()
        self._running.since = now


def main() -> None:
    """Profile one run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scenario", nargs="?", default="hoersholm")
    parser.add_argument("--draws", type=int, default=2000)
    asked = parser.parse_args()
    watch = Stopwatch()
    started = time.process_time()
    builtins.__import__ = watch.timed(IMPORTS, builtins.__import__)
    run = importlib.import_module("stepdown.report.run")
    _put_in(watch)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        request = run.RunRequest(
            asked.scenario, asked.draws, 2, 1, 1, Path(folder) / "out", "da", "tables",
            break_even=False, precision=None, max_draws=asked.draws, design="independent",
            purpose="distribution", n_children=None,
        )  # fmt: skip
        run.run_and_report(request)
        sizes = {path.name: path.stat().st_size for path in (Path(folder) / "out").iterdir()}
    print(table(watch.seconds, time.process_time() - started))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{asked.scenario}, {asked.draws:,} draws, 2 replicates, one thread; peak memory "
          f"{peak:.0f} MiB; result.nc {sizes['result.nc'] / 2**20:.1f} MiB.")  # fmt: skip


def table(seconds: Counter[str], total: float) -> str:
    """Return the stages in order of seconds, with their shares of the whole."""
    rows = sorted(seconds.items(), key=lambda row: -row[1])
    rows += [(REST, total - sum(seconds.values())), ("in all", total)]
    lines = ["| Stage | CPU s | share |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {spent:.2f} | {spent / total:.0%} |" for name, spent in rows]
    return "\n".join(lines)


def _put_in(watch: Stopwatch) -> None:
    """Put the stopwatch around every stage; a stage that this version lacks is left out."""
    for stage, places in STAGES.items():
        for place in places:
            module_name, *names = _split(place)
            owner = importlib.import_module(module_name)
            for name in names[:-1]:
                owner = getattr(owner, name)
            if not hasattr(owner, names[-1]):
                sys.exit(f"benchmarks/profile_run.py: {place} is gone; mend STAGES")
            setattr(owner, names[-1], watch.timed(stage, getattr(owner, names[-1])))


def _split(place: str) -> list[str]:
    """Return the module of a place, then the names inside it."""
    full = place if place.startswith("numba") else f"stepdown.{place}"
    parts = full.split(".")
    is_class = parts[-2][0].isupper()
    cut = -2 if is_class else -1
    return [".".join(parts[:cut]), *parts[cut:]]


if __name__ == "__main__":
    main()
