"""What no single table can know: names that must exist, bands that must join, sums that must fit.

Every check reports and reads on, so that one run shows all problems of the files.
"""

from collections.abc import Mapping

from stepdown.evidence import Evidence
from stepdown.files.positions import KeyPath
from stepdown.files.words import amount_text
from stepdown.scenario.check_children import check_children
from stepdown.scenario.check_correlations import check_correlations
from stepdown.scenario.check_evidence import check_sources, with_cited
from stepdown.scenario.check_figures import (
    check_amount,
    check_bands,
    check_factors,
    check_price,
    check_rate,
    check_share,
    check_yearly,
)
from stepdown.scenario.check_levers import check_levers
from stepdown.scenario.check_lines import check_lines, check_payers
from stepdown.scenario.check_open_end import check_open_end
from stepdown.scenario.check_own import check_one_offs
from stepdown.scenario.check_probabilities import check_probabilities
from stepdown.scenario.check_rate_factors import check_rate_factors
from stepdown.scenario.check_reimbursement import check_notice, check_reimbursement
from stepdown.scenario.check_rows import check_rows
from stepdown.scenario.check_strategies import check_strategies
from stepdown.scenario.grid import expanded, written_at
from stepdown.scenario.learnt import check_once, with_posterior
from stepdown.scenario.model import Inflow, Move, Scenario
from stepdown.scenario.posterior_files import Posterior
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter
from stepdown.scenario.tree import figures

__all__ = ["check"]

MOST_CHILDREN = 2_000_000
_PRICES = ("DKK per child and year", "DKK per child and month", "DKK per post and year")
_LEAST_PRICE = 100  # no place or post is cheaper


def check(
    scenario: Scenario, evidence: Evidence, say: Reporter, posterior: Posterior | None = None
) -> Scenario:
    """Check a scenario across its tables; return it with every cited figure filled in."""
    scenario = with_posterior(with_cited(scenario, evidence, say), posterior, say)
    scenario = expanded(scenario, say)
    say.look_in(lambda path: written_at(scenario, path))
    check_sources(scenario, evidence, say)
    _check_kroner(scenario, say)
    _check_clock(scenario, say)
    check_payers(scenario, say)
    _check_money(scenario, say)
    if scenario.has_staircase:
        _check_staircase(scenario, say)
    check_strategies(scenario, evidence, say)
    check_lines(scenario, say)
    check_rows(scenario, say)
    check_correlations(scenario, say)
    check_once(scenario, posterior, say)
    return scenario


def _check_staircase(scenario: Scenario, say: Reporter) -> None:
    """What only a scenario with a staircase has."""
    _check_bands(scenario, say)
    _check_steps(scenario, say)
    _check_moves(scenario, say)
    check_probabilities(scenario, say)
    check_rate_factors(scenario, say)
    check_one_offs(scenario, say)
    _check_birthdays(scenario, say)
    _check_stocks(scenario, say)
    _check_inflow(scenario, say)
    check_open_end(scenario, say)
    check_levers(scenario, say)
    check_reimbursement(scenario, say)
    check_notice(scenario, say)
    _check_accounts(scenario, say)
    check_children(scenario, say)


def _check_kroner(scenario: Scenario, say: Reporter) -> None:
    """Prices are in kroner: 1420, not thousands of them, which 1.42 would be."""
    rule = "prices are in kroner; a thousand is written 1_000, never 1.000"
    for path, figure in figures(scenario):
        if isinstance(figure, Quantity) and figure.unit in _PRICES:
            amount = _middle(figure)
            if 0 < amount < _LEAST_PRICE:
                more = amount_text(amount * 1000), amount_text(amount * 1_000_000)
                fix = f"write {more[0]} or {more[1]} if you meant that"
                say(path, f"{amount_text(amount)} kr.", rule, fix)


def _middle(quantity: Quantity) -> float:
    """Return a value, or a number in the middle of a distribution; the upper end of a uniform.

    The lower end of a spread may be next to nothing; where most of it lies may not.
    """
    numbers = (quantity.value, quantity.median, quantity.mode, quantity.mean, quantity.high, 0.0)
    return next(number for number in numbers if number is not None)


def _check_clock(scenario: Scenario, say: Reporter) -> None:
    clock = scenario.clock
    if int(clock.starts[:4]) > clock.first_budget_year:
        rule = "the model starts before or with the first budget year"
        fix = f'write starts = "{clock.first_budget_year}-01", or an earlier January'
        say(("clock", "starts"), f'"{clock.starts}" is after {clock.first_budget_year}', rule, fix)
    if not clock.starts.endswith("-01"):
        say(("clock", "starts"), f'"{clock.starts}" is not a January',
            "a budget year is a calendar year, so the model starts on 1 January",
            f'write starts = "{clock.starts[:4]}-01"')  # fmt: skip


def _check_bands(scenario: Scenario, say: Reporter) -> None:
    check_bands(("bands", "ages"), scenario.bands.ages, None, say)
    check_bands(("bands", "months_on_step"), scenario.bands.months_on_step, 0, say)
    last = len(scenario.bands.months_on_step) - 1
    band = scenario.bands.months_on_step[last]
    if not band.endswith("-"):
        say(("bands", "months_on_step", last), f'"{band}" is the last band and ends',
            "the last band of months on a step is open",
            f'write "{band.partition("-")[0]}-"')  # fmt: skip
    for move_class, bound in scenario.bounds.items():
        if bound < 1:
            say(("bounds", move_class), f"{bound:g} is below 1",
                "a bound leaves room for the baseline's own rate, which is multiplied by 1",
                "write a number >= 1, or leave it out")  # fmt: skip


def _check_steps(scenario: Scenario, say: Reporter) -> None:
    if not scenario.steps:
        say(("steps",), "no step", "children stand on steps", "add a table [steps.name]")
    for name, step in scenario.steps.items():
        path: KeyPath = ("steps", name)
        say.known((*path, "payer"), "payer", step.payer, scenario.payers)
        if step.price is not None:
            check_price((*path, "price"), scenario, step.price, say)


def _check_moves(scenario: Scenario, say: Reporter) -> None:
    ways: dict[str, str] = {}
    for name, move in scenario.moves.items():
        path: KeyPath = ("moves", name)
        say.known((*path, "from"), "step", move.from_step, scenario.steps)
        say.known((*path, "to"), "step", move.to_step, scenario.steps)
        for key, factors, bands in (
            ("by_age", move.by_age, scenario.bands.ages),
            ("by_time", move.by_time, scenario.bands.months_on_step),
        ):
            if factors is not None:
                check_factors((*path, key, "factors"), factors.factors, bands, say)
        _check_shares(path, scenario, move, say)
        way = _check_way(path, scenario, move, say)
        if way is not None and ways.setdefault(move.from_step, way) != way:
            rule = "all moves from one step are rates, or all are probabilities"
            say((*path, way), f"{way} on step {move.from_step}", rule,
                f"write {ways[move.from_step]}")  # fmt: skip


def _check_shares(path: KeyPath, scenario: Scenario, move: Move, say: Reporter) -> None:
    """A rate that several moves divide: one has a share of it, another the rest."""
    given = [key for key in ("share", "rest_of") if getattr(move, key) is not None]
    for key in given:
        check_share((*path, key), scenario, getattr(move, key), say)
    if len(given) == 2:
        rule = "a move has a share of its rate, or the rest of another's share"
        say((*path, "rest_of"), "share and rest_of", rule, "remove one of them")
    if given and move.rate is None:
        rule = "a share divides a rate; probabilities are given move by move"
        say((*path, given[0]), f"{given[0]} without a rate", rule, f"remove {given[0]}")


def _check_way(path: KeyPath, scenario: Scenario, move: Move, say: Reporter) -> str | None:
    """Check the rate or the probability of a move, and return which of them it has."""
    if move.rate is not None and move.probability is None:
        check_rate((*path, "rate"), scenario, move.rate, say)
        return "rate"
    if move.probability is not None and move.rate is None:
        check_share((*path, "probability"), scenario, move.probability, say)
        return "probability"
    rule = "a move has either a rate or a probability"
    if move.rate is None:
        say(path, "neither rate nor probability", rule,
            'add rate = { value = NUMBER, unit = "per year", source = "file/figure" }')  # fmt: skip
    else:
        say((*path, "probability"), "a rate and a probability", rule, "remove one of them")
    return None


def _check_birthdays(scenario: Scenario, say: Reporter) -> None:
    for age, birthday in scenario.birthdays.items():
        path: KeyPath = ("birthdays", age)
        say.known((*path, "leave_to"), "step", birthday.leave_to, scenario.steps)
        for step, share in birthday.goes_on.items():
            say.known((*path, "goes_on", step), "step", step, scenario.steps)
            check_share((*path, "goes_on", step), scenario, share, say)


def _check_stock_date(scenario: Scenario, say: Reporter) -> None:
    """The stock stands where the model starts: between there is no time that anything fills."""
    if say.is_told(("clock", "starts")):
        return
    before = f"{int(scenario.clock.starts[:4]) - 1}-12"
    if scenario.stock.date != before:
        rule = "the stock stands at the end of the month before the model starts"
        fix = f'if the count is of {before}, write date = "{before}"; else start the model after it'
        say(("stock", "date"), f'"{scenario.stock.date}" with a start in {scenario.clock.starts}',
            rule, fix)  # fmt: skip


def _check_stocks(scenario: Scenario, say: Reporter) -> None:
    stocks: list[tuple[KeyPath, Mapping[str, float]]] = [
        (("stock", "children"), scenario.stock.children),
        (("stock", "beyond_reach"), scenario.stock.beyond_reach),
    ]
    _check_stock_date(scenario, say)
    for index, later in enumerate(scenario.stock_later):
        path: KeyPath = ("stock_later", index)
        stocks.append(((*path, "children"), later.children))
        if later.date < scenario.clock.starts and not say.is_told(("clock", "starts")):
            rule = "a later stock stands at the end of a month of the simulation"
            say((*path, "date"), f'"{later.date}" is before the model starts', rule,
                f'write date = "{scenario.clock.starts}" or later')  # fmt: skip
    for path, children in stocks:
        for step, number in children.items():
            say.known((*path, step), "step", step, scenario.steps)
            if number < 0:
                say((*path, step), f"{number:g} children", "a number of children is >= 0",
                    f"{step} = {-number:g}")  # fmt: skip
            elif number > MOST_CHILDREN:
                say((*path, step), "more children than Denmark has",
                    f"a number of children is at most {MOST_CHILDREN:_}",
                    "write the number of children on the step")  # fmt: skip
    if scenario.growth is not None:
        check_yearly(("growth",), scenario, scenario.growth, say)


def _check_inflow(scenario: Scenario, say: Reporter) -> None:
    for step, inflow in scenario.inflow.items():
        _check_arrivals(("inflow", step), scenario, inflow, say)
        say.known(("inflow", step), "step", step, scenario.steps)
    given = [s for s, i in scenario.inflow.items() if i.children_per_year is not None]
    if given and len(given) < len(scenario.inflow):
        say(("inflow", given[0], "children_per_year"), "given for some steps only",
            "arrivals are given for every step of entry, or derived for all",
            "give them for all, or for none")  # fmt: skip
    if scenario.inflow and scenario.stock.age_years is not None and not given:
        say(("stock", "age_years"), "given with an inflow to be derived",
            "a stock of one age says nothing of the ages in balance with an inflow",
            "leave out age_years")  # fmt: skip


def _check_arrivals(path: KeyPath, scenario: Scenario, inflow: Inflow, say: Reporter) -> None:
    check_factors((*path, "ages", "factors"), inflow.ages.factors, scenario.bands.ages, say)
    if sum(inflow.ages.factors.values()) <= 0:
        say((*path, "ages"), "all shares are 0", "arrivals have some age", "give shares > 0")
    if inflow.children_per_year is not None:
        check_amount((*path, "children_per_year"), scenario, inflow.children_per_year, say,
                     "a number of children", ("children per year",))  # fmt: skip


def _check_money(scenario: Scenario, say: Reporter) -> None:
    money, clock = scenario.money, scenario.clock
    check_yearly(("money", "indexation"), scenario, money.indexation, say)
    if money.counting != "start" and clock.cycle_months != 12:
        say(("money", "counting"), f'"{money.counting}" with cycles of a month',
            "a month is priced at the step held at its opening edge",
            'counting = "start"')  # fmt: skip
    n_cycles = clock.first_budget_year - int(clock.starts[:4]) + clock.n_budget_years
    n_cycles *= 12 // clock.cycle_months
    if (money.counting == "weights") != bool(money.weights):
        say(("money", "weights"), f'counting = "{money.counting}" and {len(money.weights)} weights',
            'weights go with counting = "weights"', "give both or neither")  # fmt: skip
    elif money.weights and len(money.weights) != n_cycles:
        say(("money", "weights"), f"{len(money.weights)} weights for {n_cycles} cycles",
            "there is one weight per cycle", f"give {n_cycles} weights")  # fmt: skip
    years = [step.from_year for step in money.discount]
    if years != sorted(set(years)) or years[0] != 0:
        say(("money", "discount"), f"from years {', '.join(map(str, years))}",
            "discount steps rise from year 0", "start with from_year = 0")  # fmt: skip
    for index, step in enumerate(money.discount):
        check_yearly(("money", "discount", index, "rate"), scenario, step.rate, say)


def _check_accounts(scenario: Scenario, say: Reporter) -> None:
    for name, account in scenario.accounts.items():
        for index, step in enumerate(account.steps):
            say.known(("accounts", name, "steps", index), "step", step, scenario.steps)
