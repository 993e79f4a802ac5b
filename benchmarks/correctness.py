"""Judge the reference job by one statistic: `python benchmarks/correctness.py [--sets N]`.

Prints tables in Markdown: the verdict at low, mid and high rates and with features on; which errors
it finds; and the law of the statistic over sets of simulated runs that are right. Takes some ten
minutes of processor time; `--sets`, `--pool` and `--seeds` make it shorter.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

import contrasts
import numpy as np
import plain
import recursion
import reference
from reference import Features, Floats, Parameters
from scipy import stats

N_DRAWS, N_REPLICATES = 60, 100
SEED = 20261123
FEW = (20, 400)
"""Replicates and children of a simulated draw: 25 times fewer, so less near normal."""
POINTS = (1e-2, 1e-3, 1e-4, contrasts.LIMIT_AT)
SETTINGS = {
    "plain": Features(),
    "classes of children": Features(frailty=True),
    "prices that differ, refunds": Features(money=True),
    "4 strategies, classes, prices, refunds": Features(n_strategies=4, frailty=True, money=True),
    "places": Features(places=True),
}


class Wrong(NamedTuple):
    """An error the engine might have, as what it would do to the expectation."""

    name: str
    change: Callable[[Parameters], Parameters] = lambda parameters: parameters
    when: Callable[[recursion.Rules], recursion.Rules] = lambda rules: rules
    tables: Callable[[Floats, Floats], Floats] = lambda baseline, own: own


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=5_000_000, help="sets of runs that are right")
    parser.add_argument("--pool", type=int, default=10, help="times 60 simulated draws in the pool")
    parser.add_argument("--seeds", type=int, default=10, help="runs per error to be found")
    options = parser.parse_args()
    tables = (_verdicts(), _errors(options.seeds), _law(options.sets, options.pool))
    for line in chain.from_iterable(tables):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


# ---------------------------------------------------------------------------------- the verdict


def _verdicts() -> Iterator[str]:
    yield "| Rates | Features | Draws x replicates | Contrasts | F | Limit | p | Verdict |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for rates in reference.RATES:
        for name, features in SETTINGS.items():
            if rates == "mid" or name == "plain":
                found = contrasts.judge(_engine(rates, features, SEED))
                word = "right" if found.is_right else "wrong"
                yield (
                    f"| {rates} | {name} | {N_DRAWS} x {N_REPLICATES} | {found.p} | {found.f:.2f} "
                    f"| {found.limit:.2f} | {found.p_value:.2f} | {word} |"
                )
    yield ""


def _engine(rates: str, features: Features, seed: int) -> Floats:
    job = reference.prepare(rates, 0, N_DRAWS, features)
    counts = reference.run(job, seed, 0, N_REPLICATES)
    return contrasts.of_runs(counts, contrasts.exact_for(job, features))


# --------------------------------------------------------------------------- the law when right


def _law(n_sets: int, n_times: int) -> Iterator[str]:
    yield "| Rates | " + " | ".join(f"beyond {at:.0e}" for at in POINTS) + " | false alarm below |"
    yield "| --- " * (len(POINTS) + 2) + "|"
    for rates in reference.RATES:
        pool = plain_pool(rates, n_times, *FEW)
        rng = np.random.default_rng(SEED)
        beyond = contrasts.beyond_limit(pool, N_DRAWS, n_sets, POINTS, rng)
        shares = " | ".join(f"{number / n_sets:.2g}" for number in beyond)
        # 99 % sure, from the Poisson law of how many sets lie beyond the limit.
        bound = stats.chi2.isf(0.01, 2 * (beyond[-1] + 1)) / 2 / n_sets
        yield f"| {rates} | {shares} | {bound:.1e} |"
    yield ""


def plain_pool(rates: str, n_times: int, n_replicates: int, n_children: int) -> Floats:
    """Return contrasts (n_times x N_DRAWS, p) of plainly simulated runs."""
    features = Features(n_children=n_children)
    job = reference.prepare(rates, 0, N_DRAWS, features)
    exact = contrasts.exact_for(job, features)
    portions = recursion.strategies(features.n_strategies)
    probability = np.stack(
        [
            recursion.probabilities(job.parameters, portion, features.n_months)
            for portion in portions
        ]
    )
    start = job.tables.stock_fixed[:, 0, : reference.N_STEPS]
    found = []
    for number in range(n_times):
        sums, lows = np.zeros_like(exact.contrasts), []
        for replicate in range(n_replicates):
            rng = np.random.default_rng([SEED, number, replicate])
            months, moves, stock = plain.walk(probability, recursion.rules(), start, rng)
            sums += contrasts.of_counts(months, moves)
            years, steps = contrasts.SPREAD_YEARS, contrasts.SPREAD_STEPS
            lows.append(stock[0, :, years, :steps].sum(axis=-1))
        linear = sums / n_replicates - exact.contrasts
        found.append(np.column_stack([linear, contrasts.spread(np.stack(lows, axis=1), exact)]))
    return np.concatenate(found)


# ---------------------------------------------------------------------------- errors to be found


def times(factor: float, *columns: int) -> Callable[[Parameters], Parameters]:
    """Return a change that multiplies the hazards of columns."""
    touched = np.isin(reference.column_of(*reference.moves()), columns)

    def change(parameters: Parameters) -> Parameters:
        return parameters._replace(hazard=parameters.hazard * np.where(touched, factor, 1.0))

    return change


def one_move(factor: float, origin: int, destination: int) -> Callable[[Parameters], Parameters]:
    """Return a change that multiplies the hazard of one move."""
    of, to = reference.moves()
    touched = (of == origin) & (to == destination)

    def change(parameters: Parameters) -> Parameters:
        return parameters._replace(hazard=parameters.hazard * np.where(touched, factor, 1.0))

    return change


def swapped(origin: int, first: int, second: int) -> Callable[[Parameters], Parameters]:
    """Return a change that swaps the hazards of two moves from one step."""
    of, to = reference.moves()
    order = np.arange(of.size)
    places = [int(np.flatnonzero((of == origin) & (to == step))[0]) for step in (first, second)]
    order[places] = order[places[::-1]]

    def change(parameters: Parameters) -> Parameters:
        return parameters._replace(hazard=parameters.hazard[:, order])

    return change


def later(name: str, band: int) -> Callable[[recursion.Rules], recursion.Rules]:
    """Return rules with one edge a month later."""

    def change(rules: recursion.Rules) -> recursion.Rules:
        edges = getattr(rules, name)
        return rules._replace(**{name: edges + (np.arange(edges.size) == band)})

    return change


def late_effect(rules: recursion.Rules) -> recursion.Rules:
    """Let every step of the ramp come a month later."""
    return rules._replace(level=np.append(rules.level[0], rules.level[:-1]))


def lost_candidates(baseline: Floats, own: Floats) -> Floats:
    """Let a rejected candidate end the month: the next comes in the next month at the earliest."""
    total = -np.log1p(-own.sum(axis=-1, keepdims=True))
    of_candidates = -2.0 * np.log1p(-baseline.sum(axis=-1, keepdims=True))
    leaving = -np.expm1(-of_candidates) * total / of_candidates
    return own / own.sum(axis=-1, keepdims=True) * leaving


WRONG = (
    Wrong("hazards of moves up x 1.005", times(1.005, reference.UP)),
    Wrong("hazards of moves down x 1.005", times(1.005, reference.DOWN)),
    Wrong("hazards of leaving x 1.01", times(1.01, reference.LEAVE)),
    Wrong("all hazards x 1.002", times(1.002, 0, 1, 2)),
    Wrong("one rare move x 1.2 (step 5 to step 9)", one_move(1.2, 4, 8)),
    Wrong("two slots swapped (from step 5, to steps 4 and 3)", swapped(4, 3, 2)),
    Wrong("a rejected candidate ends the month", tables=lost_candidates),
    Wrong("the effects come a month late", when=late_effect),
    Wrong("6 months on the step end a month late", when=later("time_edges", 1)),
    Wrong("12 months on the step end a month late", when=later("time_edges", 2)),
    Wrong("36 months on the step end a month late", when=later("time_edges", 3)),
    Wrong("age 48 months comes a month late", when=later("age_edges", 1)),
    Wrong("age 144 months comes a month late", when=later("age_edges", 3)),
    Wrong(
        "time on the step at the start forgotten",
        when=lambda rules: rules._replace(start_width=1),
    ),
    Wrong("ages at the start 0-34", when=lambda rules: rules._replace(start_ages=35)),
)


def wrong_contrasts(wrong: Wrong, parameters: Parameters, start: Floats) -> Floats:
    """Return the expected contrasts (N, p - 1) of an engine with an error and two strategies."""
    rules = recursion.rules()
    n_months = rules.level.size
    parameters, rules = wrong.change(parameters), wrong.when(rules)
    own = [
        recursion.probabilities(parameters, portion, n_months)
        for portion in recursion.strategies(2)
    ]
    return contrasts.of_averages(
        [recursion.expected_counts(wrong.tables(own[0], tables), rules, start) for tables in own]
    )


def _errors(n_seeds: int) -> Iterator[str]:
    features = Features()
    job = reference.prepare("mid", 0, N_DRAWS, features)
    exact = contrasts.exact_for(job, features)
    start = job.tables.stock_fixed[:, 0, : reference.N_STEPS].astype(float)
    runs = [
        contrasts.of_runs(reference.run(job, SEED + 1 + seed, 0, N_REPLICATES), exact)
        for seed in range(n_seeds)
    ]
    covariance = np.mean([np.cov(run.T) for run in runs], axis=0)
    yield "| What is wrong | Power | Found | Largest contrast [standard errors] |"
    yield "| --- | --- | --- | --- |"
    names = contrasts.names(2)
    for wrong in WRONG:
        off = np.zeros((N_DRAWS, covariance.shape[0]))
        off[:, :-1] = wrong_contrasts(wrong, job.parameters, start) - exact.contrasts
        mean = off.mean(axis=0)
        whole = covariance + np.cov(off.T)
        chance = contrasts.power(mean, whole, N_DRAWS)
        caught = sum(not contrasts.judge(run + off).is_right for run in runs)
        z = mean / np.sqrt(np.diag(whole) / N_DRAWS)
        largest = int(np.abs(z).argmax())
        yield (
            f"| {wrong.name} | {chance:.3f} | {caught} of {n_seeds} "
            f"| {z[largest]:+.1f}: {names[largest]} |"
        )
    caught = sum(not contrasts.judge(run).is_right for run in _in_pairs(n_seeds))
    yield f"| children live in pairs, each pair one life | | {caught} of {n_seeds} | |"
    yield ""


def _in_pairs(n_seeds: int) -> Iterator[Floats]:
    """Return contrasts of runs in which every life is lived by two children."""
    half = Features(n_children=reference.N_CHILDREN // 2)
    job = reference.prepare("mid", 0, N_DRAWS, half)
    exact = contrasts.Exact(*(2 * part for part in contrasts.exact_for(job, half)))
    for seed in range(n_seeds):
        counts = reference.run(job, SEED + 1 + seed, 0, N_REPLICATES)
        doubled = counts._replace(
            months=2 * counts.months, moves=2 * counts.moves, stock=2 * counts.stock
        )
        yield contrasts.of_runs(doubled, exact)


if __name__ == "__main__":
    main()
