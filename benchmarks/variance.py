"""Measure what each device against chance is worth: `python benchmarks/variance.py [--write PAGE]`.

Prints tables in Markdown; `--write` puts them between the marks of a page. Three devices: common
random numbers, regression on a run's own draws, and few children per draw. Variance ratios come
with 95 % intervals; times are processor time of one thread, old and new alternately, the fastest of
several. Takes some minutes.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import reference
import xarray as xr

import stepdown
from stepdown import analysis
from stepdown.analysis.distribution import mean_by_draw
from stepdown.chunks import chunk_dataset
from stepdown.parameters import draw_parameters
from stepdown.plan import make_plan
from stepdown.results import finish
from stepdown.sampling import walk_part
from stepdown.scenario import LoadedScenario, load_scenario
from stepdown.scenario.shipped import scenario_names
from stepdown.settings import RunSettings
from stepdown.tables import build_chunk

BEGIN, END = "<!-- variance: begin -->", "<!-- variance: end -->"
SEED = 1
CHUNK = 100
CHILDREN = (25, 50, 100, 200, 400, 800, 1600)
ALL = 10**7  # more children than any scenario has
NESTED, PAIRED = 20, 2  # replicates: of the reference job, of the shipped scenarios
MOST_STRATEGIES = 4  # of a scenario, in a table
REPEATS = 3
RATE_OF_DISCOUNT = 0.035
ALLOCATED = (("hoersholm", 1), ("hoersholm", 20), ("faxe", 1))
"""Scenarios, and how many times as many children to give them."""

Row = tuple[str, ...]


class Trial(NamedTuple):
    """A way to run one draw: seconds of a draw, and the figures of the draws it gave."""

    seconds: float
    figures: xr.DataArray
    """(draw) [DKK]."""
    controls: xr.DataArray
    """(parameter, draw), with expectation 0."""


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument("--scale", type=float, default=1.0, help="times the draws of every table")
    options = parser.parse_args()
    parts = []
    for table in chain(_common_numbers_and_regression(options.scale), _few(options.scale)):
        parts.append(table)
        sys.stdout.write(f"{table}\n\n")
        sys.stdout.flush()
    text = "\n\n".join(parts) + "\n"
    if options.write:
        _write(options.write, text)


# ------------------------------------------------------- common random numbers, and regression


def _common_numbers_and_regression(scale: float) -> Iterator[str]:
    """Return two tables of variance ratios: of shared lives, and of regression on the draws."""
    shared, regressed = [], []
    for rates in reference.RATES:
        name, n_draws = f"Reference job, {rates} rates", _count(100, scale)
        values = _reference_costs(rates, n_draws, NESTED)
        found = analysis.variance_ratio_of_lives(values[0], values[1])
        shared.append(_ratio_row((name, "", f"{n_draws} x {NESTED}"), found))
        regressed.append(_regressed_row((name, ""), _reference_trial(rates, _count(1000, scale))))
    for name in scenario_names():
        loaded = load_scenario(name)
        if not loaded.scenario.has_staircase:
            continue
        result = stepdown.simulate(loaded, _count(400, scale), SEED, n_replicates=PAIRED)
        ratio, values = analysis.shared_lives_ratio(result), analysis.present_value(result)
        controls = analysis.centred_parameters(loaded, result)
        for strategy in values.strategy.values[:MOST_STRATEGIES]:
            job = (f"`{name}`", f"`{strategy}`")
            runs = f"{result.sizes['draw']} x {PAIRED}"
            shared.append(_ratio_row((*job, runs), ratio.sel(strategy=strategy)))
            own = Trial(0.0, values.sel(strategy=strategy), controls)
            regressed.append(_regressed_row(job, own))
    heading = ("Job", "Strategy", "Draws x replicates", "Variance ratio", "95 % interval")
    yield _table("Common random numbers", heading, shared, 3)
    heading = ("Job", "Strategy", "Draws", "Uncertain numbers", "Variance ratio", "95 % interval")
    yield _table("Regression on the run's own draws", heading, regressed, 2)


def _ratio_row(job: Row, found: xr.Dataset) -> Row:
    interval = f"{_figure(found.low)} to {_figure(found.high)}"
    return (*job, _figure(found.value), interval)


def _regressed_row(job: Row, trial: Trial) -> Row:
    found = analysis.regressed_mean(trial.figures, trial.controls)
    sizes = trial.figures.sizes["draw"], trial.controls.sizes["parameter"]
    renamed = found.drop_vars("value").rename(variance_ratio="value")
    return _ratio_row((*job, *map(str, sizes)), renamed)


def _reference_costs(
    rates: str, n_draws: int, n_replicates: int, features: reference.Features | None = None
) -> xr.DataArray:
    """Return the discounted cost of 20 years, (strategy, draw, replicate) [DKK]."""
    parts = []
    for first in range(0, n_draws, CHUNK):
        job = reference.prepare(rates, first, min(CHUNK, n_draws - first), features)
        parts.append(_priced(job, reference.run(job, SEED, first, n_replicates)))
    return xr.DataArray(np.concatenate(parts, axis=1), dims=("strategy", "draw", "replicate"))


def _priced(job: reference.Job, counts: reference.Counts) -> np.ndarray:
    """Price the months on steps and discount them, (strategy, draw, replicate) [DKK]."""
    factor = (1 + RATE_OF_DISCOUNT) ** -np.arange(counts.months.shape[3])
    return np.einsum("qnrys,ns,y->qnr", counts.months, job.parameters.price, factor, optimize=True)


def _reference_trial(rates: str, n_draws: int, features: reference.Features | None = None) -> Trial:
    """Run the reference job once; its parameters are lognormal, so their logs are the controls."""
    before = time.process_time()
    costs = _reference_costs(rates, n_draws, 1, features)
    seconds = (time.process_time() - before) / n_draws
    walked = reference.N_CHILDREN if features is None else features.n_children
    saving = (costs.isel(strategy=0) - costs.isel(strategy=1)) * (reference.N_CHILDREN / walked)
    logs = _reference_logs(rates, n_draws)
    return Trial(
        seconds, saving.mean("replicate"), xr.DataArray(logs.T, dims=("parameter", "draw"))
    )


def _reference_logs(rates: str, n_draws: int) -> np.ndarray:
    """Return the standard normal scores of the parameters that vary, (draw, parameter)."""
    parameters = reference.draw_parameters(rates, 0, n_draws)
    scores = reference.scores(0, n_draws, sum(part.shape[1] for part in parameters))
    varies = np.concatenate([part.std(axis=0) > 0 for part in parameters])
    return scores[:, varies]


# --------------------------------------------------------------------------- few children per draw


def _few(scale: float) -> Iterator[str]:
    """Return a table of variance x time for each job: how many children to walk in a draw."""
    for rates in reference.RATES:
        n_draws, sizes = _count(400, scale), (*CHILDREN, reference.N_CHILDREN)
        trials: dict[int, Trial] = {}
        for _ in range(REPEATS):
            for size in sizes:
                one = _reference_trial(rates, n_draws, reference.Features(n_children=size))
                known = trials.get(size, one).seconds
                trials[size] = one._replace(seconds=min(one.seconds, known))
        yield _allocation(f"reference job, {rates} rates", trials, reference.N_CHILDREN)
    for name, size in ALLOCATED:
        title = f"`{name}`" if size == 1 else f"`{name}`, {size} times as large"
        yield _allocation(title, _scenario_trials(_larger(load_scenario(name), size), scale), ALL)


def _larger(loaded: LoadedScenario, times: int) -> LoadedScenario:
    """Return a municipality with as many times the children; its investment is as it was."""
    stock = loaded.scenario.stock
    children = {step: number * times for step, number in stock.children.items()}
    beyond = {step: number * times for step, number in stock.beyond_reach.items()}
    larger = stock.model_copy(update={"children": children, "beyond_reach": beyond})
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"given_stock": larger}))


def _scenario_trials(loaded: LoadedScenario, scale: float) -> dict[int, Trial]:
    """Run a scenario with every number of children; its tables are the same and built once."""
    plan = make_plan(loaded.scenario)
    n_draws = _count(400, scale)
    asked = RunSettings(n_draws, 1, SEED, purpose="expectation")
    parts: dict[int, list[xr.Dataset]] = {size: [] for size in (*CHILDREN, ALL)}
    seconds: dict[int, list[float]] = {size: [] for size in (*CHILDREN, ALL)}
    building = []
    for first in range(0, n_draws, CHUNK):
        draws = draw_parameters(plan.scenario, SEED, first, min(CHUNK, n_draws - first))
        before = time.process_time()
        chunk = build_chunk(plan, draws)
        building.append((time.process_time() - before) / draws.count)
        for size, found in parts.items():
            before = time.process_time()
            counts = walk_part(plan, draws, chunk, replace(asked, n_children=size))
            found.append(chunk_dataset(plan, draws, chunk, counts))
            seconds[size].append((time.process_time() - before) / draws.count)
    trials = {}
    for size, found in parts.items():
        result = finish(plan, loaded, found, 0, replace(asked, n_children=size))
        value = analysis.present_value(result).isel(strategy=0, drop=True)
        trials[size] = Trial(
            min(building) + min(seconds[size]),
            mean_by_draw(value),
            analysis.centred_parameters(loaded, result),
        )
    return trials


def _allocation(title: str, trials: dict[int, Trial], whole: int) -> str:
    """Return a table of every number of children, with variance x time over that of all of them."""
    work = {size: _work(trial) for size, trial in trials.items()}
    rows = [
        (
            "all" if size == whole else str(size),
            f"{trial.seconds * 1e3:.2f}",
            f"{float(trial.figures.std('draw', ddof=1)) / 1e6:.2f}",
            *(f"{own / of_all:.2f}" for own, of_all in zip(work[size], work[whole], strict=True)),
        )
        for size, trial in trials.items()
    ]
    heading = (
        "Children expected in a draw",
        "ms a draw",
        "sd of a draw, DKK million",
        "Variance x time",
        "with regression",
    )
    return _table(f"Few children per draw: {title}", heading, rows, 1)


def _work(trial: Trial) -> tuple[float, float]:
    """Return variance x time of a draw, without and with regression."""
    plain = float(analysis.mean(trial.figures).error) ** 2
    adjusted = float(analysis.regressed_mean(trial.figures, trial.controls).error) ** 2
    return plain * trial.seconds, adjusted * trial.seconds


# --------------------------------------------------------------------------------------- tables


def _figure(value: xr.DataArray) -> str:
    return f"{float(value):.1f}"


def _count(draws: int, scale: float) -> int:
    return max(round(draws * scale), 10)


def _table(title: str, heading: Row, rows: list[Row], first_number: int) -> str:
    marks = ("---",) * first_number + ("---:",) * (len(heading) - first_number)
    lines = [heading, marks, *rows]
    return f"### {title}\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _write(page: Path, text: str) -> None:
    """Put the text between the marks of a page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{page} lacks the line {BEGIN} or the line {END}; the tables go between them.")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
