"""Numbers written as text: what they can mean, and what to type instead."""

import pytest

from stepdown.workbook.typed_numbers import readings, shown, typed


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("250.000", [250_000, 250]),
        ("1,420", [1420, 1.42]),
        ("-12.500 kr.", [-12_500, -12.5]),
        ("kr. 250.000,-", [250_000, 250]),
        ("DKK 1.420", [1420, 1.42]),
        ("1 420", [1420]),
        ("1\N{NO-BREAK SPACE}420", [1420]),
        ("1\N{NARROW NO-BREAK SPACE}420", [1420]),
        ("1'420", [1420]),
        ("1_420", [1420]),
        ("1.250.000", [1_250_000]),
        ("1,250,000", [1_250_000]),
        ("1.234,5", [1234.5]),
        ("1,234.5", [1234.5]),
        ("250.000,00", [250_000]),
        ("105,5", [105.5]),
        ("105.50", [105.5]),
        ("(250)", [-250]),
        ("250-", [-250]),
        ("\N{MINUS SIGN}250", [-250]),
        ("80 %", [0.8]),
        ("250 t.kr.", []),
        ("1.42.0", []),
        ("dyr", []),
        ("", []),
    ],
)
def test_a_text_has_no_reading_one_or_two(text, meant):
    assert readings(text) == meant


def test_a_share_has_no_mark_of_thousands():
    assert readings("0,125", is_share=True) == readings("0.125", is_share=True) == [0.125]


def test_what_to_type_is_read_alike_by_every_spreadsheet():
    assert typed(250_000) == "250000"
    assert typed(-2_250_000) == "-2250000"
    assert typed(1e15) == "1000000000000000"
    assert typed(2_250_000.5) == "2250000,5 (2250000.5 in an English spreadsheet)"
    assert (shown(0.25, "da"), shown(0.25, "en")) == ("0,25", "0.25")
