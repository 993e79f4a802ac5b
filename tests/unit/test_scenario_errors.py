"""Every mistake in a scenario is told by file and line, with the rule and a fix to paste.

Each test copies Hørsholm's scenario, makes one mistake and reads the message. Lines are found by
the text that stands on them, so the shipped file may change around them.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from stepdown.errors import InputError, Problem
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import shipped_folder

HOERSHOLM = (shipped_folder() / "hoersholm" / "scenario.toml").read_text(encoding="utf-8")

CASES = (
    'cases_per_caseworker = { value = 29, unit = "cases per caseworker", '
    'source = "hoersholm-budget-2017/caseload-after", note = "just under 29" }'
)
HERE = "strategies.rettidig_indsats."
LEVEL = HERE + "caseload.cases_per_caseworker"
PROGRAMME = HERE + "investments.programme"
START = '[strategies.rettidig_indsats.investments.programme]\nlabel = { da = "Rettidig Indsats", '
START += 'en = "Rettidig Indsats" }\nstart = "2018-01"\n'
CASELOAD = "[caseload]\n"
RATIO = 'hazard_ratio = { parameter = "package_on_entries" }'
JARGON = ("Input should", "pattern", "_type", "mismatch", "pydantic", "validation", "NoneType",
          "literal", "dict", "tuple", "constrained", "[key]", "<class", "str,")  # fmt: skip


def edited(*edits: tuple[str, str]) -> str:
    """Return Hørsholm's scenario with some text replaced once."""
    text = HOERSHOLM
    for old, new in edits:
        assert old in text, f"the shipped file no longer holds {old!r}"
        text = text.replace(old, new, 1)
    return text


def problems_of(path: Path, text: str) -> tuple[Problem, ...]:
    """Return what is wrong with a scenario."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return caught.value.problems


def line_with(text: str, anchor: str) -> int:
    """Return the line that an anchor begins on."""
    assert anchor in text
    return text[: text.index(anchor)].count("\n") + 1


@dataclass(frozen=True)
class Mistake:
    """One edit, and what is said of it."""

    name: str
    old: str
    new: str
    anchor: str
    key: str
    words: tuple[str, ...]


def quantity(name: str, text: str, *words: str, key: str = "") -> Mistake:
    """Return a mistake in the quantity of the strategy's caseload."""
    new = f"cases_per_caseworker = {{ {text} }}"
    return Mistake(name, CASES, new, new, LEVEL + key, words)


def distribution(name: str, text: str, *words: str) -> Mistake:
    """Return a mistake in a distribution."""
    tail = 'unit = "cases per caseworker", assumption = "made up for a test"'
    return quantity(name, f"distribution = {text}, {tail}", *words)


def added(name: str, text: str, key: str, *words: str, anchor: str = "") -> Mistake:
    """Return a mistake in a table added before [caseload]; it stands on the text's last line."""
    last = text.splitlines()[-1]
    return Mistake(name, CASELOAD, f"{text}\n\n{CASELOAD}", anchor or last, key, words)


WHY = 'assumption = "made up for a test"'
UNIT = 'unit = "cases per caseworker"'

TYPES = [
    quantity("number in quotes", f'value = "1_200_000", {UNIT}, {WHY}', '"1_200_000" is text',
             "without quotes", "Fix: value = 1_200_000", key=".value"),
    quantity("Danish number", f'value = "1.200.000,5", {UNIT}, {WHY}', "Fix: value = 1_200_000.5",
             key=".value"),
    quantity("decimal comma", f'value = "0,25", {UNIT}, {WHY}', "Fix: value = 0.25", key=".value"),
    quantity("per cent", f'value = "12 %", {UNIT}, {WHY}', "Fix: value = 0.12", key=".value"),
    quantity("words", f'value = "many", {UNIT}, {WHY}', '"many" is text', key=".value"),
    quantity("list", f"value = [29], {UNIT}, {WHY}", "a list; a number is wanted", key=".value"),
    quantity("true", f"value = true, {UNIT}, {WHY}", "true; a number is wanted", key=".value"),
    quantity("infinite", f"value = inf, {UNIT}, {WHY}", "must be finite", key=".value"),
    quantity("not a number", f"value = nan, {UNIT}, {WHY}", "must be finite", key=".value"),
    quantity("huge", f"value = {'9' * 400}, {UNIT}, {WHY}", "very many digits", key=".value"),
    quantity("short reason", f'value = 29, {UNIT}, assumption = "guess"', '"guess" is too short',
             key=".assumption"),
    Mistake("bare number", CASES, "cases_per_caseworker = 29", "cases_per_caseworker = 29", LEVEL,
            ("29 is a whole number", "a table is wanted", "{ value = 29, unit =", "source =")),
    Mistake("half a child", "own_room = 4", "own_room = 4.5", "own_room = 4.5",
            "stock.children.own_room", ("4.5 is a decimal number", "a whole number is wanted")),
    Mistake("date", 'starts = "2018-01"', "starts = 2018-01-01", "starts = 2018-01-01",
            "clock.starts", ("2018-01-01 is a date", 'starts = "2018-01"')),
    Mistake("month", 'starts = "2018-01"', 'starts = "January 2018"', 'starts = "January',
            "clock.starts", ('"January 2018" is not written so', "year-month", '"2018-01"')),
    Mistake("13th month", 'starts = "2018-01"', 'starts = "2018-13"', 'starts = "2018-13"',
            "clock.starts", ("a month is written year-month",)),
    Mistake("name", 'name = "hoersholm"', 'name = "Hørsholm 2"', 'name = "Hørsholm 2"', "name",
            ('"Hørsholm 2"', "lower-case letters", 'Fix: name = "hoersholm_2"')),
    Mistake("name of a table", "[strategies.caseload_31]\n",
            '[strategies."Færre sager"]\nlabel = { da = "x", en = "x" }\n'
            "[strategies.caseload_31]\n", '[strategies."Færre sager"]', "strategies.Færre sager",
            ("lower-case letters", "Fix: write faerre_sager")),
    Mistake("choice", 'kind = "estimate"', 'kind = "estimat"', 'kind = "estimat"',
            HERE + "published.gross_saving.kind",
            ('"estimat" is unknown', '"estimate", "target", "residual"', 'Fix: kind = "estimate"')),
    Mistake("choice of numbers", "n_budget_years = 10", "n_budget_years = 10\ncycle_months = 6",
            "cycle_months = 6", "clock.cycle_months", ("6 is unknown", "one of 1, 12")),
    Mistake("limit", "n_budget_years = 10", "n_budget_years = 0", "n_budget_years = 0",
            "clock.n_budget_years", ("must be >= 1", "Fix: write a number >= 1")),
    Mistake("year", "first_budget_year = 2018", "first_budget_year = 18", "first_budget_year = 18",
            "clock.first_budget_year", ("18; must be >= 1900",)),
    Mistake("empty list", 'on = ["step_down", "reunification"]', "on = []", "on = []",
            PROGRAMME + ".effects.moves_down.on", ("at least one is needed",)),
    Mistake("text for a list", 'on = ["step_down", "reunification"]', 'on = "step_down"',
            'on = "step_down"', PROGRAMME + ".effects.moves_down.on",
            ("a list in brackets is wanted", 'Fix: on = ["step_down"]')),
    Mistake("year of a row", '"2018" = 2_250_000', '"18" = 2_250_000', 'by_year = { "18"',
            PROGRAMME + ".costs.total_spending.row.by_year.18", ("a year has four digits",)),
    added("class of moves", "[caseload.elasticity.by_class]\nplacment = 1",
          "caseload.elasticity.by_class.placment", 'unknown name "placment"',
          "Fix: write placement"),
    added("birthday", '[birthdays.atten]\nleave_to = "left"', "birthdays.atten",
          "an age in whole years", anchor="[birthdays.atten]"),
    added("alias", '[moves.foster_home]\nfrom = 5', "moves.foster_home.from", "5 is a whole number",
          "lower-case letters"),
    added("alias to", '[moves.foster_home]\nto = "Hjem nu"', "moves.foster_home.to",
          'Fix: to = "hjem_nu"'),
]  # fmt: skip

KEYS = [
    Mistake("top", "schema_version = 1", "schema_version = 1\nstrategi = 1", "strategi = 1",
            "strategi", ("unknown key", "Fix: write strategies instead")),
    Mistake("extends", 'extends = "danish', 'extend = "danish', 'extend = "danish', "extend",
            ("Fix: write extends instead",)),
    Mistake("in a table", "price_level = 2018", "price_level = 2018\nprice_levle = 2018",
            "price_levle", "money.price_levle", ("Fix: write price_level instead",)),
    Mistake("in an investment", START, START + "end_date = 1\n", "end_date = 1",
            PROGRAMME + ".end_date", ("the keys here are costs, effects, end",)),
    Mistake("in a quantity", CASES, CASES.replace("value", "valeu"), "cases_per_caseworker = { val",
            LEVEL + ".valeu", ("unknown key", "Fix: write value instead")),
    Mistake("in a label", 'en = "Spending', 'en = "x", eng = "Spending', 'label = { da = "Udgifter',
            PROGRAMME + ".costs.total_spending.label.eng", ("Fix: write en instead",)),
    added("in an element", f'[[stock_later]]\ndate = "2019-12"\nchildren = {{}}\n{WHY}\ndates = 1',
          "stock_later.0.dates", "Fix: write date instead"),
    Mistake("nothing near", "price_level = 2018", "price_level = 2018\nzzzz = 1", "zzzz",
            "money.zzzz", ("Fix: remove it",)),
    Mistake("missing key", "price_level = 2018", "", "[money]", "money.price_level",
            ("missing; this key is required", "Fix: add price_level = YEAR under [money]")),
    Mistake("missing label", 'label = { da = "31 sager pr. rådgiver", en = "31 cases per '
            'caseworker" }\n', "", "[strategies.caseload_31]", "strategies.caseload_31.label",
            ('Fix: add label = { da = "...", en = "..." } under [strategies.caseload_31]',)),
    Mistake("missing schema_version", "schema_version = 1\n", "", "#:schema", "schema_version",
            ("missing", "Fix: write schema_version = 1")),
    Mistake("other schema_version", "schema_version = 1\n", "schema_version = 2\n",
            "schema_version = 2", "schema_version", ("2 is not known",)),
    Mistake("true for schema_version", "schema_version = 1\n", "schema_version = true\n",
            "schema_version", "schema_version", ("is not known",)),
    Mistake("no such base", '"danish-staircase-with-spread"', '"danish-stairs"',
            "extends =", "extends",
            ('"danish-stairs" is not there', 'Fix: write extends = "danish-staircase"')),
    Mistake("base of another type", '"danish-staircase-with-spread"', "5", "extends =", "extends",
            ("5 is no text", "in quotes")),
    Mistake("own base", '"danish-staircase-with-spread"', '"scenario.toml"', "extends =", "extends",
            ("leads back to this file",)),
]  # fmt: skip

FIGURES = [
    quantity("no provenance", f"value = 29, {UNIT}", "neither source nor assumption",
             'add source = "file/figure" or assumption ='),
    quantity("no number", f"{UNIT}, {WHY}", "no number", "exactly one of value, distribution"),
    quantity("two numbers", f'value = 29, parameter = "x", {UNIT}, {WHY}', "value and parameter",
             "keep one of them"),
    quantity("no unit", f"value = 29, {WHY}", "no unit; every number has a unit"),
    quantity("shape beside value", f"value = 29, low = 20, {UNIT}, {WHY}", "low beside value"),
    quantity("unit beside parameter", f'parameter = "price_of_post", {UNIT}',
             "unit beside parameter", "Fix: remove unit"),
    quantity("money without year", f'value = 29, unit = "DKK", {WHY}', "without a price year",
             "Fix: add price_year = YEAR, the year whose prices"),
    distribution("normal", '"normal", mean = 1, sd = 0', "sd = 0; sd must be > 0"),
    distribution("normal, one number", '"normal", mean = 1', "it is given by mean, sd"),
    distribution("lognormal order", '"lognormal", median = 1, low = 2, high = 3',
                 "low <= median <= high", "Fix: give low, median, high in rising order"),
    distribution("lognormal sign", '"lognormal", median = 1, low = -1, high = 3', "low must be"),
    distribution("wide beta", '"beta", mean = 0.59375, sd = 0.489',
                 "hardly ever between; with this mean, sd is at most 0.485"),
    distribution("uniform", '"uniform", low = 2, high = 2', "low is below high"),
    distribution("uniform order", '"uniform", low = 3, high = 2', "low <= high",
                 "Fix: write low = 2, high = 3"),
    distribution("triangular", '"triangular", low = 3, mode = 2, high = 1', "low <= mode <= high",
                 "Fix: write low = 1, mode = 2, high = 3"),
    distribution("beta", '"beta", mean = 1.5, sd = 0.1', "between 0 and 1"),
    distribution("beta sd", '"beta", mean = 0.5, sd = 0.6', "sd must be below 0.5"),
    distribution("gamma", '"gamma", mean = -1, sd = 0.6', "a gamma number is > 0"),
    Mistake("unknown distribution", CASES, f"cases_per_caseworker = {{ distribution = "
            f'"lognorm", {UNIT}, {WHY} }}', "cases_per_caseworker = { dist",
            LEVEL + ".distribution", ('"lognorm" is unknown', 'Fix: distribution = "lognormal"')),
    quantity("source of another form", f'value = 29, {UNIT}, source = "Hørsholm, p. 3"',
             "a source is the key file/figure", "or a list of them", key=".source"),
    quantity("source, a number", f"value = 29, {UNIT}, source = 5", "5 is a whole number",
             "the key file/figure", key=".source"),
    quantity("source in a list", f'value = 29, {UNIT}, source = ["a/b c"]', '"a/b c"',
             key=".source.0"),
    quantity("unknown figure", f'value = 29, {UNIT}, source = '
             '"hoersholm-budget-2017/caseload-aftr"', "is not in the evidence",
             'Fix: write "hoersholm-budget-2017/caseload-after"', key=".source"),
    quantity("unknown file", f'value = 29, {UNIT}, source = "hoersholm-budget/caseload-after"',
             'Fix: write "hoersholm-budget-2017/caseload-after"', key=".source"),
    quantity("unknown from_evidence", 'from_evidence = "hoersholm-budget-2017/nothing-like-it"',
             "is not in the evidence", "one of"),
    quantity("row as number", 'from_evidence = "hoersholm-budget-2017/gross-saving"',
             "is a row of numbers (2018, 2019", "a quantity is one number", "value = NUMBER",
             "with one of 0, 250_000, 1_500_000, 3_000_000", key=".from_evidence"),
    quantity("number differs", f'value = 28, {UNIT}, source = '
             '"hoersholm-budget-2017/caseload-after"',
             "28, where hoersholm-budget-2017/caseload-after says 29", "Fix: write value = 29",
             key=".value"),
    Mistake("row differs", '"2019" = 250_000', '"2019" = 350_000', '"2019" = 350_000',
            HERE + "published.gross_saving.row.by_year.2019",
            ("350_000 in 2019", "gross-saving says 250_000", 'write "2019" = 250_000')),
    Mistake("row left out a year", '"2018" = 2_250_000, ', "", 'by_year = { "2019" = 2_090_000',
            PROGRAMME + ".costs.total_spending.row.by_year",
            ("no amount for 2018", "total-spending says 2_250_000", 'write "2018" = 2_250_000')),
    Mistake("a sign that no file holds", 'da = "Rettidig Indsats", ', 'da = "Rettidig\\u0000", ',
            'da = "Rettidig\\u0000"', PROGRAMME + ".label.da", ("the sign U+0000 in a text",)),
    Mistake("row goes on", '"2021" = 3_000_000', '"2021" = 3_000_000, "2022" = 4_000_000',
            '"2022" = 4_000_000', HERE + "published.gross_saving.row.by_year.2022",
            ("4_000_000 in 2022", "says nothing", "assumption")),
    Mistake("row without years", '{ "2018" = 0, "2019" = 250_000, "2020" = 1_500_000, '
            '"2021" = 3_000_000 }', "{}",
            "[strategies.rettidig_indsats.published.gross_saving.row]",
            HERE + "published.gross_saving.row", ("by_year has no year",)),
]  # fmt: skip

PRICE = "[steps.foster_care]\nprice = {{ value = {}, unit = {}, price_year = 2018, {} }}"
YEARLY = '"DKK per child and year"'
CROSS = [
    added("unknown step", '[moves.foster_home]\nto = "reunifed"', "moves.foster_home.to",
          'unknown step "reunifed"', "did you mean reunified?"),
    added("negative price", PRICE.format(-1_200_000, YEARLY, WHY), "steps.foster_care.price",
          "-1_200_000 is negative", "Fix: write 1_200_000"),
    added("a thousand times too dear", PRICE.format(1_200_000_000, YEARLY, WHY),
          "steps.foster_care.price", "1_200_000_000 kr.", "no place costs 60_000_000 a year",
          "Fix: write 1_200_000 if"),
    added("too dear a month", PRICE.format(100_000_000, '"DKK per child and month"', WHY),
          "steps.foster_care.price", "100_000_000 kr.", "Fix: write 100_000 if"),
    added("unit of a price", PRICE.format(5, '"DKK per year"', WHY), "steps.foster_care.price",
          'unit "DKK per year"', "DKK per child and month"),
    added("share above 1", "[birthdays.18.goes_on]\nfoster_care = "
          f'{{ value = 40, unit = "share", {WHY} }}', "birthdays.18.goes_on.foster_care",
          "40 is no probability", "Fix: write 0.4"),
    added("normal share", '[birthdays.18.goes_on]\nfoster_care = { distribution = "normal", '
          f'mean = 0.4, sd = 0.1, unit = "share", {WHY} }}', "birthdays.18.goes_on.foster_care",
          "between 0 and 1", "beta"),
    added("step of a birthday", '[birthdays.18]\nleave_to = "lft"', "birthdays.18.leave_to",
          "did you mean left?"),
    added("rate and probability", "[moves.foster_home]\nprobability = "
          f'{{ value = 0.1, unit = "probability", {WHY} }}', "moves.foster_home.probability",
          "a rate and a probability"),
    Mistake("2 for 2 %", "price_level = 2018", "price_level = 2018\nindexation = "
            f'{{ value = 2, unit = "per year", {WHY} }}', "indexation", "money.indexation",
            ("2 per year", "is written 0.02", "Fix: write 0.02")),
    *(
        added(name, f"[bands]\nages = {bands}", f"bands.ages.{place}", *words)
        for name, bands, place, words in (
            ("overlap", '["0-3", "3-11", "12-"]', 1, ('"3-11" overlaps "0-3"', 'write "4-11"')),
            ("gap", '["0-3", "5-11", "12-"]', 1, ('"5-11" leaves a gap after "0-3"', '"4-11"')),
            ("reversed", '["0-3", "11-4", "12-"]', 1, ("ends before it starts", '"4-11"')),
            ("open", '["0-3", "4-", "12-"]', 1, ("only the last band may be open", '"4-11"')),
            ("no band", '["0-3", "from 4"]', 1, ("a band is written from-to", '"FROM-TO"')),
        )
    ),
    added("months from 1", '[bands]\nmonths_on_step = ["1-11", "12-"]', "bands.months_on_step.0",
          "does not begin at 0", 'write "0-11"'),
    added("months that end", '[bands]\nmonths_on_step = ["0-11", "12-35"]',
          "bands.months_on_step.1", "is the last band and ends", 'write "12-"'),
    added("unknown band", '[moves.foster_home]\nby_age = { factors = { "0-3" = 1, "4-11" = 1, '
          f'"12-17" = 1, "18-23" = 1 }}, {WHY} }}', "moves.foster_home.by_age.factors.18-23",
          '"18-23" is no band', 'write "18-22"'),
    added("band left out", '[moves.foster_home]\nby_age = { factors = { "0-3" = 1, "4-11" = 1, '
          f'"12-17" = 1 }}, {WHY} }}', "moves.foster_home.by_age.factors",
          'no factor for "18-22"', 'add "18-22" = NUMBER'),
    Mistake("unknown child", "own_room = 4", "own_rom = 4", "own_rom = 4", "stock.children.own_rom",
            ('unknown step "own_rom"', "did you mean own_room?")),
    Mistake("negative children", "own_room = 4", "own_room = -4", "own_room = -4",
            "stock.children.own_room", ("-4 children", "Fix: own_room = 4")),
    Mistake("end before start", START, START + 'end = "2017-12"\n', 'end = "2017-12"',
            PROGRAMME + ".end", ("before the start", "what ends has started")),
    Mistake("start before the model", START, START.replace("2018-01", "2017-06"),
            'start = "2017-06"', PROGRAMME + ".start",
            ("before the model starts", 'start = "2018-01" or later')),
    Mistake("fade without end", START, START + f'fade_out = {{ value = 6, unit = "months", {WHY} '
            "}\n", "fade_out", PROGRAMME + ".fade_out", ("without an end",)),
    Mistake("months", 'ramp = { value = 6, unit = "months"', 'ramp = { value = 6, unit = "month"',
            "ramp = {", HERE + "caseload.ramp", ('unit "month"', 'write unit = "months"')),
    Mistake("no post price", 'price = { parameter = "price_of_post" }\n', "",
            "[strategies.caseload_31.investments.caseworkers.costs.posts]",
            "strategies.caseload_31.investments.caseworkers.costs.posts", ("without a price",)),
    Mistake("own grant", 'giver = "state"', 'giver = "municipality"',
            "[strategies.rettidig_indsats.investments.programme.grants.state_pool]",
            PROGRAMME + ".grants.state_pool", ("to itself",)),
    Mistake("unknown payer", 'giver = "state"', 'giver = "stat"', 'giver = "stat"',
            PROGRAMME + ".grants.state_pool.giver", ("did you mean state?",)),
    Mistake("risk as hazard", RATIO, 'hazard_ratio = { from_evidence = "al-2012/placement-risk" }',
            'hazard_ratio = { from', PROGRAMME + ".effects.entries.hazard_ratio",
            ("is a risk_ratio", "risk is not hazard", "Fix: write risk_ratio = ...")),
    Mistake("unknown parameter", RATIO, RATIO.replace("entries", "entry"), "hazard_ratio = {",
            PROGRAMME + ".effects.entries.hazard_ratio", ("did you mean package_on_entries?",)),
    Mistake("unknown class", '"step_down", "reunification"', '"stepdown", "reunification"',
            'on = ["stepdown"', PROGRAMME + ".effects.moves_down.on.0",
            ('unknown class or move "stepdown"', "did you mean step_down?")),
    Mistake("reversed ages", RATIO, RATIO + '\nages = "17-12"', "ages = \"17-12\"",
            PROGRAMME + ".effects.entries.ages", ("ends before it starts", '"12-17"')),
    Mistake("no ratio", RATIO + "\n", "",
            "[strategies.rettidig_indsats.investments.programme.effects.entries]",
            PROGRAMME + ".effects.entries", ("no ratio",)),
    Mistake("chain of parameters", CASELOAD, '[parameters.mine]\nparameter = "package_on_entries"'
            f"\n\n{CASELOAD}", "[parameters.mine]", "parameters.mine",
            ('names the parameter "package_on_entries"', "number of its own")),
    Mistake("strategy named baseline", "[strategies.caseload_31]\n",
            '[strategies.baseline]\nlabel = { da = "x", en = "x" }\n\n[strategies.caseload_31]\n',
            "[strategies.baseline]", "strategies.baseline", ("a strategy named baseline",)),
    Mistake("bound", CASELOAD, f"[bounds]\nplacement = 0.5\n\n{CASELOAD}", "placement = 0.5",
            "bounds.placement", ("0.5 is below 1",)),
]  # fmt: skip


@pytest.mark.parametrize("mistake", [*TYPES, *KEYS, *FIGURES, *CROSS], ids=lambda one: one.name)
def test_one_mistake(mistake: Mistake, tmp_path: Path) -> None:
    """One mistake gives one problem: its file and line, its key, the rule in plain words, a fix."""
    path = tmp_path / "scenario.toml"
    text = edited((mistake.old, mistake.new))
    problems = problems_of(path, text)
    assert [problem.key for problem in problems] == [mistake.key], problems
    said = str(problems[0])
    assert said.startswith(f"{path}:{line_with(text, mistake.anchor)}: {mistake.key}: "), said
    for words in mistake.words:
        assert words in said
    assert "Fix: " in said
    assert not [word for word in JARGON if word in said.replace(str(path), "")]
