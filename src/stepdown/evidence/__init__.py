"""Cited numbers: files of evidence -> frozen records, found by the key file/figure."""

from stepdown.evidence.records import Evidence, Figure, Source, load_evidence

__all__ = ["Evidence", "Figure", "Source", "load_evidence"]
