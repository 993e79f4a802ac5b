"""What full steps do: who is sent on, who waits and for how long."""

from rich.text import Text
from xarray import Dataset

from stepdown.analysis import budget_years
from stepdown.report.words import Language, number, word

__all__ = ["places_lines"]


def places_lines(result: Dataset, strategy: str, lang: Language) -> list[Text]:
    """Return a line for every step with places that was asked for, a year; means over runs."""
    if "requests" not in result:
        return []
    years = budget_years(result)[["requests", "displaced", "made_to_wait", "waiting_months"]]
    a_year = years.mean(["draw", "replicate", "year"])
    lines = []
    for step in result.step.values:
        with_it = a_year.sel(step=step, strategy=strategy)
        without = a_year.sel(step=step).isel(strategy=0)
        if not float(with_it.requests) and not float(without.requests):
            continue
        said = word("places_line", lang).format(
            step=result[f"step_{lang}"].sel(step=step).item(),
            **{
                f"{name}{suffix}": number(float(one[name]), lang, 1)
                for suffix, one in (("", with_it), ("_without", without))
                for name in ("requests", "displaced", "made_to_wait", "waiting_months")
            },
        )
        lines.append(Text(said))
    return lines
