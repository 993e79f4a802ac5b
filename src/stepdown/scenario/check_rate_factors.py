"""Checks of factors that several moves share in a band."""

from collections.abc import Sequence

from stepdown.errors import nearest
from stepdown.files.positions import KeyPath
from stepdown.scenario.check_figures import check_amount
from stepdown.scenario.check_levers import check_targets
from stepdown.scenario.classes import targets_of
from stepdown.scenario.model import Scenario
from stepdown.scenario.reporter import Reporter

__all__ = ["check_rate_factors"]


def check_rate_factors(scenario: Scenario, say: Reporter) -> None:
    """A shared factor names moves with rates, bands that exist, and a ratio that is not below 0."""
    for name, shared in scenario.rate_factors.items():
        path: KeyPath = ("rate_factors", name)
        check_targets((*path, "on"), scenario, shared.on, say)
        for move in targets_of(scenario, shared.on):
            if scenario.moves[move].rate is None:
                rule = "a factor multiplies rates; a probability above 1 would make no sense"
                fix = "leave the move out, or give it a rate"
                say((*path, "on"), f"{move} has no rate", rule, fix)
        _check_names((*path, "ages"), shared.ages, scenario.bands.ages, say)
        bands = scenario.bands.months_on_step
        _check_names((*path, "months_on_step"), shared.months_on_step, bands, say)
        check_amount((*path, "factor"), scenario, shared.factor, say, "a factor multiplies a rate",
                     ("ratio",))  # fmt: skip
        if say.resolved(scenario, shared.factor).distribution == "normal":
            rule = "a factor is never below 0, a normal number may be"
            say((*path, "factor"), "a normal distribution", rule, 'use distribution = "lognormal"')


def _check_names(path: KeyPath, named: Sequence[str], bands: Sequence[str], say: Reporter) -> None:
    if say.is_told(("bands",)):
        return
    rule = "the bands are " + ", ".join(f'"{band}"' for band in bands)
    for index, band in enumerate(named):
        if band not in bands:
            close = nearest(band, bands)
            fix = f'write "{close}"' if close else "name one of them"
            say((*path, index), f'"{band}" is no band', rule, fix)
