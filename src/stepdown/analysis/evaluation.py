"""What an evaluation would be worth: EVSI, the expected value of sample information.

An evaluation does not tell the truth but gives an estimate with an error. What it is worth depends
on how often the estimate would change the choice. Evaluations are imagined: in each draw the truth
is known, and estimates are drawn around it; the mean net benefit given an estimate is then a smooth
function of it.

Decision: docs/decisions/0028-value-of-information.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown.analysis.distribution import mean_by_draw
from stepdown.analysis.figures_of_runs import named_parameters, net_benefits, numbers_of_draws
from stepdown.analysis.information import Means, evppi_of, means_of, worth_of
from stepdown.analysis.smoothing import inner, smooth_mean
from stepdown.errors import ParameterError
from stepdown.scenario import LoadedScenario
from stepdown.scenario.classes import targets_of

__all__ = ["Evaluation", "events_per_child_year", "evsi", "evsi_of"]

Floats = NDArray[np.float64]

_REPEATS = 5
_SEED = 20_150_701
_FEWEST_EVENTS = 5.0


@dataclass(frozen=True)
class Evaluation:
    """A study that follows children with and without the help and counts events."""

    parameter: str
    """The uncertain number that it informs, as in `result.parameter`."""
    n_children: int
    """Followed in each of the two groups."""
    months: float
    """How long each child is followed, at most until its first event."""
    events_per_child_year: float
    """Rate of the events without the help; `events_per_child_year` reads it off a run."""
    log_ratio_per_unit: float | None = None
    """Log hazard ratio between the groups for each unit of the number. None where the number is
    itself a ratio. For an elasticity of the caseload and groups with 33 and 25 cases per
    caseworker: log(33 / 25), with a minus where more help makes the events rarer."""

    def __post_init__(self) -> None:
        for name in ("n_children", "months", "events_per_child_year"):
            value = getattr(self, name)
            if not value > 0:
                raise ParameterError(f"{name} = {value!r}: must be above 0. Write {name} = 24.")

    def log_ratio(self, x: Floats) -> Floats:
        """Return the true log hazard ratio where the number is x."""
        if self.log_ratio_per_unit is not None:
            return np.asarray(x * self.log_ratio_per_unit)
        if (x <= 0).any():
            raise ParameterError(
                f"parameter {self.parameter!r} is not above 0 in every draw, so it is no ratio. "
                "Write log_ratio_per_unit, such as log(33 / 25) for an elasticity of the caseload."
            )
        return np.log(x)

    def events(self, log_ratio: Floats) -> Floats:
        """Return the expected number of children with an event in a group with a log ratio."""
        rate = self.events_per_child_year * np.exp(log_ratio)
        return np.asarray(self.n_children * -np.expm1(-rate * self.months / 12))


def evsi_of(
    net_benefit: Floats,
    x: Floats,
    simulate: Callable[[Floats, np.random.Generator], Floats],
    seed: int = _SEED,
) -> dict[str, float]:
    """Return the expected value of data about some numbers.

    Parameters
    ----------
    net_benefit
        (draw, option); higher is better. Luck in it is no matter.
    x
        (draw) or (draw, number). What the data depend on.
    simulate
        Given x and a generator, returns one summary of data for each row of x: (draw) or (draw,
        summary). It is called several times, with the draws by rising x.
    seed
        Of the generator.

    Returns
    -------
        As `evppi_of`.

    Notes: data tell of the net benefit only by what they tell of x, so the net benefit is first
    replaced by its mean given x, which takes off luck and all other numbers, and that is smoothed
    over the summary. The same is done with functions as likely as the draws leave the first.
    Source: Strong, Oakley, Brennan and Breeze, Medical Decision Making 35 (2015).
    """
    table, x = _in_order(np.asarray(net_benefit, dtype=np.float64), x)
    moving = np.flatnonzero(np.ptp(table, axis=0) > 0)
    given_x = means_of(smooth_mean(table[:, moving], x))
    generator = np.random.default_rng(seed)
    data = np.concatenate([np.asarray(simulate(x, generator)) for _ in range(_REPEATS)])
    about = np.tile(given_x.columns @ given_x.coefficients.T, (_REPEATS, 1))
    given_data = smooth_mean(about, data)
    columns = given_data.basis.at(given_data.x)
    # A function of x is smoothed over the data by way of its columns, once for all functions.
    crossed = inner(columns, np.tile(given_x.columns, (_REPEATS, 1)))
    likely = given_data.again(given_x.likely @ crossed.T)
    means = Means(columns, given_data.coefficients, given_x.level, likely, given_x.likely_level)
    return worth_of(table, moving, means)


def _in_order(table: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Return draws by rising numbers, so that the data imagined do not hang on their order."""
    order = np.lexsort((*table.T, *np.atleast_2d(x.T)))
    return table[order], x[order]


def evsi(
    result: xr.Dataset, evaluation: Evaluation, worth_dkk: float = 0.0, payer: str | None = None
) -> xr.Dataset:
    """Return what an evaluation would be worth, if the strategy were chosen after it.

    Parameters
    ----------
    result
        Of `simulate`; for expectations too.
    evaluation
        What it follows and counts.
    worth_dkk, payer
        As in `evpi`.

    Returns
    -------
        `value`, `error`, `low`, `high`, `estimate` [DKK, present value] as in `evppi_of`, and
        `evppi`, what knowing the number for certain would be worth: the ceiling;
        `events_without`, `events_with` [children], expected in each group, and
        `log_ratio_error`, the standard error of the estimate, at the mean of the number.

    Raises
    ------
    ParameterError
        There is no such number; or the study is so small that a group expects fewer than 5 events,
        where the error of an estimate is not 1 / events.

    Notes: the estimate is the log hazard ratio, normal about the truth with variance
    1 / events with + 1 / events without (Tsiatis, Biometrika 68, 1981). The study itself costs
    money and time; neither is taken off.
    """
    (place,) = named_parameters(result, (evaluation.parameter,))
    x = numbers_of_draws(result)[:, place]
    without = evaluation.events(np.zeros(1))[0]
    at_mean = float(evaluation.events(evaluation.log_ratio(x).mean(keepdims=True))[0])
    if min(without, at_mean) < _FEWEST_EVENTS:
        raise ParameterError(
            f"n_children = {evaluation.n_children}, months = {evaluation.months:g}: only "
            f"{min(without, at_mean):.1f} events are expected in a group, and at least "
            f"{_FEWEST_EVENTS:g} are wanted for an estimate whose error is known. Follow more "
            "children, or for longer."
        )

    def simulate(x: Floats, generator: np.random.Generator) -> Floats:
        ratio = evaluation.log_ratio(x)
        spread = np.sqrt(1 / evaluation.events(ratio) + 1 / without)
        return np.asarray(ratio + spread * generator.standard_normal(ratio.size))

    benefits = mean_by_draw(net_benefits(result, worth_dkk, payer)).transpose("draw", "strategy")
    found = evsi_of(benefits.values, x, simulate)
    found["evppi"] = evppi_of(benefits.values, x)["value"]
    told = xr.Dataset({name: ((), number, {"units": "DKK"}) for name, number in found.items()})
    return told.assign(
        events_without=((), float(without), {"units": "children"}),
        events_with=((), at_mean, {"units": "children"}),
        log_ratio_error=float(np.sqrt(1 / at_mean + 1 / without)),
    )


def events_per_child_year(loaded: LoadedScenario, result: xr.Dataset, on: tuple[str, ...]) -> float:
    """Return how often moves happen in the baseline to the children who could make them.

    Parameters
    ----------
    loaded, result
        The scenario and a run of it.
    on
        Classes of moves or moves, as in an effect.

    Returns
    -------
        Events per child and year on the steps that the moves leave, over the budget years' mean.

    Raises
    ------
    ParameterError
        No move is named so.
    """
    moves = targets_of(loaded.scenario, on) if loaded.scenario.has_staircase else {}
    if not moves:
        raise ParameterError(
            f"on = {on!r}: no move of this scenario is of such a class or name. "
            'Write on = ("placement",).'
        )
    steps = sorted({loaded.scenario.moves[move].from_step for move in moves})
    baseline = result.isel(strategy=0)
    made = float(baseline.moves.sel(move=list(moves)).sum())
    return made / (float(baseline.months_in_step.sel(step=steps).sum()) / 12)
