"""Numbers, money and shares as sentences of a report say them."""

from datetime import date

import pytest

from stepdown.report.document.numbers import Writer

DA, EN = Writer("da"), Writer("en")


def plain(text):
    """A text with ordinary spaces."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("dkk", "danish", "english"),
    [
        (0, "0 kr.", "DKK 0"),
        (4_999, "under 10.000 kr.", "less than DKK 10,000"),
        (5_001, "10.000 kr.", "DKK 10,000"),
        (-36_000, "40.000 kr.", "DKK 40,000"),
        (944_000, "940.000 kr.", "DKK 940,000"),
        (945_000, "0,9 mio. kr.", "DKK 0.9 million"),
        (-2_250_000, "2,2 mio. kr.", "DKK 2.2 million"),
        (99_949_000, "99,9 mio. kr.", "DKK 99.9 million"),
        (152_600_000, "153 mio. kr.", "DKK 153 million"),
        (1_234_567_000, "1.235 mio. kr.", "DKK 1,235 million"),
        (float("nan"), "-", "-"),
    ],
)
def test_amounts_are_rounded_and_have_no_sign(dkk, danish, english):
    assert plain(DA.amount(dkk)) == danish
    assert plain(EN.amount(dkk)) == english


def test_a_minus_is_said_where_the_amount_is_told():
    assert plain(DA.signed(-1_200_000)) == "minus 1,2 mio. kr."
    assert plain(EN.signed(-1_200_000)) == "minus DKK 1.2 million"
    assert plain(DA.signed(1_200_000)) == "1,2 mio. kr."
    # What is told as nearly nothing has no sign.
    assert plain(EN.signed(-4_000)) == "less than DKK 10,000"


@pytest.mark.parametrize(
    ("share", "danish", "english"),
    [
        (0.0, "i ingen af de beregnede fremtider", "in none of the futures"),
        (0.004, "i færre end 1 af 100 fremtider", "in fewer than 1 of 100 futures"),
        (0.01, "i 1 af 100 fremtider", "in 1 of 100 futures"),
        (0.049, "i 5 af 100 fremtider", "in 5 of 100 futures"),
        (0.05, "i 5 af 100 fremtider", "in 5 of 100 futures"),
        (0.36, "i 4 af 10 fremtider", "in 4 of 10 futures"),
        (0.83, "i 8 af 10 fremtider", "in 8 of 10 futures"),
        (0.95, "i 95 af 100 fremtider", "in 95 of 100 futures"),
        (0.96, "i 96 af 100 fremtider", "in 96 of 100 futures"),
        (0.996, "i flere end 99 af 100 fremtider", "in more than 99 of 100 futures"),
        (1.0, "i alle de beregnede fremtider", "in all of the futures"),
    ],
)
def test_shares_of_the_futures_in_words(share, danish, english):
    assert DA.of_ten(share) == danish
    assert EN.of_ten(share) == english


def test_per_cent_never_rounds_to_never_or_always():
    said = [plain(DA.percent(share)) for share in (0, 0.009, 0.01, 0.5, 0.99, 0.991, 1)]
    assert said == ["0 %", "under 1 %", "1 %", "50 %", "99 %", "over 99 %", "100 %"]
    assert [EN.percent(share) for share in (0.004, 0.17)] == ["under 1%", "17%"]


def test_numbers_as_each_language_writes_them():
    assert DA.number(-1234.56, 1) == "-1.234,6"
    assert EN.number(-1234.56, 1) == "-1,234.6"
    assert DA.number(-0.04, 1) == "0,0"
    assert DA.thousands(-1_499_600) == "-1.500"
    assert DA.number(float("inf")) == "-"


def test_a_sentence_that_ends_on_kroner_has_one_full_stop():
    assert DA.say("Det koster 5 kr..", "") == "Det koster 5 kr."


def test_fewer_than_five_real_children_are_not_told():
    assert [DA.real_children(n) for n in (0, 1, 4, 4.9, 5, 207)] == [
        "0", "under 5", "under 5", "under 5", "5", "207"
    ]  # fmt: skip


def test_dates_months_and_lists():
    assert DA.day(date(2026, 11, 3)) == "3. november 2026"
    assert EN.day(date(2026, 11, 3)) == "3 November 2026"
    assert DA.month("2017-12") == "december 2017"
    assert EN.month("2017-12") == "December 2017"
    assert DA.listed(["a", "b", "c"]) == "a, b og c"
    assert EN.listed(["a", "b", "c"]) == "a, b and c"
