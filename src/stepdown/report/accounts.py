"""The calculated baseline beside the accounts: volume and price apart, by account function."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from rich.text import Text

from stepdown.report.terminal import Grid
from stepdown.report.words import Language, change, number, thousands, word
from stepdown.scenario import Scenario

__all__ = ["AccountCheck", "accounts_table", "check_accounts"]


@dataclass(frozen=True)
class AccountCheck:
    """One account function in one year; kroner in the year's own prices as the file states them."""

    function: str
    label_da: str
    label_en: str
    spent: float | None
    """None where the file says nothing of the year."""
    expected: float | None
    """Mean spending of the baseline; None where no step is booked on the function."""
    full_year_places: float
    price_per_year: float


def check_accounts(scenario: Scenario, result: xr.Dataset, year: int) -> list[AccountCheck]:
    """Compare the baseline's mean spending with the accounts of a year, function by function."""
    found = []
    baseline = result.sel(strategy="baseline")
    for function, account in scenario.accounts.items():
        spent = account.spent.by_year.get(str(year))
        places, expected = 0.0, None
        if account.steps:
            steps = list(account.steps)
            months = baseline.months_in_step.sel(year=year, step=steps).mean("replicate")
            price = baseline.price_dkk_per_month.sel(step=steps)
            if "year" in price.dims:
                price = price.sel(year=year)
            growth = _index(scenario, result, account.spent.price_year)
            expected = float(((months * price).sum("step") * growth).mean())
            places = float(months.sum("step").mean()) / 12
        average = expected / places if expected is not None and places > 0 else np.nan
        found.append(
            AccountCheck(
                function, account.label.da, account.label.en, spent, expected, places, average
            )
        )
    return found


def accounts_table(scenario: Scenario, result: xr.Dataset, lang: Language) -> list[Grid | Text]:
    """Return the comparison for the last year that has accounts; nothing without accounts."""
    years = sorted({int(y) for a in scenario.accounts.values() for y in a.spent.by_year})
    years = [year for year in years if year in result.year.values]
    if not years:
        return []
    year = years[-1]
    title = f"{word('accounts', lang).format(year)} ({word('thousands', lang)})"
    keys = ("account", "spent", "expected", "difference", "full_year", "average_price")
    rows = [_cells(check, lang) for check in check_accounts(scenario, result, year)]
    table = Grid(title, [word(key, lang) for key in keys], rows)
    is_placed = result.step_kind == "placement"
    placed = result.stock.sel(strategy="baseline", year=year).where(is_placed, 0).sum("step")
    total = number(float(placed.mean()), lang, 1)
    return [table, Text(f"{word('stock_at', lang).format(year)}: {total}")]


def _cells(check: AccountCheck, lang: Language) -> list[str]:
    label = check.label_da if lang == "da" else check.label_en
    spent = "" if check.spent is None else thousands(check.spent, lang)
    cells = [f"{check.function} {label}", spent]
    if check.expected is None:
        return [*cells, word("exogenous", lang), "", "", ""]
    return [
        *cells,
        thousands(check.expected, lang),
        change(check.expected / check.spent - 1, lang) if check.spent else "",
        number(check.full_year_places, lang, 1),
        thousands(check.price_per_year, lang),
    ]


def _index(scenario: Scenario, result: xr.Dataset, price_year: int) -> xr.DataArray | float:
    """Return what lifts the result's price level to that of the accounts, (draw)."""
    years = price_year - int(result.attrs["price_level"])
    name = "money.indexation"
    if name in result.parameter.values:
        index: xr.DataArray = (1 + result.parameter_value.sel(parameter=name)) ** years
        return index
    return float(1 + (scenario.money.indexation.value or 0.0)) ** years
