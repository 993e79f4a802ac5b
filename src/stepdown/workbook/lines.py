"""The lines of a budget form: what each account, cost and transfer changes, in kroner.

All amounts are means over the futures, with the sign of a municipal budget: - is a reduction, + an
addition. The lines of a payer add up to its net change, which is its net saving with the sign
turned.

Decision: docs/decisions/0031-workbook.md.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.report.words import Language
from stepdown.scenario import Scenario
from stepdown.scenario.model import Cost
from stepdown.workbook.words import say

__all__ = [
    "FormLine",
    "Part",
    "Proposal",
    "form_lines",
    "form_payers",
    "net_change",
    "outcomes",
    "rounded",
]

Part = Literal["saving", "investment", "other"]
Floats = NDArray[np.float64]
_NOTHING = 0.5  # kroner: a line that is less in every year is left out


class FormLine(NamedTuple):
    """One line of the form of one payer."""

    part: Part
    payer: str
    label: str
    function: str
    """In the chart of accounts; empty where the scenario does not say."""
    amounts: tuple[float, ...]
    """(year) [DKK], every budget year, mean over the futures; budget's sign."""


@dataclass(frozen=True)
class Proposal:
    """One strategy of a result beside the baseline, with the scenario that it was run from."""

    scenario: Scenario
    years: xr.Dataset
    """The result, budget years alone."""
    strategy: str
    lang: Language
    reached: xr.Dataset
    """P(saving reached) of every published line, computed once for all sheets."""
    children: xr.Dataset | None
    """What happens to the children, likewise; None without a staircase."""

    @property
    def own(self) -> xr.Dataset:
        """The strategy's own part of the result."""
        return self.years.sel(strategy=self.strategy)

    @property
    def label(self) -> str:
        """The strategy's name in words."""
        return str(self.own[f"strategy_{self.lang}"].values)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The budget years."""
        return tuple(int(year) for year in self.years.year.values)

    @property
    def payer(self) -> str:
        """Whose money the forms are about, the committees' included."""
        return self.scenario.own_payer

    def payer_label(self, payer: str) -> str:
        """Return a payer's name in words."""
        return str(self.years[f"payer_{self.lang}"].sel(payer=payer).values)


def form_payers(result: xr.Dataset) -> tuple[str, ...]:
    """Return the payers that have lines in the forms: committees, then the one they are part of."""
    return (*analysis.committees(result), analysis.own_payer(result))


def net_change(proposal: Proposal, payer: str) -> Floats:
    """Return the mean net change of a payer's own budget, (year) [DKK]; its parts left out."""
    saved = proposal.own.net_saving_dkk.sel(payer=payer)
    return _mean(-saved)


def form_lines(proposal: Proposal, payer: str) -> list[FormLine]:
    """Return the lines of one payer, its parts left out; none where nothing changes for it."""
    found = [
        FormLine(part, payer, label, function, tuple(float(amount) + 0.0 for amount in amounts))
        for part, label, function, amounts in (
            *_savings(proposal, payer),
            *_investments(proposal, payer),
            *_others(proposal, payer),
        )
        if np.abs(amounts).max() >= _NOTHING
    ]
    total = np.sum([line.amounts for line in found], axis=0) if found else 0.0
    gap = np.abs(net_change(proposal, payer) - total).max()
    assert gap < _NOTHING * 20, "own invariant: the lines of a payer add up to its net change"
    return found


_Found = tuple[Part, str, str, Floats]


def _savings(proposal: Proposal, payer: str) -> Iterator[_Found]:
    """Yield what the measures and the budget lines of a payer change."""
    lang, rest = proposal.lang, _cost_change(proposal, payer)
    if rest is not None:
        for function, amounts in _by_function(proposal, payer).items():
            rest = rest - amounts
            labels = _step_labels(proposal, payer, function)
            yield "saving", say("measures_line", lang).format(labels), function, amounts
    if "one_off_dkk" in proposal.years and rest is not None:
        amounts = _change(proposal, proposal.years.one_off_dkk.sel(payer=payer))
        rest = rest - amounts
        yield "saving", say("one_off_line", lang), "", amounts
    for label, amounts in _saved_lines(proposal, payer):
        rest = None if rest is None else rest - amounts
        yield "saving", label, "", amounts
    if rest is not None:
        yield "saving", say("unallocated_line", lang), "", rest
    if "stranded_dkk" in proposal.years:
        yield (
            "saving",
            say("stranded_line", lang),
            "",
            _mean(proposal.own.stranded_dkk.sel(payer=payer)),
        )


def _investments(proposal: Proposal, payer: str) -> Iterator[_Found]:
    """Yield what a strategy costs a payer, cost by cost where each is known by itself."""
    rest = _mean(proposal.own.investment_dkk.sel(payer=payer))
    for label, amounts in _line_investments(proposal, payer):
        rest = rest - amounts
        yield "investment", label, "", amounts
    rows = list(_cost_rows(proposal, payer))
    if rows and np.abs(rest - np.sum([amounts for _, amounts in rows], axis=0)).max() < _NOTHING:
        for label, amounts in rows:
            yield "investment", label, "", amounts
    else:
        yield "investment", say("spending_line", proposal.lang), "", rest
    grants = -_mean(proposal.own.grant_dkk.sel(payer=payer))
    yield "investment", say("grant_line", proposal.lang), "", grants


def _others(proposal: Proposal, payer: str) -> Iterator[_Found]:
    """Yield what follows from a strategy and is neither saving on measures nor investment."""
    lang = proposal.lang
    if "casework_dkk" in proposal.years and payer == proposal.payer:
        yield "other", say("casework_line", lang), "", _mean(proposal.own.casework_dkk)
    if "refusion_dkk" in proposal.years:
        amounts = -_change(proposal, proposal.years.refusion_dkk.sel(payer=payer))
        yield "other", say("refusion_line", lang), "", amounts


def _by_function(proposal: Proposal, payer: str) -> dict[str, Floats]:
    """Return the change in months times price by account function, (year) [DKK]."""
    months = proposal.years.months_in_step.astype(float)
    cost = (months * proposal.years.price_dkk_per_month).sel(
        strategy=[str(proposal.years.strategy.values[0]), proposal.strategy]
    )
    by_step = cost.mean(["draw", "replicate"])
    change = by_step.isel(strategy=1) - by_step.isel(strategy=0)
    found: dict[str, Floats] = {}
    for name, step in proposal.scenario.steps.items():
        if step.price is not None and step.payer == payer:
            function = step.account_function or ""
            amounts = change.sel(step=name).transpose("year").values
            found[function] = found.get(function, 0.0) + amounts
    return dict(sorted(found.items()))


def _step_labels(proposal: Proposal, payer: str, function: str) -> str:
    """Return the names of the steps on a function; the first letter of all but one small."""
    labels = proposal.years[f"step_{proposal.lang}"]
    names = [
        str(labels.sel(step=name).values)
        for name, step in proposal.scenario.steps.items()
        if step.price is not None
        and step.payer == payer
        and (step.account_function or "") == function
    ]
    return ", ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def _cost_change(proposal: Proposal, payer: str) -> Floats | None:
    if "cost_dkk" not in proposal.years:
        return None
    return _change(proposal, proposal.years.cost_dkk.sel(payer=payer))


def _saved_lines(proposal: Proposal, payer: str) -> Iterator[tuple[str, Floats]]:
    """Yield the drawn budget lines of the strategy that save for a payer."""
    for name, label, kind in _own_lines(proposal):
        if kind != "residual":
            saved = proposal.years.line_saving_dkk.sel(budget_line=name, payer=payer)
            yield label, -_mean(saved)


def _line_investments(proposal: Proposal, payer: str) -> Iterator[tuple[str, Floats]]:
    for name, label, _ in _own_lines(proposal):
        yield label, _mean(proposal.years.line_investment_dkk.sel(budget_line=name, payer=payer))


def _own_lines(proposal: Proposal) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the label and the kind of the strategy's budget lines."""
    if "line_saving_dkk" not in proposal.years:
        return
    lines = proposal.years
    for at, name in enumerate(lines.budget_line.values):
        if proposal.strategy in str(lines.budget_line_strategies.values[at]).split():
            label = str(lines[f"budget_line_{proposal.lang}"].values[at])
            yield str(name), label, str(lines.budget_line_kind.values[at])


def _cost_rows(proposal: Proposal, payer: str) -> Iterator[tuple[str, Floats]]:
    """Yield the costs of a payer that the scenario states as rows, each with its amounts."""
    strategy = proposal.scenario.strategies[proposal.strategy]
    for investment in strategy.investments.values():
        for cost in investment.costs.values():
            if cost.row is not None and cost.payer == payer:
                amounts = np.array([cost.row.amount(year) for year in proposal.numbers])
                yield _cost_label(proposal, cost), amounts


def _cost_label(proposal: Proposal, cost: Cost) -> str:
    if cost.label is None:
        return say("spending_line", proposal.lang)
    return cost.label.da if proposal.lang == "da" else cost.label.en


def _change(proposal: Proposal, values: xr.DataArray) -> Floats:
    """Return strategy less baseline, mean over the futures, (year)."""
    return _mean(values.sel(strategy=proposal.strategy) - values.isel(strategy=0))


def _mean(values: xr.DataArray) -> Floats:
    found: Floats = values.mean([dim for dim in values.dims if dim != "year"]).values
    return found


def outcomes(values: xr.DataArray, levels: Sequence[float]) -> xr.DataArray:
    """Return quantiles over the futures, (quantile, ...), as `analysis.quantiles` has them.

    Without their errors, which no sheet shows and which take most of the time.
    """
    return values.quantile(
        list(levels), [dim for dim in ("draw", "replicate") if dim in values.dims]
    )


def rounded(kroner: float) -> int:
    """Return whole DKK thousand, as ROUND(x/1000, 0) gives them: halves away from 0."""
    return int(math.copysign(math.floor(abs(kroner / 1000) + 0.5), kroner))
