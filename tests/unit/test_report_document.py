"""What a report says of a run: whole, the same in both languages, and true to the analysis."""

import json
import re
from dataclasses import fields, is_dataclass
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from small import ENTRIES_DOWN, WHY, write_small

import stepdown
from stepdown import analysis
from stepdown.errors import InputError
from stepdown.report.document import build_document
from stepdown.report.document.answers_money import ends_with, is_about_nil
from stepdown.report.document.assumptions import bases
from stepdown.report.document.contents import strategies_summed
from stepdown.report.document.drivers import needed_factor
from stepdown.report.document.facts import facts_of
from stepdown.report.document.first_page import first_page
from stepdown.report.document.key_words import GRADES
from stepdown.report.document.keys import Names
from stepdown.report.document.model import Answer, Beside, Chart, KeyFigures, Table
from stepdown.report.document.numbers import MILLIONS, Writer
from stepdown.report.published import basis_of, line_words, published_words
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import scenario_names
from stepdown.store import scenario_of

DRAWS = 4
SECTIONS = ["first-page", "money", "children", "comparison", "drivers", "limits", "method",
            "assumptions", "cheers", "soem", "provenance"]  # fmt: skip


@pytest.fixture(scope="module")
def runs():
    """Runs of few draws, by scenario, each made when first asked for."""
    made = {}

    def run(name):
        if name not in made:
            made[name] = stepdown.simulate(name, n_draws=DRAWS, seed=1)
        return made[name]

    return run


@pytest.fixture(scope="module")
def reports(runs):
    made = {}

    def report(name, lang, strategy=None):
        if (name, lang, strategy) not in made:
            made[name, lang, strategy] = build_document(runs(name), lang, strategy=strategy)
        return made[name, lang, strategy]

    return report


def texts(record):
    """Every text of a report, with empty ones."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, tuple):
        for part in record:
            yield from texts(part)
    elif is_dataclass(record):
        for field in fields(record):
            # Notes, and where a table is aligned, may be nothing.
            if field.name not in ("align", "draw", "starts_page", "numbered", "has_sum"):
                yield from texts(getattr(record, field.name))


def blocks(document, kind):
    return [block for section in document.sections for block in section.blocks
            if isinstance(block, kind)]  # fmt: skip


def tables(document):
    inside = [block.table for kind in (Beside, Chart) for block in blocks(document, kind)]
    return [*blocks(document, Table), *inside]


def numbers(text, lang):
    """The numbers of a text, as English writes them, in order of size."""
    if lang == "da":
        text = re.sub(r"(?<=\d)\.(?=\d{3}(?!\d))", "", text)
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    else:
        text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return sorted(re.findall(r"\d+(?:\.\d+)*", text))


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_has_a_whole_report(reports, name, lang):
    document = reports(name, lang)
    keys = [section.key for section in document.sections]
    assert keys == [key for key in SECTIONS if key in keys]
    assert {"first-page", "money", "drivers", "limits", "method", "assumptions", "cheers", "soem",
            "provenance"} <= set(keys)  # fmt: skip
    for text in texts(document):
        assert text.strip() == text
        assert not re.search(r"\b(nan|None|inf|Timestamp|np\.\w+)\b|[{}]|  |\.\.|, ,", text), text
    for table in tables(document):
        assert len(table.align) == len(table.head)
        assert table.rows, table.caption
        for row in table.rows:
            assert len(row) == len(table.head), table.caption
            assert all(cell for cell in row), (table.caption, row)


@pytest.mark.parametrize("name", scenario_names())
def test_both_languages_tell_the_same_figures(reports, name):
    danish, english = (reports(name, lang) for lang in ("da", "en"))
    assert [s.key for s in danish.sections] == [s.key for s in english.sections]
    for ours, theirs in zip(danish.sections, english.sections, strict=True):
        assert len(ours.blocks) == len(theirs.blocks)
        if ours.key == "assumptions":
            continue  # its reasons stand in the language of the file
        for one, other in zip(ours.blocks, theirs.blocks, strict=True):
            for da, en in zip(texts(one), texts(other), strict=True):
                # The unit of a table is "1.000 kr." in one and "DKK thousand" in the other.
                told = numbers(da.replace("1.000 kr.", ""), "da")
                assert told == numbers(en, "en"), (da, en)


def test_eight_questions_are_answered(reports):
    for lang in ("da", "en"):
        asked = [answer.question for answer in blocks(reports("hoersholm", lang), Answer)]
        assert len(set(asked)) == 8
        assert all(question.endswith("?") for question in asked)


def test_checklists_are_whole(reports):
    for lang in ("da", "en"):
        for name in ("hoersholm", "hjoerring"):
            document = reports(name, lang)
            section = {s.key: s for s in document.sections}
            cheers = next(b for b in section["cheers"].blocks if isinstance(b, Table))
            assert [row[0] for row in cheers.rows] == [str(n) for n in range(1, 29)]


def test_first_page_tells_what_the_analysis_computes(runs, reports):
    result = runs("hoersholm")
    name = "rettidig_indsats"  # with the largest published saving
    write = Writer("da")
    page = reports("hoersholm", "da").sections[0]
    figures = next(b for b in page.blocks if isinstance(b, KeyFigures)).figures
    answers = [b.text for b in page.blocks if isinstance(b, Answer)]
    spent = analysis.budget_years(result).investment_dkk.sel(strategy=name, payer="municipality")
    assert figures[0].value == write.amount(float(spent.sum("year").mean()))
    net = analysis.net_saving(result).sel(strategy=name).sum("year")
    # Of so few draws the mean may not be told from nil; then it stands in the note.
    assert write.amount(float(net.mean())) in figures[1].value + figures[1].note
    paid = analysis.payback_by_year(result).value.sel(strategy=name).values[-1]
    assert figures[2].value.lower() == write.share(float(paid))
    reached = analysis.saving_reached(result).sel(strategy=name, line="gross_saving", year=2021)
    assert write.of_ten(float(reached.value)) in answers[0]
    gross = analysis.budget_years(result).gross_saving_dkk.sel(strategy=name, year=2021)
    assert f"gennemsnittet det år er {write.signed(float(gross.mean()))}" in answers[0]
    sure = analysis.bookable(result, 0.8)["gross"].sel(strategy=name)
    if float(sure.values[-1]) > 0:
        assert write.amount(float(sure.values[-1])) in answers[0]
    loss = float(analysis.reserve(result, 0.9)["cumulative"].sel(strategy=name).values[-1])
    assert loss > 0
    assert f"mere end {write.amount(loss)}" in answers[3]
    grants = analysis.budget_years(result).grant_dkk.sel(strategy=name, payer="municipality")
    lost = float((spent - grants).sum("year").mean())
    assert f"hele udgiften tabt: {write.amount(lost)}" in answers[3]
    placed = result.months_in_step.where(result.step_kind == "placement", 0).sum("step") / 12
    more = (placed.sel(strategy=name) - placed.sel(strategy="baseline")).isel(year=-1)
    assert write.number(abs(float(more.mean())), 1) in answers[2]
    cost = result.cost_dkk.isel(year=-1).sum("payer")
    for quantile in (0.1, 0.9):
        told = write.amount(float(cost.sel(strategy="baseline").quantile(quantile)))
        assert told in answers[6]
    assert f"mod {write.amount(float(cost.sel(strategy=name).mean()))} med" in answers[6]


def test_tables_hold_the_figures_of_the_analysis(runs, reports):
    result, write = runs("hjoerring"), Writer("en")
    document = reports("hjoerring", "en")
    booked = next(t for t in tables(document) if t.caption.startswith("What can be booked"))
    found = analysis.bookable(result, 0.8).sel(strategy="track_3")
    assert [row[1] for row in booked.rows] == [write.thousands(v) for v in found["gross"].values]
    lines = next(t for t in tables(document) if t.caption.startswith("The budget lines"))
    assert [row[1] for row in lines.rows].count("residual") == 1
    # No probability and no figure is given for a residual.
    assert next(row for row in lines.rows if row[1] == "residual")[4:] == ("-", "-")


def test_a_strategy_that_gains_and_one_that_loses(reports):
    """The adviser costs nothing and the team costs more than it was ever to save."""
    gains = reports("hjoerring", "da", "adl_adviser")
    loses = reports("hjoerring", "da", "psychiatry_team")
    figures = [blocks(d, KeyFigures)[0].figures for d in (gains, loses)]
    assert figures[0][1].label.startswith("nettobesparelse")
    assert figures[1][1].label.startswith("merudgift")
    fails = [blocks(d, Answer)[3].text for d in (gains, loses)]
    assert "ingen udgift at tabe" in fails[0]
    assert "ikke tabt penge" in fails[0]
    assert "hele udgiften tabt" in fails[1]
    assert "har kommunen tabt mere end" in fails[1]
    results = [blocks(d, Beside)[0].table.rows[-1][0] for d in (gains, loses)]
    assert results == [f"Kommunens nettoresultat ({kind})" for kind in ("nettobesparelse",
                                                                         "merudgift")]  # fmt: skip
    side_by_side = next(t for t in tables(gains) if t.caption.startswith("Strategierne ved siden"))
    assert [row[-1] == "-" for row in side_by_side.rows] == [True, False, False]


@pytest.mark.parametrize("name", ["faxe", "hoersholm", "hoersholm-levels", "hjoerring"])
def test_gain_and_loss_are_said_as_they_are(runs, name):
    result = runs(name)
    loaded = scenario_of(result)
    for strategy in result.strategy.values[1:3]:
        page = first_page(facts_of(result, loaded, "en", str(strategy)))
        label = next(b for b in page.blocks if isinstance(b, KeyFigures)).figures[1].label
        total = analysis.mean(
            analysis.net_saving(result).sel(strategy=strategy, drop=True).sum("year")
        )
        kind = "gain" if total.value >= 0 else "loss"
        is_nil = abs(total.value) < max(2 * total.error, 5_000)
        assert label.startswith("result" if is_nil else kind)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", scenario_names())
def test_the_calculation_adds_up_as_printed(runs, reports, name, lang):
    """Read back from the page, the lines sum to the result, which is the one of the analysis."""
    document = reports(name, lang)
    table = blocks(document, Beside)[0].table
    assert table.has_sum

    def read(cell):
        digits = cell.replace(".", "").replace(",", ".") if lang == "da" else cell.replace(",", "")
        return Decimal(digits)

    for column in range(1, len(table.head)):
        *parts, total = (read(row[column]) for row in table.rows)
        assert sum(parts) == total, (name, table.rows)
    facts = facts_of(runs(name), scenario_of(runs(name)), lang)
    net = float(analysis.net_saving(runs(name)).sel(strategy=facts.strategy).sum("year").mean())
    unit = 1e6 if "mio." in table.caption or "million" in table.caption else 1e3
    assert abs(float(read(table.rows[-1][1])) - net / unit) <= (0.05 if unit == 1e6 else 0.5)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", scenario_names())
def test_a_figure_of_the_first_page_has_one_rounding(runs, reports, name, lang):
    """In the calculation, the key figures and the answers, what is in millions has one rounding."""
    page, write = reports(name, lang).sections[0], Writer(lang)
    facts = facts_of(runs(name), scenario_of(runs(name)), lang)
    table = blocks(reports(name, lang), Beside)[0].table
    totals, by_year = facts.totals[facts.strategy], facts.by_year
    spent = by_year(analysis.of_payer(facts.years.investment_dkk))
    quantities = {
        ("Udgift", "Spending"): (totals.own_spending, spent[-1]),
        ("Tilskud", "Grants"): (totals.grants,),
        ("Sparet", "Saved"): (totals.own_gross, by_year(facts.gross)[-1]),
        ("Kommunens netto", "The municipality's net"): (totals.net, by_year(facts.net)[-1]),
    }
    for heads, amounts in quantities.items():
        cells = next((row[1:] for row in table.rows if row[0].startswith(heads)), ())
        for dkk, cell in zip(amounts, cells, strict=False):
            if abs(dkk) >= MILLIONS and write.unit() not in table.caption:
                # What a sentence says of it is what the table says.
                assert digits(write.amount(dkk)) == [cell.removeprefix("-")]
    figures = next(b for b in page.blocks if isinstance(b, KeyFigures)).figures
    if totals.own_spending > 5_000:
        assert figures[0].value == write.amount(totals.own_spending)
    assert write.amount(totals.net) in figures[1].value + figures[1].note
    if totals.grants > 5_000:
        assert write.amount(totals.grants) in figures[0].note


def digits(text):
    return re.findall(r"\d[\d.,]*", text)


def test_the_first_page_says_what_a_strategy_consists_of(reports):
    def opening(name, lang, strategy=None):
        return reports(name, lang, strategy).sections[0].blocks[0].text

    assert "færre sager pr. rådgiver (29 i stedet for 33), oftere opfølgning" in opening(
        "hoersholm", "da"
    )
    assert "more caseworkers (0.5 posts)" in opening("hoersholm", "en", "caseload_31")
    assert "21 rådgivere, 3 socialrådgivere i dagtilbud og skoler" in opening("faxe", "da")
    assert "10 budget lines, the largest of them" in opening("hoersholm-employment", "en")


def test_a_sum_of_strategies_is_told_as_one(runs, reports):
    page = reports("hjoerring", "en").sections[0].blocks[0].text
    assert 'The strategy is the sum of "ADL adviser" and "Psychiatry team".' in page
    assert 'The whole loss comes from "Psychiatry team"' in page
    facts = facts_of(runs("hjoerring"), scenario_of(runs("hjoerring")), "en")
    assert strategies_summed(facts, "track_3") == ("adl_adviser", "psychiatry_team")
    net = analysis.net_saving(runs("hjoerring"))
    parts = net.sel(strategy=["adl_adviser", "psychiatry_team"]).sum("strategy")
    np.testing.assert_allclose(parts.values, net.sel(strategy="track_3").values, rtol=1e-12)
    employment = facts_of(
        runs("hoersholm-employment"), scenario_of(runs("hoersholm-employment")), "en"
    )
    assert not strategies_summed(employment, "all_proposals")


def test_all_that_is_budgeted_is_set_against_the_spending(reports):
    """Hjørring budgets 7.568 million and spends 8.860."""
    assert (
        "Selv hvis alt det budgetterede spares, mangler der 1,3\u00a0mio.\u00a0kr. i 2024-2027."
        in (blocks(reports("hjoerring", "da"), Answer)[0].text)
    )


def test_a_saving_that_is_to_be_spent_again_is_not_booked(reports):
    assert "Hele besparelsen skal efter forslaget bruges igen" in (
        blocks(reports("faxe", "da"), Answer)[0].text
    )


def test_the_first_page_says_which_strategy_it_is_about(reports, runs):
    def opening(name):
        return reports(name, "en").sections[0].blocks[0].text

    assert "the largest budgeted saving" in opening("hoersholm")
    assert "the best average result" in opening("hoersholm-levels")
    assert opening("faxe").startswith('This page is about "Fælles om Forebyggelse". ')
    best = analysis.present_value(runs("hoersholm-levels")).mean(["draw", "replicate"])
    label = runs("hoersholm-levels").strategy_en.sel(
        strategy=best.strategy.values[int(best.values.argmax())]
    )
    assert f'This page is about "{label.item()}", the one' in opening("hoersholm-levels")


def test_fewer_than_five_real_children_stay_untold(reports):
    """Hørsholm has 2 in kinship care and 4 in own rooms; a report tells neither."""
    listed = [t for t in tables(reports("hoersholm", "en")) if t.head[0] == "Figure and value"]
    stock = next(row[0] for t in listed for row in t.rows if "Children on each" in row[0])
    assert "Kinship care: under 5" in stock
    assert "Own room: under 5" in stock
    assert "Foster care: 12" in stock
    assert "Support at home: 207" in stock


def test_every_figure_has_its_basis_sources_and_grades(reports, runs):
    """Merged rows lose nothing: each figure's name, reason, source and grade stands in its row."""
    loaded = scenario_of(runs("hoersholm"))
    names, found = Names(loaded.scenario, "en"), bases(loaded)
    report = tables(reports("hoersholm", "en"))
    rows = [row for t in report if t.head[0] == "Figure and value" for row in t.rows]
    sources = next(t for t in report if t.head[:2] == ("No.", "Source"))
    assert len(rows) < len(found)
    for one in found:
        ending = names.of(one.key).rpartition(": ")[0] or names.of(one.key)
        reason = (one.figure.assumption or "").rstrip(".")
        cited = [(loaded.evidence.source(key).title, loaded.evidence.figure(key).grade)
                 for key in one.figure.sources]  # fmt: skip
        told = [
            next(f"{row[0]} ({GRADES[grade][1]})" for row in sources.rows if title in row[1])
            for title, grade in cited
        ]
        assert any(
            ending in row[0] and reason in row[1] and all(source in row[1] for source in told)
            for row in rows
        ), one.key


def test_saving_needed_to_break_even(runs):
    """Scaled by the factor, the mean saving just pays the spending."""
    result = runs("hoersholm")
    facts = facts_of(result, scenario_of(result), "en")
    factor = needed_factor(facts, "rettidig_indsats")
    years = analysis.budget_years(result).sel(strategy="rettidig_indsats")
    own = (years.investment_dkk - years.grant_dkk).sel(payer="municipality")
    spent = (own * years.discount_factor).sum("year").mean()
    saved = analysis.present_value(result).sel(strategy="rettidig_indsats").mean() + spent
    if float(saved) > 0:
        assert factor == pytest.approx(float(spent / saved), rel=1e-12)
    else:
        assert factor is None
    free = runs("hjoerring")
    assert needed_factor(facts_of(free, scenario_of(free), "en"), "adl_adviser") == 0.0


def test_runs_that_no_report_can_be_made_of(runs):
    means = stepdown.simulate("hoersholm", n_draws=2, purpose="expectation", n_children=50)
    with pytest.raises(InputError, match="for expectations"):
        build_document(means, "da")
    common = runs("hoersholm").copy()
    common.attrs = {**common.attrs, "luck": "common"}
    with pytest.raises(InputError, match="common luck"):
        build_document(common, "da")
    with pytest.raises(InputError, match="no strategy nobody"):
        build_document(runs("hoersholm"), "da", strategy="nobody")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_few_draws_and_one_replicate_are_said_to_be_few(lang):
    result = stepdown.simulate("hoersholm", n_draws=2, n_replicates=1)
    document = build_document(result, lang)
    drivers = next(s for s in document.sections if s.key == "drivers")
    said = " ".join(texts(drivers))
    assert ("kan ikke skilles ad" if lang == "da" else "cannot be told apart") in said
    assert "nan" not in said


@pytest.mark.parametrize("name", ["hoersholm", "hjoerring"])
def test_assumptions_are_ranked_where_there_are_draws_enough(name):
    """Every figure of the one with children is drawn too, so that none fails when laid out."""
    result = stepdown.simulate(name, n_draws=220, seed=3)
    document = build_document(result, "da")
    drivers = next(s for s in document.sections if s.key == "drivers")
    tornado = next(b for b in drivers.blocks if isinstance(b, Chart)).table
    widths = [abs(int(row[4].replace(".", "")) - int(row[3].replace(".", "")))
              for row in tornado.rows]  # fmt: skip
    assert widths == sorted(widths, reverse=True) or np.ptp(np.diff(widths)) < 2
    for chart in blocks(document, Chart) if name == "hoersholm" else ():
        figure = chart.draw()
        assert figure.get_axes(), chart.title
        figure.clear()


# ------------------------------------------------------------------ what published savings are


@pytest.mark.parametrize(
    ("name", "danish", "english"),
    [
        ("herning", "de 3,7\u00a0mio.\u00a0kr. i 2014, som en evaluering fandt, nås",
         "the DKK\u00a03.7\u00a0million in 2014 that an evaluation found is reached"),
        ("hoersholm", "de budgetterede 3,0\u00a0mio.\u00a0kr. i 2021 nås",
         "the budgeted DKK\u00a03.0\u00a0million in 2021 is reached"),
        ("hjoerring", "de budgetterede 3,1\u00a0mio.\u00a0kr. i 2027 nås",
         "the budgeted DKK\u00a03.1\u00a0million in 2027 is reached"),
    ],
)  # fmt: skip
def test_a_published_saving_is_called_what_it_is(reports, name, danish, english):
    for lang, said in (("da", danish), ("en", english)):
        assert said in blocks(reports(name, lang), Answer)[0].text


def test_what_an_evaluation_found_is_no_budget_and_comes_by_year(reports):
    for lang in ("da", "en"):
        first = reports("herning", lang).sections[0]
        told = [text for text in texts(first) if "?" not in text]
        assert not [text for text in told if re.search("udgetter|udgeted", text)]
        answer = blocks(reports("herning", lang), Answer)[0].text
        assert answer.index("2014") < answer.index("2015")
        table = next(t for t in tables(reports("herning", lang)) if t.caption.startswith(
            ("Udgift og bruttobesparelse", "Spending and gross saving")))  # fmt: skip
        head = {"da": "Evalueret", "en": "Evaluated"}[lang]
        assert [text for text in table.head if head in text]


@pytest.mark.parametrize(("name", "is_told"), [("herning", False), ("hoersholm", True)])
def test_herning_is_not_shown_to_itself_as_elsewhere(reports, name, is_told):
    elsewhere = blocks(reports(name, "da"), Answer)[1].text
    assert ("Herning sparede" in elsewhere) == is_told
    assert "Vi kender ingen dansk undersøgelse" in elsewhere


@pytest.mark.parametrize(
    ("kind", "source", "said"),
    [
        ("target", 'source = "kora-herning-2015/saving-on-placements"', "target"),
        ("estimate", 'source = "kora-herning-2015/saving-on-placements"', "evaluation"),
        ("estimate", 'source = "hoersholm-budget-2017/gross-saving"', "budget"),
        ("estimate", 'source = "statistics-denmark-placements-2018/type-mix"', "accounts"),
        ("estimate", "", "estimate"),
    ],
)
def test_the_kind_and_the_grade_of_a_line_say_what_it_is(tmp_path, kind, source, said):
    line = (
        "[strategies.help.published.line]\nlabel = { da = 'x', en = 'x' }\n"
        f"kind = '{kind}'\nscope = 'measures'\n[strategies.help.published.line.row]\n"
        f"by_year = {{ '2018' = 5 }}\nunit = 'DKK per year'\nprice_year = 2018\n{WHY}\n{source}\n"
    )
    loaded = load_scenario(write_small(tmp_path, f"{ENTRIES_DOWN}{line}"))
    result = stepdown.simulate(loaded, 2, 1)
    assert basis_of(result, ["help"]) == said
    found = {lang: published_words(result, ["help"]).saving(lang) for lang in ("da", "en")}
    assert ("budget" in found["en"], "budget" in found["da"]) == (said == "budget",) * 2


def test_two_kinds_of_published_savings_are_told_as_published():
    result = xr.Dataset(attrs={"published": json.dumps({
        "help.one": {"kind": "target"}, "help.two": {"kind": "estimate", "basis": "evaluation"},
        "help.rest": {"kind": "residual"}, "other.one": {"kind": "target"},
    })})  # fmt: skip
    assert basis_of(result, ["help"]) == "several"
    assert basis_of(result, ["other"]) == "target"
    assert line_words(result, "help", "two").head("da") == "Evalueret"


# --------------------------------------------------------------------------- gains and losses


def test_a_mean_that_cannot_be_told_from_nil_is_about_nil():
    assert is_about_nil(-96_000, 127_000 / 2)
    assert is_about_nil(99_999, 50_000)
    assert not is_about_nil(100_001, 50_000)
    assert is_about_nil(-4_000, 0.0)
    facts = SimpleNamespace(write=Writer("da"))
    assert ends_with(facts, -96_000, 63_500) == "omtrent nul"
    assert ends_with(facts, -960_000, 63_500) == "en merudgift på 1,0\u00a0mio.\u00a0kr."
    assert ends_with(facts, 960_000, 63_500) == "en nettobesparelse på 1,0\u00a0mio.\u00a0kr."


@pytest.mark.parametrize("name", scenario_names())
def test_no_word_of_a_sign_heads_a_figure_of_the_other(reports, name):
    """A loss has a minus in every column of the calculation, or the result has no word."""
    row = blocks(reports(name, "da"), Beside)[0].table.rows[-1]
    signs = {cell.startswith("-") for cell in row[1:] if re.search("[1-9]", cell)}
    words = {"(merudgift)": {True}, "(nettobesparelse)": {False}}
    told = [word for word in words if word in row[0]]
    assert all(signs <= words[word] for word in told)
    assert bool(told) == (len(signs) == 1)


def test_lines_that_cannot_lose_say_that_it_is_assumed(runs, reports):
    for lang, said in (("da", "følger af antagelserne"), ("en", "follows from the assumptions")):
        assert said in blocks(reports("hoersholm-employment", lang), Answer)[1].text
        assert not [t for t in texts(reports("hoersholm", lang).sections[0]) if said in t]
