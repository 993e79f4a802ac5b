"""The speed of the engine on the reference job: `python benchmarks/engine.py [--quick]`.

Prints tables in Markdown: three rates, every feature on and off, the generator alone, one and two
threads. What is compared is measured alternately in this process, in processor time, and the
fastest repeat counts: other work on the machine only ever adds time.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import reference
from floor import FLOORS, N_CALLS
from page import table
from reference import N_CHILDREN, N_MONTHS, RATES, Counts, Features

from stepdown.runs import CHUNK

__all__ = ["FEATURES", "Lived", "fastest", "lived", "walk_draws"]

SEED = 1
FULL, PLACES = "full: 4 strategies, frailty, money", "month order: a limit on places"
FEATURES = {
    "plain: 2 strategies": Features(),
    "4 strategies": Features(n_strategies=4),
    "frailty": Features(frailty=True),
    "money: price spread, refunds": Features(money=True),
    FULL: Features(n_strategies=4, frailty=True, money=True),
    PLACES: Features(places=True),
    "full, in month order": Features(n_strategies=4, frailty=True, money=True, places=True),
}
PLAIN = next(iter(FEATURES))
OTHER_CHUNK = 37
AIM, AIM_FULL, AIM_PLACES, AIM_THREADS = 700e6, 250e6, 100e6, 1.9


class Lived(NamedTuple):
    """What happened in a walk, summed over draws and strategies."""

    child_months: int
    """Months lived on a step, by a child under a strategy; months after the exit do not count."""
    moves: int

    @property
    def moves_a_year(self) -> float:
        """Moves per child and year lived."""
        return self.moves / (self.child_months / 12)


class Speed(NamedTuple):
    """Least processor seconds of a chunk of the reference job, and what was lived in it."""

    tables: float
    walk: float
    n_draws: int
    lived: Lived

    @property
    def ns_a_child(self) -> float:
        """The walk alone, of a child under all strategies."""
        return self.walk / (self.n_draws * N_CHILDREN) * 1e9

    @property
    def per_second(self) -> float:
        """Child-months a second and core, tables included."""
        return self.lived.child_months / (self.tables + self.walk)


class Threaded(NamedTuple):
    """A whole job: its times, what was lived, and a hash of every count."""

    wall: float
    processor: float
    lived: Lived
    digest: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few draws, to try the script")
    quick = parser.parse_args().quick
    jobs = {(rates, PLAIN): Features() for rates in RATES}
    jobs |= {("mid", name): features for name, features in FEATURES.items()}
    floor, speeds = measure(jobs, n_draws=5 if quick else 50, repeats=2 if quick else 7)
    n_draws = 200 if quick else 5000
    threads = {rates: _on_threads(rates, n_draws, 1 if quick else 3) for rates in RATES}
    sys.stdout.write("\n".join((
        _aims(speeds, threads["mid"]), _rates(floor, speeds), _threads(n_draws, threads),
        _features(floor, speeds), _floor(floor),
    )))  # fmt: skip


def fastest(jobs: Mapping[Any, Callable[[], Any]], repeats: int) -> dict[Any, float]:
    """Return the least processor seconds of each job, all of them repeated in turn."""
    least = dict.fromkeys(jobs, float("inf"))
    for _ in range(repeats):
        for name, job in jobs.items():
            start = time.thread_time()
            job()
            least[name] = min(least[name], time.thread_time() - start)
    return least


def lived(counts: Counts) -> Lived:
    """Return what happened in a walk of the reference job."""
    steps = counts.months[..., : reference.EXIT]
    return Lived(int(steps.sum(dtype=np.int64)), int(counts.moves.sum(dtype=np.int64)))


def measure(
    jobs: Mapping[tuple[str, str], Features], n_draws: int, repeats: int
) -> tuple[dict[str, float], dict[tuple[str, str], Speed]]:
    """Return the floors [ns a call] and the speed of each (rates, name of the features)."""
    calls: dict[Any, Callable[[], Any]] = dict(FLOORS)
    found = {}
    for (rates, name), features in jobs.items():
        prepare = partial(reference.prepare, rates, 0, n_draws, features)
        job = prepare()
        calls["tables", rates, name] = prepare
        calls["walk", rates, name] = partial(reference.run, job, SEED, 0)
        found[rates, name] = lived(reference.run(job, SEED, 0))
    for floor in FLOORS.values():
        floor()  # compiles
    least = fastest(calls, repeats)
    return {name: least[name] / N_CALLS * 1e9 for name in FLOORS}, {
        job: Speed(least["tables", *job], least["walk", *job], n_draws, found[job]) for job in jobs
    }


def walk_draws(
    rates: str,
    n_draws: int,
    keep: Callable[[Counts], Any],
    features: Features | None = None,
    n_threads: int = 1,
    chunk: int = CHUNK,
) -> list[Any]:
    """Walk draws chunk by chunk on threads, tables included, and return what is kept of each."""

    def one(first: int) -> Any:
        job = reference.prepare(rates, first, min(chunk, n_draws - first), features)
        return keep(reference.run(job, SEED, first))

    with ThreadPoolExecutor(n_threads) as pool:
        return list(pool.map(one, range(0, n_draws, chunk)))


def _on_threads(rates: str, n_draws: int, repeats: int) -> dict[int, Threaded]:
    """Return the fastest run on one thread and on two; all must have given the same bits."""
    runs = [
        (threads, _whole(rates, n_draws, threads, CHUNK)) for threads in (1, 2) * repeats
    ]  # fmt: skip
    runs.append((2, _whole(rates, n_draws, 2, OTHER_CHUNK)))
    if len({run.digest for _, run in runs}) != 1:
        sys.exit(f"The reference job at {rates} rates gave different results.")
    return {
        n: min((run for threads, run in runs if threads == n), key=lambda run: run.wall)
        for n in (1, 2)
    }


def _whole(rates: str, n_draws: int, n_threads: int, chunk: int) -> Threaded:
    wall, processor = time.perf_counter(), time.process_time()
    parts = walk_draws(rates, n_draws, lambda counts: counts, None, n_threads, chunk)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    counts = Counts(*(np.concatenate(part, axis=1) for part in zip(*parts, strict=True)))
    digest = hashlib.sha256(b"".join(part.tobytes() for part in counts)).hexdigest()
    return Threaded(wall, processor, lived(counts), digest[:16])


# ------------------------------------------------------------------------------------- the tables


def _millions(per_second: float) -> str:
    return f"{per_second / 1e6:,.0f} million"


def _aims(speeds: Mapping[tuple[str, str], Speed], threads: Mapping[int, Threaded]) -> str:
    """Set what was measured beside what the engine is held to."""
    speed_up = threads[1].wall / threads[2].wall
    rows = [
        (f"{title}, child-months a second and core", _millions(speeds["mid", name].per_second),
         f"at least {_millions(aim)}")
        for title, name, aim in (("Plain", PLAIN, AIM), ("Full model", FULL, AIM_FULL),
                                 ("Month order", PLACES, AIM_PLACES))
    ]  # fmt: skip
    rows += [
        ("Two threads over one, wall time", f"{speed_up:.2f}", f"at least {AIM_THREADS}"),
        (
            "Same bits on 1 and 2 threads and in two sizes of chunk",
            f"yes, `{threads[1].digest}`",
            "yes",
        ),
    ]
    title = "The reference job at mid rates, tables included, beside its aims"
    return table(title, ("What", "Measured", "Aim"), rows)


def _rates(floor: Mapping[str, float], speeds: Mapping[tuple[str, str], Speed]) -> str:
    rows = [(rates, *_cells(floor, speeds[rates, PLAIN])) for rates in RATES]
    size = f"{N_CHILDREN:,} children, {N_MONTHS // 12} years, 2 strategies, one thread"
    return table(f"By rates of moving: {size}", ("Rates", *_HEADING), rows)


def _features(floor: Mapping[str, float], speeds: Mapping[tuple[str, str], Speed]) -> str:
    rows = [(name, *_cells(floor, speeds["mid", name])) for name in FEATURES]
    note = "Child-months are summed over strategies, so more strategies count more of them."
    return table("Features on and off, mid rates", ("Features", *_HEADING), rows, note)


_HEADING = (
    "Moves per child and year",
    "Tables, ms a draw",
    "Walk, ms a draw",
    "Walk, ns a child",
    "Child-months a second and core",
    "Walk of a child, in calls of the generator",
)


def _cells(floor: Mapping[str, float], speed: Speed) -> tuple[str, ...]:
    return (
        f"{speed.lived.moves_a_year:.2f}",
        f"{speed.tables / speed.n_draws * 1e3:.3f}",
        f"{speed.walk / speed.n_draws * 1e3:.3f}",
        f"{speed.ns_a_child:,.0f}",
        _millions(speed.per_second),
        f"{speed.ns_a_child / floor['chain']:.1f}",
    )


def _threads(n_draws: int, threads: Mapping[str, Mapping[int, Threaded]]) -> str:
    rows = []
    for rates, runs in threads.items():
        one, two = runs[1], runs[2]
        per_core = [run.lived.child_months / run.processor for run in (one, two)]
        rows.append((
            rates, _millions(one.lived.child_months), f"{one.wall:.2f}", f"{two.wall:.2f}",
            f"{one.wall / two.wall:.2f}", *map(_millions, per_core), f"`{one.digest}`",
        ))  # fmt: skip
    heading = (
        "Rates", "Child-months", "1 thread, s", "2 threads, s", "Ratio",
        "A second and core, 1 thread", "2 threads", "Hash of all counts",
    )  # fmt: skip
    title = f"One and two threads: {n_draws:,} draws, tables included, wall time"
    note = f"The hash is the same for both, and for chunks of {CHUNK} and of {OTHER_CHUNK} draws."
    return table(title, heading, rows, note)


def _floor(floor: Mapping[str, float]) -> str:
    rows = [(name, f"{ns:.1f}", _millions(1e9 / ns)) for name, ns in floor.items()]
    title = "The floor: the generator alone, Philox and an exponential"
    return table(title, ("How", "ns a call", "Calls a second"), rows)


if __name__ == "__main__":
    main()
