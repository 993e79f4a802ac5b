"""The three totals of a year that a municipality tells apart, beside each other."""

from stepdown.report.summary import StrategySummary
from stepdown.report.terminal import Grid
from stepdown.report.words import Language, thousands, word

__all__ = ["totals_table"]

_HEADINGS = (
    "service_without",
    "with",
    "service_change",
    "municipality_change",
    "public_change",
)


def totals_table(summary: StrategySummary, price_level: int, lang: Language) -> Grid:
    """Return service expenditure, the municipality's net and all payers, by budget year; means.

    Signs are those of a budget: + is spending.
    """
    unit = f"{word('thousands', lang)}, {word('prices', lang).format(price_level)}"
    title = f"{word('three_totals', lang)} ({unit}; {word('sign', lang)})"
    rows = []
    for year in summary.years:
        assert year.service_expenditure, "own invariant: a staircase has spending"
        before, after = year.service_expenditure
        amounts = (before, after, after - before, -year.net_mean, -year.public_net_mean)
        rows.append([str(year.year), *(thousands(amount, lang) for amount in amounts)])
    heads = [word(key, lang) for key in ("year", *_HEADINGS)]
    return Grid(title, [heads[0], tuple(heads[1:4]), *heads[4:]], rows)
