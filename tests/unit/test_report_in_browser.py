"""Reports in a browser: what axe finds, what is fetched, and what narrow screens and paper show."""

import pytest
from tests.browser import browser, opened
from tests.report_of_all_blocks import report_of_all_blocks

from stepdown.report.render import html_of

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture(scope="module")
def started():
    with browser() as one:
        yield one


@pytest.fixture(scope="module")
def files(started, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    for lang in ("da", "en"):
        html = html_of(report_of_all_blocks(lang))
        (folder / f"{lang}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.fixture
def file(files):
    return files / "da.html"


@pytest.mark.parametrize(("lang", "width"), [("da", 1280), ("en", 320)])
def test_axe_finds_nothing_with_tables_closed_or_open(started, files, lang, width):
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": RULES, "resultTypes": ["violations", "passes"]}
    with opened(started, files / f"{lang}.html", width) as (page, _, _):
        for is_open in (False, True):
            page.evaluate(
                "open => document.querySelectorAll('details').forEach(d => { d.open = open })",
                is_open,
            )
            found = Axe().run(page, options=options)
            assert found.response["violations"] == [], found.generate_report()
            passed = {rule["id"] for rule in found.response["passes"]}
            assert {"color-contrast", "heading-order", "image-alt", "landmark-one-main"} <= passed


def test_a_report_asks_for_nothing_but_itself_and_its_policy_is_kept(started, file):
    with opened(started, file) as (page, said, asked):
        page.wait_for_load_state("networkidle")
        assert said == []
        assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
        pictures = page.evaluate("[...document.images].map(i => i.complete && i.naturalWidth)")
        assert len(pictures) == 2
        assert all(pictures)


def test_the_policy_would_stop_a_script_and_a_foreign_picture(started, file, tmp_path):
    # Shows that the test above can fail: what a report never holds is refused, and that is said.
    text = file.read_text(encoding="utf-8")
    bad = '<script>document.title = "ran"</script><img alt="" src="https://example.org/x.png">'
    path = tmp_path / "bad.html"
    path.write_text(text.replace("</main>", f"{bad}</main>"), encoding="utf-8")
    with opened(started, path) as (page, said, _):
        assert page.title() != "ran"
        assert sum("Content Security Policy" in message for message in said) == 2


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_is_never_wider_than_the_screen(started, file, width):
    with opened(started, file, width) as (page, _, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_shows_the_tables_behind_the_figures_and_no_menu(started, file):
    with opened(started, file) as (page, _, _):
        table = page.locator("details table").first
        assert not table.is_visible()
        page.emulate_media(media="print")
        assert table.bounding_box()["height"] > 20
        assert not page.locator("nav").first.is_visible()
        assert not page.locator("nav").last.is_visible()


def test_the_keyboard_reaches_the_content_first(started, file):
    with opened(started, file) as (page, _, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
