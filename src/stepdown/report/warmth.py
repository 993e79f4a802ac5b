"""What `stepdown warm` did, in words."""

from stepdown.report.words import Language, number, word
from stepdown.warming import Warmth

__all__ = ["warmth_text"]


def warmth_text(warmth: Warmth, lang: Language) -> str:
    """Return what was compiled, how long it took, how large it is and where it lies."""
    parts = ", ".join(word(f"part_{part}", lang) for part in warmth.parts)
    seconds, size = number(warmth.seconds, lang, 1), number(warmth.n_bytes / 1e6, lang, 1)
    done = word("compiled", lang).format(seconds=seconds, parts=parts)
    where = word("compiled_where", lang).format(size=size, folder=warmth.folder)
    return f"{done if parts else word('compiled_already', lang)}\n{where}"
