"""The sheet that says what it takes to repeat a calculation, and what it leaves out."""

import json
from collections.abc import Iterator

import xarray as xr

from stepdown.scenario import LoadedScenario
from stepdown.workbook.book import Book, lines_of
from stepdown.workbook.words import say

__all__ = ["write_provenance"]

_WIDTH = 100
_LIMITS = ("budgets", "calibrated", "functions", "welfare")


def write_provenance(book: Book, result: xr.Dataset, loaded: LoadedScenario) -> None:
    """Write the run's own provenance, and the caveats."""
    lang = book.lang
    sheet = book.sheet(say("sheet_provenance", lang), repeat=0, freeze=(2, 0))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, _WIDTH)
    sheet.write(0, 0, say("provenance_title", lang), book.style("title"))
    row = 2
    for key, value in _facts(book, result, loaded):
        sheet.write(row, 0, say(key, lang), book.style("field"))
        sheet.write_string(row, 1, value, book.style("text"))
        sheet.set_row(row, 14 * lines_of(value, _WIDTH))
        row += 1
    limits = [*_LIMITS, *(("refusion",) if "refusion_dkk" in result else ())]
    limits += ["lines"] if "line_saving_dkk" in result else []
    for number, key in enumerate(limits):
        if number == 0:
            sheet.write(row + 1, 0, say("limits", lang), book.style("field"))
        text = say(f"limit_{key}", lang)
        sheet.write_string(row + 1 + number, 1, text, book.style("text"))
        sheet.set_row(row + 1 + number, 14 * lines_of(text, _WIDTH))


def _facts(book: Book, result: xr.Dataset, loaded: LoadedScenario) -> Iterator[tuple[str, str]]:
    lang, attrs, scenario = book.lang, result.attrs, loaded.scenario
    yield "scenario", f"{attrs[f'title_{lang}']} ({attrs['scenario']})"
    yield "question", scenario.description.da if lang == "da" else scenario.description.en
    law = attrs.get("law")
    if law:
        label = scenario.laws[law].label
        yield "law", label.da if lang == "da" else label.en
    yield "price_level", str(attrs["price_level"])
    yield "years_calculated", f"{attrs['first_budget_year']}-{int(result.year.values[-1])}"
    yield "draws", str(attrs["n_draws"])
    yield "replicates", str(attrs["n_replicates"])
    yield "seed", str(attrs["seed"])
    yield "design", str(attrs["design"])
    yield "files", ", ".join(json.loads(attrs["scenario_text"]))
    yield "sha256", str(attrs["scenario_sha256"])
    versions = json.loads(attrs["versions"])
    yield "versions", ", ".join(f"{name} {version}" for name, version in versions.items())
    yield (
        "again",
        (
            f"stepdown run {attrs['scenario']} --draws {attrs['n_draws']} --replicates "
            f"{attrs['n_replicates']} --seed {attrs['seed']} --design {attrs['design']} --out RUN"
        ),
    )
    yield "sources_used", str(len(json.loads(attrs["evidence"])))
