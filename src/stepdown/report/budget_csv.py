"""budget.csv: the budget rows of every strategy, as a Danish municipality signs them.

Whole kroner in the scenario's price level; semicolons and decimal commas, so that a Danish
spreadsheet opens it as it is. Sign of a municipal budget: + is spending, - is a reduction.
"""

from collections.abc import Sequence

from stepdown.report.committees import budget_rows
from stepdown.report.csv_text import CsvRow, csv_text
from stepdown.report.published import words_of
from stepdown.report.summary import StrategySummary, YearSummary
from stepdown.report.words import Language, word

__all__ = ["budget_csv"]

Row = tuple[str, Sequence[float | None]]


def budget_csv(
    summaries: list[StrategySummary], price_level: int, lang: Language, whose: str = ""
) -> str:
    """Return the text of budget.csv: one line for each strategy and row, one column a year.

    Where the municipality has committees, a block for each of them follows, and one for all.
    `whose` is what `whose_unit` says.
    """
    years = [str(year.year) for year in summaries[0].years] if summaries else []
    rows = [CsvRow([word(key, lang) for key in ("strategy", "row", "unit")], years)]
    unit = f"kr., {word('prices', lang).format(price_level)} ({word('sign', lang)}{whose})"
    for summary in summaries:
        label = summary.label_da if lang == "da" else summary.label_en
        for name, amounts in _rows(summary, lang):
            rows.append(CsvRow((label, name, unit), [_whole(amount) for amount in amounts]))
        for own in summary.committees:
            committee = own.label_da if lang == "da" else own.label_en
            for row, by_year in budget_rows(own, lang):
                block = f"{label}: {committee}"
                rows.append(CsvRow((block, row, unit), [_whole(amount) for amount in by_year]))
    return csv_text(rows)


def _rows(summary: StrategySummary, lang: Language) -> list[Row]:
    years = summary.years
    published = [_published(year) for year in years]
    has_staircase = bool(summary.children)
    measures = word("measures_row" if has_staircase else "savings_row", lang)
    rows: list[Row] = [
        (word("spending", lang), [year.spending for year in years]),
        (word("grant", lang), [-year.grant for year in years]),
        (word("municipal_investment", lang), [year.spending - year.grant for year in years]),
        (
            words_of(summary.published_basis).change[lang == "en"],
            [None if amount is None else -amount for amount in published],
        ),
        (f"{measures}, {word('mean', lang)}", [-year.gross_saving for year in years]),
    ]
    if any(year.residual is not None for year in years):
        residual = [None if year.residual is None else -year.residual for year in years]
        rows.insert(4, (word("residual_row", lang), residual))
    if has_staircase:
        casework = f"{word('casework', lang)}, {word('mean', lang)}"
        rows.append((casework, [year.casework for year in years]))
    net = f"{word('net_row', lang)}, {word('mean', lang)}"
    rows.append((net, [-year.net_mean for year in years]))
    for index, name in enumerate(("bad", "median", "good")):
        label = f"{word('net_row', lang)}, {word(name, lang)}"
        rows.append((label, [-year.net_quantiles[index] for year in years]))
    return rows + _totals(years, lang) + _where_they_apply(years, lang)


def _totals(years: tuple[YearSummary, ...], lang: Language) -> list[Row]:
    """Return the totals that a municipality tells apart beside its own net; means."""
    mean = word("mean", lang)
    service = [year.service_expenditure for year in years if year.service_expenditure]
    rows: list[Row] = [
        (f"{word('service_row_without', lang)}, {mean}", [before for before, _ in service]),
        (f"{word('service_row_with', lang)}, {mean}", [after for _, after in service]),
        (f"{word('service_row_change', lang)}, {mean}", [after - b for b, after in service]),
    ]
    public = (f"{word('public_row', lang)}, {mean}", [-year.public_net_mean for year in years])
    # Nobody states the level of spending behind budget lines alone.
    return [*(rows if service else []), public]


def _where_they_apply(years: tuple[YearSummary, ...], lang: Language) -> list[Row]:
    """Return the rows that only some scenarios have; means, + is spending."""
    rest = [
        None if year.reinvested is None else year.reinvested - year.gross_saving for year in years
    ]
    rows: list[Row] = [
        ("refusion_row", [None if y.refusion is None else -y.refusion for y in years]),
        ("stranded_row", [year.stranded for year in years]),
        ("reinvested_row", [None if y.reinvested is None else -y.reinvested for y in years]),
        ("reduction_row", rest),
    ]
    return [
        (f"{word(key, lang)}, {word('mean', lang)}", amounts)
        for key, amounts in rows
        if any(amount is not None for amount in amounts)
    ]


def _published(year: YearSummary) -> float | None:
    """Return what was published of a year, residuals apart."""
    amounts = [amount for amount in year.published.values() if amount is not None]
    promised = sum(amounts) - (year.residual or 0.0)
    return promised if amounts else None


def _whole(amount: float | None) -> str:
    # Adding 0 turns -0 into 0.
    return "" if amount is None else str(round(amount) + 0)
