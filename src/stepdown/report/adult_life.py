"""What adult life costs afterwards: told beside the saving, and part of none."""

from rich.text import Text
from xarray import Dataset

from stepdown.analysis import budget_years, mean
from stepdown.report.words import Language, millions, word

__all__ = ["adult_life_line"]


def adult_life_line(result: Dataset, strategy: str, lang: Language) -> Text | None:
    """Return the change in spending on adult life by payer, undiscounted; None if not followed."""
    years = budget_years(result)
    if "adult_cost_dkk" not in years:
        return None
    cost = years.adult_cost_dkk.sum("year")
    more = cost.sel(strategy=strategy) - cost.isel(strategy=0, drop=True)
    parts = []
    for payer in result.payer.values:
        change = mean(more.sel(payer=payer))
        if float(change.value) or float(change.error):
            label = result[f"payer_{lang}"].sel(payer=payer).item()
            amount, error = millions(float(change.value), lang), millions(float(change.error), lang)
            parts.append(f"{label} {amount} (±{error})")
    first, last = int(years.year[0]), int(years.year[-1])
    heading = word("adult_life", lang).format(first=first, last=last)
    return Text(f"{heading}: {', '.join(parts)}")
