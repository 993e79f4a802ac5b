"""What a run and a comparison of two look like in a notebook: small tables, text where it is plain.

The HTML stands for itself, without scripts or styles from elsewhere, and every text in it is
escaped: labels come from files that anybody may write.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import xarray as xr

from stepdown import analysis
from stepdown.report.comparison import Comparison
from stepdown.report.comparison_console import cautions, input_rows, result_rows
from stepdown.report.published import line_words
from stepdown.report.whose_money import whose_money
from stepdown.report.words import Language, millions, number, percent, thousands, word
from stepdown.report.words_of_comparison import compared

__all__ = ["Shown", "shown_comparison", "shown_headline"]


@dataclass(frozen=True)
class _Table:
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_left: int = 1
    """Columns of text before those of numbers."""


@dataclass(frozen=True)
class Shown:
    """Tables and sentences that show themselves: as HTML in a notebook, as text elsewhere."""

    title: str
    parts: tuple[_Table | str, ...]

    def _repr_html_(self) -> str:
        parts = "".join(
            f"<p>{escape(part)}</p>" if isinstance(part, str) else _html(part)
            for part in self.parts
        )
        return f"<div><p><strong>{escape(self.title)}</strong></p>{parts}</div>"

    def __repr__(self) -> str:
        parts = (part if isinstance(part, str) else _text(part) for part in self.parts)
        return "\n\n".join((self.title, *parts))


def shown_headline(result: xr.Dataset, lang: Language = "da") -> Shown:
    """Return what a run says first, as a table for each strategy.

    Parameters
    ----------
    result
        Of `stepdown.simulate`, with a distribution or for expectations.
    lang
        Language of words and numbers.
    """
    summary = analysis.headline(result)
    runs = word("runs", lang).format(
        draws=number(summary.attrs["n_draws"], lang),
        replicates=summary.attrs["n_replicates"],
        seed=summary.attrs["seed"],
    )
    parts: list[_Table | str] = [*whose_money(result, lang)]
    for name in summary.strategy.values:
        own = summary.sel(strategy=name)
        label = str(result[f"strategy_{lang}"].sel(strategy=name).values)
        heads = _heads(result, str(name), lang)
        parts += [_years_table(own, heads, label, lang), *_sums(own, lang)]
    return Shown(f"{summary.attrs[f'title_{lang}']} ({runs})", tuple(parts))


def shown_comparison(comparison: Comparison, lang: Language = "da") -> Shown:
    """Return two runs beside each other: what changed in the input, and what it did."""
    if comparison.is_same:
        return Shown(compared("title", lang), (compared("same", lang),))
    parts: list[_Table | str] = [compared("no_input", lang)]
    if comparison.inputs:
        head = tuple(compared(key, lang) for key in ("figure", "kind", "first", "second", "unit"))
        rows = tuple(input_rows(comparison.inputs, lang))
        parts = [_Table(compared("input", lang), head, rows, n_left=len(head))]
    head = tuple(compared(key, lang) for key in ("figure", "first", "second", "difference",
                                                 "error"))  # fmt: skip
    for strategy in dict.fromkeys(change.strategy for change in comparison.results):
        own = [change for change in comparison.results if change.strategy == strategy]
        label = own[0].label_da if lang == "da" else own[0].label_en
        caption = f"{compared('outcome', lang)}: {label}"
        parts.append(_Table(caption, head, tuple(result_rows(own, lang))))
    return Shown(compared("title", lang), (*parts, *cautions(comparison, lang)))


def _heads(result: xr.Dataset, strategy: str, lang: Language) -> dict[str, str]:
    """Return the heading of each published line of a strategy; a residual has its own."""
    lines = json.loads(result.attrs["published"])
    return {
        line: word("short_residual", lang)
        if lines.get(f"{strategy}.{line}", {}).get("kind") == "residual"
        else line_words(result, strategy, line).head(lang)
        for line in map(str, result.line.values)
    }


def _years_table(own: xr.Dataset, heads: dict[str, str], label: str, lang: Language) -> _Table:
    unit = f"{word('thousands', lang)}, {word('prices', lang).format(own.attrs['price_level'])}"
    head = [word("year", lang), word("short_gross", lang), word("short_net", lang), "±"]
    columns = [
        [str(year) for year in own.year.values],
        _each(own.gross_saving_dkk, lang),
        _each(own.net_saving_dkk, lang),
        _each(own.net_saving_dkk_error, lang),
    ]
    if "p_gain" in own:
        for at, level in enumerate(own["quantile"].values):
            share = percent(float(level), lang)
            head.append(share if at else f"{word('short_net', lang)} {share}")
            columns.append(_each(own.net_saving_dkk_quantiles.sel(quantile=level), lang))
        head.append(word("p_positive", lang))
        columns.append([percent(float(share), lang) for share in own.p_gain.values])
        for line in own.line.values:
            here = own.sel(line=line)
            if not here.published_dkk.notnull().any():
                continue
            head.append(heads[str(line)])
            columns.append(_each(here.published_dkk, lang))
            if head[-1] != word("short_residual", lang):
                head.append(word("p_reached", lang))
                columns.append([percent(float(share), lang) for share in here.p_reached.values])
    return _Table(f"{label} ({unit})", tuple(head), tuple(zip(*columns, strict=True)))


def _each(values: xr.DataArray, lang: Language) -> list[str]:
    return [thousands(float(value), lang) for value in values.values]


def _sums(own: xr.Dataset, lang: Language) -> Iterable[str]:
    """Yield what a strategy adds up to over the budget years."""
    error = millions(float(own.present_value_dkk_error), lang)
    said = f"{millions(float(own.present_value_dkk), lang)} (±{error})"
    if "present_value_dkk_quantiles" in own:
        levels = own["quantile"].values
        said += "; " + ", ".join(
            f"{percent(float(level), lang)} {millions(float(value), lang)}"
            for level, value in zip(levels, own.present_value_dkk_quantiles.values, strict=True)
        )
    yield f"{word('present_value', lang)}: {said}"
    if "p_paid_back" in own:
        last = int(own.year.values[-1])
        share = percent(float(own.p_paid_back), lang)
        yield f"{word('payback', lang)} {word('payback_by', lang).format(last, share)}"
    if "placement_months_avoided" in own:
        months = number(float(own.placement_months_avoided), lang, 1)
        error = number(float(own.placement_months_avoided_error), lang, 1)
        yield f"{word('months_avoided', lang)}: {months} (±{error})"


def _html(table: _Table) -> str:
    head = "".join(f'<th scope="col"{_side(at, table)}>{escape(text)}</th>'
                   for at, text in enumerate(table.head))  # fmt: skip
    body = "".join(f"<tr>{_row(row, table)}</tr>" for row in table.rows)
    style = "text-align:left;white-space:nowrap"
    caption = f'<caption style="{style}">{escape(table.caption)}</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: Sequence[str], table: _Table) -> str:
    first = f'<th scope="row"{_side(0, table)}>{escape(row[0])}</th>'
    return first + "".join(
        f"<td{_side(at, table)}>{escape(text)}</td>" for at, text in enumerate(row[1:], start=1)
    )


def _side(at: int, table: _Table) -> str:
    side = "left" if at < table.n_left else "right"
    return f' style="text-align:{side};padding:0 0.5em"'


def _text(table: _Table) -> str:
    lines = [table.head, *table.rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.head))]
    told = [
        "  ".join(
            text.ljust(width) if at < table.n_left else text.rjust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join((table.caption, *told))
