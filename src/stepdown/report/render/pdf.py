"""A report as PDF: tagged, with its fonts inside, the same bytes for the same report."""

import json
from importlib import resources

from stepdown.errors import RunError
from stepdown.report.document.model import Document
from stepdown.report.render.outline import outline
from stepdown.report.render.pictures import pictures_of

__all__ = ["pdf_of"]


def pdf_of(document: Document, *, pictures: tuple[str, ...] | None = None) -> bytes:
    """Lay a document out as PDF/UA-1 on A4.

    Parameters
    ----------
    document
        What the report says.
    pictures
        Its figures, if they are drawn already; see `pictures_of`.

    Returns
    -------
        The file. Its typefaces come with the typesetter, never from the machine, and it bears no
        date: the same document gives the same bytes.

    Raises
    ------
    RunError
        A sign is in none of the typefaces, such as an emoji in a label: the standard wants all text
        to be readable, so nothing is left out in silence.

    Notes: the template is fixed, and text reaches it as data, so no text can act as markup.
    """
    import typst

    drawn = pictures_of(document) if pictures is None else pictures
    template = resources.files("stepdown.report.render") / "templates" / "report.typ"
    data = {
        "document": json.dumps(outline(document), ensure_ascii=False),
        "pictures": json.dumps(drawn),
    }
    try:
        made, warnings = typst.compile_with_warnings(
            template.read_bytes(),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            sys_inputs=data,
        )
    except typst.TypstError as error:
        raise RunError(
            f"the report cannot be made as PDF: {error.message.removeprefix('PDF/UA-1 error: ')}. "
            "Take the sign out of the scenario's texts and run it again, or make the HTML alone: "
            "--out report.html"
        ) from None
    unsettled = [str(warning) for warning in warnings if "converge" in str(warning)]
    assert not unsettled, f"own invariant: no break depends on a page number; {unsettled}"
    assert isinstance(made, bytes)
    return made
