"""A scenario as a function of some of its numbers: what the observables are computed from.

Numbers that are not free stand at their medians. Decision: docs/decisions/0033-targets.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stepdown.parameters import Draws, draw_parameters, named_quantities, quantile
from stepdown.plan import Plan, make_plan
from stepdown.scenario import LoadedScenario

__all__ = ["StaircaseModel", "staircase_model"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StaircaseModel:
    """A scenario laid out, and the values of its numbers where they are not free."""

    plan: Plan
    strategy: int
    """Index of the course observed; 0 is the baseline."""
    place: str | None
    """The municipality, where numbers vary between municipalities."""
    medians: Mapping[str, float]
    names: Mapping[int, str]
    """Name of a number by the identity of its record, as in `Draws`."""
    text: str
    """The scenario's files as they were read."""

    def draws(self, values: Mapping[str, Floats], count: int) -> Draws:
        """Return the scenario's numbers with (draw) values for some of them.

        Names that the scenario does not have are left out.
        """
        drawn = {
            name: values[name] if name in values else np.full(count, median)
            for name, median in self.medians.items()
        }
        return Draws(0, count, drawn, self.names)


def staircase_model(
    loaded: LoadedScenario,
    strategy: str = "baseline",
    years: int | None = None,
    place: str | None = None,
) -> StaircaseModel:
    """Lay out a scenario, over its first years only if asked.

    Parameters
    ----------
    loaded
        A scenario with a staircase.
    strategy
        "baseline" or one of the scenario's strategies.
    years
        From the start of the clock; the scenario's own budget years if None.
    place
        The municipality; None for a country.
    """
    scenario = loaded.scenario
    if years is not None:
        clock = scenario.clock
        run_in = clock.first_budget_year - int(clock.starts[:4])
        shorter = clock.model_copy(update={"n_budget_years": years - run_in})
        scenario = scenario.model_copy(update={"clock": shorter})
    plan = make_plan(scenario)
    medians = {
        name: float(quantity.value or 0.0)
        if quantity.distribution is None
        else float(quantile(quantity, np.array([0.5]))[0])
        for name, quantity in named_quantities(scenario).items()
    }
    names = draw_parameters(scenario, 0, 0, 1).names
    text = "\n".join(file.text for file in loaded.files)
    return StaircaseModel(plan, plan.strategies.index(strategy), place, medians, names, text)
