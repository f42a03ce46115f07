"""Judging a model on held-out rows: likeness to the reference, and the task's own scores."""
