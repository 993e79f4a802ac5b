"""What no single table can know: names that must exist, bands that must join, sums that must fit.

Every check reports and reads on, so that one run shows all problems of the files.
"""

from collections.abc import Iterable, Sequence

from stepdown.errors import Collector, nearest
from stepdown.evidence import Evidence
from stepdown.files.positions import KeyPath
from stepdown.files.toml import TomlFile
from stepdown.scenario import check_strategies
from stepdown.scenario.model import Scenario
from stepdown.scenario.quantity import Provenance, Quantity, YearRow
from stepdown.scenario.reporter import Reporter
from stepdown.scenario.tree import figures, replace_quantities

__all__ = ["check"]

RATE_UNITS = ("per year", "per month")
PRICE_UNITS = ("DKK per child and year", "DKK per child and month")


def check(
    scenario: Scenario, evidence: Evidence, files: Sequence[TomlFile], problems: Collector
) -> Scenario:
    """Check a scenario across its tables; return it with every cited figure filled in."""
    say = Reporter(files, problems)
    scenario = _cited(scenario, evidence, say)
    _check_provenance(scenario, evidence, say)
    _check_clock_and_bands(scenario, say)
    _check_steps(scenario, say)
    _check_moves(scenario, say)
    _check_birthdays(scenario, say)
    _check_children(scenario, say)
    _check_money(scenario, say)
    check_strategies.check_strategies(scenario, evidence, say)
    return scenario


def _cited(scenario: Scenario, evidence: Evidence, say: Reporter) -> Scenario:
    """Fill in the figures that are taken from evidence, and the shared parameters' names."""

    def fill(path: KeyPath, quantity: Quantity) -> Quantity:
        if quantity.parameter is not None:
            say.known(path, "parameter", quantity.parameter, scenario.parameters)
            return quantity
        key = quantity.from_evidence
        if key is None:
            return quantity
        if key not in evidence:
            _unknown_evidence(path, key, evidence, say)
            return quantity.model_copy(update={"value": 0.0, "unit": "ratio"})
        figure = evidence.figure(key)
        if figure.value is None:
            names = ", ".join(figure.values or {})
            say(path, f'"{key}" is a row ({names})', "a quantity is one number",
                f'write value = ... with source = "{key}"')  # fmt: skip
            return quantity.model_copy(update={"value": 0.0, "unit": "ratio"})
        taken = {"value": figure.value, "unit": figure.unit, "price_year": figure.price_year}
        return quantity.model_copy(update={**taken, "source": key})

    filled: Scenario = replace_quantities(scenario, fill)
    return filled


def _unknown_evidence(path: KeyPath, key: str, evidence: Evidence, say: Reporter) -> None:
    close = evidence.suggest(key)
    fix = f"did you mean {close}?" if close else "name a figure under scenarios/evidence"
    say(path, f'"{key}" is not in the evidence', "a source is the key file/figure", fix)


def _check_provenance(scenario: Scenario, evidence: Evidence, say: Reporter) -> None:
    for path, figure in figures(scenario):
        for key in figure.sources:
            if key not in evidence:
                _unknown_evidence((*path, "source"), key, evidence, say)
        if isinstance(figure, YearRow):
            _check_row(path, figure, evidence, say)


def _check_row(path: KeyPath, row: YearRow, evidence: Evidence, say: Reporter) -> None:
    """A row that cites one row of evidence must be that row."""
    if len(row.sources) != 1 or row.sources[0] not in evidence or row.assumption is not None:
        return
    cited = evidence.figure(row.sources[0]).values or {}
    for year, amount in row.by_year.items():
        if year in cited and cited[year] != amount:
            what = f"{amount:.0f} in {year}, where {row.sources[0]} says {cited[year]:.0f}"
            rule = "a figure with one source equals it"
            say((*path, "by_year", year), what, rule, "copy the source, or say assumption")


def _check_clock_and_bands(scenario: Scenario, say: Reporter) -> None:
    clock = scenario.clock
    if int(clock.starts[:4]) > clock.first_budget_year:
        rule = "the model starts before or with the first budget year"
        fix = f'write starts = "{clock.first_budget_year}-01"'
        say(("clock", "starts"), f'"{clock.starts}" is after {clock.first_budget_year}', rule, fix)
    if not clock.starts.endswith("-01"):
        say(("clock", "starts"), f'"{clock.starts}" is not a January',
            "a budget year is a calendar year, so the model starts on 1 January",
            f'write starts = "{clock.starts[:4]}-01"')  # fmt: skip
    _check_bands(scenario.bands.ages, ("bands", "ages"), None, say)
    _check_bands(scenario.bands.months_on_step, ("bands", "months_on_step"), 0, say)
    if not scenario.bands.months_on_step[-1].endswith("-"):
        say(("bands", "months_on_step"), f'"{scenario.bands.months_on_step[-1]}" ends',
            "the last band of months on a step is open", 'write it as "36-"')  # fmt: skip


def _check_bands(bands: Sequence[str], path: KeyPath, first: int | None, say: Reporter) -> None:
    expected = first
    for index, band in enumerate(bands):
        low, _, high = band.partition("-")
        here = (*path, index)
        if expected is not None and int(low) != expected:
            kind = "overlaps the band before" if int(low) < expected else "leaves a gap"
            rule = "bands follow each other without overlap or gap"
            say(here, f'"{band}" {kind}', rule, f'write "{expected}-{high}"')
        if high and int(high) < int(low):
            say(here, f'"{band}" ends before it starts', "a band rises", f'write "{high}-{low}"')
        if not high and index < len(bands) - 1:
            say(here, f'"{band}" is open', "only the last band may be open", "give it an end")
        expected = int(high) + 1 if high else None


def _check_steps(scenario: Scenario, say: Reporter) -> None:
    for name, step in scenario.steps.items():
        path: KeyPath = ("steps", name)
        say.known((*path, "payer"), "payer", step.payer, scenario.payers)
        if step.price is not None:
            check_price((*path, "price"), scenario, step.price, say)


def check_price(path: KeyPath, scenario: Scenario, price: Quantity, say: Reporter) -> None:
    """A price of a child on a step: its unit and its sign."""
    price = say.resolved(scenario, price)
    say.unit(path, price, PRICE_UNITS)
    if (price.value is not None and price.value < 0) or (price.low is not None and price.low < 0):
        amount = price.value if price.value is not None else price.low
        say(path, f"{amount:.0f} is negative", "a price is what a place costs, >= 0",
            f"write value = {abs(amount or 0):.0f}")  # fmt: skip


def _check_moves(scenario: Scenario, say: Reporter) -> None:
    ways: dict[str, str] = {}
    for name, move in scenario.moves.items():
        path: KeyPath = ("moves", name)
        say.known((*path, "from"), "step", move.from_step, scenario.steps)
        say.known((*path, "to"), "step", move.to_step, scenario.steps)
        if (move.rate is None) == (move.probability is None):
            rule = "a move has either a rate or a probability"
            fix = 'add rate = { value = 0.1, unit = "per year", ... }'
            say(path, "no rate" if move.rate is None else "a rate and a probability", rule, fix)
            continue
        way = "rate" if move.rate is not None else "probability"
        if ways.setdefault(move.from_step, way) != way:
            rule = "all moves from one step are rates, or all are probabilities"
            say((*path, way), f"{way} on step {move.from_step}", rule,
                f"write {ways[move.from_step]}")  # fmt: skip
        if move.rate is not None:
            _check_rate((*path, "rate"), scenario, move.rate, say)
        if move.probability is not None:
            check_share((*path, "probability"), scenario, move.probability, say)
        for key, factors, bands in (
            ("by_age", move.by_age, scenario.bands.ages),
            ("by_time", move.by_time, scenario.bands.months_on_step),
        ):
            if factors is not None:
                _check_factors((*path, key, "factors"), factors.factors, bands, say)
    _check_sums(scenario, say)


def _check_rate(path: KeyPath, scenario: Scenario, rate: Quantity, say: Reporter) -> None:
    rate = say.resolved(scenario, rate)
    say.unit(path, rate, RATE_UNITS)
    if rate.value is not None and rate.value < 0:
        say(path, f"{rate.value} is negative", "a rate is >= 0", f"write value = {-rate.value}")


def check_share(path: KeyPath, scenario: Scenario, share: Quantity, say: Reporter) -> None:
    """A probability or a share lies in [0, 1]."""
    share = say.resolved(scenario, share)
    bounds = [share.value, share.low, share.high]
    if share.distribution in ("normal", "lognormal", "gamma"):
        say(path, f"a {share.distribution} distribution", "a probability lies in [0, 1]",
            "use beta, uniform or triangular")  # fmt: skip
    for value in bounds:
        if value is not None and not 0 <= value <= 1:
            fix = f"write {value / 100}" if 1 < value <= 100 else "write a number from 0 to 1"
            say(path, f"{value} is no probability", "a probability lies in [0, 1]", fix)


def _check_sums(scenario: Scenario, say: Reporter) -> None:
    for step in scenario.steps:
        moves = {n: m for n, m in scenario.moves.items() if m.from_step == step}
        values = [m.probability.value for m in moves.values() if m.probability is not None]
        total = sum(v for v in values if v is not None)
        if total > 1 + 1e-12:
            names = ", ".join(moves)
            say(("moves", next(iter(moves)), "probability"),
                f"the probabilities of leaving {step} add up to {total:g}",
                f"they may not exceed 1 ({names})", "lower one of them")  # fmt: skip


def _check_factors(
    path: KeyPath, factors: dict[str, float], bands: Iterable[str], say: Reporter
) -> None:
    bands = list(bands)
    for band in bands:
        if band not in factors:
            rule = "every band has a factor: " + ", ".join(bands)
            say(path, f'no factor for "{band}"', rule, f'add "{band}" = 1.0')
    for band, factor in factors.items():
        if band not in bands:
            close = nearest(band, bands)
            fix = f'did you mean "{close}"?' if close else "remove it"
            say((*path, band), f'"{band}" is no band', "the bands are " + ", ".join(bands), fix)
        if factor < 0:
            say((*path, band), f"{factor} is negative", "a factor is >= 0", f"write {-factor}")


def _check_birthdays(scenario: Scenario, say: Reporter) -> None:
    for age, birthday in scenario.birthdays.items():
        path: KeyPath = ("birthdays", age)
        if not age.isdigit():
            say(path, f'"{age}" is no age', "a birthday is an age in years", "write birthdays.18")
        say.known((*path, "leave_to"), "step", birthday.leave_to, scenario.steps)
        for step, share in birthday.goes_on.items():
            say.known((*path, "goes_on", step), "step", step, scenario.steps)
            check_share((*path, "goes_on", step), scenario, share, say)


def _check_children(scenario: Scenario, say: Reporter) -> None:
    stocks: list[tuple[KeyPath, dict[str, int]]] = [
        (("stock", "children"), scenario.stock.children),
        (("stock", "beyond_reach"), scenario.stock.beyond_reach),
    ]
    for index, later in enumerate(scenario.stock_later):
        stocks.append((("stock_later", index, "children"), later.children))
    for path, children in stocks:
        for step, number in children.items():
            say.known((*path, step), "step", step, scenario.steps)
            if number < 0:
                say((*path, step), f"{number} children", "a number of children is >= 0",
                    f"write {step} = {-number}")  # fmt: skip
    for step, inflow in scenario.inflow.items():
        here: KeyPath = ("inflow", step)
        say.known(here, "step", step, scenario.steps)
        _check_factors((*here, "ages", "factors"), inflow.ages.factors, scenario.bands.ages, say)
        if sum(inflow.ages.factors.values()) <= 0:
            say((*here, "ages"), "all shares are 0", "arrivals have some age", "give shares > 0")
    given = [s for s, i in scenario.inflow.items() if i.children_per_year is not None]
    if given and len(given) < len(scenario.inflow):
        say(("inflow", given[0], "children_per_year"), "given for some steps only",
            "arrivals are given for every step of entry, or derived for all",
            "give them for all, or for none")  # fmt: skip
    if scenario.inflow and scenario.stock.age_years is not None and not given:
        say(("stock", "age_years"), "given with an inflow to be derived",
            "a stock of one age says nothing of the ages in balance with an inflow",
            "leave out age_years")  # fmt: skip


def _check_money(scenario: Scenario, say: Reporter) -> None:
    money, clock = scenario.money, scenario.clock
    if money.counting != "start" and clock.cycle_months != 12:
        say(("money", "counting"), f'"{money.counting}" with cycles of a month',
            "a month is priced at the step held at its opening edge",
            'write counting = "start"')  # fmt: skip
    n_cycles = (clock.first_budget_year - int(clock.starts[:4]) + clock.n_budget_years)
    n_cycles *= 12 // clock.cycle_months
    if (money.counting == "weights") != bool(money.weights):
        say(("money", "weights"), f"counting = {money.counting!r} with {len(money.weights)} weights",
            "weights go with counting = weights", "give both or neither")  # fmt: skip
    elif money.weights and len(money.weights) != n_cycles:
        say(("money", "weights"), f"{len(money.weights)} weights for {n_cycles} cycles",
            "there is one weight per cycle", f"give {n_cycles} weights")  # fmt: skip
    years = [step.from_year for step in money.discount]
    if years != sorted(set(years)) or years[0] != 0:
        say(("money", "discount"), f"from years {years}", "discount steps rise from year 0",
            "start with from_year = 0")  # fmt: skip
    for name, account in scenario.accounts.items():
        for step in account.steps:
            say.known(("accounts", name, "steps"), "step", step, scenario.steps)


def provenance_of(figure: Provenance) -> str:
    """Return what a figure rests on, in one line."""
    return ", ".join(figure.sources) or f"assumption: {figure.assumption}"
