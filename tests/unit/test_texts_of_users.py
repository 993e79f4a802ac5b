"""Labels, titles and notes of a file are texts: no terminal, spreadsheet or report reads them."""

import csv
import io
import re
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner
from rich.console import Console
from small import WHY, figure, write_small

import stepdown
from stepdown import analysis
from stepdown.cli import _stepdown
from stepdown.errors import InputError
from stepdown.report import plots
from stepdown.report.console import print_summaries
from stepdown.report.csv_text import CsvRow, csv_text
from stepdown.report.document import build_document
from stepdown.report.document.model import Chart
from stepdown.report.render import html_of, pdf_of
from stepdown.report.summary import summarise
from stepdown.scenario import load_scenario
from stepdown.workbook import workbook_of

HOSTILE = (
    "$x_1$ [fase 2] #let =1+1 <b> & 'æ' :smile:",
    "=1+1 [/] $a$ $b$",
    "@SUM(A1) [bold]x[/bold]",
    "-2 [link=x]y",
    "+3 {x} {0} %s",
    "Ark!A1 *b* _i_ `c` //x",
)
"""Markup of rich, mathtext, typst and HTML; formulas; places for words."""


def label(number):
    text = HOSTILE[number % len(HOSTILE)]
    return f'{{ da = "{text} da{number}", en = "{text} en{number}" }}'


def told(number, lang):
    return f"{HOSTILE[number % len(HOSTILE)]} {lang}{number}"


def strategy(number):
    """A strategy whose every label is hostile."""
    years = 'by_year = { "2018" = 300_000 }, after = "repeat"'
    row = f'{{ {years}, unit = "DKK per year", price_year = 2018, {WHY} }}'
    published = row.replace("300_000", "9_000")
    return f"""
[strategies.s{number}]
label = {label(number)}
caseload = {{ start = "2018-01", cases_per_caseworker = {figure(20, "cases per caseworker")} }}
[strategies.s{number}.investments.team]
label = {label(number + 1)}
start = "2018-01"
costs.posts = {{ row = {row}, label = {label(number + 2)} }}
grants.pool = {{ row = {published}, giver = "state", receiver = "municipality" }}
[strategies.s{number}.published.line]
label = {label(number + 3)}
row = {published}
kind = "estimate"
scope = "measures"
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile [fase 2]")
    more = f"""
[payers]
state = {label(4)}
region = {label(2)}
[steps.foster_care]
label = {label(0)}
"""
    strategies = "".join(strategy(number) for number in range(len(HOSTILE)))
    file = write_small(folder, more + strategies, extra="reimbursement = []")
    text = file.read_text(encoding="utf-8")
    text = text.replace('{ da = "Lille", en = "Small" }', label(1))
    file.write_text(text.replace("made up for a test", "made up [/] =1+1 $x$"), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def result(path):
    return stepdown.simulate(path, 8, 1)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("markup", [True, False])
def test_the_console_prints_labels_whole(result, lang, markup):
    console = Console(file=io.StringIO(), width=400, markup=markup, emoji=False)
    print_summaries(console, result, summarise(result), lang)
    printed = console.file.getvalue()
    for number in range(len(HOSTILE)):
        assert f"{told(number, lang)} (" in printed
    assert told(1, lang) in printed.splitlines()[0]


@pytest.mark.parametrize("command", ["run", "check", "explain"])
def test_commands_print_labels_and_paths_whole(path, tmp_path, command):
    out = tmp_path / "[b] [out]"
    options = ["--draws", "4", "--break-even", "--out", str(out)] if command == "run" else []
    found = CliRunner().invoke(_stepdown, [command, str(path), *options], catch_exceptions=False)
    assert found.exit_code == 0
    if command == "run":
        assert f"Skrevet: {out / 'budget.csv'}" in found.output
        again = CliRunner().invoke(_stepdown, ["compare", str(out), str(out)],
                                   catch_exceptions=False)  # fmt: skip
        assert again.exit_code == 0


def test_a_mistake_in_a_file_is_told_with_its_text_whole(path, tmp_path):
    wrong = tmp_path / "[fase 2] [b].toml"
    text = path.read_text(encoding="utf-8")
    wrong.write_text(text.replace('kind = "estimate"', 'kind = "[bold]x[/]"'), encoding="utf-8")
    found = CliRunner().invoke(_stepdown, ["check", str(wrong)])
    assert isinstance(found.exception, InputError)
    assert "[fase 2] [b].toml" in str(found.exception)
    assert "[bold]x[/]" in str(found.exception)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n-1", "  =1", "\u00a0=1", "\ufeff+1", "\u200b@x",
     "\uff1d1+1", "\x00=1", "-"],
)  # fmt: skip
def test_no_text_of_a_csv_file_is_a_formula(text):
    (row,) = csv.reader(io.StringIO(csv_text([CsvRow([text], ["-12", "-0,5"])]), newline=""),
                        delimiter=";")  # fmt: skip
    assert row == [f"'{text}", "-12", "-0,5"]


@pytest.mark.parametrize("text", ["Hjælp", "a=1", "3 % - 4", "", "'=1", "1-2", "«=»"])
def test_other_texts_of_a_csv_file_are_as_they_are(text):
    assert csv_text([CsvRow([text, "x"], [])]).split(";")[0].strip('"') == text


@pytest.mark.parametrize("purpose", ["distribution", "expectation"])
def test_csv_files_hold_no_formula_and_every_number(path, tmp_path, purpose):
    options = ["--draws", "4", "--for", purpose, "--out", str(tmp_path), "--quiet"]
    assert CliRunner().invoke(_stepdown, ["run", str(path), *options]).exit_code == 0
    for file in tmp_path.glob("*.csv"):
        text = io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")
        rows = list(csv.reader(text, delimiter=";"))
        n_texts = next(at for at, cell in enumerate(rows[0]) if cell == "2018")
        for row in rows:
            assert not any(cell.lstrip()[:1] in "=+-@" for cell in row[:n_texts] if cell)
            assert all(re.fullmatch(r"-?\d+(,\d+)?|", cell) for cell in row[n_texts:]), row
        assert any(cell.startswith("-") for row in rows for cell in row[n_texts:]) or (
            file.name == "children.csv"
        )
        assert {f"'{told(1, 'da')}", told(0, "da")} <= {row[0] for row in rows}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_cells_titles_and_sheets_of_a_workbook_hold_texts(path, result, lang):
    data = workbook_of(result, load_scenario(path), lang)
    book = openpyxl.load_workbook(io.BytesIO(data))
    texts = {cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "s"}
    for number in range(len(HOSTILE)):
        assert told(number, lang) in texts
    formulas = [cell.value for sheet in book for row in sheet for cell in row
                if cell.data_type == "f"]  # fmt: skip
    # Those of the forms: references, sums and ROUND. No label became one.
    assert all(re.match(r"=('|SUM\(|ROUND\(|[A-Z]+\d|0$)", text) for text in formulas)
    sheet = {"da": "Diagrammer", "en": "Charts"}[lang]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if "charts/chart" in n]
    assert charts
    for chart in charts:
        assert all(found.startswith(f"{sheet}!$") for found in re.findall(r"<c:f>([^<]*)", chart))


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_report_shows_labels_whole(result, lang):
    document = build_document(result, lang)
    html = html_of(document)
    assert "<b>" not in html.partition("<body")[2]
    assert "&lt;b&gt; &amp; &#39;æ&#39;" in html
    assert pdf_of(document).startswith(b"%PDF")
    assert told(0, lang) in " ".join(
        block.table.caption for section in document.sections for block in section.blocks
        if isinstance(block, Chart)
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["da", "en"])
def test_figures_take_no_label_for_mathematics(result, lang):
    from matplotlib.text import Text

    worths = analysis.acceptability(result, [0.0, 1e4])
    drawn = [
        plots.plot_fan(result, strategy="s0", lang=lang),
        plots.plot_saving_by_year(result, strategy="s0", lang=lang),
        plots.plot_levels(result, lang=lang),
        plots.plot_flows(result, strategy="s0", lang=lang),
        plots.plot_stock(result, strategy="s0", step="foster_care", lang=lang),
        plots.plot_waterfall(analysis.saving_by_payer(result), strategy="s0", payer="state",
                             lang=lang),
        plots.plot_acceptability(worths, lang=lang),
    ]  # fmt: skip
    figures = [axes.get_figure(root=True) for axes in drawn]
    figures += [plots.fan_figure(result, lang), plots.stock_figure(result, "s0", lang)]
    n_dollars = 0
    for drawing in figures:
        drawing.savefig(io.BytesIO(), format="svg")
        for text in drawing.findobj(Text):
            if "$" in text.get_text():
                n_dollars += 1
                assert not text.get_parse_math(), text.get_text()
    assert n_dollars > 10
