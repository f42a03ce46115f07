"""What a layout hands over before anything in it is understood: sights and notes as their file tells them.

A reader of a layout yields rows: a `RawSight`, a `RawNote`, or a `Refused` for what cannot be used. Nothing here is
interpreted; `knowledge.ways_in.facts` does that, the same way for every layout.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.errors import InputError
from knowledge.records import Datum


class Unreadable(InputError):
    """A whole file cannot be taken in; the message says why and what to do instead."""


class Publisher(StrEnum):
    """Who wrote the file; part of the id of its source."""

    QUNAR = "qunar"
    QUNAR_TICKETS = "qunar-tickets"
    CTRIP = "ctrip"
    MAFENGWO = "mafengwo"
    XIAOHONGSHU = "xiaohongshu"
    CITY_TABLE = "city-table"
    CROSSWOZ = "crosswoz"
    TABLE = "table"
    PAGE = "page"
    GUIDE = "guide"


@dataclass(frozen=True)
class RawSight:
    """One sight as the file tells it; texts as they stand, `line` counts from 1 (for pages: the item's place)."""

    line: int
    name: str
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    city: str = ""
    county: str = ""
    address: str = ""
    level: str = ""
    category: str = ""
    hours: str = ""
    price: object = None  # a number, a text, or a mapping of ticket names to prices
    price_low: object = None  # where the file has a column of its own for the low season
    student: object = None
    price_is_from: bool = False  # the lowest product on sale: often not the admission
    concessions: str = ""
    stay: str = ""
    triple_days: bool = False  # the source's days are three times too long (see `stay_text`)
    latitude: object = None
    longitude: object = None
    datum: Datum = Datum.GCJ02
    rough: bool = False  # the position is nobody's survey: rounded, or of unstated datum
    rating: object = None
    reviews: object = None
    dated: object = None
    url: str = ""
    texts: tuple[str, ...] = ()  # introductions and tips: kept as quoted notes, never as facts


@dataclass(frozen=True)
class RawNote:
    """Somebody's words: a travel note, a post, a guide. Kept as quoted passages, never obeyed."""

    line: int
    title: str
    text: str
    city: str = ""
    dated: object = None
    url: str = ""


@dataclass(frozen=True)
class Refused:
    """A row that cannot be used: where, why, and what stood there."""

    line: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True)
class Remark:
    """Something odd in a row that was taken: of what kind, and what stood there."""

    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


FLAGGED = Remark("flagged: a text reads like an instruction to the assistant; it is stored as data only")
Row = RawSight | RawNote | Refused


@dataclass(frozen=True)
class Wishes:
    """What the user says about the files; each is a default for rows that do not say it themselves."""

    city: str = ""
    year: int | None = None
    datum: Datum | None = None
    columns: dict[str, str] = field(default_factory=dict)  # our field name to the file's column


@dataclass(frozen=True)
class Layout:
    """A recognised layout: its name for the report, its publisher, its rows, read as they are asked for, and its vintage.

    `year` is set where it is known of when the data are, whenever the file was downloaded.
    """

    name: str
    publisher: Publisher
    rows: Callable[[], Iterator[Row]]
    year: int | None = None
