"""What a book of one municipality takes over from the scenario of another: nothing in silence."""

import tomllib

import pytest
from workbooks import add, cell, imported, problems, template

import stepdown
from stepdown.report.comparison_input import input_changes
from stepdown.scenario import load_scenario
from stepdown.workbook.commands import import_template
from stepdown.workbook.importing import read_into_scenario

_VALUE, _START, _SAME = "Værdi, eller midten", "Start (år-måned)", "Gælder også os"


def _own_head(book):
    """Write what every municipality writes first: its name, its texts and its years."""
    sheet = book["Scenarie"]
    for row, value in {
        5: "skovby", 6: "Skovby: Tidlig hjælp", 7: "Skovby: early help", 8: "Hvad sparer Skovby?",
        9: "What does Skovby save?", 10: 2026, 11: 2026, 12: 8, 13: "Skovby Kommune",
        14: "2026-09", 15: "barnets_lov",
    }.items():  # fmt: skip
        sheet.cell(row, 2).value = value
    for name in ("Beløb", "Offentliggjort"):
        for head in book[name][3]:
            if isinstance(head.value, int):
                head.value += 8


def _own_money(book):
    for sheet, row, amounts in (
        ("Beløb", {"Type": "udgift"}, (1_900_000,) * 4),
        ("Offentliggjort", {"Linje": "gross_saving"}, (0, 500_000, 1_000_000, 1_500_000)),
    ):
        for year, amount in enumerate(amounts, start=2026):
            cell(book[sheet], year, **row).value = amount
        cell(book[sheet], "Kilde", **row).value = "Budgetforslag 2026"
        cell(book[sheet], "Prisår", **row).value = 2026


def _own_facts(book):
    """Write what the first attempt left as it stood."""
    for row, value in {16: "2025-12", 17: "Fagsystemet, 31.12.2025", 18: None}.items():
        book["Scenarie"].cell(row, 2).value = value
    names, row = book["Strategier"], {"Strategi": "rettidig_indsats"}
    for heading in ("Navn på dansk", "Navn på engelsk"):
        cell(names, heading, **row).value = f"Skovby, {heading}"
    for name in ("caseload_31", "caseload_25"):
        cell(names, _SAME, Strategi=name).value = "nej"
    for step, number in {
        "home_support": 310, "network_care": 6, "foster_care": 31, "boarding_school": 3,
        "own_room": 5, "residential_home": 11, "institution": 2,
    }.items():  # fmt: skip
        cell(book["Børn"], "Børn", Trin=step).value = number
    for step in ("foster_care", "residential_home"):
        cell(book["Børn"], "Uden for rækkevidde", Trin=step).value = 0
    _lever(book, "baseline", "caseload", {_VALUE: 42, "Kilde": "Ledelsesinformation"})
    _lever(book, "baseline", "follow_up",
           {_VALUE: 3, "Kilde": "childrens-act-follow-up-2025/first-follow-up"})  # fmt: skip
    _lever(book, "rettidig_indsats", "caseload",
           {_VALUE: 35, _START: "2026-01", "Kilde": "Budgetforslag 2026"})  # fmt: skip
    _lever(book, "rettidig_indsats", "home_based_courses",
           {_VALUE: 12, _START: "2026-03", "Kilde": "Budgetforslag 2026"})  # fmt: skip
    for lever in ("follow_up", "early_courses", "parent_training"):
        _lever(book, "rettidig_indsats", lever, {_SAME: "nej"})
    cell(book["Priser"], _SAME, Trin_eller_pris="home_support").value = "ja"
    cell(book["Beløb"], _START, Type="udgift").value = "2026-01"
    cell(book["Beløb"], _SAME, Type="tilskud").value = "nej"


def _lever(book, strategy, lever, values):
    for heading, value in values.items():
        cell(book["Indsatser"], heading, Strategi=strategy, Indsats=lever).value = value
    if "Kilde" in values:
        cell(book["Indsatser"], "Note", Strategi=strategy, Indsats=lever).value = None


def test_children_caseload_starts_and_strategies_of_another_are_refused_by_name(tmp_path):
    """Own name, titles, years, cost and promise: all else was Hørsholm's, and nothing said so."""
    book = template("hoersholm")
    _own_head(book)
    _own_money(book)
    found = problems(book, tmp_path)
    said = {place: text for place, text in found.items() if "as in hoersholm" in text}
    named = "\n".join(said.values())
    for fact in (
        "home_support: 207", "foster_care: 12", "foster_care: 4", "residential_home: 3",
        "baseline caseload: 33", "rettidig_indsats caseload: 29", "caseload_31 caseload: 31",
        'rettidig_indsats caseload: "2018-01"', 'caseload_25: "25 sager pr. rådgiver"',
        "caseload_25 caseworkers posts: 2,32", "state_pool: 910000", "early_placements: 20",
        "step home_support: 105000",
    ):  # fmt: skip
        assert fact in named
    assert all('"ja" under "Gælder også os"' in text for text in said.values())
    assert set(found) - set(said) == {
        "Scenarie!B17", "Scenarie!B18",  # when and how the children were counted
        "Indsatser!H5",  # longer between follow-ups than the law of 2026 allows
    }  # fmt: skip


def test_a_book_with_facts_of_its_own_becomes_a_scenario_of_its_own(tmp_path):
    book = template("hoersholm")
    _own_head(book)
    _own_money(book)
    _own_facts(book)
    own = imported(book, tmp_path)
    assert sum(own.stock.children.values()) == 368
    assert set(own.stock.beyond_reach.values()) == {0}
    assert (own.stock.date, own.clock.starts, own.law) == ("2025-12", "2026-01", "barnets_lov")
    assert own.stock.source == "skovby-workbook/scenarie-3-stock"
    assert own.caseload.baseline.value == own.caseload.reference.value == 42
    assert list(own.strategies) == ["rettidig_indsats"]
    strategy = own.strategies["rettidig_indsats"]
    assert (strategy.caseload.cases_per_caseworker.value, strategy.caseload.start) == (
        35, "2026-01")  # fmt: skip
    assert strategy.follow_up is None
    assert set(strategy.investments) == {"programme", "home_based_courses"}
    assert strategy.investments["programme"].grants == {}
    starts = {name: own.start for name, own in strategy.investments.items()}
    assert starts == {"programme": "2026-01", "home_based_courses": "2026-03"}
    assert own.steps["home_support"].price.value == 105_000
    result = stepdown.simulate(tmp_path / "out", 5)
    assert int(result.year[0]) == 2026
    first = result.net_saving_dkk.sel(payer="municipality", year=2026).isel(strategy=-1)
    assert float(first.mean()) == pytest.approx(-1_900_000, abs=600_000)


def test_what_no_book_holds_is_named_where_it_is_another_municipalitys(tmp_path):
    book = template("hoersholm")
    _own_head(book)
    _own_money(book)
    _own_facts(book)
    book.save(tmp_path / "book.xlsx")
    done = read_into_scenario(tmp_path / "book.xlsx", tmp_path / "out")
    assert "moves.home_to_foster" in done.as_they_stand
    assert "strategies.caseload_31" in done.left_out
    text = (tmp_path / "out" / "scenario.toml").read_text(encoding="utf-8")
    assert "Of another municipality, as no book holds them: " in text
    assert set(tomllib.loads(text)["without"]) == set(done.left_out)
    lines = import_template(tmp_path / "book.xlsx", tmp_path / "out", replace=True)
    assert any(line.startswith("of another municipality") for line in lines)


@pytest.mark.parametrize(
    ("cell_of", "value"),
    [("B5", "skovby"), ("B6", "Skovby"), ("B7", "Skovby"), ("B13", "Skovby Kommune")],
)
def test_another_name_title_or_municipality_makes_it_another_book(cell_of, value, tmp_path):
    book = template("hoersholm")
    book["Scenarie"][cell_of] = value
    found = problems(book, tmp_path)
    assert "Børn!C4" in found
    assert "Indsatser!H6" in found


def test_the_same_municipality_may_name_itself(tmp_path):
    book = template("hoersholm")
    book["Scenarie"]["B13"] = "Hørsholm"
    assert imported(book, tmp_path).stock == load_scenario("hoersholm").scenario.stock


def test_amounts_of_another_are_not_ones_own_under_other_years(tmp_path):
    book = template("hoersholm")
    _own_head(book)
    _own_facts(book)
    found = problems(book, tmp_path)
    assert "2250000, 2090000, 2055000, as in hoersholm" in found["Beløb!I4"]
    assert "250000, 1500000, 3000000, as in hoersholm" in found["Offentliggjort!H4"]


def test_a_row_that_is_gone_is_refused_too(tmp_path):
    book = template("hoersholm")
    _own_head(book)
    _own_money(book)
    _own_facts(book)
    book["Beløb"].delete_rows(5)  # the grant
    book["Indsatser"].delete_rows(10)  # courses of a strategy that stays
    found = problems(book, tmp_path)
    assert "state_pool (910000, 0)" in found["Beløb"]
    assert "early_placements (20)" in found["Indsatser"]


def test_a_no_where_a_number_is_needed_is_refused(tmp_path):
    book = template("hoersholm")
    cell(book["Børn"], _SAME, Trin="own_room").value = "nej"
    assert "write your own number" in problems(book, tmp_path)["Børn!E8"]


def test_a_strategy_that_is_left_out_takes_its_lines_with_it(tmp_path):
    book = template("hjoerring")
    cell(book["Strategier"], _SAME, Strategi="track_3").value = "nej"
    own = imported(book, tmp_path)
    assert set(own.strategies) == {"adl_adviser", "psychiatry_team"}
    assert set(own.budget_lines) == {"adl_adviser", "psychiatry_team"}
    assert own.budget_lines["adl_adviser"].strategies == ("adl_adviser",)


def test_later_counts_and_accounts_of_another_are_left_out(tmp_path):
    book = template("faxe")
    for name in ("Strategier", "Børn", "Indsatser", "Priser", "Poster", "Beløb", "Offentliggjort"):
        heads = {str(own.value): own.column for own in book[name][3]}
        for row in range(4, book[name].max_row + 1):
            if book[name].cell(row, 1).value is not None:
                book[name].cell(row, heads[_SAME]).value = "ja"
    for row, value in {5: "skovby", 6: "Skovby", 7: "Skovby", 8: "Hvad?", 9: "What?"}.items():
        book["Scenarie"].cell(row, 2).value = value
    own = imported(book, tmp_path)
    assert own.accounts == {}
    assert own.stock_later == ()
    assert own.stock.children == load_scenario("faxe").scenario.stock.children


def test_places_and_grids_of_another_cannot_be_taken_over(tmp_path):
    for name, table in (("hoersholm-scarce-families", "capacity"), ("hoersholm-levels", "levels")):
        book = template(name)
        book["Scenarie"]["B5"] = "skovby"
        folder = tmp_path / name
        folder.mkdir()
        assert f"[{table}] of" in problems(book, folder)["Scenarie!B4"]


def test_a_book_of_before_is_read_for_its_own_municipality_alone(tmp_path):
    """Templates had no sheets of children and levers, and no column for what holds here too."""
    book = template("hoersholm")
    for name in ("Børn", "Indsatser"):
        book.remove(book[name])
    for name in ("Strategier", "Priser", "Poster", "Beløb", "Offentliggjort"):
        book[name].delete_cols([own.value for own in book[name][3]].index(_SAME) + 1)
    for row in range(15, 19):
        for column in (1, 2):
            book["Scenarie"].cell(row, column).value = None
    (tmp_path / "same").mkdir()
    again, first = imported(book, tmp_path / "same"), load_scenario("hoersholm").scenario
    assert again.stock == first.stock
    book["Scenarie"]["B5"] = "skovby"
    (tmp_path / "other").mkdir()
    found = problems(book, tmp_path / "other")
    assert "home_support (207)" in found["Børn"]
    assert "rettidig_indsats caseload (29)" in found["Indsatser"]
    assert "make a new template" in found["Indsatser"]


def test_a_new_strategy_stands_beside_nothing_of_another(tmp_path):
    """A book of base files alone has nothing of any municipality to take over."""
    book = template(None)
    sheet = book["Scenarie"]
    for row, value in {5: "skovby", 6: "Skovby", 8: "Hvad?", 10: 2027, 11: 2027, 12: 1}.items():
        sheet.cell(row, 2).value = value
    add(book["Strategier"], Strategi="bus", Navn_på_dansk="Buskort")
    add(book["Linjer"], Linje="taxi", Navn_på_dansk="Taxa", Art="skøn",
        **{"Strategier (med komma)": "bus", "Andel, mest sandsynlig": 0.8,
           "Antagelse om andel": "for the test alone"})  # fmt: skip
    amounts = book["Beløb"]
    column = next(own.column for own in amounts[3] if own.value in (None, ""))
    amounts.cell(3, column).value = 2027
    row = add(amounts, Type="besparelse", Prisår=2027, Antagelse="for the test alone",
              **{"Linje, udgift eller tilskud": "taxi",
                 "Betaler (tilskud: giver)": "municipality"})  # fmt: skip
    amounts.cell(row, column).value = 100_000
    said = problems(book, tmp_path)["Linjer!B4"]
    assert said.endswith('Fix: add the number in "Måneder, mest sandsynlig"')
    cell(book["Linjer"], "Måneder, mest sandsynlig", Linje="taxi").value = 0
    cell(book["Linjer"], "Antagelse om forsinkelse", Linje="taxi").value = "for the test alone"
    assert imported(book, tmp_path).strategies["bus"].label.da == "Buskort"


def test_a_book_that_changes_nothing_changes_no_input(tmp_path):
    imported(template("hoersholm"), tmp_path)
    first, again = (stepdown.simulate(path, 2) for path in ("hoersholm", tmp_path / "out"))
    assert input_changes(load_scenario("hoersholm"), load_scenario(tmp_path / "out")) == ()
    assert first.sizes == again.sizes


def test_budget_lines_of_a_municipality_named_otherwise_are_another_s(tmp_path):
    """Hjoerring has no children counted: whose amounts they are, their sources say."""
    book = template("hjoerring")
    book["Scenarie"]["B13"] = "Skovby Kommune"
    assert any(place.startswith("Beløb!") for place in problems(book, tmp_path))


def test_one_year_of_its_own_does_not_free_the_rest_of_a_row(tmp_path):
    """The other years are still those of the municipality whose paper the row goes on citing."""
    book = template("hoersholm")
    book["Scenarie"]["B5"] = "skovby"
    cell(book["Beløb"], 2021, Type="udgift").value = 1
    cell(book["Beløb"], "Antagelse", Type="udgift").value = "our own last year, for the test"
    found = problems(book, tmp_path)
    assert "total_spending: 2250000, 2090000, 2055000, as in hoersholm" in found["Beløb!I4"]
