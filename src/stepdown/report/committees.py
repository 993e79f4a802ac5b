"""The budget table of each committee and of the municipality, signed as a budget form is.

Sign of a municipal budget: + is spending (budgettilførsel), - is a reduction (budgetreduktion).
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from rich.text import Text

from stepdown import analysis
from stepdown.report.terminal import Grid
from stepdown.report.words import Language, thousands, word

__all__ = ["CommitteeSummary", "budget_rows", "committees_table", "summarise_committees"]

_LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class CommitteeSummary:
    """What one strategy does to the budget of a committee; (year) kroner, budget's sign."""

    payer: str
    label_da: str
    label_en: str
    investment: tuple[float, ...]
    """Spending on the strategy less grants, mean over draws."""
    published_saving: tuple[float, ...]
    """As published, residuals apart; <= 0."""
    published_residual: tuple[float, ...]
    published_change: tuple[float, ...]
    """Investment and all that was published."""
    saving_mean: tuple[float, ...]
    change_mean: tuple[float, ...]
    change_good: tuple[float, ...]
    """10 % quantile of the change: the largest reductions."""
    change_median: tuple[float, ...]
    change_bad: tuple[float, ...]
    """90 % quantile of the change."""


def summarise_committees(result: xr.Dataset, strategy: str) -> tuple[CommitteeSummary, ...]:
    """Return the budget of each committee, then of the whole municipality; none without parts."""
    parts = analysis.committees(result)
    if not parts:
        return ()
    promised = analysis.promised(result).sel(strategy=strategy)
    total = {key: _filled(promised[key]) for key in ("calculated", "residual")}
    by_part = {part: _published(result, strategy, part) for part in parts}
    found = [_summary(result, strategy, part, by_part[part]) for part in parts]
    return (*found, _summary(result, strategy, analysis.own_payer(result), total))


def committees_table(
    committees: tuple[CommitteeSummary, ...], years: list[int], price_level: int, lang: Language
) -> Grid:
    """Return one table with a block for each committee that anything changes for, and for all."""
    unit = f"{word('thousands', lang)}, {word('prices', lang).format(price_level)}"
    title = f"{word('by_committee', lang)} ({unit}; {word('form_sign', lang)})"
    lines: list[list[str | Text]] = []
    for own in committees:
        rows = budget_rows(own, lang)[: 5 + any(own.published_residual)]
        if own is not committees[-1] and not any(any(amounts) for _, amounts in rows):
            continue
        label = Text(own.label_da if lang == "da" else own.label_en, "italic")
        lines.append([label, *[""] * len(years)])
        for name, amounts in rows:
            lines.append([f"  {name}", *(thousands(amount, lang) for amount in amounts)])
    return Grid(title, ["", *map(str, years)], lines)


def budget_rows(own: CommitteeSummary, lang: Language) -> list[tuple[str, tuple[float, ...]]]:
    """Return the rows of a committee's budget, the quantiles last: name, and kroner by year."""
    rows = [
        (word("investment_row", lang), own.investment),
        (word("published_saving_row", lang), own.published_saving),
    ]
    if any(own.published_residual):
        rows.append((word("residual_row", lang), own.published_residual))
    change = word("calculated_change", lang)
    return [
        *rows,
        (word("published_change_row", lang), own.published_change),
        (f"{word('calculated_saving', lang)}, {word('mean', lang)}", own.saving_mean),
        (f"{change}, {word('mean', lang)}", own.change_mean),
        (f"{change}, {word('bad', lang)}", own.change_bad),
        (f"{change}, {word('median', lang)}", own.change_median),
        (f"{change}, {word('good', lang)}", own.change_good),
    ]


def _summary(
    result: xr.Dataset, strategy: str, payer: str, published: dict[str, np.ndarray]
) -> CommitteeSummary:
    years = analysis.budget_years(result).sel(strategy=strategy)
    invested = analysis.of_payer(years.investment_dkk - years.grant_dkk, payer).mean("draw")
    net = analysis.net_saving(result, payer).sel(strategy=strategy)
    gross = analysis.gross_saving(result, payer).sel(strategy=strategy)
    low, middle, high = analysis.bands(net, _LEVELS).values
    change = invested.values - published["calculated"] - published["residual"]
    return CommitteeSummary(
        payer=payer,
        label_da=str(result.payer_da.sel(payer=payer).values),
        label_en=str(result.payer_en.sel(payer=payer).values),
        investment=_floats(invested.values),
        published_saving=_floats(-published["calculated"]),
        published_residual=_floats(-published["residual"]),
        published_change=_floats(change),
        saving_mean=_floats(-gross.mean(["draw", "replicate"]).values),
        change_mean=_floats(-net.mean(["draw", "replicate"]).values),
        change_good=_floats(-high),
        change_median=_floats(-middle),
        change_bad=_floats(-low),
    )


def _published(result: xr.Dataset, strategy: str, payer: str) -> dict[str, np.ndarray]:
    """Return what was published of a committee's budget lines, (year) [DKK], residuals apart."""
    years = analysis.budget_years(result)
    if "line_published_dkk" not in years:
        none = np.zeros(years.sizes["year"])
        return {"calculated": none, "residual": none}
    own = [strategy in str(names).split() for names in years.budget_line_strategies.values]
    lines = years.line_published_dkk.sel(payer=payer).isel(budget_line=own)
    is_residual = lines.budget_line_kind == "residual"
    return {
        "calculated": lines.where(~is_residual, 0).sum("budget_line").values,
        "residual": lines.where(is_residual, 0).sum("budget_line").values,
    }


def _filled(values: xr.DataArray) -> np.ndarray:
    return np.asarray(values.fillna(0.0).values)


def _floats(values: np.ndarray) -> tuple[float, ...]:
    # Adding 0 turns -0 into 0.
    return tuple(float(value) + 0.0 for value in values)
