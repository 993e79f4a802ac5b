"""Checks of single figures: the unit a key wants, and the numbers that make sense there."""

from collections.abc import Sequence

from stepdown.errors import nearest
from stepdown.files.positions import KeyPath
from stepdown.files.words import amount_text
from stepdown.scenario.kinds import Timing
from stepdown.scenario.model import Scenario
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter

__all__ = [
    "CASELOAD_UNITS",
    "check_amount",
    "check_band",
    "check_bands",
    "check_factors",
    "check_price",
    "check_rate",
    "check_share",
    "check_timing",
    "check_yearly",
    "end_of_budget",
]

RATE_UNITS = ("per year", "per month")
MOST_PEOPLE = 6_500_000
_COUNTS = ("posts", "children", "children per year", "courses per year", "cases per caseworker")
CASELOAD_UNITS = ("cases per caseworker",)
PRICE_UNITS = ("DKK per child and year", "DKK per child and month")
_MOST_A_YEAR = 60_000_000


def _numbers(quantity: Quantity) -> list[float]:
    """Return the numbers that bound a quantity: its value, or its smallest and largest."""
    numbers = (quantity.value, quantity.low, quantity.mean, quantity.high)
    return [number for number in numbers if number is not None]


def check_amount(
    path: KeyPath,
    scenario: Scenario,
    quantity: Quantity,
    say: Reporter,
    rule: str,
    units: Sequence[str],
    above_zero: bool = False,
) -> None:
    """A quantity with one of some units that cannot be negative, or not even zero."""
    given = say.resolved(scenario, quantity)
    say.unit(path, given, units)
    for number in _numbers(given)[:1]:
        if number < 0 or (above_zero and number == 0):
            sign = "> 0" if above_zero else ">= 0"
            said = "is negative" if number < 0 else "is not above zero"
            fix = f"write {amount_text(-number)}" if number < 0 else f"write a number {sign}"
            if number < 0 and "ratio" in units:
                fewer = (
                    f" ({amount_text(1 + number)} is {amount_text(-100 * number)} per cent less)"
                )
                fix = f"write a number {sign}" + (fewer if number > -1 else "")
            say(path, f"{amount_text(number)} {said}", f"{rule}: it is {sign}", fix)
    most = max(_numbers(given), default=0.0)
    if given.unit in _COUNTS and most > MOST_PEOPLE:
        rule = f"Denmark has fewer people than {MOST_PEOPLE:_}"
        say(path, f"{amount_text(most)} {given.unit}", rule, f'give the number in "{given.unit}"')


def check_price(path: KeyPath, scenario: Scenario, price: Quantity, say: Reporter) -> None:
    """A price of a child on a step: its unit, its sign, and a size that some place may have."""
    check_amount(path, scenario, price, say, "a price is what a place costs", PRICE_UNITS)
    given = say.resolved(scenario, price)
    largest = max(_numbers(given), default=0.0)
    if largest * (12 if given.unit == PRICE_UNITS[1] else 1) > _MOST_A_YEAR:
        rule = f"a price is in kroner, and no place costs {amount_text(_MOST_A_YEAR)} a year"
        fix = f"write {amount_text(round(largest / 1000))} if you meant that"
        say(path, f"{amount_text(largest)} kr.", rule, fix)


def check_rate(path: KeyPath, scenario: Scenario, rate: Quantity, say: Reporter) -> None:
    """A rate of a move."""
    check_amount(path, scenario, rate, say, "a rate counts moves", RATE_UNITS)
    given = say.resolved(scenario, rate)
    if given.distribution == "normal":
        say(path, "a normal distribution", "a rate is never below 0, a normal number may be",
            'use distribution = "lognormal" or "gamma"')  # fmt: skip


def check_share(path: KeyPath, scenario: Scenario, share: Quantity, say: Reporter) -> None:
    """A probability or a share lies in [0, 1]."""
    share = say.resolved(scenario, share)
    if share.distribution in ("normal", "lognormal", "gamma"):
        say(path, f"a {share.distribution} distribution", "a probability lies between 0 and 1",
            'use distribution = "beta", "uniform" or "triangular"')  # fmt: skip
    for value in (share.value, share.low, share.high):
        if value is not None and not 0 <= value <= 1:
            fix = "write a number from 0 to 1"
            if 1 < value <= 100:
                fix = f"write {value / 100:g} if {value:g} per cent is meant"
            say(path, f"{value:g} is no probability", "a probability lies between 0 and 1", fix)


def check_yearly(path: KeyPath, scenario: Scenario, rate: Quantity, say: Reporter) -> None:
    """A growth or discount rate: 0.02 for 2 per cent a year."""
    rate = say.resolved(scenario, rate)
    say.unit(path, rate, ("per year",))
    for number in _numbers(rate):
        if not -1 < number < 1:
            fix = f"write {number / 100:g} if {number:g} per cent is meant"
            if 1 < number < 2:
                fix = f"write {number - 1:.4g} if it is a factor, or {fix.removeprefix('write ')}"
            say(path, f"{number:g} per year", "2 per cent a year is written 0.02", fix)
            return


def check_band(path: KeyPath, band: str, say: Reporter) -> None:
    """A band ends where it starts, or later."""
    low, _, high = band.partition("-")
    if high and int(high) < int(low):
        say(path, f'"{band}" ends before it starts', "a band rises", f'write "{high}-{low}"')


def check_bands(path: KeyPath, bands: Sequence[str], first: int | None, say: Reporter) -> None:
    """Bands follow each other; `first` is where they must begin, None for anywhere."""
    expected = first
    rule = "bands follow each other without overlap or gap"
    for index, band in enumerate(bands):
        low, _, high = band.partition("-")
        here = (*path, index)
        if high and int(high) < int(low):
            check_band(here, band, say)
            expected = None
            continue
        if expected is not None and int(low) != expected:
            if index == 0:
                what = f'"{band}" does not begin at {expected}'
            elif int(low) < expected:
                what = f'"{band}" overlaps "{bands[index - 1]}"'
            else:
                what = f'"{band}" leaves a gap after "{bands[index - 1]}"'
            say(here, what, rule, f'write "{expected}-{high}"')
        if not high and index < len(bands) - 1:
            fix = f'write "{low}-{int(bands[index + 1].partition("-")[0]) - 1}"'
            say(here, f'"{band}" is open', "only the last band may be open", fix)
        expected = int(high) + 1 if high else None


def check_factors(
    path: KeyPath, factors: dict[str, float], bands: Sequence[str], say: Reporter
) -> None:
    """Every band has a factor, and nothing else has."""
    rule = "the bands are " + ", ".join(f'"{band}"' for band in bands)
    unknown = [band for band in factors if band not in bands]
    missing = [band for band in bands if band not in factors]
    if not say.is_told(("bands",)):
        for band in unknown:
            close = nearest(band, missing)
            fix = f'write "{close}"' if close else "remove it"
            say((*path, band), f'"{band}" is no band', rule, fix)
        for band in missing if not unknown else ():
            say(path, f'no factor for "{band}"', rule, f'add "{band}" = NUMBER')
    for band, factor in factors.items():
        if factor < 0:
            fix = f'"{band}" = {-factor:g}'
            say((*path, band), f"{factor:g} is negative", "a factor is >= 0", fix)


def check_timing(path: KeyPath, scenario: Scenario, timing: Timing, say: Reporter) -> None:
    """A start in the budget years, an end after it, and times in months."""
    if timing.end is not None and timing.end < timing.start:
        rule = "what ends has started"
        fix = f'write an end after "{timing.start}"'
        say((*path, "end"), f'"{timing.end}" is before the start "{timing.start}"', rule, fix)
    if int(timing.start[:4]) >= end_of_budget(scenario):
        rule = "what starts after the budget years does nothing in them"
        fix = f"start before {end_of_budget(scenario)}, or let n_budget_years reach further"
        say((*path, "start"), f'"{timing.start}" is after the budget years', rule, fix)
    if timing.start < scenario.clock.starts and not say.is_told(("clock", "starts")):
        rule = "what started before the model is part of the base rates"
        fix = f'write start = "{scenario.clock.starts}" or later'
        say((*path, "start"), f'"{timing.start}" is before the model starts', rule, fix)
    if timing.fade_out is not None and timing.end is None:
        rule = "an effect fades out after its end"
        say(
            (*path, "fade_out"),
            "without an end",
            rule,
            'add end = "YEAR-MONTH", or leave out fade_out',
        )
    for key in ("hiring_lag", "ramp", "half_life", "fade_out"):
        quantity = getattr(timing, key)
        if quantity is not None:
            check_amount((*path, key), scenario, quantity, say, "a time is a number of months",
                         ("months",), key == "half_life")  # fmt: skip
    if timing.hiring_lag is not None:
        _check_lag((*path, "hiring_lag"), scenario, timing, say)


def _check_lag(path: KeyPath, scenario: Scenario, timing: Timing, say: Reporter) -> None:
    """Posts are filled while the model runs, or the lever does nothing in it."""
    assert timing.hiring_lag is not None, "own invariant: asked of a timing with a lag"
    least = _numbers(say.resolved(scenario, timing.hiring_lag))[:1]
    left = 12 * (end_of_budget(scenario) - int(timing.start[:4])) - int(timing.start[5:]) + 1
    if least and 0 < left <= least[0] and not say.is_told(("clock",)):
        rule = f"what starts after the budget years does nothing in them; {left} months are left"
        said = f"posts filled {amount_text(least[0])} months after the start"
        say(path, said, rule, "write a number of months below that")


def end_of_budget(scenario: Scenario) -> int:
    """Return the first year after the budget years."""
    return scenario.clock.first_budget_year + scenario.clock.n_budget_years
