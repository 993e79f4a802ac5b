"""Numbers that fit the evidence: prior, targets and posterior."""
