"""The words that a layout adds to a report, in Danish and English."""

from stepdown.report.words import Language

__all__ = ["word_of_layout"]

_WORDS = {
    "page_of": ("Side {page} af {pages}", "Page {page} of {pages}"),
    "scroll": ("kan rulles vandret", "scrolls sideways"),
    "skip": ("Spring til indholdet", "Skip to the content"),
}


def word_of_layout(key: str, lang: Language) -> str:
    """Return a word or sentence of the layout."""
    danish, english = _WORDS[key]
    return danish if lang == "da" else english
