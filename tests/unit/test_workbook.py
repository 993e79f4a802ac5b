"""The exported workbook: its figures are those of the analysis, and its formulas add up."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import stepdown
from stepdown import analysis
from stepdown.errors import InputError, ParameterError
from stepdown.report.listing import checked, explained
from stepdown.report.words import percent
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import scenario_names
from stepdown.workbook import workbook_of
from stepdown.workbook.assumptions import write_assumptions
from stepdown.workbook.book import Book
from stepdown.workbook.commands import export_run
from stepdown.workbook.lines import rounded

_YEARS = "DEFG"  # columns of the outline years in a form
_LASTING = "H"


@pytest.fixture(scope="module", params=["hoersholm", "hjoerring", "faxe"])
def run(request):
    """A small run, its scenario, and its workbook in English as openpyxl reads it."""
    loaded = load_scenario(request.param)
    result = stepdown.simulate(loaded, 12, n_replicates=2)
    data = workbook_of(result, loaded, "en")
    return result, loaded, data, _cached(data)


def _cached(data):
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)


def _rows(sheet, label):
    return [row for row in range(1, sheet.max_row + 1) if label in str(sheet.cell(row, 1).value)]


def _row(sheet, label):
    (row,) = _rows(sheet, label)
    return row


def _forms(book, result):
    """Yield the forms: sheet, strategy and payer (None: all)."""
    labels = {str(own.values): str(own.strategy.values) for own in result.strategy_en[1:]}
    payers = {str(own.values): str(own.payer.values) for own in result.payer_en}
    for sheet in book:
        title = str(sheet["A1"].value)
        if title.startswith("Budget change: "):
            strategy = labels[title.removeprefix("Budget change: ")]
            yield sheet, strategy, payers.get(str(sheet["B3"].value))


def _exact_net(result, strategy, payer):
    """Return the mean net change by budget year [DKK], computed apart from the workbook's code."""
    years = result.sel(year=slice(result.attrs["first_budget_year"], None), strategy=strategy)
    names = [payer] if payer else ["municipality", *analysis.committees(result)]
    return -years.net_saving_dkk.sel(payer=names).sum("payer").mean(["draw", "replicate"]).values


def test_net_and_rounding_of_every_form_give_the_mean_net_saving(run):
    result, _, _, book = run
    forms = list(_forms(book, result))
    assert len(forms) >= 1
    for sheet, strategy, payer in forms:
        net, rounding = _row(sheet, "Net budget change ("), _row(sheet, "Rounding difference")
        exact = _exact_net(result, strategy, payer) / 1000
        shown = [sheet[f"{c}{net}"].value + sheet[f"{c}{rounding}"].value for c in _YEARS]
        np.testing.assert_allclose(shown, exact[:4], rtol=0, atol=1e-6)
        if len(exact) > 4:
            lasting = sheet[f"{_LASTING}{net}"].value + sheet[f"{_LASTING}{rounding}"].value
            assert lasting == pytest.approx(exact[-1], abs=1e-6)
        else:
            assert sheet[f"{_LASTING}{net}"].value is None


def test_lines_totals_and_the_cumulative_row_add_up(run):
    result, _, _, book = run
    for sheet, _, _ in _forms(book, result):
        net = _row(sheet, "Net budget change (")
        totals = [
            row for row in range(10, net) if re.match("[ABC]\\. ", str(sheet.cell(row, 1).value))
        ]
        cumulative = 0
        for column in _YEARS:
            below = 10
            for total in totals:
                lines = [sheet[f"{column}{row}"].value for row in range(below, total)]
                numbers = [value for value in lines if isinstance(value, int | float)]
                assert sheet[f"{column}{total}"].value == sum(numbers)
                below = total + 1
            value = sheet[f"{column}{net}"].value
            assert value == sum(sheet[f"{column}{total}"].value for total in totals)
            cumulative += value
            assert sheet[f"{column}{_row(sheet, 'Cumulative')}"].value == cumulative


def test_committees_add_up_to_the_total(run):
    result, _, _, book = run
    forms = list(_forms(book, result))
    for sheet, strategy, payer in forms:
        if payer is None and analysis.committees(result):
            net = _row(sheet, "Net budget change (")
            parts = [own for own, name, who in forms if name == strategy and who is not None]
            assert parts
            for column in _YEARS:
                each = [own[f"{column}{_row(own, 'Net budget change (')}"].value for own in parts]
                assert sheet[f"{column}{net}"].value == sum(each)


def test_gross_saving_by_account_function_is_months_times_price(run):
    result, loaded, _, book = run
    if "months_in_step" not in result:
        pytest.skip("a scenario of budget lines has no account functions")
    years = result.sel(year=slice(result.attrs["first_budget_year"], None))
    for sheet, strategy, _ in _forms(book, result):
        for row in range(11, _row(sheet, "A. Gross saving")):
            function = sheet.cell(row, 3).value
            if not function:
                continue
            steps = [n for n, s in loaded.scenario.steps.items() if s.account_function == function]
            months = years.months_in_step.sel(step=steps)
            price = years.price_dkk_per_month.sel(step=steps)
            cost = {
                own: (months.sel(strategy=own) * price.sel(strategy=own)).sum("step")
                for own in ("baseline", strategy)
            }
            change = (cost[strategy] - cost["baseline"]).mean(["draw", "replicate"]).values
            assert [sheet[f"{c}{row}"].value for c in _YEARS] == [rounded(x) for x in change[:4]]


def test_base_figures_are_the_unrounded_lines(run):
    result, _, _, book = run
    labels = dict(zip(result.strategy_en.values, result.strategy.values, strict=True))
    payers = dict(zip(result.payer_en.values, result.payer.values, strict=True))
    rows = [r for r in book["Base figures"].iter_rows(min_row=4, values_only=True) if r[0]]
    for strategy, payer in {row[:2] for row in rows}:
        own = [row[5:] for row in rows if row[:2] == (strategy, payer)]
        exact = _exact_net(result, labels[strategy], payers[payer])
        np.testing.assert_allclose(np.sum(own, axis=0), exact, rtol=0, atol=1e-3)


def test_quantiles_and_probabilities_are_those_of_the_analysis(run):
    result, _, _, book = run
    name = str(result.strategy.values[1])
    label = str(result.strategy_en.sel(strategy=name).values)
    net = analysis.net_saving(result).sel(strategy=name)
    rows = list(book["Uncertainty"].iter_rows(min_row=5, values_only=True))
    for level in (0.1, 0.2, 0.5, 0.9):
        key = (label, "Municipality in total", "Net saving", f"{level * 100:.0f} %")
        (found,) = [row[4:] for row in rows if row[:4] == key]
        expected = analysis.quantiles(net, (level,)).value.values[0]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    reached = analysis.saving_reached(result)
    found = {
        (row[0], int(row[2])): row[3:]
        for row in book["Probabilities"].iter_rows(min_row=5, values_only=True)
        if str(row[1]).startswith("P(reached)")
    }
    wanted = reached.value.stack(at=("strategy", "line", "year")).dropna("at")
    assert len(found) == wanted.sizes["at"]
    for (label, year), (budgeted, p, low, high) in found.items():
        at = {"strategy": result.strategy.values[result.strategy_en.values == label][0]}
        own = reached.sel(at).sel(year=year).dropna("line").isel(line=0)
        assert (budgeted, p, low, high) == pytest.approx(
            [float(own[key]) for key in ("published", "value", "low", "high")]
        )


def test_what_holds_in_8_of_10_futures_is_what_the_analysis_says_can_be_booked(run):
    result, _, _, book = run
    found = analysis.bookable(result, 0.8)
    for sheet, strategy, payer in _forms(book, result):
        if payer is not None:
            continue
        for label, key in (
            ("Net budget change that holds", "net"),
            ("Gross saving reached", "gross"),
        ):
            if not _rows(sheet, label):  # budget lines alone have no gross saving on measures
                continue
            exact = -found[key].sel(strategy=strategy).transpose("year").values[:4]
            shown = [sheet[f"{c}{_row(sheet, label)}"].value for c in _YEARS]
            assert shown == [rounded(value) for value in exact]


def test_the_same_run_gives_the_same_bytes(run):
    result, loaded, data, _ = run
    assert workbook_of(result, loaded, "en") == data


def test_every_formula_has_a_cached_value_and_sheets_print_across(run):
    _, _, data, cached = run
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    counted = 0
    for sheet in formulas:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.freeze_panes is not None
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    counted += 1
                    assert cached[sheet.title][cell.coordinate].value is not None
    assert counted > 50


def _without_values(data, target):
    """Write the workbook without the cached values of its formulas: they must be calculated."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", text)
            new.writestr(name, text)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) not installed")
def test_libreoffice_calculates_the_same_figures(run, tmp_path):
    result, _, data, cached = run
    bare = tmp_path / "bare.xlsx"
    _without_values(data, bare)
    first = str(next(_forms(cached, result))[0].title)
    assert openpyxl.load_workbook(bare, data_only=True)[first]["D12"].value is None
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", bare],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    again = openpyxl.load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = again[sheet.title][cell.coordinate].value
                    wanted = cached[sheet.title][cell.coordinate].value
                    assert value == pytest.approx(wanted, abs=1e-6), (sheet.title, cell.coordinate)
                    compared += 1
    assert compared > 50


def test_small_counts_of_real_children_are_not_told():
    loaded = load_scenario("hoersholm")
    result = stepdown.simulate(loaded, 2, n_replicates=1)
    book = _cached(workbook_of(result, loaded, "en"))
    values = {row[0]: row[1] for row in book["Assumptions"].iter_rows(values_only=True)}
    assert "own_room: <5" in values["stock"]
    assert "network_care: <5" in values["stock"]
    assert "foster_care: <5" in values["stock"], "of the children beyond reach"
    assert not re.search(r": [1-4](,|$)", values["stock"])


def test_residuals_are_shown_and_never_added():
    loaded = load_scenario("hjoerring")
    result = stepdown.simulate(loaded, 5, n_replicates=1)
    book = _cached(workbook_of(result, loaded, "da", ["track_3"]))
    sheet = book["Spor 3 i alt - SÆH"]
    row = _row(sheet, "Restopgave i oplægget")
    assert [sheet[f"{c}{row}"].value for c in _YEARS] == [0, -6000, -16000, -13900]
    net = _row(sheet, "Budgetændring netto (")
    assert abs(sheet[f"G{net}"].value) < 2000
    assert "ingen beregning" in sheet.cell(row, 1).value


def test_the_texts_say_what_the_form_shows():
    loaded = load_scenario("hoersholm")
    result = stepdown.simulate(loaded, 12, n_replicates=2)
    book = _cached(workbook_of(result, loaded, "da", ["rettidig_indsats"]))
    sheet = book["Rettidig Indsats (29 sager)"]
    resume = sheet.cell(_row(sheet, "Resumé") + 1, 1).value
    assert "1.340.000 kr. i 2018" in resume
    net = sheet[f"G{_row(sheet, 'Budgetændring netto (')}"].value
    said = f"{abs(net) // 1}".replace(",", ".")
    assert f"{int(said) * 1000:,}".replace(",", ".") in resume
    reached = analysis.saving_reached(result).value.sel(strategy="rettidig_indsats", year=2021)
    assert percent(float(reached.isel(line=0)), "da") in resume
    assert "kr.." not in resume


def test_lines_of_a_place_under_notice_are_part_of_the_gross_saving(tmp_path):
    (tmp_path / "scenario.toml").write_text(
        'schema_version = 1\nextends = "hoersholm"\nname = "notice"\n[steps.institution]\n'
        'fixed_share = { value = 0.5, unit = "share", assumption = "for the test" }\n'
        'notice_months = { value = 12, unit = "months", assumption = "for the test" }\n',
        encoding="utf-8",
    )
    loaded = load_scenario(tmp_path)
    result = stepdown.simulate(loaded, 8, n_replicates=1)
    book = _cached(workbook_of(result, loaded, "en", ["rettidig_indsats"]))
    (sheet, strategy, _), *_ = _forms(book, result)
    assert _rows(sheet, "Emptied places under notice")
    gross = analysis.budget_years(result).gross_saving_dkk.sel(strategy=strategy)
    exact = -gross.mean(["draw", "replicate"]).values[:4] / 1000
    total = _row(sheet, "A. Gross saving")
    n_lines = total - 11
    shown = [sheet[f"{c}{total}"].value for c in _YEARS]
    np.testing.assert_allclose(shown, exact, rtol=0, atol=0.5 * n_lines + 1e-9)


def test_an_unknown_strategy_is_refused():
    loaded = load_scenario("hjoerring")
    result = stepdown.simulate(loaded, 3, n_replicates=1)
    with pytest.raises(ParameterError, match="Did you mean track_3"):
        workbook_of(result, loaded, "da", ["track_4"])


def test_a_run_for_expectations_is_refused():
    loaded = load_scenario("hoersholm")
    result = stepdown.simulate(loaded, 3, purpose="expectation", n_children=20)
    with pytest.raises(ParameterError, match="without --for expectation"):
        workbook_of(result, loaded)


def test_export_writes_once(tmp_path):
    loaded = load_scenario("hjoerring")
    result = stepdown.simulate(loaded, 3, n_replicates=1)
    stepdown.save_result(result, tmp_path / "result.nc")
    target = export_run(tmp_path)
    assert target == tmp_path / "budget.xlsx"
    before = target.read_bytes()
    with pytest.raises(InputError, match=r"is there already.*--replace"):
        export_run(tmp_path)
    assert export_run(tmp_path, lang="en", replace=True).read_bytes() != before
    with pytest.raises(InputError, match=r"no \.xlsx file"):
        export_run(tmp_path, Path(tmp_path / "budget.csv"))


@pytest.mark.parametrize("lang", ["da", "en"])
def test_children_beyond_reach_are_more_than_the_stock_and_replace_none_of_it(lang):
    loaded = load_scenario("hoersholm")
    stock = loaded.scenario.stock
    assert set(stock.beyond_reach) & set(stock.children)  # else nothing could be replaced
    book = openpyxl.load_workbook(io.BytesIO(_assumptions(loaded, lang)))
    (value,) = (row[1].value for row in book.active if row[0].value == "stock")
    label = {"da": "uden for rækkevidde", "en": "beyond reach"}[lang]
    parts = value.split(f"; {label}: ")
    for told, known in zip(parts, (stock.children, stock.beyond_reach), strict=True):
        here = {name: "<5" if n < 5 else str(n) for name, n in known.items()}
        assert dict(part.split(": ") for part in told.split(", ")) == here
    explained_stock = explained(loaded).partition("\nstock = ")[2].partition("\n")[0]
    beyond = {f"{name} (beyond reach)": n for name, n in stock.beyond_reach.items()}
    assert dict(part.split(": ") for part in explained_stock.split(", ")) == {
        name: str(n) for name, n in {**stock.children, **beyond}.items()
    }
    n_children = sum(stock.children.values()) + sum(stock.beyond_reach.values())
    assert f"{n_children} children at the start" in checked(loaded)


@pytest.mark.parametrize("name", scenario_names())
def test_no_figure_is_shown_without_its_value(name):
    loaded = load_scenario(name)
    sheet = openpyxl.load_workbook(io.BytesIO(_assumptions(loaded, "da"))).active
    rows = [row for row in sheet.iter_rows(min_row=5) if row[0].value]
    assert [row[0].value for row in rows if not row[1].value] == []
    assert [line for line in explained(loaded).splitlines() if line.endswith(" = ")] == []


def _assumptions(loaded, lang):
    book = Book(lang, "test")
    write_assumptions(book, loaded)
    return book.data()


def test_the_overview_has_one_sign_in_a_row(run):
    """The budget's: a saving is a minus in the net change, its present value and the hump."""
    result, loaded, _, book = run
    sheet = book["Overview"]
    heads = [str(cell.value).replace("\n", " ") for cell in sheet[5]]
    keys = ("Net, present value", "Largest net spending in all")
    worth_at, hump_at = (heads.index(key) + 1 for key in keys)
    for row, strategy in enumerate(loaded.scenario.strategies, start=6):
        here = {"strategy": strategy}
        worth = float(analysis.present_value(result).sel(here).mean())
        assert sheet.cell(row, worth_at).value == rounded(-worth)
        depth = float(analysis.deepest_deficit(result).depth.sel(quantile=0.5, **here))
        assert sheet.cell(row, hump_at).value == (rounded(-depth) if depth < 0 else None)
