"""The figures of a report as pictures: drawn once, for both formats."""

import io
from collections.abc import Iterator

from stepdown.errors import RunError, StepdownError
from stepdown.report.document.model import Chart, Document

__all__ = ["charts_of", "pictures_of"]

_NO_METADATA = {"Creator": None, "Date": None, "Format": None, "Type": None}


def charts_of(document: Document) -> Iterator[Chart]:
    """Return the charts of a document in their order."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Chart):
                yield block


def pictures_of(document: Document) -> tuple[str, ...]:
    """Draw the charts of a document.

    Returns
    -------
        SVG texts, one for each chart in order. The same document gives the same texts.

    Raises
    ------
    RunError
        A figure cannot be drawn: matplotlib is too old, or fails on a font.
    """
    try:
        return tuple(_svg(chart) for chart in charts_of(document))
    except StepdownError:
        raise
    except Exception as error:
        what = f"the report's figures cannot be drawn: {type(error).__name__}: {error}"
        raise RunError(f'{what}. Write pip install --upgrade "stepdown[report]"') from error


def _svg(chart: Chart) -> str:
    import matplotlib as mpl

    file = io.StringIO()
    # Text becomes outlines, so that a figure looks the same where its typeface is missing; names
    # inside a picture come from a hash with this salt, so that the same figure is the same bytes.
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "stepdown"}):
        chart.draw().savefig(file, format="svg", metadata=_NO_METADATA)
    text = file.getvalue()
    # The declaration and the document type name addresses outside the file; neither is needed.
    return text[text.index("<svg") :]
