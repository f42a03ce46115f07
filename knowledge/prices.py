"""What a visit costs: the ticket of the day, required extras, and sums. Arithmetic only; the words are elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.records import Attraction, Ticket


@dataclass(frozen=True)
class Total:
    """Tickets of several sights for one adult, in yuan; `unknown` are sights whose price we do not hold."""

    yuan: float
    counted: tuple[str, ...]
    unknown: tuple[str, ...]
    seasonal: bool  # a price depends on the season and no date was given, so the peak price was taken


def admission_yuan(ticket: Ticket | None, day: date | None = None) -> float | None:
    """Adult admission on a day, or in the peak season where no day is given; None if unknown."""
    if ticket is None or ticket.adult_yuan is None:
        return None
    if ticket.low_yuan is not None and ticket.peak and day and not ticket.peak.holds(day):
        return ticket.low_yuan
    return ticket.adult_yuan


def required_extras_yuan(ticket: Ticket | None) -> float:
    """What must be paid beside the ticket to get in, such as a shuttle bus."""
    return sum(extra.yuan for extra in ticket.extras if extra.required) if ticket else 0.0


def visit_yuan(ticket: Ticket | None, day: date | None = None) -> float | None:
    """Admission plus required extras for one adult; None if the admission is unknown."""
    admission = admission_yuan(ticket, day)
    return None if admission is None else admission + required_extras_yuan(ticket)


def is_seasonal(ticket: Ticket | None) -> bool:
    """Whether the price changes over the year."""
    return bool(ticket and ticket.low_yuan is not None and ticket.low_yuan != ticket.adult_yuan)


def total(sights: Iterable[Attraction], day: date | None = None) -> Total:
    """Add up one adult's visits."""
    chosen = list(sights)
    prices = [(sight.name, visit_yuan(sight.ticket, day)) for sight in chosen]
    known = [(name, yuan) for name, yuan in prices if yuan is not None]
    seasonal = day is None and any(is_seasonal(sight.ticket) for sight in chosen)
    unknown = tuple(name for name, yuan in prices if yuan is None)
    return Total(sum(yuan for _, yuan in known), tuple(name for name, _ in known), unknown, seasonal)
