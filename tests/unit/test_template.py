"""The template workbook and the way back: what is in the book is in the scenario, or is told."""

import datetime
import io
import tomllib

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from workbooks import add, cell, imported, problems, template

import stepdown
from stepdown.cli import _stepdown
from stepdown.errors import InputError
from stepdown.scenario import load_scenario
from stepdown.scenario.quantity import Provenance
from stepdown.scenario.tree import figures
from stepdown.workbook import import_book, template_of
from stepdown.workbook.template_rows import template_rows


@pytest.fixture(name="books")
def _books():
    return template


def _plain(scenario):
    """Return the figures of a scenario by key, references to evidence as what they stand for."""
    return {
        path: own.model_dump(exclude={"from_evidence"})
        for path, own in figures(scenario)
        if isinstance(own, Provenance)
    }


_FOSTER = {"Trin eller pris": "foster_care"}
_MIDDLE = "Værdi, eller midten"

# ----------------------------------------------------------------------------- the round trip


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize(
    "name", ["hoersholm", "hjoerring", "faxe", "hoersholm-employment", "hoersholm-levels"]
)
def test_a_template_read_back_is_the_same_scenario(name, lang, books, tmp_path):
    again, first = imported(books(name, lang), tmp_path), load_scenario(name).scenario
    assert _plain(again) == _plain(first)
    assert again.strategies.keys() == first.strategies.keys()
    assert again.budget_lines.keys() == first.budget_lines.keys()
    assert (again.name, again.title, again.clock) == (first.name, first.title, first.clock)


@pytest.mark.parametrize("name", ["hoersholm", "hjoerring"])
def test_a_template_read_back_gives_the_same_results_bit_for_bit(name, books, tmp_path):
    imported(books(name), tmp_path)
    first = stepdown.simulate(name, 10, seed=3)
    again = stepdown.simulate(tmp_path / "out", 10, seed=3)
    assert set(first) == set(again)
    for key in first:
        assert first[key].dims == again[key].dims
        assert first[key].values.tobytes() == again[key].values.tobytes(), key


def test_every_row_of_the_book_stands_in_the_file(books, tmp_path):
    """The base alone would give the same scenario, so what the file itself says is compared."""
    for name in ("hoersholm", "hjoerring"):
        imported(books(name), tmp_path)
        text = (tmp_path / "out" / "scenario.toml").read_text(encoding="utf-8")
        tables = tomllib.loads(text)
        rows = template_rows(load_scenario(name).scenario)
        for row in rows["prices"]:
            own = tables["steps" if row["what"] == "step" else "parameters"][row["item"]]
            own = own["price"] if row["what"] == "step" else own
            assert own.get("value", own.get("mode")) == row["center"]
            assert own["price_year"] == row["price_year"]
        for row in rows["amounts"]:
            if row["type"] in ("saving", "investment"):
                own = tables["budget_lines"][row["name"]][row["type"]][row["payer"]]
            else:
                kind = "costs" if row["type"] == "cost" else "grants"
                own = tables["strategies"][row["strategy"]]["investments"][row["investment"]]
                own = own[kind][row["name"]]["row"]
            assert own["by_year"] == {key: row[key] for key in row if key.isdigit()}
        for row in rows["published"]:
            own = tables["strategies"][row["strategy"]]["published"][row["line"]]["row"]
            assert own["by_year"] == {key: row[key] for key in row if key.isdigit()}
        for row in rows["posts"]:
            own = tables["strategies"][row["strategy"]]["investments"][row["investment"]]
            assert own["costs"][row["cost"]]["posts"]["value"] == row["posts"]
        assert text.count("# ") > len(rows["prices"]) + len(rows["amounts"])


def test_budget_lines_need_nothing_of_the_scenario_they_came_from(books, tmp_path):
    """Hjoerring's book laid over the base that only knows payers and money."""
    book = books("hjoerring")
    book["Scenarie"]["B4"] = "municipal-budget"
    for row in range(4, 7):
        cell = book["Linjer"].cell(row, 6)
        assert book["Linjer"].cell(3, 6).value == "Fælles årsag"
        cell.value = None  # causes are no part of the template
    again, first = imported(book, tmp_path), load_scenario("hjoerring").scenario
    assert again.model_copy(update={"causes": first.causes}).strategies == first.strategies
    for name, line in first.budget_lines.items():
        assert again.budget_lines[name] == line.model_copy(update={"cause": None})
    assert again.payers == first.payers


def test_what_is_changed_in_the_book_is_changed_in_the_scenario(books, tmp_path):
    book = books("hoersholm")
    _foster_price(512_345.5)(book)
    cell(book["Poster"], "Årsværk", Strategi="caseload_25").value = 3
    cell(book["Poster"], "Antagelse om årsværk", Strategi="caseload_25").value = "three, to test"
    amounts = book["Beløb"]
    column = [cell.value for cell in amounts[3]].index(2020) + 1
    row = cell(amounts, "Type", Type="udgift").row
    amounts.cell(row, column).value = 1_999_999
    cell(amounts, "Antagelse", Type="udgift").value = "another amount for the test"
    again = imported(book, tmp_path)
    assert again.steps["foster_care"].price.value == 512_345.5
    posts = again.strategies["caseload_25"].investments["caseworkers"].costs["posts"]
    assert posts.posts.value == 3
    assert posts.price.parameter == "price_of_post"
    total = again.strategies["rettidig_indsats"].investments["programme"].costs["total_spending"]
    assert total.row.by_year["2020"] == 1_999_999


def test_new_strategies_posts_amounts_and_lines_are_read(books, tmp_path):
    book = books("hoersholm")
    add(book["Strategier"], Strategi="team", Navn_på_dansk="Nyt team", Navn_på_engelsk="New team")
    add(book["Poster"], Strategi="team", Investering="advisers", Post="advisers",
         Navn_på_dansk="Rådgivere", **{"Start (år-måned)": datetime.date(2019, 1, 1)},
         Årsværk=2.5, Antagelse_om_årsværk="as the proposal has it",
         Delt_pris="price_of_post")  # fmt: skip
    add(book["Beløb"], Type="tilskud", Strategi="team", Investering="advisers",
         **{"Linje, udgift eller tilskud": "pool", "Betaler (tilskud: giver)": "state"},
         Prisår=2018, Efter_sidste_år="nul", Antagelse="for the test alone")  # fmt: skip
    sheet = book["Beløb"]
    column = [cell.value for cell in sheet[3]].index(2019) + 1
    row = cell(sheet, "Type", Strategi="team").row
    sheet.cell(row, column - 1).value = 0
    sheet.cell(row, column).value = 100_000
    cell(sheet, "Efter sidste år", Strategi="team").value = "nul"
    again = imported(book, tmp_path)
    investment = again.strategies["team"].investments["advisers"]
    assert investment.start == "2019-01"
    assert investment.costs["advisers"].posts.value == 2.5
    assert investment.grants["pool"].giver == "state"
    assert investment.grants["pool"].row.by_year == {"2018": 0, "2019": 100_000}
    assert again.strategies["team"].label.en == "New team"


def test_an_empty_template_filled_in_is_a_whole_scenario(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(template_of(None, "en")))
    keys = {book["Scenario"].cell(row, 1).value: row for row in range(3, 16)}
    for words, value in {
        "Name (lower-case a-z, digits and _)": "skovby", "Title in English": "Skovby",
        "Question in English": "What comes true?", "Price level (year)": 2027,
        "First budget year": 2027, "Number of budget years": 4,
        "Municipality (for sources of your own)": "Skovby Kommune",
        "Date of sources of your own": datetime.date(2026, 9, 15),
    }.items():  # fmt: skip
        book["Scenario"].cell(keys[words], 2).value = value
    add(book["Strategies"], Strategy="bus", Name_in_English="Bus passes")
    add(book["Lines"], Line="transport", Name_in_English="Fewer taxis", Kind="estimate",
         **{"Strategies (comma)": "bus", "Share, low": 0, "Share, most likely": 0.8,
            "Share, high": 1.2, "Assumption on share": "for the test alone",
            "Months, most likely": 6, "Assumption on delay": "for the test alone"})  # fmt: skip
    amounts = book["Amounts"]
    first = next(c.column for c in amounts[3] if c.value in (None, ""))
    amounts.cell(3, first).value = 2027
    amounts.cell(3, first + 1).value = 2028
    row = add(amounts, Type="saving", **{"Line, cost or grant": "transport"},
               **{"Payer (grant: giver)": "municipality"}, Price_year=2027,
               Source="Finance system, accounts 2025",
               After_the_last_year="repeat")  # fmt: skip
    amounts.cell(row, first).value = 100_000
    amounts.cell(row, first + 1).value = 250_000
    scenario = imported(book, tmp_path)
    saving = scenario.budget_lines["transport"].saving["municipality"]
    assert saving.by_year == {"2027": 100_000, "2028": 250_000}
    assert saving.source == "skovby-workbook/amounts-4"
    assert scenario.clock.starts == "2027-01"
    evidence = load_scenario(tmp_path / "out").evidence
    assert "accounts 2025" in evidence.figure(saving.source).note
    assert "Amounts!" in evidence.figure(saving.source).note
    assert evidence.figure(saving.source).grade == "expert"
    assert evidence.source(saving.source).municipality == "Skovby Kommune"
    assert evidence.source(saving.source).date == "2026-09-15"
    assert float(stepdown.simulate(tmp_path / "out", 3).net_saving_dkk.max()) > 0


def test_a_scenario_of_ones_own_is_extended_with_its_evidence(books, tmp_path):
    """Read a book, make a template of what came out, and read that again, into another folder."""
    book = books("hoersholm", "en")
    sheet = book["Prices"]
    cell(sheet, "Source", **{"Step or price": "foster_care"}).value = "Accounts 2025, unit prices"
    for row in range(3, 16):
        if str(book["Scenario"].cell(row, 1).value).endswith("of your own)"):
            book["Scenario"].cell(row, 2).value = "Hørsholm Kommune"
        if str(book["Scenario"].cell(row, 1).value).startswith("Date of"):
            book["Scenario"].cell(row, 2).value = "September 2026"
    first = imported(book, tmp_path)
    source = first.steps["foster_care"].price.source
    path = tmp_path / "again.xlsx"
    path.write_bytes(template_of(str(tmp_path / "out"), "en"))
    written = import_book(path, tmp_path / "deeper" / "second")
    assert [own.name for own in written] == ["scenario.toml", "hoersholm-workbook.toml"]
    second = load_scenario(tmp_path / "deeper" / "second")
    assert _plain(second.scenario) == _plain(first)
    assert "Accounts 2025" in second.evidence.figure(source).note
    text = (tmp_path / "deeper" / "second" / "scenario.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["extends"] == "../../out/scenario.toml"
    with pytest.raises(InputError, match="cannot extend itself"):
        import_book(path, tmp_path / "out", replace=True)
    # A source of one's own once more: the file of the first is kept beside the new one.
    again = openpyxl.load_workbook(path)
    cell(again["Prices"], "Source", **{"Step or price": "own_room"}).value = "Accounts 2026"
    for row in range(3, 16):
        if str(again["Scenario"].cell(row, 1).value).startswith(("Municipality", "Date of")):
            again["Scenario"].cell(row, 2).value = "Hørsholm"
    again.save(path)
    names = [own.name for own in import_book(path, tmp_path / "third")]
    assert names == ["scenario.toml", "hoersholm-workbook-2.toml", "hoersholm-workbook.toml"]


def test_a_cell_with_an_error_of_the_spreadsheet_is_told(books, tmp_path):
    book = books("hoersholm")
    wrong = cell(book["Priser"], _MIDDLE, **_FOSTER)
    wrong.value, wrong.data_type = "#DIV/0!", "e"
    found = problems(book, tmp_path)
    assert set(found) == {"Priser!F6"}


# ------------------------------------------------------------------------------- wrong books


def _set(sheet, heading, value, **row):
    def change(book):
        cell(book[sheet], heading, **row).value = value

    return change


def _foster_price(value):
    """Change a price, and say why."""

    def change(book):
        cell(book["Priser"], "Antagelse", **_FOSTER).value = "another price, for the test"
        cell(book["Priser"], _MIDDLE, **_FOSTER).value = value

    return change


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        (_set("Priser", _MIDDLE, "dyr", **_FOSTER), "Priser!F6", 'the text "dyr"'),
        (_set("Priser", _MIDDLE, "1.234,5", **_FOSTER), "Priser!F6", "would be read as 1234,5"),
        (_set("Priser", _MIDDLE, "470000", **_FOSTER), "Priser!F6", "would be read as 470000"),
        (_set("Priser", _MIDDLE, -1000, **_FOSTER), "Priser!F6", "-1000 is negative"),
        (_foster_price(470), "Priser!F6", None),
        (_foster_price(47), "Priser!F6", "a thousand is written"),
        (_set("Priser", _MIDDLE, None, **_FOSTER), "Priser!F6", "no number"),
        (_set("Priser", _MIDDLE, "=1+1", **_FOSTER), "Priser!F6", "a formula without a value"),
        (_set("Priser", _MIDDLE, 1_000_000, **{"Trin eller pris": "own_room"}), "Priser!F8", "low"),
        (_set("Priser", "Trin eller pris", "foster_car", **_FOSTER), "Priser!B6",
         'unknown step "foster_car"'),
        (_set("Priser", "Trin eller pris", "own_room", **_FOSTER), "Priser!B8", "row 6 too"),
        (_set("Priser", "Trin eller pris", "Plejefamilie", **_FOSTER), "Priser!B6", "a code has"),
        (_set("Priser", "Prisår", 20019, **_FOSTER), "Priser!J6", "from 1990 to 2100"),
        (_set("Priser", "Prisår", 2019.5, **_FOSTER), "Priser!J6", "from 1990 to 2100"),
        (_set("Priser", "Prisår", None, **_FOSTER), "Priser!J6", "needed in every row"),
        (_set("Priser", "Kilde", None, **_FOSTER), "Priser!K6", "neither source nor assumption"),
        (_set("Priser", "Kilde", "nb-oekonomi-2020/foster-prise", **_FOSTER), "Priser!F6",
         "not in the evidence"),
        (_set("Priser", "Kilde", "egen opgørelse", **_FOSTER), "Scenarie!B13", "empty"),
        (_set("Priser", "Enhed", "kr. pr. dag", **_FOSTER), "Priser!D6", "it is one of"),
        (_set("Poster", "Strategi", "caseload_24", Strategi="caseload_25"), "Poster!A5",
         "did you mean caseload_25"),
        (_set("Poster", "Delt pris", "price_of_posts", Strategi="caseload_25"), "Poster!L5",
         "did you mean price_of_post"),
        (_set("Poster", "Start (år-måned)", "primo 2018", Strategi="caseload_25"), "Poster!F5",
         "written year-month"),
        (_set("Beløb", "Start (år-måned)", "2019-01", Type="tilskud"), "Beløb!G5",
         "another month than in Beløb!G4"),
        (_set("Beløb", "Betaler (tilskud: giver)", "staten", Type="tilskud"), "Beløb!H5",
         'unknown payer "staten"'),
        (_set("Offentliggjort", "Omfang", "brutto", Linje="gross_saving"), "Offentliggjort!F4",
         "it is one of"),
        (lambda b: b["Scenarie"].__setitem__("B4", "hoersholmm"), "Scenarie!B4",
         "did you mean hoersholm"),
        (lambda b: b["Scenarie"].__setitem__("B3", 7), "Scenarie!B3", "version 7"),
        (lambda b: b["Priser"].merge_cells("F6:G6"), "Priser!F6:G6", "unmerge"),
        (lambda b: b.remove(b["Linjer"]), "Linjer (Lines)", "no such sheet"),
        (lambda b: b["Poster"].delete_rows(1, 20), "Poster", "no headings"),
        (lambda b: b["Priser"].__setitem__("J3", "Pris år 2"), "Priser!J3", "unknown heading"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_by_sheet_and_cell(change, place, said, books, tmp_path):
    book = books("hoersholm")
    change(book)
    if said is None:  # 470 kr. a year is odd and allowed
        assert imported(book, tmp_path).steps["foster_care"].price.value == 470
        return
    found = problems(book, tmp_path)
    assert place in found, found
    assert said in found[place]
    assert "Fix: " in found[place]


def test_a_budget_line_in_another_price_level_is_refused(books, tmp_path):
    book = books("hjoerring")
    cell(book["Beløb"], "Prisår", Type="investering").value = 2023
    cell(book["Beløb"], "Antagelse", Type="investering").value = "another level, for the test"
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Beløb!N4"
    assert "2023 prices" in said
    assert 'write 2024 in "Prisår"' in said


def test_all_problems_are_told_at_once(books, tmp_path):
    book = books("hoersholm")
    _set("Priser", _MIDDLE, "dyr", **_FOSTER)(book)
    _set("Priser", "Trin eller pris", "own_rom", **{"Trin eller pris": "own_room"})(book)
    _set("Poster", "Årsværk", -2, Strategi="caseload_25")(book)
    _set("Offentliggjort", "Prisår", 2, Linje="gross_saving")(book)
    book["Beløb"].merge_cells("A4:B4")
    found = problems(book, tmp_path)
    assert set(found) == {
        "Priser!F6", "Priser!B8", "Poster!H5", "Offentliggjort!S4", "Beløb!A4:B4",
        "Beløb!B4",  # what the merged cells hide
    }  # fmt: skip


def test_what_is_no_workbook_is_told(tmp_path):
    path = tmp_path / "book.xlsx"
    with pytest.raises(InputError, match="no such file"):
        import_book(path, tmp_path / "out")
    path.write_text("no workbook")
    with pytest.raises(InputError, match="no workbook"):
        import_book(path, tmp_path / "out")
    path.write_bytes(template_of("hjoerring")[:5_000])
    with pytest.raises(InputError, match="no workbook"):
        import_book(path, tmp_path / "out")


def test_a_scenario_that_is_there_is_not_written_over(books, tmp_path):
    book = books("hjoerring")
    imported(book, tmp_path)
    before = (tmp_path / "out" / "scenario.toml").read_bytes()
    with pytest.raises(InputError, match=r"is there already.*--replace"):
        import_book(tmp_path / "book.xlsx", tmp_path / "out")
    assert (tmp_path / "out" / "scenario.toml").read_bytes() == before


def test_the_same_scenario_gives_the_same_bytes():
    assert template_of("hjoerring", "en") == template_of("hjoerring", "en")


def test_the_commands_write_and_refuse(tmp_path):
    runner, target = CliRunner(), str(tmp_path / "book.xlsx")
    made = runner.invoke(_stepdown, ["template", "hjoerring", "--xlsx", target])
    assert made.exit_code == 0
    again = runner.invoke(_stepdown, ["template", "hjoerring", "--xlsx", target])
    assert isinstance(again.exception, InputError)
    assert again.exception.exit_code == 2
    read = runner.invoke(_stepdown, ["import", target, "--out", str(tmp_path / "out")])
    assert read.exit_code == 0
    assert read.output.strip().endswith("scenario.toml")
    checked = runner.invoke(_stepdown, ["check", str(tmp_path / "out")])
    assert ": ok" in checked.output


def test_numbers_of_fifteen_digits_come_back_as_they_were(books, tmp_path):
    """A spreadsheet holds 15 digits; a price with more would be another price."""
    book = books("hoersholm")
    _foster_price(470_000)(book)
    price = cell(book["Priser"], _MIDDLE, **_FOSTER)
    for value in (470_000.1, 123_456.789012345, 0.1 + 470_000):
        price.value = float(np.format_float_positional(value, precision=9))
        assert imported(book, tmp_path).steps["foster_care"].price.value == price.value
