"""Checks of how children differ, what they compete for, and where they go when they grow up."""

from stepdown.files.positions import KeyPath
from stepdown.scenario.check_figures import check_amount, check_band, check_bands, check_share
from stepdown.scenario.model import AdultEntry, Capacity, Frailty, Places, Scenario
from stepdown.scenario.reporter import Reporter

__all__ = ["check_children"]

_MOST_SPREAD = 5.0
_MEASURES = ("home", "placement")


def check_children(scenario: Scenario, say: Reporter) -> None:
    """Report everything wrong with frailty, spread of prices, places and adult life."""
    for name, step in scenario.steps.items():
        if step.price_spread is not None:
            path: KeyPath = ("steps", name, "price_spread")
            rule = "a spread is a standard deviation in units of the mean"
            check_amount(path, scenario, step.price_spread, say, rule, ("ratio",))
            spread = say.resolved(scenario, step.price_spread)
            most = spread.value if spread.value is not None else spread.high
            if most is not None and most > _MOST_SPREAD:
                fix = f"write {most / 100:g} if {most:g} per cent was meant"
                say(path, f"{most:g} times the mean", f"{rule}, at most {_MOST_SPREAD:g}", fix)
            _needs_months(path, scenario, "prices that differ between children", say)
    if scenario.frailty is not None:
        _check_frailty(scenario, scenario.frailty, say)
    for name, capacity in scenario.capacity.items():
        _check_capacity(("capacity", name), scenario, (name, capacity), say)
    for own, strategy in scenario.strategies.items():
        for name, places in strategy.capacity.items():
            path = ("strategies", own, "capacity", name)
            if name not in scenario.capacity:
                rule = "a strategy can change only places that the scenario limits"
                say(path, f"{name} has no limit", rule, f"add a table [capacity.{name}]")
            _check_places(path, scenario, places, say)
    _check_adult_life(scenario, say)
    posts = scenario.caseload is not None and scenario.caseload.mode == "fixed_posts"
    if posts:
        _needs_months(("caseload", "mode"), scenario, "a caseload that follows the cases", say)


def _needs_months(path: KeyPath, scenario: Scenario, what: str, say: Reporter) -> None:
    if scenario.clock.cycle_months != 1:
        rule = f"{what} need cycles of a month"
        say(path, f"cycle_months = {scenario.clock.cycle_months}", rule, "cycle_months = 1")


def _check_frailty(scenario: Scenario, frailty: Frailty, say: Reporter) -> None:
    path: KeyPath = ("frailty",)
    if len(frailty.multipliers) != len(frailty.shares):
        what = f"{len(frailty.multipliers)} multipliers and {len(frailty.shares)} shares"
        say((*path, "shares"), what, "every class has a multiplier and a share", "give one of each")
    for key in ("multipliers", "shares"):
        for index, number in enumerate(getattr(frailty, key)):
            if number <= 0:
                rule = "a class has some children, and a multiplier multiplies a rate"
                say((*path, key, index), f"{number:g} is not above 0", rule, "write a number > 0")
    total = sum(frailty.shares)
    if all(share > 0 for share in frailty.shares) and abs(total - 1) > 1e-3:
        say((*path, "shares"), f"the shares add up to {total:g}", "shares add up to 1",
            f"write shares = {[round(share / total, 4) for share in frailty.shares]}")  # fmt: skip
    for name, move in scenario.moves.items():
        if move.probability is not None and move.rate is None:  # both is told as a mistake itself
            rule = "a class multiplies rates; a probability per cycle is no rate"
            say(path, f"move {name} has a probability", rule, "leave out [frailty]")
            break


def _check_capacity(
    path: KeyPath, scenario: Scenario, named: tuple[str, Capacity], say: Reporter
) -> None:
    name, capacity = named
    if not say.known(path, "step", name, scenario.steps):
        return
    if scenario.steps[name].kind not in (*_MEASURES, "state"):
        say(path, f"places on {name}", "places are those of a measure", "name another step")
    _check_places((*path, "places"), scenario, capacity.places, say)
    _needs_months(path, scenario, "places", say)
    if capacity.overflow is None:
        return
    here = (*path, "overflow")
    if not say.known(here, "step", capacity.overflow, scenario.steps):
        return
    if scenario.steps[capacity.overflow].kind not in (*_MEASURES, "state"):
        rule = "whom a full step refuses gets another measure"
        say(here, f"overflow to {capacity.overflow}", rule, "name a step of help or placement")
        return
    seen = [name]
    to: str | None = capacity.overflow
    while to is not None and to not in seen:
        seen.append(to)
        to = scenario.capacity[to].overflow if to in scenario.capacity else None
    if to is not None:
        rule = "whom a full step refuses finds a place in the end"
        say(here, f"{' to '.join([*seen, to])} goes round", rule, "leave out one overflow")


def _check_places(path: KeyPath, scenario: Scenario, places: Places, say: Reporter) -> None:
    last = scenario.clock.first_budget_year + scenario.clock.n_budget_years - 1
    for year, number in places.by_year.items():
        if int(year) > last and not say.is_told(("clock",)):
            rule = f"places count to the last budget year, {last}"
            say((*path, "by_year", year), f"places of {year}", rule, "leave the year out")
        if number < 0:
            rule = "a number of places is >= 0"
            say((*path, "by_year", year), f"{number} places", rule, f'"{year}" = {-number}')


def _check_adult_life(scenario: Scenario, say: Reporter) -> None:
    adult = scenario.adult_life
    grown = [name for name, step in scenario.steps.items() if step.kind == "adult"]
    if adult is None:
        if grown:
            rule = "a step of adult life is entered by way of [adult_life]"
            say(("steps", grown[0]), "kind adult without [adult_life]", rule, "add [adult_life]")
        return
    for name, move in scenario.moves.items():
        if move.to_step in grown and move.from_step not in grown:
            rule = "adult life is entered at a birthday, by way of [adult_life]"
            say(("moves", name, "to"), f"a move from {move.from_step} to {move.to_step}", rule,
                "lead to a step of the staircase")  # fmt: skip
    path: KeyPath = ("adult_life", "entry")
    if not scenario.birthdays:
        rule = "adult life begins at a birthday"
        say(("adult_life",), "no birthday", rule, 'add [birthdays.18] with leave_to = "left"')
    _needs_months(("adult_life",), scenario, "adult life needs months placed, which", say)
    _check_cells(path, adult.entry, say)
    for index, entry in enumerate(adult.entry):
        for position, step in enumerate(entry.highest):
            say.known((*path, index, "highest", position), "step", step, scenario.steps)
        for step, share in entry.shares.items():
            here = (*path, index, "shares", step)
            if say.known(here, "step of adult life", step, grown):
                check_share(here, scenario, share, say)
        if all(say.resolved(scenario, share).value == 0 for share in entry.shares.values()):
            rule = "everybody goes somewhere"
            say((*path, index, "shares"), "no share above 0", rule, "give shares > 0")


def _check_cells(path: KeyPath, entries: tuple[AdultEntry, ...], say: Reporter) -> None:
    """Every group of steps has every band of months placed, once."""
    bands = list(dict.fromkeys(entry.months_placed for entry in entries))
    groups = list(dict.fromkeys(entry.highest for entry in entries))
    for band in bands:
        check_band((*path, 0, "months_placed"), band, say)
    check_bands((*path, 0, "months_placed"), bands, 0, say)
    if not bands[-1].endswith("-"):
        say((*path, len(entries) - 1, "months_placed"), f'"{bands[-1]}" is the last band and ends',
            "the last band of months placed is open",
            f'write "{bands[-1].partition("-")[0]}-"')  # fmt: skip
    known = [(entry.highest, entry.months_placed) for entry in entries]
    for index, cell in enumerate(known):
        if cell in known[:index]:
            rule = "each group of steps has each band of months placed once"
            say((*path, index), "the same history twice", rule, "leave one out")
    for group in groups:
        for band in bands:
            if (group, band) not in known:
                rule = "each group of steps has each band of months placed"
                what = f'no entry for {", ".join(group)} with "{band}" months'
                say(path, what, rule, f'add one with months_placed = "{band}"')
    steps = [step for group in groups for step in group]
    twice = {step for step in steps if steps.count(step) > 1}
    for step in sorted(twice):
        say(path, f"{step} is in two groups", "a step is in one group", "name it once")
