"""A report as one HTML file: styles and figures inside it, no script, nothing fetched."""

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from stepdown.report.document.model import Document
from stepdown.report.render.outline import outline
from stepdown.report.render.pictures import pictures_of

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["html_of"]


def html_of(document: Document, *, pictures: tuple[str, ...] | None = None) -> str:
    """Lay a document out as HTML.

    Parameters
    ----------
    document
        What the report says.
    pictures
        Its figures, if they are drawn already; see `pictures_of`.

    Returns
    -------
        A whole HTML file. Its content security policy lets nothing in but its own style sheet and
        the figures inside it. A figure is an image of its own with an alternative text, so that
        names inside one picture never meet those of another.
    """
    drawn = pictures_of(document) if pictures is None else pictures
    environment = _environment()
    style = environment.get_template("report.css").render().strip()
    return environment.get_template("report.html").render(
        outline(document),
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        pictures=[base64.b64encode(picture.encode()).decode() for picture in drawn],
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("stepdown.report.render"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
