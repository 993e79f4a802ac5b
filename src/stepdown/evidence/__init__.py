"""Cited numbers: files of evidence -> frozen records, found by the key file/figure."""

from stepdown.evidence.records import Evidence, Figure, Source, evidence_of_texts, load_evidence

__all__ = ["Evidence", "Figure", "Source", "evidence_of_texts", "load_evidence"]
