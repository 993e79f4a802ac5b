"""Measure Stepdown on this machine: `python benchmarks/measure.py [--write PAGE]`.

Prints tables in Markdown; `--write` puts them between the marks of a page. Compiling, a warm run
and peak memory are three numbers, taken in processes of their own. What is repeated is repeated
alternately, and the fastest repeat counts: a shared machine only ever adds time. Needs Linux or
macOS (peak memory of a process), and takes some four minutes.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

# This process stays small (no numpy): a child's peak memory never counts less than its parent has.

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = "hoersholm"
HEAVY = ("numpy", "scipy", "numba", "xarray", "pandas")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PHASES = {
    "parameters": "Parameters drawn",
    "tables": "Tables: hazards, thresholds, rows",
    "inflow": "Derived inflow and children at the start",
    "walk": "Walk",
    "money": "Money and labels",
    "join": "Joining the chunks",
}


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    seconds: float
    processor: float
    """Processor time [s], of all threads; other work on the machine adds little to it."""
    peak_mib: float
    said: str


def main() -> None:
    """Measure, print, and write the page if asked."""
    options = _options()
    if options.job:
        sys.stdout.write(json.dumps(JOBS[options.job[0]](*options.job[1:])))
        return
    if options.write and _is_dirty(options.write) and not options.dirty_ok:
        sys.exit("Changes are not committed, so no commit names what is measured; see --dirty-ok.")
    machine = _machine(options)
    tables = [*_reference_job(options), *_commands(options), *_start_up(), *machine]
    text = "\n".join(tables)
    sys.stdout.write(text)
    if options.write:
        _write(options.write, text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument("--dirty-ok", action="store_true", help="write whatever is not committed")
    parser.add_argument("--draws", type=int, default=2000, help="draws of the reference job")
    parser.add_argument("--repeats", type=int, default=3, help="repeats; the fastest one counts")
    parser.add_argument("--job", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser.parse_args()


# ------------------------------------------------- what is measured, each in a process of its own


def _job_phases(draws: str, repeats: str) -> list[dict[str, Any]]:
    """Run the reference job alternately on one and two threads; time its phases as it runs."""
    import stepdown
    from stepdown import runs, simulation, tables, walks

    seconds: dict[str, float] = {}
    lock = threading.Lock()
    for module, function, phase in (
        (runs, "draw_parameters", "parameters"),
        (walks, "build_chunk", "tables"),
        (tables, "derive_inflow", "inflow"),
        (walks, "simulate_runs", "walk"),
        (runs, "chunk_dataset", "money"),
        (simulation, "finish", "join"),
    ):
        setattr(module, function, _timed(getattr(module, function), phase, seconds, lock))
    stepdown.simulate(SCENARIO, n_draws=200, n_threads=2)
    runs = []
    for n_threads in [1, 2] * int(repeats):
        seconds.clear()
        wall, processor = time.perf_counter(), time.process_time()
        result = stepdown.simulate(SCENARIO, n_draws=int(draws), seed=1, n_threads=n_threads)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        phases = {**seconds, "tables": seconds["tables"] - seconds["inflow"]}
        runs.append({"threads": n_threads, "wall": wall, "processor": processor, "phases": phases})
        runs[-1] |= _lived(result)
    return runs


def _timed(
    function: Callable[..., Any], phase: str, seconds: dict[str, float], lock: threading.Lock
) -> Callable[..., Any]:
    """Return a function that adds the processor time of its own thread to `seconds`."""

    def call(*arguments: Any, **named: Any) -> Any:
        start = time.thread_time()
        try:
            return function(*arguments, **named)
        finally:
            spent = time.thread_time() - start
            with lock:
                seconds[phase] = seconds.get(phase, 0.0) + spent

    return call


def _lived(result: Any) -> dict[str, Any]:
    """Return how much was simulated, and a hash of every number of the result."""
    import hashlib

    digest = hashlib.sha256()
    for name in sorted(result.data_vars):
        digest.update(name.encode() + result[name].values.tobytes())
    lived = result.months_in_step.where(result.step_kind != "exit", 0)
    return {
        "child_months": int(lived.sum()),
        "moves": int(result.moves.sum()),
        "worlds": f"{result.sizes['strategy']} strategies x {result.sizes['replicate']} replicates "
        f"x {result.sizes['year']} years",
        "hash": digest.hexdigest()[:16],
    }


def _job_simulate(draws: str) -> None:
    """Run the reference job once, for its peak memory."""
    import stepdown

    stepdown.simulate(SCENARIO, n_draws=int(draws), seed=1)


def _job_first() -> tuple[float, float]:
    """Return what the first run of a process takes longer than its second: compiling, loading."""
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
    "phases": _job_phases,
    "simulate": _job_simulate,
    "first": _job_first,
    "modules": _job_modules,
}


def _run(arguments: list[str], cache: str | None = None) -> Finished:
    """Run Python with arguments to its end; `cache` is an empty folder for compiled code."""
    environment = dict(os.environ)
    if cache is not None:
        for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR"):
            environment.pop(name, None)
        environment["XDG_CACHE_HOME"] = cache
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], stdout=out, stderr=err, env=environment
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(arguments)} failed:\n{err.read()}")
        unit = 1 if sys.platform == "darwin" else 1024
        processor = used.ru_utime + used.ru_stime
        return Finished(seconds, processor, used.ru_maxrss * unit / 2**20, out.read())


def _job(name: str, *arguments: object, cache: str | None = None) -> tuple[Any, Finished]:
    words = [str(Path(__file__)), "--job", name, *(str(argument) for argument in arguments)]
    ended = _run(words, cache)
    return json.loads(ended.said), ended


def _stepdown(*arguments: str, cache: str | None = None) -> Finished:
    return _run(["-m", "stepdown", *arguments], cache)


# ------------------------------------------------------------------------------------- the tables


def _reference_job(options: argparse.Namespace) -> list[str]:
    runs, _ = _job("phases", options.draws, options.repeats)
    if len({run["hash"] for run in runs}) != 1:
        sys.exit("One and two threads gave different results.")
    one, two = (
        min((run for run in runs if run["threads"] == n), key=lambda run: run["wall"])
        for n in (1, 2)
    )
    months = one["child_months"]
    walk = [
        months / min(run["phases"]["walk"] for run in runs if run["threads"] == n) for n in (1, 2)
    ]
    moves = one["moves"] / (months / 12)
    speed_up = one["wall"] / two["wall"]
    rows = [
        ("Child-months lived, all strategies", f"{months / 1e6:,.0f} million"),
        ("Moves per child and year lived", f"{moves:.2f}"),
        ("Wall time, 1 thread", f"{one['wall']:.2f} s"),
        ("Wall time, 2 threads", f"{two['wall']:.2f} s, {speed_up:.2f} times as fast"),
        ("Processor time / wall time, 2 threads", f"{two['processor'] / two['wall']:.2f}"),
        ("Same bits on 1 and 2 threads", f"yes, `{one['hash']}`"),
        ("Walk, 1 thread", f"{walk[0] / 1e6:,.0f} million child-months a second"),
        ("Walk, 2 threads", f"{walk[1] / 1e6:,.0f} million child-months a second and core"),
    ]
    title = f"The reference job: {options.draws:,} draws x {one['worlds']}, warm"
    return [*_table(title, ("What", "Measured"), rows), *_phases(options, runs)]


def _phases(options: argparse.Namespace, runs: list[dict[str, Any]]) -> list[str]:
    """Say where the processor time of one thread goes."""
    single = [run["phases"] for run in runs if run["threads"] == 1]
    least = {phase: min(run[phase] for run in single) for phase in PHASES}
    total = sum(least.values())
    rows = [
        (name, f"{least[phase] / options.draws * 1e3:.3f}", f"{least[phase] / total:.0%}")
        for phase, name in PHASES.items()
    ]
    return _table("Its phases, on one core", ("Phase", "ms a draw", "Share"), rows)


def _commands(options: argparse.Namespace) -> list[str]:
    draws = str(options.draws)
    with tempfile.TemporaryDirectory() as folder:
        command = ("run", SCENARIO, "--draws", draws, "--out", f"{folder}/out")
        warm = [_stepdown(*command) for _ in range(options.repeats)]
        cold = _stepdown(*command, cache=f"{folder}/command")
        compiling, _ = _job("first", cache=f"{folder}/first")
    loading = min(_job("first")[0] for _ in range(options.repeats))
    _, simulated = _job("simulate", draws)
    fastest = min(warm, key=lambda ended: ended.seconds)
    peak = max(ended.peak_mib for ended in warm)
    rows = [
        ("Whole command, warm", f"{fastest.seconds:.1f} s", f"{fastest.processor:.1f} s"),
        ("First run after installation", f"{cold.seconds:.1f} s", f"{cold.processor:.1f} s"),
        ("Compiling the kernel, alone", *(f"{spent:.1f} s" for spent in compiling)),
        ("Loading the compiled kernel, every run", *(f"{spent:.1f} s" for spent in loading)),
    ]
    title = f"`stepdown run {SCENARIO} --draws {draws} --out out`, all processors"
    memory = [
        ("The command, warm", f"{peak:,.0f} MiB"),
        ("The command, first run", f"{cold.peak_mib:,.0f} MiB"),
        ("`stepdown.simulate` alone, warm", f"{simulated.peak_mib:,.0f} MiB"),
    ]
    return [
        *_table(title, ("What", "Wall time", "Processor time"), rows),
        *_table("Peak memory", ("What", "Measured"), memory),
    ]


def _start_up() -> list[str]:
    rows = []
    for command in (("--help",), ("check", SCENARIO)):
        fastest = min(_stepdown(*command).seconds for _ in range(5))
        heavy, _ = _job("modules", *command)
        named = " ".join(command)
        rows.append((f"`stepdown {named}`", f"{fastest:.2f} s", ", ".join(heavy) or "none"))
    heading = ("Command", "Fastest of 5", f"Of {', '.join(HEAVY)} it imports")
    return _table("Start-up", heading, rows)


def _machine(options: argparse.Namespace) -> list[str]:
    versions = [f"{name} {version(name)}" for name in ("numpy", "numba", "scipy", "xarray")]
    commit = _git("rev-parse", "--short=12", "HEAD").strip()
    if _is_dirty(options.write):
        commit += ", with changes that are not committed"
    rows = [
        ("Processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("System", f"{platform.system()}, {platform.machine()}"),
        ("Python", platform.python_version()),
        ("Packages", ", ".join(versions)),
        ("Other work when this began", f"{os.getloadavg()[0]:.1f} cores busy"),
        ("Date", date.today().isoformat()),
        ("Commit", commit),
    ]
    return _table("Measured on", ("What", "Here"), rows)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _table(title: str, heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [f"### {title}", "", _row(heading), _row(("---",) * len(heading))]
    return [*lines, *(_row(row) for row in rows), ""]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


# --------------------------------------------------------------------------------------- the page


def _write(page: Path, text: str) -> None:
    """Put the tables between the marks of the page, which must be there."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{page} lacks the line {BEGIN} or the line {END}; the tables go between them.")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def _is_dirty(page: Path | None) -> bool:
    """Tell whether anything but the page itself is not committed."""
    apart = []
    if page and page.resolve().is_relative_to(ROOT):
        apart.append(f":(exclude){page.resolve().relative_to(ROOT)}")
    return bool(_git("status", "--porcelain", "--", ".", *apart).strip())


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main()
