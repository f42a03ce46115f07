"""The guard: no line reaches the reader that says a name, a figure or a claim which the facts do not hold."""

from chains.guard.guard import Guard, Violation, ViolationKind

__all__ = ["Guard", "Violation", "ViolationKind"]
