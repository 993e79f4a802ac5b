"""Cells of a filled-in template that say less, or something else, than they seem to say."""

import datetime
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
import xlsxwriter
from workbooks import cell, imported, problems, problems_of, template

from stepdown.errors import InputError
from stepdown.scenario import load_scenario
from stepdown.workbook import import_book
from stepdown.workbook.importing import read_into_scenario

_COST = {"Type": "udgift"}
_PROMISE = {"Linje": "gross_saving"}


def _with(value, year="2019", sheet="Beløb", **row):
    book = template("hoersholm")
    cell(book[sheet], year, **(row or _COST)).value = value
    return book


# ---------------------------------------------------------------- cells without a value


@pytest.mark.parametrize("year", ["2018", "2019", "2021"])
@pytest.mark.parametrize("error", ["#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#N/A", "#SPILL!"])
def test_an_error_of_the_spreadsheet_is_no_amount(error, year, tmp_path):
    book = _with(None, year)
    wrong = cell(book["Beløb"], year, **_COST)
    wrong.value, wrong.data_type = error, "e"
    ((place, said),) = problems(book, tmp_path).items()
    assert place == f"Beløb!{wrong.coordinate}"
    assert error in said


def test_an_error_is_told_in_every_column_that_is_read(tmp_path):
    book = template("hoersholm")
    for place in ("Priser!F6", "Priser!J6", "Priser!K6", "Poster!A5", "Børn!C5", "Scenarie!B11"):
        sheet, _, name = place.partition("!")
        book[sheet][name].value, book[sheet][name].data_type = "#REF!", "e"
    assert set(problems(book, tmp_path)) >= {
        "Priser!F6", "Priser!J6", "Priser!K6", "Poster!A5", "Børn!C5", "Scenarie!B11",
    }  # fmt: skip


def test_a_formula_that_nobody_calculated_is_no_amount(tmp_path):
    ((place, said),) = problems(_with("=1/0"), tmp_path).items()
    assert place == "Beløb!J4"
    assert "a formula without a value" in said


def test_a_formula_that_a_program_wrote_as_0_is_no_amount(tmp_path):
    """xlsxwriter gives every formula the value 0, and leaves it to Excel to calculate."""
    book = template("hoersholm")
    path = tmp_path / "book.xlsx"
    made = xlsxwriter.Workbook(str(path))
    for sheet in book:
        own = made.add_worksheet(sheet.title)
        for row in sheet.iter_rows():
            for one in row:
                if one.value is not None:
                    own.write(one.row - 1, one.column - 1, one.value)
        if sheet.title == "Beløb":
            own.write_formula("J4", "=1000000+1000000")
    made.close()
    ((place, said),) = problems_of(path).items()
    assert place == "Beløb!J4"
    assert "a formula without a value" in said


def test_an_amount_of_0_stands(tmp_path):
    book = _with(0)
    cell(book["Beløb"], "Antagelse", **_COST).value = "nothing in 2019, for the test"
    row = imported(book, tmp_path).strategies["rettidig_indsats"].investments["programme"]
    assert row.costs["total_spending"].row.by_year["2019"] == 0


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_spreadsheet_saves_errors_and_empty_texts_that_are_told(tmp_path):
    book = _with("=1/0", "2018")
    cell(book["Beløb"], "2020", **_COST).value = '=IF(1=1,"","")'
    cell(book["Beløb"], "2021", **_COST).value = "=2055000+0"
    (tmp_path / "raw").mkdir()
    book.save(tmp_path / "raw" / "book.xlsx")
    (tmp_path / "saved").mkdir()
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
               "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"),
               str(tmp_path / "raw" / "book.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    ((place, said),) = problems_of(tmp_path / "saved" / "book.xlsx").items()
    assert place == "Beløb!I4"
    assert "#DIV/0!" in said


# ---------------------------------------------------------------- rows of years


@pytest.mark.parametrize("year", ["2018", "2019", "2020", "2021"])
def test_an_empty_cell_of_a_row_is_not_0(year, tmp_path):
    for sheet, row in (("Beløb", _COST), ("Offentliggjort", _PROMISE)):
        folder = tmp_path / sheet
        folder.mkdir()
        ((place, said),) = problems(_with(None, year, sheet, **row), folder).items()
        assert place.startswith(f"{sheet}!")
        assert f"no amount for {year}" in said
        assert "0 if there is none" in said


def test_a_year_whose_column_is_missing_is_told_in_each_row(tmp_path):
    book = template("hoersholm")
    book["Beløb"].delete_cols(10)
    found = problems(book, tmp_path)
    assert set(found) == {"Beløb!4:4", "Beløb!5:5"}
    assert all("the heading 2019" in said for said in found.values())


def test_a_row_that_ends_early_says_what_follows(tmp_path):
    book = template("hoersholm")
    cell(book["Beløb"], "Efter sidste år", **_COST).value = None
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Beløb!S4"
    assert "the years after 2021" in said
    assert '"gentag"' in said
    assert '"nul"' in said


def test_an_amount_outside_the_budget_years_is_told(tmp_path):
    book = template("hoersholm")
    book["Beløb"]["L3"] = 2031
    found = problems(book, tmp_path)
    assert "2031, which is no budget year" in found["Beløb!L4"]


def test_a_row_may_begin_late_where_the_row_it_extends_does(tmp_path):
    again = imported(template("hoersholm-employment"), tmp_path)
    assert again.budget_lines == load_scenario("hoersholm-employment").scenario.budget_lines


# ---------------------------------------------------------------- other than numbers


@pytest.mark.parametrize(
    ("value", "said", "fix"),
    [
        ("250.000", "can be read as 250000 or as 250;", "write 250000 or 250, whichever"),
        ("1,420", "can be read as 1420 or as 1,42;", "write 1420 or 1,42 (1.42 in an English"),
        ("250.000 kr.", "can be read as 250000 or as 250;", "write 250000 or 250, whichever"),
        ("1 420", "would be read as 1420;", "write 1420 again"),
        ("1\N{NO-BREAK SPACE}420", "would be read as 1420;", "write 1420 again"),
        ("2.055.000", "would be read as 2055000;", "write 2055000 again"),
        ("1,2 mio. kr.", "not thousands or millions", "write the amount in kroner"),
        ("250 t.kr.", "not thousands or millions", "write the amount in kroner"),
        (True, "TRUE (SAND), no number", "format the cell as a number"),
        (datetime.date(2026, 2, 1), "the date 2026-02-01", "format the cell as a number"),
        (datetime.time(10, 30), "the time 10:30:00", "format the cell as a number"),
        (-2_250_000.5, "-2250000,5 is negative", "write 2250000,5 (2250000.5 in an English"),
    ],
)
def test_what_is_no_amount_is_told_with_what_to_type(value, said, fix, tmp_path):
    ((place, message),) = problems(_with(value), tmp_path).items()
    assert place == "Beløb!J4"
    assert said in message
    assert fix in message.partition("Fix: ")[2]


@pytest.mark.parametrize(
    "code",
    [
        "0%",
        "0.00%",
        '#,##0" t.kr."',
        '0.0" mio. kr."',
        "[$1.000 kr.] 0",
        "0.000",
        '#,##0"000"',
        '#,##0".000"',
    ],
)
def test_a_format_that_shows_another_number_is_told(code, tmp_path):
    book = template("hoersholm")
    cell(book["Beløb"], "2019", **_COST).number_format = code
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Beløb!J4"
    assert "whole kroner" in said


def test_what_is_hidden_is_told(tmp_path):
    for change, place in (
        (lambda b: setattr(b["Beløb"].row_dimensions[4], "hidden", True), "Beløb!4:4"),
        (lambda b: setattr(b["Beløb"].column_dimensions["J"], "hidden", True), "Beløb!J4"),
        (lambda b: setattr(b["Offentliggjort"], "sheet_state", "hidden"), "Offentliggjort!4:4"),
    ):
        book = template("hoersholm")
        change(book)
        folder = tmp_path / place.replace(":", "")
        folder.mkdir()
        assert "can be seen" in problems(book, folder)[place]


def test_a_label_that_is_not_read_may_be_hidden(tmp_path):
    book = template("hoersholm")
    book["Priser"].column_dimensions["C"].hidden = True
    again, first = imported(book, tmp_path), load_scenario("hoersholm").scenario
    assert again.steps["foster_care"].price.value == first.steps["foster_care"].price.value


# ---------------------------------------------------------------- headings and sheets


@pytest.mark.parametrize(
    ("heading", "fix"),
    [
        ("2019 (overslag)", "write the year alone, 2019"),
        ("BO 2019", "write the year alone, 2019"),
        (datetime.date(2019, 1, 1), "write the year alone, 2019"),
        ("2019 (1.000 kr.)", "write the amounts in kroner, and the year alone, 2019"),
        ("Bemærkning", "move the column to a sheet of your own"),
        (2018, "give one another heading"),
    ],
)
def test_a_heading_that_is_not_known_costs_no_data(heading, fix, tmp_path):
    book = template("hoersholm")
    book["Beløb"]["J3"] = heading
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Beløb!J3"
    assert fix in said


def test_amounts_below_an_empty_heading_are_told(tmp_path):
    book = template("hoersholm")
    book["Beløb"]["J3"] = None
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Beløb!J4"
    assert "a year in four digits" in said


def test_a_text_that_says_thousands_is_told(tmp_path):
    book = template("hoersholm")
    book["Beløb"]["A2"] = "Beløb i 1.000 kr."
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Beløb!A2"
    assert "not thousands" in said


@pytest.mark.parametrize(
    ("change", "place", "fix"),
    [
        (lambda b: b.remove(b["Priser"]), "Priser (Prices)", "copy the sheet from it"),
        (lambda b: setattr(b["Priser"], "title", "Prisser"), "Priser (Prices)",
         'rename the sheet "Prisser"'),
        (lambda b: b.copy_worksheet(b["Beløb"]), "Beløb Copy", 'move its rows into "Beløb"'),
        (lambda b: b.create_sheet("Prices"), "Prices", "move its rows into one of the two"),
        (lambda b: b["Scenarie"].__setitem__("A10", "Prisnivau (år)"), "Scenarie!A10",
         'did you mean "Prisniveau (år)"'),
        (lambda b: b["Scenarie"].__setitem__("B11", 26), "Scenarie!B11", "four digits"),
        (lambda b: b["Beløb"].__setitem__("A8", "I alt"), "Beløb!8:8", "a sheet of your own"),
    ],
)  # fmt: skip
def test_a_sheet_or_a_line_that_matches_nothing_is_told(change, place, fix, tmp_path):
    book = template("hoersholm")
    change(book)
    ((told, said),) = problems(book, tmp_path).items()
    assert told == place
    assert fix in said


@pytest.mark.parametrize("heading", ["Start (år-måned)", "Efter sidste år", "Antagelse", "Kilde"])
def test_a_column_that_is_gone_is_told(heading, tmp_path):
    book = template("hoersholm")
    book["Beløb"].delete_cols([own.value for own in book["Beløb"][3]].index(heading) + 1)
    assert f'no column "{heading}"' in problems(book, tmp_path)["Beløb!3:3"]


def test_a_heading_that_was_changed_is_told_once(tmp_path):
    book = template("hoersholm")
    sheet = book["Priser"]
    sheet.cell(3, [own.value for own in sheet[3]].index("Kilde") + 1).value = "Kilder"
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Priser!K3"
    assert 'did you mean "Kilde"?' in said


def test_a_sheet_of_ones_own_is_named_and_not_read(tmp_path):
    book = template("hoersholm")
    book.create_sheet("Mine tal")["XFD1048576"] = 1
    book.save(tmp_path / "book.xlsx")
    done = read_into_scenario(tmp_path / "book.xlsx", tmp_path / "out")
    assert done.not_read == ("Mine tal",)


# ---------------------------------------------------------------- changed numbers


def test_a_changed_number_does_not_keep_its_source(tmp_path):
    for sheet, heading, row, place in (
        ("Priser", "Værdi, eller midten", {"Trin_eller_pris": "foster_care"}, "Priser!F6"),
        ("Poster", "Årsværk", {"Strategi": "caseload_25"}, "Poster!H5"),
        ("Indsatser", "Værdi, eller midten", {"Strategi": "baseline", "Indsats": "caseload"},
         "Indsatser!H4"),
        ("Beløb", "2020", _COST, "Beløb!I4"),
    ):  # fmt: skip
        book = template("hoersholm")
        own = cell(book[sheet], heading, **row)
        own.value = own.value + 1
        folder = tmp_path / sheet
        folder.mkdir()
        ((told, said),) = problems(book, folder).items()
        assert told == place
        assert "the same source" in said


def test_other_numbers_of_children_have_another_source(tmp_path):
    book = template("hoersholm")
    cell(book["Børn"], "Børn", Trin="own_room").value = 5
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Scenarie!B17"
    assert "the same source" in said


@pytest.mark.parametrize("number", [None, 8.5, -3])
def test_children_are_counted(number, tmp_path):
    book = template("hoersholm")
    cell(book["Børn"], "Børn", Trin="own_room").value = number
    assert set(problems(book, tmp_path)) == {"Børn!C8"}


def test_children_whose_row_is_gone_are_not_gone(tmp_path):
    book = template("hoersholm")
    book["Børn"].delete_rows(8)
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Børn"
    assert "no row for own_room" in said


@pytest.mark.parametrize(
    ("name", "place", "cells"),
    [("hjoerring", "Linjer!G4", "GHI"), ("hoersholm", "Poster!F5", "F"),
     ("hoersholm", "Indsatser!E6", "E")],
)  # fmt: skip
def test_what_is_emptied_would_still_hold_and_is_told(name, place, cells, tmp_path):
    book = template(name)
    sheet, _, own = place.partition("!")
    for column in cells:
        book[sheet][f"{column}{own[1:]}"] = None
    ((told, said),) = problems(book, tmp_path).items()
    assert told == place
    assert "which would still hold" in said


def test_a_post_has_one_price(tmp_path):
    book = template("hoersholm")
    cell(book["Poster"], "Pris pr. årsværk", Strategi="caseload_25").value = 600_000
    ((place, said),) = problems(book, tmp_path).items()
    assert place == "Poster!M5"
    assert "beside the shared price" in said


def test_no_fix_is_written_as_in_a_file(tmp_path):
    """A number with _ in it is a text to a spreadsheet, and a key of a file is no heading."""
    book = template("hjoerring")
    cell(
        book["Beløb"], "Kilde", Type="investering"
    ).value = "hjoerring-prevention-strategy-2023/psychiatry-investment"
    found = problems(book, tmp_path)
    assert found
    for said in found.values():
        fix = said.partition("Fix: ")[2]
        assert "_" not in fix
        assert " = " not in fix
        assert "remove" not in fix


# ---------------------------------------------------------------- sheets that reach too far


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD1"])
def test_a_value_far_outside_is_told_before_a_table_is_made(place, tmp_path):
    book = template("hoersholm")
    book["Priser"][place] = 1
    ((told, said),) = problems(book, tmp_path).items()
    assert told == f"Priser!{place}"
    assert "far outside" in said


def test_a_sheet_that_only_says_that_it_reaches_far_is_read(tmp_path):
    template("hjoerring").save(tmp_path / "plain.xlsx")
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.startswith("xl/worksheets/"):
                head, _, rest = text.partition(b'<dimension ref="')
                text = head + b'<dimension ref="A1:XFD1048576"' + rest[rest.index(b'"') + 1 :]
            new.writestr(name, text)
    import_book(path, tmp_path / "out")
    assert load_scenario(tmp_path / "out").scenario.name == "hjoerring"


# ---------------------------------------------------------------- books that are none


def test_a_book_without_any_sheet_of_a_template_is_told_once(tmp_path):
    """A budget form, or any other workbook, given to import by mistake."""
    book = openpyxl.Workbook()
    book.active.title = "Oversigt"
    book.save(tmp_path / "budget.xlsx")
    with pytest.raises(InputError) as caught:
        import_book(tmp_path / "budget.xlsx", tmp_path / "own")
    (problem,) = caught.value.problems
    assert "without any sheet of a template: Oversigt" in problem.what


def test_a_name_is_told_with_all_else(tmp_path):
    book = _with("#REF!")
    book["Scenarie"]["B5"] = "Skovby 2027"
    found = problems(book, tmp_path)
    assert found["Scenarie!B5"].endswith("Fix: write skovby_2027")
    assert "Beløb!J4" in found
