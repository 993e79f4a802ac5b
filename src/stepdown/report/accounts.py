"""The calculated baseline beside the accounts: volume and price apart, by account function."""

import numpy as np
import xarray as xr

from stepdown.report.words import Language, number, percent, thousands, word
from stepdown.scenario import Scenario

__all__ = ["AccountCheck", "account_lines", "check_accounts"]

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountCheck:
    """One account function in one year; kroner in the year's own prices as the file states them."""

    function: str
    label_da: str
    label_en: str
    spent: float
    expected: float | None
    """Mean spending of the baseline; None where no step is booked on the function."""
    full_year_places: float
    price_per_year: float


def check_accounts(scenario: Scenario, result: xr.Dataset, year: int) -> list[AccountCheck]:
    """Compare the baseline's mean spending with the accounts of a year, function by function."""
    found = []
    baseline = result.sel(strategy="baseline")
    for function, account in scenario.accounts.items():
        spent = account.spent.amount(year)
        places, expected = 0.0, None
        if account.steps:
            steps = list(account.steps)
            months = baseline.months_in_step.sel(year=year, step=steps).mean("replicate")
            price = baseline.price_dkk_per_month.sel(step=steps)
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


def account_lines(scenario: Scenario, result: xr.Dataset, lang: Language) -> list[str]:
    """Return the comparison as lines of text, for the last year that has accounts."""
    years = sorted({int(y) for a in scenario.accounts.values() for y in a.spent.by_year})
    years = [year for year in years if year in result.year.values]
    if not years:
        return []
    year = years[-1]
    header = (
        f"{word('account', lang):<34}{word('spent', lang):>12}{word('expected', lang):>12}"
        f"{word('difference', lang):>12}{word('full_year', lang):>16}"
        f"{word('average_price', lang):>14}   ({word('thousands', lang)})"
    )
    lines = ["", word("accounts", lang).format(year), header]
    for check in check_accounts(scenario, result, year):
        lines.append(_line(check, lang))
    is_placed = result.step_kind == "placement"
    placed = result.stock.sel(strategy="baseline", year=year).where(is_placed, 0).sum("step")
    lines.append(f"{word('stock_at', lang).format(year)}: {number(float(placed.mean()), lang, 1)}")
    return lines


def _line(check: AccountCheck, lang: Language) -> str:
    label = check.label_da if lang == "da" else check.label_en
    start = f"{check.function + ' ' + label:<34}{thousands(check.spent, lang):>12}"
    if check.expected is None:
        return f"{start}{word('exogenous', lang):>24}"
    difference = check.expected / check.spent - 1
    return (
        f"{start}{thousands(check.expected, lang):>12}{percent(difference, lang):>12}"
        f"{number(check.full_year_places, lang, 1):>16}"
        f"{thousands(check.price_per_year, lang):>14}"
    )


def _index(scenario: Scenario, result: xr.Dataset, price_year: int) -> xr.DataArray | float:
    """Return what lifts the result's price level to that of the accounts, (draw)."""
    years = price_year - int(result.attrs["price_level"])
    name = "money.indexation"
    if name in result.parameter.values:
        return (1 + result.parameter_value.sel(parameter=name)) ** years
    return float(1 + (scenario.money.indexation.value or 0.0)) ** years
