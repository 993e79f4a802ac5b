"""What a report says: its sections, sentences, tables and figures, before any layout."""
