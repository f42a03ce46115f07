"""Figures, not verdicts: `make bench` prints what the documents quote."""
