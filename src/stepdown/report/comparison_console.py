"""What `stepdown compare` prints, and the same as JSON."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import xarray as xr
from rich.console import Console
from rich.text import Text

from stepdown.errors import InputError, Problem
from stepdown.report.comparison import Comparison, ResultChange, compare_runs
from stepdown.report.comparison_input import InputChange, value_text
from stepdown.report.terminal import Grid, terminal
from stepdown.report.words import Language, number
from stepdown.report.words_of_comparison import compared
from stepdown.scenario.whose_money import MUNICIPALITY
from stepdown.store import open_result
from stepdown.streams import say_json

__all__ = [
    "cautions",
    "compare_files",
    "comparison_document",
    "input_rows",
    "print_comparison",
    "result_rows",
]

_ALWAYS = ("scenario", "seed", "n_draws", "price_level", "stepdown")


def compare_files(first: Path, second: Path, lang: Language, *, as_json: bool) -> None:
    """Compare two stored runs and print what was found.

    Raises
    ------
    InputError
        One of them, or both, cannot be read; holds every problem of both.
    """
    comparison = compare_runs(*_opened(first, second))
    if as_json:
        say_json(comparison_document(comparison))
        return
    print_comparison(terminal(), comparison, lang)


def _opened(*paths: Path) -> list[xr.Dataset]:
    problems: list[Problem] = []
    opened = []
    for path in paths:
        try:
            opened.append(open_result(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return opened


def comparison_document(comparison: Comparison) -> dict[str, object]:
    """Return a comparison as it stands in JSON; amounts in kroner, shares in [0, 1]."""
    return {"schema_version": 1, "unit": "DKK", **asdict(comparison)}


def print_comparison(console: Console, comparison: Comparison, lang: Language) -> None:
    """Print both runs, what changed in the input, and what it did to the result."""
    console.print(_settings(comparison, lang))
    console.print()
    if comparison.is_same:
        console.print(compared("same", lang))
        return
    if comparison.inputs:
        console.print(_inputs(comparison.inputs, lang))
    else:
        console.print(compared("no_input", lang))
    for strategy in dict.fromkeys(change.strategy for change in comparison.results):
        console.print()
        own = [change for change in comparison.results if change.strategy == strategy]
        console.print(_results(own, lang))
    console.print()
    for text in cautions(comparison, lang):
        console.print(Text(text), style="dim")


def cautions(comparison: Comparison, lang: Language) -> list[str]:
    """Return what must be said beside the figures: pairing, and what could not be compared."""
    said = []
    if not comparison.results:
        said.append(compared("no_common", lang))
    elif comparison.why_unpaired is None:
        draws = number(comparison.shared_draws, lang)
        said.append(compared("paired", lang).format(draws=draws))
    else:
        why = compared(f"why_{comparison.why_unpaired}", lang)
        said.append(compared("unpaired", lang).format(why=why))
    if comparison.results:
        said.append(compared("reading", lang))
    settings = {s.key: s for s in comparison.settings}
    whose = settings["payer"]
    if {whose.before, whose.after} != {MUNICIPALITY}:
        said.append(compared("whose", lang).format(before=whose.before, after=whose.after))
    if not comparison.has_one_price_level:
        levels = settings["price_level"]
        said.append(compared("prices", lang).format(before=levels.before, after=levels.after))
    if not comparison.has_probabilities:
        said.append(compared("means_only", lang))
    for which, (strategies, years) in (
        ("first", comparison.only_before),
        ("second", comparison.only_after),
    ):
        for key, names in (("only_strategies", strategies), ("only_years", years)):
            if names:
                text = ", ".join(str(name) for name in names)
                which_run = compared(f"which_{which}", lang)
                said.append(compared(key, lang).format(which=which_run, names=text))
    if comparison.years and (comparison.only_before[1] or comparison.only_after[1]):
        first, last = comparison.years[0], comparison.years[-1]
        said.append(compared("horizons", lang).format(first=first, last=last))
    return said


def input_rows(changes: Iterable[InputChange], lang: Language) -> Iterator[tuple[str, ...]]:
    """Yield key, kind, what each run says, and unit."""
    for change in changes:
        kind = compared(change.kind, lang)
        if change.n_figures:
            kind += " " + compared("n_figures", lang).format(change.n_figures)
        unit = change.unit if change.unit and not isinstance(change.after, str) else ""
        both = (_with_prices(change, side, lang) for side in (0, 1))
        yield change.key, kind, *both, unit


def result_rows(changes: list[ResultChange], lang: Language) -> Iterator[tuple[str, ...]]:
    """Yield figure, before, after, difference and its error, as the language writes them."""
    for change in changes:
        line = change.line_da if lang == "da" else change.line_en
        words = {"year": change.year, "line": line}
        yield (
            compared(change.figure, lang).format(**words),
            _amount(change, change.before, lang),
            _amount(change, change.after, lang),
            _amount(change, change.difference, lang, signed=True),
            _amount(change, change.error, lang),
        )


def _amount(
    change: ResultChange, value: float | None, lang: Language, *, signed: bool = False
) -> str:
    if value is None:
        return "-"
    scale, decimals = {"DKK": (1e-3, 0), "probability": (100, 1), "child-months": (1, 1)}[
        change.unit
    ]
    text = number(value * scale, lang, decimals)
    is_gain = signed and value > 0 and any(digit in text for digit in "123456789")
    return f"+{text}" if is_gain else text


def _settings(comparison: Comparison, lang: Language) -> Grid:
    heads = [compared(key, lang) for key in ("run", "first", "second")]
    rows = []
    for setting in comparison.settings:
        if setting.key in _ALWAYS or setting.before != setting.after:
            label = compared(setting.key, lang) if _is_word(setting.key) else setting.key
            rows.append([label, str(setting.before or "-"), str(setting.after or "-")])
    return Grid(compared("title", lang), heads, rows, n_names=3)


def _is_word(key: str) -> bool:
    """Tell whether a setting is one of the run's; the others are versions of libraries."""
    return key not in ("numpy", "scipy", "numba", "xarray")


def _inputs(changes: tuple[InputChange, ...], lang: Language) -> Grid:
    heads = [compared(key, lang) for key in ("figure", "kind", "first", "second", "unit")]
    rows = list(input_rows(changes, lang))
    return Grid(compared("input", lang), heads, rows, n_names=len(heads))


def _with_prices(change: InputChange, side: int, lang: Language) -> str:
    """Return what one run says; with the price year where the two differ in it."""
    text = value_text((change.before, change.after)[side], lang)
    years = change.price_years
    return f"{text} ({years[side]})" if text and years[0] != years[1] else text


def _results(changes: list[ResultChange], lang: Language) -> Grid:
    label = changes[0].label_da if lang == "da" else changes[0].label_en
    title = f"{compared('outcome', lang)}: {label}"
    heads = [compared(k, lang) for k in ("figure", "first", "second", "difference", "error")]
    return Grid(title, heads, list(result_rows(changes, lang)))
