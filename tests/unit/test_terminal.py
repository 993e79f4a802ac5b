"""Tables on a terminal: however narrow it is, no year and no number is cut."""

import io
import re

import pytest
from rich.console import Console
from small import ENTRIES_DOWN, WHY, write_small

import stepdown
from stepdown.report.console import print_summaries
from stepdown.report.summary import summarise
from stepdown.report.terminal import Grid

WIDTHS = [60, 80, 100, 120, 200]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_grid_cuts_no_figure_and_no_year(width):
    heads = ["År", ("Brutto 10 %", "50 %", "90 %"), "P(budget holdt)", "Et langt navn", "x"]
    rows = [[f"20{n:02}", *(f"-{n}1.234.567" for _ in range(6))] for n in range(20)]
    console = Console(file=io.StringIO(), width=width)
    console.print(Grid("Titel [/]", heads, rows))
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    words = [word for line in lines[1:] for word in line.split()]
    n_parts = words.count("År")
    for n, row in enumerate(rows):
        assert words.count(row[0]) == n_parts
        assert words.count(f"-{n}1.234.567") == 6
    assert lines[0].strip() == "Titel [/]"
    # What only says something beside another column stands beside it.
    (line,) = (line for line in lines if "Brutto 10 %" in line)
    assert line.index("Brutto") < line.index("50 %") < line.index("90 %")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """A run with every column: a promise, a residual, and a base budget to be kept."""
    years = '{ "2018" = 1_200_000_000, "2019" = 0, "2020" = 900_000 }'
    row = (f'by_year = {years}, unit = "DKK per year", '
           f"price_year = 2018, {WHY}")  # fmt: skip
    lines = "".join(
        f'[strategies.help.published.{kind}]\nlabel = {{ da = "{kind}", en = "{kind}" }}\n'
        f'row = {{ {row} }}\nkind = "{kind}"\nscope = "measures"\n'
        for kind in ("target", "residual")
    )
    more = "[base_budget]\n" + "\n".join(
        ['by_year = { "2018" = 9_000_000, "2019" = 9_000_000, "2020" = 9_000_000 }',
         'unit = "DKK per year"', "price_year = 2018", WHY]
    )  # fmt: skip
    path = write_small(tmp_path_factory.mktemp("wide"), f"{ENTRIES_DOWN}{lines}{more}")
    return stepdown.simulate(path, 20, 1)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_year_and_number_of_a_run_is_whole(result, lang, width):
    def printed(columns):
        console = Console(file=io.StringIO(), width=columns, markup=False)
        print_summaries(console, result, summarise(result), lang)
        return console.file.getvalue()

    narrow = printed(width)
    assert max(map(len, narrow.splitlines())) <= width
    assert "\N{HORIZONTAL ELLIPSIS}" not in narrow
    figures = [set(re.findall(r"\d[\d.,]*", text)) for text in (narrow, printed(400))]
    assert figures[0] == figures[1]
    assert {"da": "P(budget holdt)", "en": "P(budget kept)"}[lang] in narrow
