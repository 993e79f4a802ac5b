"""Counts and money -> one labelled Dataset, in the one axis order, with enough to run it again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown import budgetlines, money, one_off
from stepdown.kernel.layout import DISPLACED, MADE_TO_WAIT, REQUESTED, WAITED
from stepdown.kernel.loop import Counts
from stepdown.parameters import Draws, named_quantities
from stepdown.plan import Plan
from stepdown.scenario import LoadedScenario
from stepdown.scenario.budget_model import BudgetLine, Label
from stepdown.scenario.classes import classes_of
from stepdown.scenario.own import outcome_names
from stepdown.scenario.quantity import YearRow
from stepdown.scenario.tree import figures
from stepdown.tables import Chunk

__all__ = [
    "BUDGET_LINES",
    "RESIDUAL_LINES",
    "RunSettings",
    "chunk_dataset",
    "finish",
    "lines_dataset",
]

BUDGET_LINES, RESIDUAL_LINES = "budget-lines", "budget-lines-residual"
"""Published lines that stand for a strategy's budget lines; no file can name a line so."""

_UNITS = {
    "months_in_step": ("child-months", "time on each step, by the step held at the month's start"),
    "stock": ("children", "children on each step on 31 December"),
    "start_stock": ("children", "children on each step when the model starts"),
    "moves": ("moves", "moves made, and departures at birthdays"),
    "open_cases": ("cases", "weighted open cases within reach, mean of the year's months"),
    "requests": ("requests", "requests for a place on a step with a limit"),
    "displaced": ("children", "children whom a full step sent to its overflow"),
    "made_to_wait": ("children", "children who had to wait for a place"),
    "waiting_months": ("child-months", "months that children waited for a place"),
    "adult_cost_dkk": ("DKK", "spending on adult life; not part of any saving"),
    "price_dkk_per_month": ("DKK per child and month", "price of a step"),
    "cost_dkk": ("DKK", "spending on measures before transfers"),
    "one_off_dkk": ("DKK", "the part of the spending that moves cost, once each"),
    "casework_dkk": ("DKK", "caseworkers for more open cases than the baseline has"),
    "investment_dkk": ("DKK", "spending on the strategy, grants included"),
    "grant_dkk": ("DKK", "grants received less grants given"),
    "gross_saving_dkk": ("DKK", "spending on measures, baseline less strategy"),
    "net_saving_dkk": ("DKK", "gain of a payer; positive: that payer gains"),
    "discount_factor": ("1", "worth of a krone in the year the investment starts"),
    "outcome": ("outcome-years", "named outcome, summed over children and years"),
    "parameter_value": ("unit of the parameter", "drawn value of each uncertain number"),
    "inflow_misfit": ("children", "expected less documented stock"),
    "published_dkk": ("DKK", "published saving, positive"),
    "base_budget_dkk": ("DKK", "frame before the strategies"),
    "line_saving_dkk": ("DKK", "what a budget line saves; nan for a residual, which is not drawn"),
    "line_investment_dkk": ("DKK", "what a budget line costs, as published"),
    "line_published_dkk": ("DKK", "published saving of a budget line, positive"),
}


@dataclass(frozen=True)
class RunSettings:
    """What a run was asked to do."""

    n_draws: int
    n_replicates: int
    seed: int


def chunk_dataset(plan: Plan, draws: Draws, chunk: Chunk, counts: Counts) -> xr.Dataset:
    """Price one chunk of runs and label it."""
    months = _counted(plan, counts)
    paid = counts.weighted if plan.stairs.follows_money else months
    price = money.prices(plan, draws)
    cost = money.costs_by_payer(plan, price, paid)
    once = one_off.one_off_costs(plan, draws, counts.moves)
    if once is not None:
        cost = cost + once
    casework = money.casework(plan, draws, counts.cases)
    invested, granted = _invested(plan, draws), money.grants(plan, draws)
    is_adult = np.array([step.kind == "adult" for step in plan.scenario.steps.values()])
    adult_cost = money.costs_by_payer(plan, price * is_adult, paid) if is_adult.any() else None
    if adult_cost is not None:
        cost = cost - adult_cost
    by_line = budgetlines.line_savings(plan, draws)
    if plan.scenario.budget_lines:
        cost = cost - budgetlines.by_strategy(plan, by_line)[:, :, None]
    saved = cost[:1] - cost
    payer = list(plan.scenario.payers).index(_casework_payer(plan))
    net = saved - invested[:, :, None] + granted[:, :, None]
    net[..., payer] -= casework
    cases = counts.cases.reshape(*counts.cases.shape[:3], plan.n_years, -1)
    runs = ("strategy", "draw", "replicate", "year")
    data: dict[str, Any] = {
        "months_in_step": ((*runs, "step"), months),
        "stock": ((*runs, "step"), counts.stock[:, :, :, 1:]),
        "start_stock": (("strategy", "draw", "replicate", "step"), counts.stock[:, :, :, 0]),
        "moves": ((*runs, "move"), counts.moves),
        "open_cases": (runs, cases.mean(axis=-1, dtype=np.float32)),
        "price_dkk_per_month": (_price_dims(price), price),
        "cost_dkk": ((*runs, "payer"), cost),
        "casework_dkk": (runs, casework),
        "investment_dkk": (("strategy", "draw", "year", "payer"), invested),
        "grant_dkk": (("strategy", "draw", "year", "payer"), granted),
        "gross_saving_dkk": (runs, saved.sum(axis=-1)),
        "net_saving_dkk": ((*runs, "payer"), net),
        "discount_factor": (("draw", "year"), money.discount_factors(plan, draws)),
        "inflow_misfit": (("draw", "target", "step"), chunk.inflow.misfit),
    }
    data |= _line_variables(plan, by_line)
    if adult_cost is not None:
        data["adult_cost_dkk"] = ((*runs, "payer"), adult_cost)
    data |= _queues(plan, counts)
    names = outcome_names(plan.scenario)
    if names:
        years = months * (plan.scenario.clock.cycle_months / 12 / plan.scenario.clock.cycle_months)
        outcome = one_off.outcomes(plan, draws, years, counts.moves)
        data["outcome"] = ((*runs, "outcome_name"), outcome)
    if once is not None:
        data["one_off_dkk"] = ((*runs, "payer"), once)
    coords = {
        **_coordinates(plan, draws, counts.months.shape[2]),
        **_staircase_coordinates(plan, chunk.inflow.misfit.shape[1]),
    }
    if names:
        coords["outcome_name"] = names
    coords["parameter"], values = _uncertain(plan, draws)
    data["parameter_value"] = (("parameter", "draw"), values)
    return xr.Dataset(data, coords)


def _queues(plan: Plan, counts: Counts) -> dict[str, Any]:
    """Return what full steps do, where some have only so many places."""
    if not plan.scenario.capacity:
        return {}
    dims = ("strategy", "draw", "replicate", "year", "step")
    kinds = ("requests", "displaced", "made_to_wait", "waiting_months")
    codes = (REQUESTED, DISPLACED, MADE_TO_WAIT, WAITED)
    return {name: (dims, counts.queue[..., code]) for name, code in zip(kinds, codes, strict=True)}


def lines_dataset(plan: Plan, draws: Draws, n_replicates: int) -> xr.Dataset:
    """Label one chunk of a scenario of budget lines alone: every replicate is the same."""
    by_line = budgetlines.line_savings(plan, draws)
    saved = budgetlines.by_strategy(plan, by_line)
    invested, granted = _invested(plan, draws), money.grants(plan, draws)
    net = saved - invested + granted
    runs = ("strategy", "draw", "replicate", "year")
    names, values = _uncertain(plan, draws)
    data: dict[str, Any] = {
        "investment_dkk": (("strategy", "draw", "year", "payer"), invested),
        "grant_dkk": (("strategy", "draw", "year", "payer"), granted),
        "gross_saving_dkk": (runs, _repeated(saved.sum(axis=-1), n_replicates)),
        "net_saving_dkk": ((*runs, "payer"), _repeated(net, n_replicates)),
        "discount_factor": (("draw", "year"), money.discount_factors(plan, draws)),
        "parameter_value": (("parameter", "draw"), values),
        **_line_variables(plan, by_line),
    }
    coords = _coordinates(plan, draws, n_replicates)
    return xr.Dataset(data, {**coords, "parameter": names})


def _invested(plan: Plan, draws: Draws) -> NDArray[np.float64]:
    """Return spending on the strategies and their budget lines, (strategy, draw, year, payer)."""
    invested = money.investments(plan, draws)
    if plan.scenario.budget_lines:
        invested += budgetlines.by_strategy(plan, budgetlines.line_investments(plan))[:, None]
    return invested


def _line_variables(plan: Plan, by_line: NDArray[np.float64]) -> dict[str, Any]:
    """Return what each budget line saves by draw; nan where nothing is drawn."""
    if not plan.scenario.budget_lines:
        return {}
    kinds = np.array([line.kind for line in plan.scenario.budget_lines.values()])
    drawn = np.where((kinds == "residual")[:, None, None, None], np.nan, by_line)
    return {"line_saving_dkk": (("budget_line", "draw", "year", "payer"), drawn)}


def _repeated(values: NDArray[np.float64], n_replicates: int) -> NDArray[np.float64]:
    return np.repeat(values[:, :, None], n_replicates, axis=2)


def finish(
    plan: Plan, loaded: LoadedScenario, chunks: list[xr.Dataset], over_bound: int, run: RunSettings
) -> xr.Dataset:
    """Join the chunks of a run; add published lines, units, labels and provenance."""
    draw_free = [name for name in chunks[0] if "draw" not in chunks[0][name].dims]
    assert not draw_free, "own invariant: every variable of a chunk has a draw"
    result = xr.concat(chunks, "draw", join="exact", coords="minimal", compat="override")
    result["published_dkk"] = _published(plan)
    if plan.scenario.budget_lines:
        rows = ("budget_line", "year", "payer")
        result["line_investment_dkk"] = (rows, budgetlines.line_investments(plan))
        result["line_published_dkk"] = (rows, budgetlines.published_savings(plan))
    if plan.scenario.base_budget is not None:
        frame = [plan.scenario.base_budget.amount(int(year)) for year in result.year.values]
        result["base_budget_dkk"] = ("year", np.array(frame))
    for name, (unit, meaning) in _UNITS.items():
        if name in result:
            result[name].attrs = {"units": unit, "long_name": meaning}
            if "DKK" in unit:
                result[name].attrs["price_level"] = plan.scenario.money.price_level
    _label(plan, result)
    result.attrs = _provenance(plan, loaded, over_bound, run)
    return result


def _counted(plan: Plan, counts: Counts) -> NDArray[np.number]:
    """Return the months that are paid for, by the scenario's counting."""
    counting = plan.scenario.money.counting
    cycle = plan.scenario.clock.cycle_months
    if counting == "start":
        return counts.months if cycle == 1 else counts.months * cycle
    opening, closing = counts.stock[:, :, :, :-1] * cycle, counts.stock[:, :, :, 1:] * cycle
    if counting == "end":
        return np.asarray(closing)
    if counting == "half":
        return np.asarray((opening + closing) / 2)
    weights = np.array(plan.scenario.money.weights)
    return np.asarray(opening * weights[:, None])


def _price_dims(price: NDArray[np.float64]) -> tuple[str, ...]:
    """Return the axes of the prices: with years where a strategy's price holds in some only."""
    return ("strategy", "draw", *(("year",) if price.ndim == 4 else ()), "step")


def _casework_payer(plan: Plan) -> str:
    """Return who employs the caseworkers: the municipality, or the only payer there is."""
    payers = list(plan.scenario.payers)
    return "municipality" if "municipality" in payers else payers[0]


def _coordinates(plan: Plan, draws: Draws, n_replicates: int) -> dict[str, Any]:
    """Return the coordinates that every scenario has."""
    found: dict[str, Any] = {
        "strategy": list(plan.strategies),
        "draw": draws.first + np.arange(draws.count),
        "replicate": np.arange(n_replicates),
        "year": plan.first_year + np.arange(plan.n_years),
        "payer": list(plan.scenario.payers),
    }
    if plan.scenario.budget_lines:
        found["budget_line"] = list(plan.scenario.budget_lines)
    return found


def _staircase_coordinates(plan: Plan, n_targets: int) -> dict[str, Any]:
    moves = [*plan.moves, *(f"birthday_{age}" for age in plan.birthdays)]
    classes = [
        " ".join(classes_of(plan.scenario, move)) for move in plan.scenario.moves.values()
    ] + ["birthday"] * len(plan.birthdays)
    return {
        "step": list(plan.steps),
        "move": moves,
        "move_class": ("move", classes),
        "target": np.arange(n_targets),
    }


def _uncertain(plan: Plan, draws: Draws) -> tuple[list[str], NDArray[np.float64]]:
    names = [n for n, q in named_quantities(plan.scenario).items() if q.distribution is not None]
    values = np.array([draws.values[name] for name in names]).reshape(len(names), draws.count)
    return names, values


def _published(plan: Plan) -> xr.DataArray:
    """Return the published lines, (strategy, line, year) [DKK], nan where a strategy has none.

    The budget lines of a strategy stand as one line, and their residuals as another.
    """
    rows: dict[tuple[str, str], NDArray[np.float64]] = {}
    for name, strategy in plan.scenario.strategies.items():
        for own, line in strategy.published.items():
            rows[name, own] = _named_years(plan, line.row)
    for both, lines in _lines_by_published(plan).items():
        named = np.array(
            [_named_years(plan, row) for line in lines for row in line.saving.values()]
        )
        rows[both] = np.where(np.isnan(named).all(axis=0), np.nan, np.nansum(named, axis=0))
    lines_named = sorted({own for _, own in rows})
    values = np.full((len(plan.strategies), len(lines_named), plan.n_years), np.nan)
    for (name, own), row in rows.items():
        values[plan.strategies.index(name), lines_named.index(own)] = row
    return xr.DataArray(
        values,
        {
            "strategy": list(plan.strategies),
            "line": lines_named,
            "year": plan.first_year + np.arange(plan.n_years),
        },
        ("strategy", "line", "year"),
    )


def _named_years(plan: Plan, row: YearRow) -> NDArray[np.float64]:
    """Return the amounts of the years that a row names, (year) [DKK], nan elsewhere."""
    years = [str(plan.first_year + year) for year in range(plan.n_years)]
    return np.array([row.by_year.get(year, np.nan) for year in years])


def _lines_by_published(plan: Plan) -> dict[tuple[str, str], list[BudgetLine]]:
    """Gather the budget lines that save by (strategy, published line), residuals apart."""
    gathered: dict[tuple[str, str], list[BudgetLine]] = {}
    for line in plan.scenario.budget_lines.values():
        own = RESIDUAL_LINES if line.kind == "residual" else BUDGET_LINES
        for strategy in line.strategies if line.saving else ():
            gathered.setdefault((strategy, own), []).append(line)
    return gathered


def _label(plan: Plan, result: xr.Dataset) -> None:
    """Give steps, strategies and payers their Danish and English names."""
    scenario = plan.scenario
    strategies = [scenario.baseline, *(s.label for s in scenario.strategies.values())]
    labels: dict[str, Sequence[Label]] = {
        "strategy": strategies,
        "payer": list(scenario.payers.values()),
    }
    if scenario.has_staircase:
        labels["step"] = [step.label for step in scenario.steps.values()]
    if scenario.budget_lines:
        labels["budget_line"] = [line.label for line in scenario.budget_lines.values()]
    for dim, own in labels.items():
        result.coords[f"{dim}_da"] = (dim, [label.da for label in own])
        result.coords[f"{dim}_en"] = (dim, [label.en for label in own])
    part_of = [payer.part_of or "" for payer in scenario.payers.values()]
    result.coords["payer_part_of"] = ("payer", part_of)
    if scenario.has_staircase:
        result.coords["step_level"] = ("step", [step.level for step in scenario.steps.values()])
        result.coords["step_kind"] = ("step", [step.kind for step in scenario.steps.values()])
    if scenario.budget_lines:
        lines = scenario.budget_lines.values()
        members = [" ".join(line.strategies) for line in lines]
        result.coords["budget_line_kind"] = ("budget_line", [line.kind for line in lines])
        result.coords["budget_line_strategies"] = ("budget_line", members)


def _provenance(
    plan: Plan, loaded: LoadedScenario, over_bound: int, run: RunSettings
) -> dict[str, Any]:
    texts = {
        file.name.replace("\\", "/").rsplit("/", 2)[-2:][-1]: file.text for file in loaded.files
    }
    digest = hashlib.sha256("\0".join(file.text for file in loaded.files).encode()).hexdigest()
    return {
        "title_da": plan.scenario.title.da,
        "title_en": plan.scenario.title.en,
        "scenario": plan.scenario.name,
        "scenario_sha256": digest,
        "scenario_text": json.dumps(texts, ensure_ascii=False),
        "evidence": json.dumps(sorted(_evidence_used(plan))),
        "published": json.dumps(_published_kinds(plan)),
        "seed": str(run.seed),
        "n_draws": run.n_draws,
        "n_replicates": run.n_replicates,
        "first_budget_year": plan.scenario.clock.first_budget_year,
        "price_level": plan.scenario.money.price_level,
        "draws_over_bound": over_bound,
        "versions": json.dumps(_versions()),
    }


def _published_kinds(plan: Plan) -> dict[str, dict[str, Any]]:
    found = {
        f"{name}.{line_name}": line.model_dump(exclude={"row"})
        for name, strategy in plan.scenario.strategies.items()
        for line_name, line in strategy.published.items()
    }
    for (name, own), lines in _lines_by_published(plan).items():
        kinds = sorted({line.kind for line in lines})
        found[f"{name}.{own}"] = {"kind": kinds[-1], "scope": "budget_lines"}
    return found


def _evidence_used(plan: Plan) -> set[str]:
    return {key for _, figure in figures(plan.scenario) for key in figure.sources}


def _versions() -> dict[str, str]:
    found = {}
    for name in ("stepdown", "numpy", "scipy", "numba", "xarray"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
