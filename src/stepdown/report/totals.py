"""The three totals of a year that a municipality tells apart, beside each other."""

from rich.table import Table

from stepdown.report.summary import StrategySummary
from stepdown.report.words import Language, thousands, word

__all__ = ["totals_table"]

_HEADINGS = (
    "service_without",
    "with",
    "service_change",
    "municipality_change",
    "public_change",
)


def totals_table(summary: StrategySummary, price_level: int, lang: Language) -> Table:
    """Return service expenditure, the municipality's net and all payers, by budget year; means.

    Signs are those of a budget: + is spending.
    """
    unit = f"{word('thousands', lang)}, {word('prices', lang).format(price_level)}"
    title = f"{word('three_totals', lang)} ({unit}; {word('sign', lang)})"
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.add_column(word("year", lang))
    for heading in _HEADINGS:
        table.add_column(word(heading, lang), justify="right", no_wrap=True)
    for year in summary.years:
        assert year.service_expenditure, "own invariant: a staircase has spending"
        before, after = year.service_expenditure
        amounts = (before, after, after - before, -year.net_mean, -year.public_net_mean)
        table.add_row(str(year.year), *(thousands(amount, lang) for amount in amounts))
    return table
