"""A probability is rounded by one rule, in every place where it is told."""

import io

import openpyxl
import pytest

from stepdown.report.document.numbers import Writer
from stepdown.report.probability import in_hundred, in_ten
from stepdown.report.words import percent
from stepdown.workbook.book import Book

WRITERS = {"da": Writer("da"), "en": Writer("en")}


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("share", "tenths", "danish", "english"),
    [
        (0, "ingen", "0 %", "0%"),
        (1e-9, "under 1 af 100", "<1 %", "<1%"),
        (0.004, "under 1 af 100", "<1 %", "<1%"),
        (0.0099, "under 1 af 100", "<1 %", "<1%"),
        (0.01, "1 af 100", "1 %", "1%"),
        (0.014999, "1 af 100", "1 %", "1%"),
        (0.015, "2 af 100", "2 %", "2%"),
        (0.05, "5 af 100", "5 %", "5%"),
        (0.1, "10 af 100", "10 %", "10%"),
        (0.145, "15 af 100", "15 %", "15%"),
        (0.146, "15 af 100", "15 %", "15%"),
        (0.15, "2 af 10", "15 %", "15%"),
        (0.249, "2 af 10", "25 %", "25%"),
        (0.25, "3 af 10", "25 %", "25%"),
        (0.285, "3 af 10", "29 %", "29%"),
        (0.845, "8 af 10", "85 %", "85%"),
        (0.85, "9 af 10", "85 %", "85%"),
        (0.854, "85 af 100", "85 %", "85%"),
        (0.95, "95 af 100", "95 %", "95%"),
        (0.99, "99 af 100", "99 %", "99%"),
        (0.997, "over 99 af 100", ">99 %", ">99%"),
        (1 - 1e-9, "over 99 af 100", ">99 %", ">99%"),
        (1, "alle", "100 %", "100%"),
        (float("nan"), "-", "-", "-"),
    ],
)
def test_a_probability_in_figures_and_per_cent(share, tenths, danish, english):
    assert plain(WRITERS["da"].share(share)) == tenths
    assert (percent(share, "da"), percent(share, "en")) == (danish, english)
    for lang, said in (("da", danish), ("en", english)):
        bounded = said.replace("<", "under ").replace(">", "over ")
        assert plain(WRITERS[lang].percent(share)) == bounded


def test_the_same_hundredths_are_told_by_every_writer_of_every_share():
    """Every share of 1,000 futures, and every half per cent among them."""
    for n in range(1001):
        share = n / 1000
        rounded = in_hundred(share)
        assert (rounded.n, rounded.bound) == (
            (1, "under")
            if 0 < n < 10
            else (99, "over")
            if 990 < n < 1000
            else ((n + 5) // 10, None)
        )
        tenths = in_ten(share)
        assert tenths == (rounded if n < 150 or n > 850 else ((n + 50) // 100, 10, None))
        # What is told is never none or all unless it is so.
        assert (tenths.n == 0) == (n == 0)
        assert (tenths.n == tenths.of) == (n == 1000)


def test_beyond_a_probability_a_share_is_told_as_it_is():
    assert [percent(share, "en") for share in (1.045, -0.004, -0.05, 2.5)] == [
        "105%", "0%", "-5%", "250%"
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_cell_of_the_workbook_shows_what_the_console_prints(lang):
    book = Book(lang, "test")
    sheet = book.sheet("shares", repeat=0, freeze=(0, 0))
    shares = [0, 0.004, 0.0099, 0.01, 0.145, 0.5, 0.99, 0.996, 1]
    for row, share in enumerate(shares):
        book.write_share(sheet, row, 0, share)
    cells = openpyxl.load_workbook(io.BytesIO(book.data())).active["A"]
    assert [cell.value for cell in cells] == shares  # the numbers stay numbers
    shown = [cell.number_format.strip('"') for cell in cells]
    told = [percent(share, lang) for share in shares]
    assert [text for text in shown if text != "0%"] == [t for t in told if t[0] in "<>"]
    assert [text == "0%" for text in shown] == [t[0] not in "<>" for t in told]
