"""What an evaluation that follows children would be worth, beside knowing a number for certain."""

from math import log
from typing import NamedTuple

import xarray as xr

from stepdown import analysis
from stepdown.errors import ParameterError
from stepdown.report.document.facts import Facts

__all__ = ["Studied", "studied_of", "worth_of_studies"]

_SIZES = (200, 1_000)  # children in each group
_MONTHS = 24
_DOWN = ("step_down", "reunification")
_CASELOAD = "caseload.elasticity.all"


class Studied(NamedTuple):
    """A number that following children can tell about."""

    key: str
    """As in `result.parameter`."""
    on: tuple[str, ...]
    """The moves that are counted."""
    log_ratio_per_unit: float | None
    """As in `analysis.Evaluation`."""


def studied_of(facts: Facts, keys: list[str]) -> Studied | None:
    """Return the first of some numbers that a study of children can tell about, or None.

    It is an effect that works on all eligible children as a ratio of rates, or the elasticity of
    the caseload, which is told from moves downwards at the two caseloads.
    """
    for key in keys:
        found = _caseload(facts) if key == _CASELOAD else _ratio(facts, key)
        if found is not None:
            return found
    return None


def _caseload(facts: Facts) -> Studied | None:
    """Return what tells about the elasticity of the caseload, where both levels are certain."""
    base, change = facts.scenario.caseload, facts.scenario.strategies[facts.strategy].caseload
    if base is None or change is None or change.cases_per_caseworker is None:
        return None
    before, after = base.baseline.value, change.cases_per_caseworker.value
    if before is None or after is None or before == after:
        return None
    return Studied(_CASELOAD, _DOWN, log(before / after))


def _ratio(facts: Facts, key: str) -> Studied | None:
    for name, investment in facts.scenario.strategies[facts.strategy].investments.items():
        for effect_name, effect in investment.effects.items():
            ratio = effect.hazard_ratio
            if ratio is None or effect.reach is not None or effect.ages is not None:
                continue
            own = f"strategies.{facts.strategy}.investments.{name}.effects.{effect_name}"
            named = f"parameters.{ratio.parameter}" if ratio.parameter else f"{own}.hazard_ratio"
            if key == named:
                return Studied(key, effect.on, None)
    return None


def worth_of_studies(facts: Facts, studied: Studied) -> list[tuple[int, xr.Dataset]]:
    """Return what studies of some sizes are worth; those too small to estimate are left out."""
    rate = analysis.events_per_child_year(facts.loaded, facts.result, studied.on)
    per_unit = studied.log_ratio_per_unit
    found = []
    for size in _SIZES:
        try:
            study = analysis.Evaluation(studied.key, size, _MONTHS, rate, per_unit)
            found.append((size, analysis.evsi(facts.result, study)))
        except ParameterError:
            # So few events that the error of an estimate is not known: there is no figure to give.
            continue
    return found
