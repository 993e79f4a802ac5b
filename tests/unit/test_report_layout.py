"""Reports as files: sound, safe, complete in themselves, and the same bytes twice."""

import base64
import hashlib
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.report_of_all_blocks import HOSTILE, UNBROKEN, report_of_all_blocks

from stepdown.errors import RunError
from stepdown.report.document.model import Beside, Chart, Table
from stepdown.report.render import html_of, pdf_of, pictures_of

VOID = {"meta", "link", "img", "br", "hr", "input"}


class Reader(HTMLParser):
    """Reads HTML and insists on closed elements; keeps elements, their texts, and the headings."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.headings, self.text = [], [], [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def of(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module", params=["da", "en"])
def document(request):
    return report_of_all_blocks(request.param)


@pytest.fixture(scope="module")
def html(document):
    return html_of(document)


@pytest.fixture(scope="module")
def read(html):
    return Reader(html)


@pytest.fixture(scope="module")
def pdf(document):
    return pdf_of(document)


def tables(document):
    """Return the tables of a document, those behind charts too."""
    blocks = [block for section in document.sections for block in section.blocks]
    alone = [block for block in blocks if isinstance(block, Table)]
    return alone + [block.table for block in blocks if isinstance(block, Beside | Chart)]


def test_html_is_sound_and_says_its_language(document, html, read):
    assert html.startswith("<!DOCTYPE html>")
    assert read.of("html") == [{"lang": document.lang}]
    assert [attrs.get("charset") for attrs in read.of("meta") if "charset" in attrs] == ["utf-8"]
    ids = [attrs["id"] for _, attrs in read.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in read.elements:
        assert attrs.get("aria-labelledby", ids[0]) in ids
        if attrs.get("href", "").startswith("#"):
            assert attrs["href"][1:] in ids


def test_headings_go_down_one_level_at_a_time(read):
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    for above, below in zip(read.headings, read.headings[1:], strict=False):
        assert below <= above + 1


def test_nothing_outside_the_html_file_is_named_and_no_script_runs(html, read):
    assert not read.of("script")
    assert not [name for _, attrs in read.elements for name in attrs if name.startswith("on")]
    assert not [attrs for _, attrs in read.elements if "style" in attrs]
    addresses = [attrs[key] for _, attrs in read.elements for key in ("src", "href")
                 if key in attrs]  # fmt: skip
    assert addresses
    assert all(address.startswith(("#", "data:")) for address in addresses)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(attrs["content"] for attrs in read.of("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; ")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_a_picture_in_html_names_no_address_and_has_an_alternative(document, read):
    charts = [block for section in document.sections for block in section.blocks
              if isinstance(block, Chart)]  # fmt: skip
    images = read.of("img")
    assert [image["alt"] for image in images] == [chart.alternative for chart in charts]
    for image in images:
        picture = base64.b64decode(image["src"].removeprefix("data:image/svg+xml;base64,")).decode()
        assert picture.startswith("<svg")
        # What remains are the names of the SVG language itself.
        assert set(re.findall(r"https?://[^\"]+", picture)) == {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }


def test_every_text_of_the_document_stands_in_the_html_as_it_is(document, read):
    said = " ".join(read.text.split())
    wanted = [document.title, document.subtitle, document.footer]
    for table in tables(document):
        wanted += [table.caption, *table.head, *table.notes]
        wanted += [cell for row in table.rows for cell in row]
    for text in (*wanted, HOSTILE, UNBROKEN):
        assert " ".join(text.split()) in said


def test_tables_have_a_caption_and_scopes(document, read):
    wanted = tables(document)
    assert len(read.of("table")) == len(read.of("caption")) == len(wanted)
    scopes = [attrs["scope"] for attrs in read.of("th")]
    assert scopes.count("col") == sum(len(table.head) for table in wanted)
    assert scopes.count("row") == sum(len(table.rows) for table in wanted)


def test_html_of_a_document_with_two_charts_is_small(html):
    assert len(html) < 300_000


def inflated(pdf):
    """Return the PDF with every stream that can be inflated."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_pdf_is_tagged_and_asks_to_be_taken_as_pdf_ua(document, pdf):
    whole = inflated(pdf)
    assert re.search(rb"/Marked\s+true", whole)
    assert re.search(rb"/Lang\s*\(%s" % document.lang.encode(), whole)
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", whole)
    assert re.search(rb"/DisplayDocTitle\s+true", whole)
    assert b"/Outlines" in whole
    assert b"/StructTreeRoot" in whole
    for tag in (b"H1", b"H2", b"P", b"L", b"LI", b"Table", b"TH", b"TD", b"Figure", b"Caption"):
        assert re.search(rb"/S\s*/%s\b" % tag, whole), tag
    charts = sum(isinstance(b, Chart) for section in document.sections for b in section.blocks)
    assert len(re.findall(rb"/S\s*/Figure\b", whole)) == charts
    assert len(re.findall(rb"/S\s*/Table\b", whole)) == len(tables(document))


def test_pdf_holds_its_typefaces_and_takes_none_from_the_machine(pdf):
    whole = inflated(pdf)
    names = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([A-Za-z]+)", whole))
    assert names
    assert all(name.startswith(b"Libertinus") for name in names), names
    assert len(re.findall(rb"/FontFile[23]?\b", whole)) >= len(names)


def test_the_same_document_gives_the_same_bytes_twice(document, html, pdf):
    again = report_of_all_blocks(document.lang)
    assert html_of(again) == html
    assert pdf_of(again) == pdf


def test_pictures_drawn_before_serve_both_formats(document, html, pdf):
    pictures = pictures_of(document)
    assert html_of(document, pictures=pictures) == html
    assert pdf_of(document, pictures=pictures) == pdf


def test_a_sign_without_a_typeface_is_named_and_html_still_shows_it(document):
    smiling = replace(document, title="Hørsholm \N{GRINNING FACE}", sections=())
    with pytest.raises(RunError, match=r"--out report\.html") as raised:
        pdf_of(smiling)
    assert "\N{GRINNING FACE}" in str(raised.value)
    assert "<h1>Hørsholm \N{GRINNING FACE}</h1>" in html_of(smiling)


def test_signs_of_money_and_mathematics_have_a_typeface(document):
    signs = (
        "→ ≥ ≤ \N{MULTIPLICATION SIGN} ÷ · § \N{EN DASH} … “” ½ ² ✓ ± ≈ Σ µ € æøå \N{MINUS SIGN}"
    )
    assert pdf_of(replace(document, title=signs, sections=())).startswith(b"%PDF")
