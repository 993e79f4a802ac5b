"""What a report says: its sections, sentences, tables and figures, before any layout."""

from stepdown.report.document.build import build_document

__all__ = ["build_document"]
