"""Draws -> tables: the integer arrays of one chunk, in the one axis order, ready for the walk."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stepdown.adult_life import enter_shares
from stepdown.coupling import case_weights, coupling_of, has_fixed_posts
from stepdown.errors import RunError
from stepdown.frailty import class_hazards, class_shares, price_factors
from stepdown.hazards import baseline_multiplier, effects_of, hazards, keep_shares, log_ratio
from stepdown.inflow import Inflow, derive_inflow
from stepdown.kernel.balance import Laws
from stepdown.kernel.build import (
    MAX_HAZARD,
    MAX_HAZARD_OF_RUN,
    Thresholds,
    build_rows,
    build_thresholds,
)
from stepdown.kernel.layout import POISSON, REACH, Coupling, DrawTables
from stepdown.kernel.randomness import WORD
from stepdown.kernel.spending import FACTOR_UNIT, PRICE_UNIT
from stepdown.money import prices
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.refusion import reimbursement_tables
from stepdown.timing import in_post, weights

__all__ = ["Chunk", "build_chunk"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Records = NDArray[Any]

_DEFAULT_BOUND = 2.0
_RATIO_UNIT = 1 << 28
_MAX_RATIO = 8.0
_MOST_A_YEAR = 6e7  # units of one child, half of what an account can hold


@dataclass(frozen=True)
class Chunk:
    """A chunk of draws, ready to simulate or to solve."""

    tables: DrawTables
    coupling: Coupling | None
    """None where children do not depend on each other."""
    laws: Laws
    inflow: Inflow
    thresholds: Thresholds
    inflow_ratio: Floats
    """(draw, period, step, strategy). Factor on arrivals; strategy has length 1 if all are 1."""
    account_unit: Floats
    """(draw) [DKK]. What a child's account counts in: 1, or more where a child costs very much."""
    over_bound: NDArray[np.bool_]
    """(draw). Whether some multiplier exceeded its stated bound, so that the bound was doubled."""


def build_chunk(
    plan: Plan,
    draws: Draws,
    keep_multipliers: bool = False,
    widening: Floats | None = None,
) -> Chunk:
    """Build the tables of a chunk of draws.

    Parameters
    ----------
    plan, draws
        The scenario laid out, and its numbers.
    keep_multipliers
        Keep the real-valued multipliers too, for the expected solution.
    widening
        (draw, column). Factor on the stated bounds, a power of 2; none by default.

    Raises
    ------
    RunError
        A draw has an impossible value: a negative rate, more hazard than a row holds, a ratio of
        limited reach above 8.
    """
    stairs = plan.stairs
    base = hazards(plan, draws)
    hazard = class_hazards(plan, base)
    effects = effects_of(plan, draws, base)
    stated, groups = _bounds(plan)
    bounds = np.tile(stated, (draws.count, 1)) * (1.0 if widening is None else widening)
    keeps = keep_multipliers or has_fixed_posts(plan)
    thresholds = build_thresholds(effects, bounds, groups, stairs.n_months, keeps)
    _check_totals(plan, draws, hazard, thresholds.bound)
    rows = build_rows(stairs, hazard, thresholds.bound)
    keep_share = keep_shares(plan, draws)
    shares = class_shares(plan, draws.count)
    laws = Laws(hazard, shares, baseline_multiplier(effects), keep_share)
    inflow = derive_inflow(plan, draws, laws)
    ratio = _inflow_ratio(plan, draws)
    refunds = reimbursement_tables(plan, draws, prices(plan, draws))
    factors = price_factors(plan, draws, inflow.start.by_class)
    unit = _account_unit(refunds.cost_per_month, factors)
    starts = [inflow.start] if inflow.beyond is None else [inflow.start, inflow.beyond]
    tables = DrawTables(
        row=rows.row,
        slot=rows.slot,
        accept=thresholds.accept,
        accept_base=thresholds.accept_base,
        keep_share=np.floor(keep_share * WORD).astype(np.int64),
        reach=_reach(plan, draws, inflow),
        arrivals=_poisson(_mean_arrivals(inflow, ratio)),
        stock_fixed=inflow.fixed,
        stock_drawn=_poisson(inflow.mean),
        stock_cell=_worlds([start.cell for start in starts]),
        stock_entry=_worlds([start.entry for start in starts]),
        class_share=_cumulative(shares),
        stock_class=_worlds([_cumulative(_class_stock(s.by_class, shares)) for s in starts]),
        enter_share=enter_shares(plan, draws),
        case_weight=case_weights(plan, draws),
        price_factor=factors,
        price=_prices(refunds.cost_per_month / unit[:, None, None, None]),
        refund_edge=refunds.edges / unit[:, None, None],
        refund_share=refunds.added_share,
    )
    coupling = coupling_of(plan, draws, effects, thresholds, inflow)
    over = np.asarray((thresholds.bound > stated).any(axis=1))
    return Chunk(tables, coupling, laws, inflow, thresholds, ratio, unit, over)


def _worlds(arrays: list[Any]) -> Any:
    """Return (draw, world, ...) from (draw, ...) within, and maybe beyond, reach."""
    return arrays[0][:, None] if len(arrays) == 1 else np.stack(arrays, axis=1)


def _prices(cost_per_month: Floats) -> Ints:
    """Return prices in 2^-16 of the account's unit; one for all strategies where they are alike."""
    alike = (cost_per_month == cost_per_month[:, :1]).all()
    prices = cost_per_month[:, :1] if alike else cost_per_month
    return np.ascontiguousarray(np.rint(prices * PRICE_UNIT).astype(np.int64))


def _cumulative(shares: Floats) -> Ints:
    """Return cumulative shares over the last axis in units of 2^-32; the last is 2^32."""
    edges = np.floor(np.cumsum(shares, axis=-1) * WORD).astype(np.int64)
    edges[..., -1] = WORD
    return edges


def _class_stock(by_class: Floats, shares: Floats) -> Floats:
    """Return the shares of the classes on each step, those of arrivals where nobody is expected."""
    total = by_class.sum(axis=2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(total > 0, by_class / total, shares[:, None]))


def _bounds(plan: Plan) -> tuple[Floats, Ints]:
    """Return the stated bound and the group number of each column."""
    names = list(dict.fromkeys((c.group, c.is_certain) for c in plan.columns))
    stated = plan.scenario.bounds
    bounds = [1.0 if c.is_certain else stated.get(c.group, _DEFAULT_BOUND) for c in plan.columns]
    groups = [names.index((c.group, c.is_certain)) for c in plan.columns]
    return np.array(bounds), np.array(groups, dtype=np.int64)


def _check_totals(plan: Plan, draws: Draws, hazard: Floats, bound: Floats) -> None:
    """Refuse rates times bounds that take too long to walk, or more than the clock holds."""
    wide = hazard * bound[:, None, plan.stairs.moves["column"], None, None]
    for step, name in enumerate(plan.steps):
        moves = [m for m in plan.stairs.moves_from[step] if m >= 0]
        total = wide[:, :, moves].sum(axis=2)
        own = [plan.scenario.moves[plan.moves[move]] for move in moves]
        is_rates = all(move.probability is None for move in own)
        most = MAX_HAZARD if is_rates else MAX_HAZARD_OF_RUN / plan.stairs.n_months
        if total.max(initial=0.0) > most * (1 + 1e-9):
            draw, *band = np.unravel_index(int(total.argmax()), total.shape)
            widest = max(moves, key=lambda move: wide[(draw, band[0], move, *band[1:])])
            column = plan.stairs.moves["column"][widest]
            raise RunError(
                f"draw {draws.first + int(draw)}: the rates of leaving {name} times their bounds "
                f"add up to {total.max():.3g} a cycle; at most {most:.3g} is possible. "
                f"{_which_bound(plan, widest, float(bound[draw, column]))}"
            )


def _which_bound(plan: Plan, move: int, bound: float) -> str:
    """Say what the bound of a move is, whence it comes, and what to lower."""
    column = plan.columns[plan.stairs.moves["column"][move]]
    stated = plan.scenario.bounds.get(column.group, _DEFAULT_BOUND)
    said = f"{plan.moves[move]} has the bound {bound:g} of its class"
    if bound > stated:
        why = "since an effect multiplies one of them by as much"
        return f"{said}, {why}. Lower the effects on {column.group}, or their spread."
    lower = f"write {column.group} = 1.0 under [bounds], if nothing raises the moves of that class"
    return f"{said}. Lower its rate, or its bound: {lower}."


def _account_unit(cost_per_month: Floats, factors: Ints) -> Floats:
    """Return the power of 2 [DKK] in which the dearest child of a draw fits into an account.

    An account is an integer of 2^-36 units, which overflows beyond 134 million of them. Prices
    are no mistake because they are large: a trial may multiply them.
    """
    monthly = cost_per_month.max(initial=0.0, axis=(1, 2, 3))
    most = 12 * monthly * factors.max(initial=FACTOR_UNIT, axis=(1, 2, 3)) / FACTOR_UNIT
    return np.asarray(2.0 ** np.ceil(np.log2(np.maximum(most / _MOST_A_YEAR, 1.0))))


def _mean_arrivals(inflow: Inflow, ratio: Floats) -> Floats:
    """Return mean arrivals a month, (draw, period, step, 2, age band, strategy or 1)."""
    mean = np.repeat(inflow.per_month[..., None], ratio.shape[-1], axis=-1)
    mean[:, :, :, 0] *= ratio[:, :, :, None, :]  # no investment changes who comes beyond reach
    if mean.max(initial=0.0) > 700:
        raise RunError(
            f"{mean.max():.0f} arrivals a month in one age band on one step; at most 700 are "
            "possible. Use narrower age bands."
        )
    return mean


def _inflow_ratio(plan: Plan, draws: Draws) -> Floats:
    """Return the strategies' factors on arrivals, (draw, period, step, strategy or 1)."""
    n_periods = int(plan.stairs.months["period"][-1]) + 1
    n_strategies = len(plan.strategies) if n_periods == plan.stairs.n_months > 1 else 1
    logs = np.zeros((draws.count, n_periods, len(plan.steps), n_strategies))
    for index, strategy in enumerate(plan.scenario.strategies.values(), start=1):
        for investment in strategy.investments.values():
            for effect in investment.effects.values():
                if effect.inflow_ratio is not None:
                    full = log_ratio(draws, effect)[:, None] * weights(plan, draws, investment)
                    for step in effect.on:
                        logs[:, :, plan.step(step), index] += full
    return np.asarray(np.exp(logs))


def _poisson(mean: Floats) -> Records:
    """Return Poisson records with the given means."""
    records = np.empty(mean.shape, dtype=POISSON)
    records["mean"], records["none"] = mean, np.exp(-mean)
    return records


def _reach(plan: Plan, draws: Draws, inflow: Inflow) -> Records:
    """Return shares reached and ratios, (draw, effect, month, strategy) REACH."""
    shape = (draws.count, len(plan.reached), plan.stairs.n_months, len(plan.strategies))
    reach = np.zeros(shape, dtype=REACH)
    for index, reached in enumerate(plan.reached):
        eligible = _eligible(plan, inflow, reached.touches)
        for strategy, investment, effect in reached.by_strategy:
            assert effect.reach is not None, "own invariant: a reached effect states its reach"
            courses = draws.of(effect.reach.courses_per_year) / plan.cycles_per_year
            months = draws.of(effect.reach.effect_months) / plan.scenario.clock.cycle_months
            started = courses[:, None] * _last(in_post(plan, draws, investment), months)
            with np.errstate(divide="ignore", invalid="ignore"):
                reaches = np.where(eligible > 0, np.minimum(started / eligible, 1.0), 0.0)
            reach["share"][:, index, :, strategy] = np.floor(reaches * WORD)
            log = log_ratio(draws, effect)
            if np.exp(log).max() > _MAX_RATIO:
                raise RunError(
                    f"the effect {reached.name} has a ratio of {np.exp(log).max():.3g} in some "
                    f"draw; an effect of limited reach is at most {_MAX_RATIO:g}."
                )
            full = np.exp(log[:, None] * weights(plan, draws, investment))
            reach["ratio"][:, index, :, strategy] = np.rint(full * _RATIO_UNIT)
    return reach


def _last(filled: Floats, months: Floats) -> Floats:
    """Return the months in post among the last `months` (draw) of each month, (draw, month)."""
    edges = np.arange(filled.shape[1] + 1)
    total = np.concatenate([np.zeros((len(filled), 1)), filled.cumsum(axis=1)], axis=1)
    before = np.array(
        [np.interp(edges[1:] - back, edges, row) for row, back in zip(total, months, strict=True)]
    )
    return np.asarray(total[:, 1:] - before)


def _eligible(plan: Plan, inflow: Inflow, touches: NDArray[np.bool_]) -> Floats:
    """Return the expected children whom an effect could reach, (draw, month), in the baseline."""
    by_step = np.zeros((len(plan.steps), touches.shape[1]), dtype=bool)
    for move, column in enumerate(plan.stairs.moves["column"]):
        origin = plan.step(plan.scenario.moves[plan.moves[move]].from_step)
        by_step[origin] |= touches[column]
    at_edges = (inflow.eligible * by_step).sum(axis=(2, 3))
    middle = (np.arange(plan.stairs.n_months) + 0.5) / plan.cycles_per_year
    edges = np.arange(at_edges.shape[1])
    return np.array([np.interp(middle, edges, row) for row in at_edges])
