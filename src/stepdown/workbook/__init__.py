"""Workbooks: a finished run as a budget form, and a template that is read back as a scenario.

Decision: docs/decisions/0031-workbook.md.
"""

from stepdown.workbook.export import workbook_of

__all__ = ["workbook_of"]
