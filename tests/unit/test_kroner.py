"""Amounts of kroner that can be read in two ways: what is refused, what is said, what is not."""

import pytest

from stepdown.files.kroner import is_kroner, two_readings
from stepdown.files.words import amount_text, as_number


@pytest.mark.parametrize(
    ("token", "decimal", "thousands"),
    [
        ("250.000", 250, 250_000),
        ("1.420", 1.42, 1420),
        ("12.500", 12.5, 12_500),
        ("-12.500", -12.5, -12_500),
        ("+1.000", 1, 1000),
        ("0.250", 0.25, 250),
        ("1_250.500", 1250.5, 1_250_500),
        ("1250.500", 1250.5, 1_250_500),
        ("105.000 kr.", 105, 105_000),
        ("DKK 105.000", 105, 105_000),
        ("105.000kr", 105, 105_000),
        ("105,000", 105, 105_000),
        ("1 105,000", 1105, 1_105_000),
    ],
)
def test_two_readings(token: str, decimal: float, thousands: float) -> None:
    """One mark and three digits after it are øre and more to one reader, thousands to another."""
    found = two_readings(token)
    assert found is not None
    assert (found.decimal, found.thousands) == (decimal, thousands)


@pytest.mark.parametrize(
    "token",
    ["250", "250_000", "250.0", "1.5", "250.00", "1.2345", "1.250e6", "0.000", "1.250.000",
     "1.250,50", "many", "", "250.", ".250", "0x1F"],
)  # fmt: skip
def test_one_reading(token: str) -> None:
    """What means one amount, or none, is left to others."""
    assert two_readings(token) is None


def test_both_are_said() -> None:
    """The message shows both, and what to type for each is read as that very amount."""
    found = two_readings("250.000")
    assert found is not None
    assert found.what == "250.000 can be read as 250 kroner or 250 thousand kroner"
    assert found.fix == "write 250 or 250_000"
    of_month = two_readings("1.420")
    assert of_month is not None
    assert of_month.what == "1.420 can be read as 1.42 kroner or 1420 kroner"


@pytest.mark.parametrize("token", ["833.333", "1.420", "0.255", "99.995", "12.500"])
def test_fix_is_not_refused_in_turn(token: str) -> None:
    """What is proposed has one reading."""
    found = two_readings(token)
    assert found is not None
    for number in (found.kroner, found.thousands):
        assert two_readings(amount_text(number)) is None


@pytest.mark.parametrize(
    ("unit", "is_money"),
    [
        ("DKK", True),
        ("DKK per child and month", True),
        ("kr. pr. barn", True),
        ("kroner", True),
        ("DKK million", False),
        ("DKK thousand", False),
        ("mio. kr.", False),
        ("1.000 kr.", False),
        ("t.kr.", False),
        ("children", False),
        ("months", False),
        (None, False),
        (5, False),
    ],
)
def test_units_of_kroner(unit: object, is_money: bool) -> None:
    """Of millions, three decimals are a natural number; of kroner they are not."""
    assert is_kroner(unit) is is_money


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (-2_250_000.0, "-2_250_000"),
        (-2_250_000.5, "-2_250_000.5"),
        (1_234_567.89, "1_234_567.89"),
        (1_200_000, "1_200_000"),
        (1420.0, "1420"),
        (0.25, "0.25"),
        (0.1 + 0.2, "0.3"),
        (-0.001, "-0.001"),
    ],
)
def test_amounts_keep_their_digits(number: float, text: str) -> None:
    """No amount of a budget is shown with an exponent, or rounded."""
    assert amount_text(number) == text
    assert float(text) == pytest.approx(number, rel=1e-11)


@pytest.mark.parametrize("text", ["250kr", "250 kr.", "kr. 250", "DKK 250"])
def test_currency_beside_a_number(text: str) -> None:
    """The word for kroner is no part of a number, with or without a space."""
    assert as_number(text) == "250"
