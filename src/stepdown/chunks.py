"""Counts and money of one chunk of draws -> a labelled Dataset, in the one axis order."""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown import budgetlines, ledger, money, one_off
from stepdown.kernel.layout import DISPLACED, MADE_TO_WAIT, REQUESTED, WAITED
from stepdown.kernel.loop import Counts
from stepdown.ledger import Ledger
from stepdown.lever_results import level_coordinates, lever_paths, month_names
from stepdown.parameters import Draws, named_quantities
from stepdown.plan import Plan
from stepdown.refusion import transfers
from stepdown.scenario.classes import classes_of
from stepdown.scenario.own import outcome_names
from stepdown.stranded import stranded_cost
from stepdown.tables import Chunk

__all__ = ["chunk_dataset", "lines_dataset"]

Floats = NDArray[np.float64]

_RUNS = ("strategy", "draw", "replicate", "year")


def chunk_dataset(plan: Plan, draws: Draws, chunk: Chunk, counts: Counts) -> xr.Dataset:
    """Price one chunk of runs and label it."""
    months = _counted(plan, counts)
    price = money.prices(plan, draws)
    paid = counts.weighted if plan.stairs.follows_money else months
    cost, adult_cost = _costs(plan, price, paid)
    once = one_off.one_off_costs(plan, draws, counts.moves)
    by_line = budgetlines.line_savings(plan, draws)
    occupied = counts.occupied if plan.stairs.keeps_occupied else None
    books = Ledger(
        cost=_together(plan, cost, once, by_line),
        casework=money.casework(plan, draws, counts.cases),
        invested=_invested(plan, draws),
        granted=money.grants(plan, draws),
        employer=list(plan.scenario.payers).index(plan.scenario.own_payer),
        own=_own_payers(plan),
        stranded=stranded_cost(plan, draws, price, occupied),
        refusion=_refusion(plan, draws, chunk, counts),
    )
    data = _counts(plan, chunk, counts, months) | _money(plan, draws, books)
    data |= _line_variables(plan, by_line) | lever_paths(plan, draws, chunk, counts)
    for name, amounts in (("adult_cost_dkk", adult_cost), ("one_off_dkk", once)):
        if amounts is not None:
            data[name] = ((*_RUNS, "payer"), amounts)
    data["price_dkk_per_month"] = (_price_dims(price), price)
    data["discount_factor"] = (("draw", "year"), money.discount_factors(plan, draws))
    coords = {
        **_coordinates(plan, draws, counts.months.shape[2]),
        **_staircase_coordinates(plan, chunk.inflow.misfit.shape[1]),
        **level_coordinates(plan),
    }
    names = outcome_names(plan.scenario)
    if names:
        years = months * (plan.scenario.clock.cycle_months / 12 / plan.scenario.clock.cycle_months)
        outcome = one_off.outcomes(plan, draws, years, counts.moves)
        data["outcome"] = ((*_RUNS, "outcome_name"), outcome)
        coords["outcome_name"] = names
    coords["parameter"], values = _uncertain(plan, draws)
    data["parameter_value"] = (("parameter", "draw"), values)
    return xr.Dataset(data, coords)


def _refusion(plan: Plan, draws: Draws, chunk: Chunk, counts: Counts) -> Floats | None:
    """Return the reimbursement received less given, in kroner; None without a law."""
    if not plan.scenario.reimbursement:
        return None
    return transfers(plan, draws, counts.refund * chunk.account_unit[:, None, None])


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


def _together(plan: Plan, cost: Floats, once: Floats | None, by_line: Floats) -> Floats:
    """Return the cost of months and moves less what budget lines save, by payer."""
    if once is not None:
        cost = cost + once
    if plan.scenario.budget_lines:
        cost = cost - budgetlines.by_strategy(plan, by_line)[:, :, None]
    return cost


def _own_payers(plan: Plan) -> tuple[int, ...]:
    """Return where the payers stand whose money the scenario is about."""
    own = plan.scenario.own_payers
    return tuple(at for at, name in enumerate(plan.scenario.payers) if name in own)


def _counts(plan: Plan, chunk: Chunk, counts: Counts, months: NDArray[np.number]) -> dict[str, Any]:
    """Return what the walk counted, by variable."""
    cases = counts.cases.reshape(*counts.cases.shape[:3], plan.n_years, -1)
    data: dict[str, Any] = {
        "months_in_step": ((*_RUNS, "step"), months),
        "stock": ((*_RUNS, "step"), counts.stock[:, :, :, 1:]),
        "start_stock": (("strategy", "draw", "replicate", "step"), counts.stock[:, :, :, 0]),
        "moves": ((*_RUNS, "move"), counts.moves),
        "open_cases": (_RUNS, cases.mean(axis=-1, dtype=np.float32)),
        "inflow_misfit": (("draw", "target", "step"), chunk.inflow.misfit),
    }
    if plan.scenario.capacity:
        kinds = ("requests", "displaced", "made_to_wait", "waiting_months")
        for name, kind in zip(kinds, (REQUESTED, DISPLACED, MADE_TO_WAIT, WAITED), strict=True):
            data[name] = ((*_RUNS, "step"), counts.queue[..., kind])
    return data


def _costs(plan: Plan, price: Floats, paid: NDArray[np.number]) -> tuple[Floats, Floats | None]:
    """Return spending on measures by payer, and on adult life apart from it, if there is any."""
    cost = money.costs_by_payer(plan, price, paid)
    is_adult = np.array([step.kind == "adult" for step in plan.scenario.steps.values()])
    if not is_adult.any():
        return cost, None
    adult = money.costs_by_payer(plan, price * is_adult, paid)
    return cost - adult, adult


def _money(plan: Plan, draws: Draws, books: Ledger) -> dict[str, Any]:
    """Return what is paid, by variable, and the sums that are made of it."""
    gross = ledger.gross_saving(books)
    fixed, payers = ("strategy", "draw", "year", "payer"), (*_RUNS, "payer")
    data: dict[str, Any] = {
        "cost_dkk": (payers, books.cost),
        "casework_dkk": (_RUNS, books.casework),
        "investment_dkk": (fixed, books.invested),
        "grant_dkk": (fixed, books.granted),
        "gross_saving_dkk": (_RUNS, gross),
        "net_saving_dkk": (payers, ledger.net_saving(books)),
        "service_expenditure_dkk": (_RUNS, ledger.service_expenditure(books)),
        "municipality_net_dkk": (_RUNS, ledger.municipality_net(books)),
        "public_expenditure_dkk": (_RUNS, ledger.public_expenditure(books)),
    }
    if books.stranded is not None:
        data["stranded_dkk"] = (payers, books.stranded)
    if books.refusion is not None:
        data["refusion_dkk"] = (payers, books.refusion)
    again = ledger.reinvested(plan, draws, gross)
    if again is not None:
        data["reinvested_dkk"] = (_RUNS, again)
        data["budget_reduction_dkk"] = (_RUNS, gross - again)
    return data


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
        "month": month_names(plan),
        "target": np.arange(n_targets),
    }


def _uncertain(plan: Plan, draws: Draws) -> tuple[list[str], NDArray[np.float64]]:
    names = [n for n, q in named_quantities(plan.scenario).items() if q.distribution is not None]
    values = np.array([draws.values[name] for name in names]).reshape(len(names), draws.count)
    return names, values
