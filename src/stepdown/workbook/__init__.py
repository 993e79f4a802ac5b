"""Workbooks: a finished run as a budget form, and a template that is read back as a scenario.

Decision: docs/decisions/0031-workbook.md.
"""

from stepdown.workbook.export import workbook_of
from stepdown.workbook.importing import import_book
from stepdown.workbook.template import template_of

__all__ = ["import_book", "template_of", "workbook_of"]
