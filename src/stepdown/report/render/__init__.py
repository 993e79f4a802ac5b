"""A report laid out: one HTML file, or one PDF; neither needs anything beside it."""

from stepdown.report.render.html import html_of
from stepdown.report.render.pdf import pdf_of
from stepdown.report.render.pictures import pictures_of

__all__ = ["html_of", "pdf_of", "pictures_of"]
