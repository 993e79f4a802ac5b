"""Mistakes in reimbursement, notice periods and reinvested shares, each told with rule and fix."""

import pytest
from small import NOTHING, WHY, Chain, figure, write_chain, write_small

from stepdown.errors import InputError
from stepdown.scenario import load_scenario

LAW = f"""
[[reimbursement]]
from_year = 2018
law = {{ da = "Loven", en = "The law" }}
above = [860_000, 1_680_000]
shares = [0.25, 0.5]
unit = "DKK per child and year"
price_year = 2018
{WHY}
"""


def problem(path):
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert len(caught.value.problems) == 1, caught.value
    return str(caught.value.problems[0])


def small(folder, extra="", strategies=NOTHING):
    return write_small(folder, strategies, extra=extra)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[0.25, 0.5]", "[0.25]", ("reimbursement.0.shares", "1 shares for 2 thresholds",
                                   "give 2 shares")),
        ("[860_000, 1_680_000]", "[1_680_000, 860_000]",
         ("reimbursement.0.above", "thresholds rise", "put them in order")),
        ("[860_000, 1_680_000]", "[860.000, 1_680_000]",
         ("reimbursement.0.above.0", "860 kroner or 860 thousand", "write 860 or 860_000")),
        ("[860_000, 1_680_000]", "[860, 1_680_000]",
         ("reimbursement.0.above.0", "860 kr.", "write 860_000 if you meant that")),
        ("[0.25, 0.5]", "[0.5, 0.25]", ("shares 0.5, 0.25", "shares rise")),
        ("[0.25, 0.5]", "[25, 50]", ("shares 25, 50", "up to 1")),
        ("above = [860_000, 1_680_000]", "above = []", ("reimbursement.0.above",)),
        (f"{WHY}\n", "", ("reimbursement.0", "neither source nor assumption")),
        ("from_year", "form_year", ("form_year", "from_year")),
        ('"DKK per child and year"', '"DKK"', ("reimbursement.0.unit", "DKK per child and year")),
        (f"{WHY}\n", f"{WHY}\n{LAW}", ("reimbursement", "from years 2018, 2018", "one a year")),
    ],
)  # fmt: skip
def test_a_law_with_a_mistake(tmp_path, old, new, words):
    assert old in LAW
    if old == "from_year":  # the key is both unknown and missing
        with pytest.raises(InputError) as caught:
            load_scenario(small(tmp_path, LAW.replace(old, new, 1)))
        said = str(caught.value)
    else:
        said = problem(small(tmp_path, LAW.replace(old, new, 1)))
    assert "scenario.toml:" in said
    for word in words:
        assert word in said


def test_a_sound_law_replaces_those_of_the_base(tmp_path):
    laws = load_scenario(small(tmp_path, LAW)).scenario.reimbursement
    assert [law.above for law in laws] == [(860_000, 1_680_000)]


def test_reimbursement_needs_months_and_a_state(tmp_path):
    still = Chain(("a", "b"), {("a", "b"): "rate = 0.0"}, {"a": 1}, more=LAW)
    said = problem(write_chain(tmp_path, still))
    assert "with cycles of a year" in said
    assert "reimbursement = []" in said
    path = write_chain(tmp_path, Chain(**{**still.__dict__, "cycle_months": 1}))
    path.write_text(path.read_text().replace('state = { da = "Staten", en = "State" }\n', ""))
    assert "no payer state" in problem(path)


SHARE, MONTHS = figure(0.5, "share"), figure(1.0, "months")


@pytest.mark.parametrize(
    ("step", "lines", "words"),
    [
        ("foster_care", f"fixed_share = {SHARE}",
         ("steps.foster_care.fixed_share", "without notice_months", "add notice_months")),
        ("foster_care", f"notice_months = {MONTHS}",
         ("steps.foster_care.notice_months", "without fixed_share", "add fixed_share")),
        ("foster_care", f"fixed_share = {figure(60.0, 'share')}\nnotice_months = {MONTHS}",
         ("fixed_share", "60 is no probability", "write 0.6")),
        ("foster_care", f"fixed_share = {SHARE}\nnotice_months = {figure(-1.0, 'months')}",
         ("notice_months", "-1 is negative", "a notice period is a number of months")),
        ("foster_care", f"fixed_share = {SHARE}\nnotice_months = {figure(14.0, 'days')}",
         ("notice_months", 'unit "days"', '"months"')),
        ("reunified", f"fixed_share = {SHARE}\nnotice_months = {MONTHS}",
         ("steps.reunified", "without a price", "remove both")),
    ],
)  # fmt: skip
def test_a_notice_period_with_a_mistake(tmp_path, step, lines, words):
    said = problem(small(tmp_path, f"[steps.{step}]\n{lines}\n"))
    for word in words:
        assert word in said


def test_a_notice_runs_by_month(tmp_path):
    path = write_chain(tmp_path, Chain(("a", "b"), {("a", "b"): "rate = 0.0"}, {"a": 1}))
    lines = f"[steps.a]\nfixed_share = {SHARE}\nnotice_months = {MONTHS}\n"
    path.write_text(path.read_text().replace("[steps.a]\n", lines))
    assert "notice runs by month" in problem(path)


def test_a_reinvested_share_lies_between_0_and_1(tmp_path):
    own = NOTHING + f"reinvested_share = {figure(75.0, 'share')}\n"
    said = problem(small(tmp_path, strategies=own))
    assert "strategies.nothing.reinvested_share" in said
    assert "write 0.75" in said
