"""What a form shows beside its own figures: the proposal's, and how sure the calculated are."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.report.published import published_words
from stepdown.workbook.lines import Proposal, outcomes
from stepdown.workbook.words import say

__all__ = ["MemoRow", "memo_rows", "published", "reached"]

Floats = NDArray[np.float64]
_LEVELS = {"net_bookable": 0.2, "net_bad": 0.1, "net_median": 0.5, "net_good": 0.9}


class MemoRow(NamedTuple):
    """One row; (year) kroner with the budget's sign, or shares. nan where there is none."""

    label: str
    values: tuple[float, ...]
    is_share: bool = False


def memo_rows(proposal: Proposal, payer: str | None) -> list[MemoRow]:
    """Return the rows beside the form of a payer; None is the municipality with all parts."""
    lang = proposal.lang
    words = published_words(proposal.years, [proposal.strategy])
    labels = {"published": words.row[lang == "en"], "residual": say("residual", lang)}
    rows = [MemoRow(labels[key], _tuple(values)) for key, values in _published(proposal, payer)]
    chance = reached(proposal) if payer is None else None
    if chance is not None:
        rows.append(MemoRow(say("p_reached", lang), _tuple(chance), is_share=True))
    levels = tuple(sorted(_LEVELS.values()))
    net = outcomes(_net(proposal, payer), levels)
    if "cost_dkk" in proposal.years:
        kept = outcomes(_gross(proposal, payer), (0.2,))
        rows.append(MemoRow(say("gross_bookable", lang), _tuple(-kept.isel(quantile=0).values)))
    for key, level in _LEVELS.items():
        rows.append(MemoRow(say(key, lang), _tuple(-net.sel(quantile=level).values)))
    return rows


def published(proposal: Proposal, payer: str | None) -> dict[str, Floats]:
    """Return what was published, (year) [DKK], budget's sign: `published` and `residual`."""
    return dict(_published(proposal, payer))


def reached(proposal: Proposal) -> Floats | None:
    """Return P(saving reached), (year), where the strategy has one published line that has any."""
    if not proposal.reached.sizes["line"]:
        return None
    own = proposal.reached.value.sel(strategy=proposal.strategy)
    lines = own.dropna("line", how="all")
    if lines.sizes["line"] != 1:
        return None
    values: Floats = lines.isel(line=0).values
    return values


def _net(proposal: Proposal, payer: str | None) -> xr.DataArray:
    return _own(proposal.own.net_saving_dkk, payer)


def _gross(proposal: Proposal, payer: str | None) -> xr.DataArray:
    """Return the saving before investment; places under notice are spending."""
    cost = _own(proposal.years.cost_dkk, payer)
    saved = cost.isel(strategy=0, drop=True) - cost.sel(strategy=proposal.strategy, drop=True)
    if "stranded_dkk" in proposal.years:
        saved = saved - _own(proposal.own.stranded_dkk, payer)
    return saved


def _own(values: xr.DataArray, payer: str | None) -> xr.DataArray:
    """Return what a payer has without its parts; None is the municipality with all of them."""
    if payer is None:
        return analysis.of_payer(values)
    return values.sel(payer=payer, drop=True)


def _published(proposal: Proposal, payer: str | None) -> Iterator[tuple[str, Floats]]:
    """Yield what the proposal promised, where it promised anything."""
    if payer is None:
        promised = analysis.promised(proposal.years).sel(strategy=proposal.strategy)
        amounts = {"published": promised.calculated.values, "residual": promised.residual.values}
    elif "line_published_dkk" in proposal.years:
        lines = proposal.years.line_published_dkk.sel(payer=payer)
        members = [
            proposal.strategy in str(names).split() for names in lines.budget_line_strategies.values
        ]
        own = lines.isel(budget_line=np.flatnonzero(members))
        is_residual = own.budget_line_kind == "residual"
        amounts = {
            "published": own.where(~is_residual, 0).sum("budget_line").values,
            "residual": own.where(is_residual, 0).sum("budget_line").values,
        }
    else:
        return
    for key, values in amounts.items():
        if np.nansum(np.abs(values)) > 0:
            yield key, -values


def _tuple(values: Floats) -> tuple[float, ...]:
    # Adding 0 turns -0 into 0.
    return tuple(float(value) + 0.0 for value in values)
