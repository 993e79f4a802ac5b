"""What a report draws on: one run, its scenario, and the figures that several sections tell."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.errors import InputError, Problem
from stepdown.report.document.keys import Names
from stepdown.report.document.numbers import Writer
from stepdown.report.words import Language
from stepdown.scenario import LoadedScenario, Scenario

__all__ = ["Facts", "Promise", "Totals", "facts_of"]

_RUNS = ["draw", "replicate"]
Values = TypeVar("Values", xr.DataArray, xr.Dataset)
Why = Literal["only", "published", "first", "best", "asked"]


@dataclass(frozen=True)
class Totals:
    """A strategy over all budget years: means over the futures [DKK]."""

    spending: float
    """On the strategy, by all payers, grants included."""
    own_spending: float
    """The municipality's part of it, before grants."""
    grants: float
    """Received by the municipality less given by it."""
    gross: float
    """Saved on measures or by budget lines, by all payers."""
    own_gross: float
    """The municipality's part of it."""
    casework: float
    """Caseworkers for more open cases; negative for fewer."""
    stranded: float
    """Emptied places under notice, the municipality's."""
    refusion: float
    """More state reimbursement to the municipality; negative for less."""
    net: float
    """The municipality's net saving."""
    net_error: float
    """Its Monte Carlo standard error."""
    public: float
    """All payers' net saving."""
    public_error: float
    """Its Monte Carlo standard error."""


class Promise(NamedTuple):
    """A published saving in the last year that it names, in its own scope."""

    line: str
    year: int
    amount: float
    """Published [DKK]."""
    mean: float
    """What is saved on average that year [DKK]."""
    chance: float
    """That it is reached."""


@dataclass(frozen=True)
class Facts:
    """One run as a report needs it; what is asked for twice is computed once."""

    result: xr.Dataset
    loaded: LoadedScenario
    write: Writer
    strategy: str
    """The strategy that the first page is about."""
    why: Why
    """Why it is that one."""

    @property
    def scenario(self) -> Scenario:
        """The scenario of the run."""
        return self.loaded.scenario

    @cached_property
    def years(self) -> xr.Dataset:
        """The budget years of the result."""
        return analysis.budget_years(self.result)

    @cached_property
    def year_numbers(self) -> tuple[int, ...]:
        """The budget years."""
        return tuple(int(year) for year in self.years.year.values)

    @cached_property
    def payer(self) -> str:
        """Whose money the report is about; its committees' is its own."""
        return analysis.own_payer(self.result)

    @property
    def first(self) -> int:
        """The first budget year."""
        return self.year_numbers[0]

    @property
    def last(self) -> int:
        """The last budget year."""
        return self.year_numbers[-1]

    @property
    def period(self) -> str:
        """The budget years in words."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies beside the baseline."""
        return tuple(str(name) for name in self.result.strategy.values[1:])

    @property
    def has_children(self) -> bool:
        """Whether children move on a staircase in the run."""
        return "months_in_step" in self.result

    @property
    def has_levels(self) -> bool:
        """Whether the strategies are a grid of levels."""
        return bool(self.scenario.levels)

    @cached_property
    def names(self) -> Names:
        """Names of the scenario's figures."""
        return Names(self.scenario, self.write.lang)

    @property
    def prices(self) -> str:
        """The price level in words."""
        level = int(self.result.attrs["price_level"])
        return self.write.say(f"{level}-priser", f"{level} prices")

    @property
    def n_futures(self) -> int:
        """How many futures were simulated."""
        return int(self.result.sizes["draw"] * self.result.sizes["replicate"])

    def label(self, strategy: str | None = None) -> str:
        """Return what a strategy is called."""
        labels = self.result[f"strategy_{self.write.lang}"]
        return str(labels.sel(strategy=strategy or self.strategy).item())

    def quoted(self, strategy: str | None = None) -> str:
        """Return what a strategy is called, as a sentence says it."""
        label = self.label(strategy)
        return self.write.say(f"»{label}«", f'"{label}"')

    @cached_property
    def net(self) -> xr.DataArray:
        """The municipality's net saving, (strategy, draw, replicate, year) [DKK]."""
        return analysis.net_saving(self.result)

    @cached_property
    def gross(self) -> xr.DataArray:
        """What the municipality saves before the investment, (strategy, draw, replicate, year)."""
        return analysis.gross_saving(self.result)

    @cached_property
    def cumulative(self) -> xr.DataArray:
        """The net saving summed from the first budget year, with the years as labels."""
        summed: xr.DataArray = self.net.cumsum("year").assign_coords(year=self.years.year)
        return summed

    @cached_property
    def present_value(self) -> xr.DataArray:
        """Present value of the net saving, (strategy, draw, replicate) [DKK]."""
        return analysis.present_value(self.result)

    @cached_property
    def payback(self) -> xr.DataArray:
        """Year in which a strategy has paid back, (strategy, draw, replicate); nan if never."""
        return analysis.payback_year(self.result)

    @cached_property
    def reached(self) -> xr.Dataset:
        """P(saving reached) by (strategy, line, year)."""
        return analysis.saving_reached(self.result)

    @cached_property
    def by_step_saved(self) -> xr.DataArray:
        """What the last year's saving is on each step, (step) [DKK]; of runs with children."""
        years = self.years.isel(year=-1)
        cost = years.months_in_step * years.price_dkk_per_month
        own = cost.sel(strategy=self.strategy, drop=True)
        saved: xr.DataArray = (cost.isel(strategy=0, drop=True) - own).mean(_RUNS)
        return saved

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """The published savings of the strategy, residuals apart; each in its last year."""
        own, found = self.own(self.reached), []
        for line in own.line.values:
            one = own.sel(line=line)
            known = np.flatnonzero(one.value.notnull().values)
            if known.size:
                at = int(known[-1])
                told = (float(one[key].values[at]) for key in ("published", "mean", "value"))
                found.append(Promise(str(line), self.year_numbers[at], *told))
        return tuple(sorted(found, key=lambda promise: promise.year))

    @cached_property
    def totals(self) -> dict[str, Totals]:
        """Means over all budget years, by strategy."""
        return {name: self._totals(name) for name in self.strategies}

    @cached_property
    def givers(self) -> tuple[str, ...]:
        """Those who give the municipality grants under the strategy, by name."""
        grants = self.years.grant_dkk.sel(strategy=self.strategy, drop=True)
        given = grants.mean([dim for dim in _RUNS if dim in grants.dims]).sum("year")
        return tuple(
            str(self.result[f"payer_{self.write.lang}"].sel(payer=payer).item())
            for payer in given.payer.values
            if float(given.sel(payer=payer)) < 0
        )

    def own(self, values: Values, strategy: str | None = None) -> Values:
        """Return the values of a strategy."""
        return values.sel(strategy=strategy or self.strategy, drop=True)

    def by_year(self, values: xr.DataArray, strategy: str | None = None) -> NDArray[np.float64]:
        """Return means over the futures, (year)."""
        own = self.own(values, strategy)
        return np.asarray(own.mean([dim for dim in _RUNS if dim in own.dims]).values, dtype=float)

    def error(self, values: xr.DataArray) -> float:
        """Return the Monte Carlo standard error of a mean over the futures; 0 if not known."""
        error = float(analysis.mean(values).error)
        return error if np.isfinite(error) else 0.0

    def _totals(self, name: str) -> Totals:
        years = self.years

        def mean(key: str, payer: str | None = None) -> float:
            if key not in years:
                return 0.0
            values = analysis.of_payer(years[key], payer) if "payer" in years[key].dims else (
                years[key])  # fmt: skip
            return float(self.by_year(values, name).sum())

        own_net = self.own(years.net_saving_dkk, name)
        refused = 0.0
        if "refusion_dkk" in years:
            own = analysis.of_payer(years.refusion_dkk)
            more = own - own.isel(strategy=0, drop=True)
            refused = float(self.by_year(more, name).sum())
        return Totals(
            spending=mean("investment_dkk", "all"),
            own_spending=mean("investment_dkk"),
            grants=mean("grant_dkk"),
            gross=mean("gross_saving_dkk"),
            own_gross=float(self.by_year(self.gross, name).sum()),
            casework=mean("casework_dkk"),
            stranded=mean("stranded_dkk"),
            refusion=refused,
            net=mean("net_saving_dkk"),
            net_error=self.error(self.own(self.net, name).sum("year")),
            public=mean("net_saving_dkk", "all"),
            public_error=self.error(analysis.of_payer(own_net, "all").sum("year")),
        )


def facts_of(
    result: xr.Dataset, loaded: LoadedScenario, lang: Language, strategy: str | None = None
) -> Facts:
    """Gather the facts of a run.

    Raises
    ------
    InputError
        The run has no futures to report: it is for expectations, or its draws share their luck.
    """
    _check(result, strategy)
    name, why = _headline(result, loaded, strategy)
    return Facts(result, loaded, Writer(lang), name, why)


def _check(result: xr.Dataset, strategy: str | None) -> None:
    """Refuse a run that a report cannot be made of."""
    problems = []
    scenario = str(result.attrs.get("scenario", ""))
    if result.attrs.get("purpose") == "expectation":
        rule = "a report tells how often things happen, and such a run has means alone"
        fix = "run the scenario again without --for expectation"
        problems.append(Problem(scenario, 0, "purpose", "a run for expectations", rule, fix))
    if result.attrs.get("luck") == "common":
        rule = "its draws share one luck, so that no figure of it has an error"
        fix = 'run the scenario again without luck="common"'
        problems.append(Problem(scenario, 0, "luck", "a run with common luck", rule, fix))
    names = [str(name) for name in result.strategy.values[1:]]
    if strategy is not None and strategy not in names:
        rule = f"the run has {', '.join(names)}"
        problems.append(
            Problem(scenario, 0, "strategy", f"no strategy {strategy}", rule, "name one of them")
        )
    if problems:
        raise InputError(problems)


def _headline(result: xr.Dataset, loaded: LoadedScenario, strategy: str | None) -> tuple[str, Why]:
    """Return the strategy that the first page is about, and why it is that one.

    The one with the largest published saving, since a council has seen it; of a grid of levels the
    one with the best mean; else the file's first.
    """
    names = [str(name) for name in result.strategy.values[1:]]
    if strategy is not None:
        return strategy, "asked"
    if len(names) == 1:
        return names[0], "only"
    published = analysis.promised(result).calculated.fillna(0).sum("year")
    if float(published.max()) > 0:
        return names[int(published.values.argmax())], "published"
    if loaded.scenario.levels:
        return names[int(analysis.present_value(result).mean(_RUNS).values.argmax())], "best"
    return names[0], "first"
