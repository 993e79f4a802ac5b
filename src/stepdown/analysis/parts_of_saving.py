"""Where the saving comes from: which moves, and which children.

By move: the effects on some classes of moves are switched off. What a class adds depends on which
others work already, so each is switched on in one order and in the reverse order, and the mean of
the two is its part. That is the Shapley value as long as classes act together by pairs at most.

By age: children who do not depend on each other each have a saving of their own, so the saving is
simply a sum over the children who are there at the start and those who arrive at each age.

Decision: docs/decisions/0028-value-of-information.md.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import xarray as xr

from stepdown.analysis.designed_runs import draws_of
from stepdown.analysis.distribution import mean
from stepdown.analysis.figures_of_runs import figure_of_runs
from stepdown.chunks import chunk_dataset
from stepdown.errors import ParameterError
from stepdown.kernel.loop import simulate_runs
from stepdown.parameters import Draws
from stepdown.plan import Plan, make_plan
from stepdown.results import finish
from stepdown.sampling import check_linear
from stepdown.scenario import LoadedScenario, Scenario
from stepdown.scenario.classes import LEVER_SIGN, SPECIFICITY, group_of, targets_of
from stepdown.scenario.kinds import MoveClass
from stepdown.scenario.levers import Interaction
from stepdown.scenario.model import Effect, Strategy
from stepdown.scenario.quantity import Quantity
from stepdown.settings import RunSettings
from stepdown.simulation import simulate
from stepdown.tables import Chunk, build_chunk

__all__ = ["ARRIVALS", "AT_START", "OTHER", "saving_by_age", "saving_by_move"]

ARRIVALS, OTHER, AT_START = "arrivals", "other", "at_start"
"""Parts beside classes of moves (effects on the inflow; prices and lines of its own) and ages."""


def saving_by_move(
    loaded: LoadedScenario,
    strategy: str,
    *,
    n_draws: int = 100,
    seed: int = 1,
    payer: str | None = None,
) -> xr.Dataset:
    """Return which classes of moves the gross saving of a strategy comes from.

    Parameters
    ----------
    loaded, strategy
        The scenario, and the name of a strategy.
    n_draws, seed
        Draws behind each combination, with 2 replicates; there are about twice as many
        combinations as classes.
    payer
        Whose gross saving, discounted.

    Returns
    -------
        (part): `value` and `error` [DKK, present value]; they sum to the gross saving of the same
        draws. Parts are classes of moves, "arrivals" where an effect is on the inflow, and "other":
        what is saved without any effect, by prices, probabilities or budget lines of its own.

    Raises
    ------
    ParameterError
        There is no such strategy; or it has no children.

    Notes: where an effect of limited reach covers several classes, its share of children reached is
    that of the classes that are on.
    """
    alone = _alone(loaded, strategy)
    parts = _parts(alone.scenario, strategy)
    runs: dict[frozenset[str], xr.DataArray] = {}

    def saved(kept: Collection[str]) -> xr.DataArray:
        key = frozenset(kept)
        if key not in runs:
            scenario = _with_effects_on(alone.scenario, strategy, key)
            run = simulate(replace(alone, scenario=scenario), n_draws, seed)
            runs[key] = figure_of_runs(run, "gross_saving", strategy, payer)
        return runs[key]

    adds = []
    for index in range(len(parts)):
        before, after = parts[:index], parts[index + 1 :]
        first = saved(parts[: index + 1]) - saved(before)
        last = saved(parts[index:]) - saved(after)
        adds.append((first + last) / 2)
    return _by_part([*adds, saved(())], [*parts, OTHER])


def saving_by_age(
    loaded: LoadedScenario,
    strategy: str,
    *,
    n_draws: int = 100,
    seed: int = 1,
    payer: str | None = None,
) -> xr.Dataset:
    """Return which children the gross saving of a strategy on measures comes from.

    Parameters
    ----------
    loaded, strategy, n_draws, seed, payer
        As in `saving_by_move`.

    Returns
    -------
        (part): `value` and `error` [DKK, present value]. Parts are "at_start", the children who are
        there when the model starts, and the bands of age at which children arrive later. They sum
        to the gross saving of the same draws but for budget lines, which have no age.

    Raises
    ------
    ParameterError
        There is no such strategy; or it has no children.
    InputError
        Children depend on each other: places, fixed posts, notice periods.
    """
    alone = _alone(loaded, strategy)
    check_linear(alone)
    without_lines = alone.scenario.model_copy(update={"budget_lines": {}, "causes": {}})
    alone = replace(alone, scenario=without_lines)
    plan, draws = make_plan(without_lines), draws_of(without_lines, seed, n_draws)
    chunks = [build_chunk(plan, own) for own in draws]
    bands = list(without_lines.bands.ages)
    saved = []
    for band in (None, *range(len(bands))):
        some = [_only(chunk, band) for chunk in chunks]
        run = _walked(alone, plan, list(zip(draws, some, strict=True)), seed)
        saved.append(figure_of_runs(run, "gross_saving", strategy, payer))
    return _by_part(saved, [AT_START, *bands])


def _by_part(values: list[xr.DataArray], names: list[str]) -> xr.Dataset:
    together = xr.concat(values, "part", join="exact", combine_attrs="override")
    found = mean(together.assign_coords(part=names))
    for name in found.data_vars:
        found[name].attrs = {"units": "DKK"}
    return found


def _alone(loaded: LoadedScenario, strategy: str) -> LoadedScenario:
    """Return the scenario with one strategy."""
    known = loaded.scenario.strategies
    if strategy not in known:
        raise ParameterError(f"strategy = {strategy!r}: must be one of {', '.join(known)}.")
    if not loaded.scenario.has_staircase:
        raise ParameterError(
            "this scenario has budget lines alone: no child moves, so a saving has no part by move "
            "or by age. Ask for saving_of_lines."
        )
    only = {strategy: known[strategy]}
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"strategies": only}))


def _parts(scenario: Scenario, strategy: str) -> list[str]:
    """Return the classes of moves that a strategy works on, and arrivals, in a fixed order."""
    own = scenario.strategies[strategy]
    touched: set[str] = set()
    for on in _all_targets(own):
        touched |= {group_of(scenario, scenario.moves[move]) for move in targets_of(scenario, on)}
    if own.caseload is not None or own.follow_up is not None:
        groups = {group_of(scenario, move) for move in scenario.moves.values()}
        touched |= {group for group in groups if LEVER_SIGN[group]}
    effects = [e for i in own.investments.values() for e in i.effects.values()]
    order = [name for tier in SPECIFICITY for name in tier if name in touched]
    return [*order, ARRIVALS] if any(e.inflow_ratio is not None for e in effects) else list(order)


def _all_targets(own: Strategy) -> list[tuple[str, ...]]:
    effects = [e for i in own.investments.values() for e in i.effects.values()]
    on_moves = [e.on for e in effects if e.inflow_ratio is None]
    return on_moves + [interaction.on for interaction in own.interactions.values()]


def _with_effects_on(scenario: Scenario, strategy: str, kept: frozenset[str]) -> Scenario:
    """Return the scenario with the strategy's effects on some parts alone."""
    own = scenario.strategies[strategy]

    def on(names: tuple[str, ...]) -> tuple[str, ...]:
        moves = targets_of(scenario, names)
        return tuple(m for m in moves if group_of(scenario, scenario.moves[m]) in kept)

    def effects(all_effects: dict[str, Effect]) -> dict[str, Effect]:
        found = {}
        for name, effect in all_effects.items():
            if effect.inflow_ratio is not None and ARRIVALS in kept:
                found[name] = effect
            elif effect.inflow_ratio is None and on(effect.on):
                found[name] = effect.model_copy(update={"on": on(effect.on)})
        return found

    investments = {
        name: each.model_copy(update={"effects": effects(each.effects)})
        for name, each in own.investments.items()
    }
    interactions: dict[str, Interaction] = {
        name: each.model_copy(update={"on": on(each.on)})
        for name, each in own.interactions.items()
        if on(each.on)
    }
    changed = own.model_copy(update={"investments": investments, "interactions": interactions})
    update: dict[str, object] = {"strategies": {strategy: changed}}
    off: list[MoveClass] = [name for name in LEVER_SIGN if name not in kept]
    none = Quantity(value=0.0, unit="elasticity", assumption="switched off to see what it does")
    for lever in ("caseload", "follow_up"):
        base = getattr(scenario, lever)
        if base is not None:
            by_class = {**base.elasticity.by_class, **dict.fromkeys(off, none)}
            elasticity = base.elasticity.model_copy(update={"by_class": by_class})
            update[lever] = base.model_copy(update={"elasticity": elasticity})
    return scenario.model_copy(update=update)


def _only(chunk: Chunk, band: int | None) -> Chunk:
    """Return a chunk with the children at the start alone (None), or with one band of arrivals."""
    tables = chunk.tables
    arrivals = tables.arrivals.copy()
    nobody = np.array([0.0, 1.0])  # a mean of 0, and so a chance of 1 that none comes
    others = [b for b in range(arrivals.shape[4]) if b != band]
    arrivals["mean"][:, :, :, :, others], arrivals["none"][:, :, :, :, others] = nobody
    if band is None:
        return replace(chunk, tables=tables._replace(arrivals=arrivals))
    drawn = tables.stock_drawn.copy()
    drawn["mean"], drawn["none"] = nobody
    empty = np.zeros_like(tables.stock_fixed)
    only = tables._replace(arrivals=arrivals, stock_fixed=empty, stock_drawn=drawn)
    return replace(chunk, tables=only)


def _walked(
    loaded: LoadedScenario, plan: Plan, parts: list[tuple[Draws, Chunk]], seed: int
) -> xr.Dataset:
    """Walk chunks as they are, with 2 replicates."""
    walked = []
    for draws, chunk in parts:
        counts, _ = simulate_runs(plan.stairs, chunk.tables, seed, draws.first, 2, None)
        walked.append(chunk_dataset(plan, draws, chunk, counts))
    run = RunSettings(sum(draws.count for draws, _ in parts), 2, seed)
    return finish(plan, loaded, walked, 0, run)
