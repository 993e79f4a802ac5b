"""What months and investments cost, who pays, and in which year's prices.

Results are kroner in the fixed prices of `money.price_level`. Net saving of a payer = cost of the
baseline - cost of the strategy - extra casework - investment + transfers received - transfers
paid; a grant is entered twice, so the sum over payers is what all public purses gain.

Reimbursement, which is not linear in cost, stands in `stepdown.refusion`; places under notice in
`stepdown.stranded`; the sums over all of it in `stepdown.ledger`.

Decision: docs/decisions/0008-money.md.
"""

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import RunError
from stepdown.levers import caseloads, more_posts
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.model import Cost, Investment, Strategy
from stepdown.scenario.own import outcome_names
from stepdown.scenario.quantity import Quantity, YearRow
from stepdown.timing import in_post

__all__ = [
    "casework",
    "costs_by_payer",
    "discount_factors",
    "grants",
    "growth_from",
    "investments",
    "outcome_weights",
    "prices",
    "to_price_level",
    "weighted_sums",
]

Floats = NDArray[np.float64]


def prices(plan: Plan, draws: Draws) -> Floats:
    """Return the price of each step, (strategy, draw, step) [DKK per child and month].

    Where a strategy has a price of its own for some years only, (strategy, draw, year, step).

    Raises
    ------
    RunError
        A drawn price is negative; names the step and the draw.
    """
    found = np.zeros((len(plan.strategies), draws.count, plan.n_years, len(plan.steps)))
    for index, (name, step) in enumerate(plan.scenario.steps.items()):
        if step.price is not None:
            found[..., index] = _per_month(plan, draws, step.price)[:, None]
        for number, strategy in enumerate(plan.scenario.strategies.values(), start=1):
            for years, figures in plan.own_by_year(strategy):
                own = figures.steps.get(name)
                if own is not None and own.price is not None:
                    amount = _per_month(plan, draws, own.price)
                    found[number, :, years, index] = amount[:, None]
    bad = np.argwhere(found < 0)
    if bad.size:
        strategy_index, draw, year, step_index = bad[0]
        raise RunError(
            f"draw {draws.first + draw}: the price of {plan.steps[step_index]} is "
            f"{found[strategy_index, draw, year, step_index]:.0f} kr. a month; a price is >= 0. "
            "Use a distribution without negative values."
        )
    return found if has_yearly_prices(plan) else found[:, :, 0]


def has_yearly_prices(plan: Plan) -> bool:
    """Tell whether a strategy has a price of its own for some years only."""
    return any(
        own.price is not None
        for strategy in plan.scenario.strategies.values()
        for period in strategy.periods.values()
        for own in period.steps.values()
    )


def costs_by_payer(plan: Plan, price: Floats, months: NDArray[np.number]) -> Floats:
    """Price months on steps.

    Parameters
    ----------
    price
        (strategy, draw, step) or (strategy, draw, year, step) [DKK per child and month].
    months
        (strategy, draw, replicate, year, step) [months].

    Returns
    -------
        (strategy, draw, replicate, year, payer) [DKK]. Cost, positive.
    """
    payers = list(plan.scenario.payers)
    bears = np.zeros((len(plan.steps), len(payers)))
    for index, step in enumerate(plan.scenario.steps.values()):
        bears[index, payers.index(step.payer)] = 1.0
    by_payer = price[..., None] * bears
    return weighted_sums(months, by_payer)


def weighted_sums(counts: NDArray[np.number], weights: Floats) -> Floats:
    """Sum what was counted, each kind times its weight.

    Parameters
    ----------
    counts
        (strategy, draw, replicate, year, kind).
    weights
        (strategy, draw, kind, sum) or (strategy, draw, year, kind, sum).

    Returns
    -------
        (strategy, draw, replicate, year, sum).

    Notes: one kind after another. A product of matrices (`@`, einsum that optimises) adds in an
    order, and rounds in places, that the processor's BLAS and the version of numpy choose.
    """
    found = np.zeros((*counts.shape[:-1], weights.shape[-1]))
    by_year = weights[:, :, None] if weights.ndim == 5 else weights[:, :, None, None]
    for kind in range(counts.shape[-1]):
        found += counts[..., kind, None] * by_year[..., kind, :]
    return found


def casework(plan: Plan, draws: Draws, cases: Floats) -> Floats:
    """Return what the change in open cases costs in caseworkers, (strategy, draw, replicate, year).

    Post price x (open cases of the strategy - of the baseline) / (12 x the strategy's caseload),
    summed over months: posts follow the cases, and the investment buys the posts for the
    baseline's number of cases. `cases` is (strategy, draw, replicate, month). Fixed posts cost the
    same whatever the cases.
    """
    shape = (*cases.shape[:3], plan.n_years, plan.cycles_per_year)
    paths = caseloads(plan, draws)
    caseload = plan.scenario.caseload
    if paths is None or caseload is None or caseload.mode == "fixed_posts":
        return np.zeros(shape[:4])
    post = to_price_level(plan, draws, caseload.price_of_post) / plan.cycles_per_year
    more = (cases - cases[:1]) / paths.swapaxes(0, 1)[:, :, None, :]
    return np.asarray(post[:, None, None] * more.reshape(shape).sum(axis=-1))


def investments(plan: Plan, draws: Draws) -> Floats:
    """Return spending on the strategies, (strategy, draw, year, payer) [DKK], grants included."""
    payers = list(plan.scenario.payers)
    found = np.zeros((len(plan.strategies), draws.count, plan.n_years, len(payers)))
    for index, strategy in enumerate(plan.scenario.strategies.values(), start=1):
        for investment in strategy.investments.values():
            for cost in investment.costs.values():
                amount = _cost(plan, draws, (strategy, investment), cost)
                found[index, :, :, payers.index(cost.payer)] += amount
    return found


def grants(plan: Plan, draws: Draws) -> Floats:
    """Return grants received less grants given, (strategy, draw, year, payer) [DKK]."""
    payers = list(plan.scenario.payers)
    found = np.zeros((len(plan.strategies), draws.count, plan.n_years, len(payers)))
    for index, strategy in enumerate(plan.scenario.strategies.values(), start=1):
        for investment in strategy.investments.values():
            for grant in investment.grants.values():
                amount = _row(plan, draws, grant.row)
                found[index, :, :, payers.index(grant.receiver)] += amount
                found[index, :, :, payers.index(grant.giver)] -= amount
    return found


def discount_factors(plan: Plan, draws: Draws) -> Floats:
    """Return what a krone of each year is worth in the year investments start, (draw, year).

    Annual steps of the rates in force, multiplied up across a change of rate; 1 in and before the
    first year. With timing mid or end, a year's money falls half a year or a year later.
    """
    first = _first_investment_year(plan) - plan.first_year
    steps = plan.scenario.money.discount
    rates = np.zeros((draws.count, plan.n_years))
    for step in steps:
        rates[:, min(first + step.from_year, plan.n_years) :] = draws.of(step.rate)[:, None]
    growth = np.ones((draws.count, plan.n_years))
    growth[:, first + 1 :] = 1 + rates[:, first + 1 :]
    shift = {"start": 0.0, "mid": 0.5, "end": 1.0}[plan.scenario.money.discount_timing]
    return np.asarray(1 / (np.cumprod(growth, axis=1) * (1 + rates) ** shift))


def outcome_weights(plan: Plan, draws: Draws) -> dict[str, Floats]:
    """Return the named outcome weights of steps, (strategy, draw, step) per child and year.

    Where a strategy has one of its own for some years only, all are (strategy, draw, year, step).
    """
    by_year = {name: _outcome(plan, draws, name) for name in outcome_names(plan.scenario)}
    if _has_yearly_outcomes(plan):
        return by_year
    return {name: weights[:, :, 0] for name, weights in by_year.items()}


def to_price_level(plan: Plan, draws: Draws, amount: Quantity) -> Floats:
    """Return an amount in the prices of the scenario's price level, (draw) [its unit]."""
    named = amount
    if amount.parameter is not None:
        named = plan.scenario.parameters[amount.parameter]
    assert named.price_year is not None, "own invariant: checked money has a price year"
    level = plan.scenario.money.price_level
    return draws.of(amount) * growth_from(plan, draws, named.price_year, level)


def growth_from(plan: Plan, draws: Draws, year: int, to_year: int) -> Floats:
    """Return what carries an amount in the prices of one year to those of another, (draw)."""
    return np.asarray((1 + draws.of(plan.scenario.money.indexation)) ** (to_year - year))


def _per_month(plan: Plan, draws: Draws, price: Quantity) -> Floats:
    unit = price.unit
    if price.parameter is not None:
        unit = plan.scenario.parameters[price.parameter].unit
    months = 12 if unit == "DKK per child and year" else 1
    return to_price_level(plan, draws, price) / months


def _outcome(plan: Plan, draws: Draws, name: str) -> Floats:
    weights = np.zeros((len(plan.strategies), draws.count, plan.n_years, len(plan.steps)))
    for index, (step_name, step) in enumerate(plan.scenario.steps.items()):
        if name in step.outcomes:
            weights[..., index] = draws.of(step.outcomes[name])[:, None]
        for number, strategy in enumerate(plan.scenario.strategies.values(), start=1):
            for years, figures in plan.own_by_year(strategy):
                own = figures.steps.get(step_name)
                if own is not None and name in own.outcomes:
                    weights[number, :, years, index] = draws.of(own.outcomes[name])[:, None]
    return weights


def _has_yearly_outcomes(plan: Plan) -> bool:
    return any(
        own.outcomes
        for strategy in plan.scenario.strategies.values()
        for period in strategy.periods.values()
        for own in period.steps.values()
    )


def _row(plan: Plan, draws: Draws, row: YearRow) -> Floats:
    """Return the amounts of a row in the scenario's price level, (draw, year) [DKK]."""
    amounts = np.array([row.amount(plan.first_year + year) for year in range(plan.n_years)])
    growth = growth_from(plan, draws, row.price_year, plan.scenario.money.price_level)
    return np.asarray(growth[:, None] * amounts)


def _cost(plan: Plan, draws: Draws, use: tuple[Strategy, Investment], cost: Cost) -> Floats:
    """Return one line of cost, (draw, year) [DKK]."""
    strategy, investment = use
    if cost.row is not None:
        return _row(plan, draws, cost.row)
    assert cost.price is not None, "own invariant: a checked cost has a row or a price"
    number = cost.posts if cost.posts is not None else cost.courses_per_year
    count = more_posts(plan, draws, strategy) if number is None else draws.of(number)
    filled = in_post(plan, draws, investment)
    share = filled.reshape(draws.count, plan.n_years, -1).mean(axis=-1)
    price = to_price_level(plan, draws, cost.price)
    return np.asarray((count * price)[:, None] * share)


def _first_investment_year(plan: Plan) -> int:
    starts = [
        int(investment.start[:4])
        for strategy in plan.scenario.strategies.values()
        for investment in strategy.investments.values()
    ]
    return min(starts, default=plan.scenario.clock.first_budget_year)
