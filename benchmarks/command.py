"""What a user waits for: `python benchmarks/command.py [--quick]`, on Hørsholm, all processors.

Prints tables in Markdown: the run on one and two threads; the whole command, compiling and loading
apart, with peak memory; start-up. Everything is in a process of its own; the
fastest of several counts. Needs Linux or macOS.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from io import StringIO
from typing import Any

from page import table
from process import Finished, answer, python, stepdown

# This process stays small (no numpy): a child's peak memory never counts less than its parent has.

SCENARIO = "hoersholm"
SMALL = 50
HEAVY = ("numpy", "scipy", "numba", "xarray", "pandas")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few draws, to try the script")
    parser.add_argument("--job", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        sys.stdout.write(json.dumps(JOBS[options.job[0]](*options.job[1:])))
        return
    n_draws, repeats = (100, 1) if options.quick else (2000, 3)
    for part in (_threads(n_draws, repeats), _commands(n_draws, repeats), _start_up(repeats)):
        sys.stdout.write(part + "\n")
        sys.stdout.flush()


# ------------------------------------------------- what is measured, each in a process of its own


def _job_threads(draws: str, repeats: str) -> list[dict[str, Any]]:
    """Run the scenario alternately on one and two threads."""
    import stepdown

    stepdown.simulate(SCENARIO, n_draws=200, n_threads=2)
    runs = []
    for n_threads in [1, 2] * int(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        result = stepdown.simulate(SCENARIO, n_draws=int(draws), seed=1, n_threads=n_threads)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        sizes = [f"{result.sizes[name]} {name}s" for name in ("strategy", "replicate", "year")]
        runs.append({
            "threads": n_threads, "wall": wall, "processor": processor, "hash": _hash(result),
            "worlds": ", ".join(sizes).replace("strategys", "strategies"),
        })  # fmt: skip
    return runs


def _hash(result: Any) -> str:
    """Return a hash of every number of the result."""
    import hashlib

    digest = hashlib.sha256()
    for name in sorted(result.data_vars):
        digest.update(name.encode() + result[name].values.tobytes())
    return digest.hexdigest()[:16]


def _job_simulate(draws: str) -> None:
    """Run the scenario once, for its peak memory."""
    import stepdown

    stepdown.simulate(SCENARIO, n_draws=int(draws), seed=1)


def _job_loading() -> tuple[float, float]:
    """Return what the first run of a process takes longer than its second: to load code."""
    import stepdown

    stepdown.load_scenario(SCENARIO)
    times = []
    for _ in range(2):
        wall, processor = time.perf_counter(), time.process_time()
        stepdown.simulate(SCENARIO, n_draws=100, n_threads=1)
        times.append((time.perf_counter() - wall, time.process_time() - processor))
    return times[0][0] - times[1][0], times[0][1] - times[1][1]


def _job_modules(*arguments: str) -> list[str]:
    """Return which heavy modules a command imports."""
    from stepdown.cli import main as command

    sys.argv = ["stepdown", *arguments]
    with redirect_stdout(StringIO()), suppress(SystemExit):
        command()
    return [name for name in HEAVY if name in sys.modules]


JOBS: dict[str, Callable[..., Any]] = {
    "threads": _job_threads,
    "simulate": _job_simulate,
    "loading": _job_loading,
    "modules": _job_modules,
}


# ------------------------------------------------------------------------------------- the tables


def _threads(n_draws: int, repeats: int) -> str:
    runs = answer(__file__, "threads", n_draws, repeats)
    if len({run["hash"] for run in runs}) != 1:
        sys.exit("One and two threads gave different results.")
    one, two = (
        min((run for run in runs if run["threads"] == n), key=lambda run: run["wall"])
        for n in (1, 2)
    )
    rows = [
        (str(run["threads"]), f"{run['wall']:.2f} s", f"{run['processor']:.2f} s",
         f"{one['wall'] / run['wall']:.2f}", f"`{run['hash']}`")
        for run in (one, two)
    ]  # fmt: skip
    title = f'`stepdown.simulate("{SCENARIO}")`: {n_draws:,} draws, {one["worlds"]}, warm'
    heading = ("Threads", "Wall time", "CPU time", "Speed-up", "Hash of every number")
    return table(title, heading, rows)


def _commands(n_draws: int, repeats: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        command = ("run", SCENARIO, "--out", f"{folder}/out", "--draws")
        rows = [
            _spent(f"`run {SCENARIO}`, {draws:,} draws, warm", *(
                stepdown(*command, draws) for _ in range(repeats)
            ))
            for draws in (n_draws, SMALL)
        ]  # fmt: skip
        cold = stepdown(*command, SMALL, cache=f"{folder}/command")
        rows.append(_spent(f"`run {SCENARIO}`, {SMALL} draws, first after installation", cold))
        rows.append(
            _spent("`warm`, with nothing compiled", stepdown("warm", cache=f"{folder}/warm"))
        )
    loading = min(answer(__file__, "loading") for _ in range(repeats))
    simulated = python(__file__, "--job", "simulate", n_draws)
    rows += [
        ("Loading the compiled code, every run", *map(_seconds, loading), ""),
        _spent(f"`stepdown.simulate` in Python, {n_draws:,} draws, warm", simulated),
    ]
    heading = ("What", "Wall time", "CPU time", "Peak memory")
    note = "The first four are commands of `stepdown`; all processors."
    return table("Compiling, warm runs and peak memory", heading, rows, note)


def _spent(what: str, *runs: Finished) -> tuple[str, ...]:
    fastest = min(runs, key=lambda run: run.seconds)
    peak = max(run.peak_mib for run in runs)
    return what, _seconds(fastest.seconds), _seconds(fastest.processor), f"{peak:,.0f} MiB"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s"


def _start_up(repeats: int) -> str:
    rows = []
    for command in (("--help",), ("check", SCENARIO)):
        fastest = min(stepdown(*command).seconds for _ in range(1 + repeats))
        heavy = answer(__file__, "modules", *command)
        named = " ".join(command)
        rows.append((f"`stepdown {named}`", f"{fastest:.2f} s", ", ".join(heavy) or "none"))
    heading = ("Command", "Wall time", f"Of {', '.join(HEAVY)} it imports")
    return table("Start-up", heading, rows)


if __name__ == "__main__":
    main()
