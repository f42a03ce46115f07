"""The catalogue's tables in SQL."""

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class CatalogueBase(DeclarativeBase):
    """The tables of one build."""


class CityRow(CatalogueBase):
    """A city: its whole record."""

    __tablename__ = "city"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    record: Mapped[str] = mapped_column(Text)


class SightRow(CatalogueBase):
    """An attraction: its whole record, and what conditions ask of it."""

    __tablename__ = "attraction"
    id: Mapped[str] = mapped_column(String(96), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.id"))
    rank: Mapped[int] = mapped_column(Integer)
    level: Mapped[int] = mapped_column(Integer)  # number of As, 0 for none
    adult_yuan: Mapped[float | None] = mapped_column(Float)
    district: Mapped[str] = mapped_column(String(200), index=True)
    setting: Mapped[str] = mapped_column(String(16))
    open_days: Mapped[str] = mapped_column(String(8))  # digits of the weekdays it opens, Monday 1; empty where unknown
    latitude_deg: Mapped[float | None] = mapped_column(Float)
    longitude_deg: Mapped[float | None] = mapped_column(Float)
    record: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("best_known_of_city", "city", "rank", "adult_yuan", "level", "id"), Index("best_known", "rank", "city"))


class TagRow(CatalogueBase):
    """A tag of an attraction."""

    __tablename__ = "attraction_tag"
    attraction: Mapped[str] = mapped_column(ForeignKey("attraction.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(32), primary_key=True)


class SourceRow(CatalogueBase):
    """A source: its whole record."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    record: Mapped[str] = mapped_column(Text)


class WordRow(CatalogueBase):
    """An ordinary word of the descriptions."""

    __tablename__ = "ordinary_word"
    word: Mapped[str] = mapped_column(String(200), primary_key=True)


class BuildBase(DeclarativeBase):
    """What stands outside the builds: the list of them, the newest in force."""


class BuildRow(BuildBase):
    """A build, the highest number in force."""

    __tablename__ = "catalogue_build"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    place: Mapped[str] = mapped_column(String(64))  # the schema it lies in; empty in SQLite
    data: Mapped[str] = mapped_column(String(64))  # version of the data it was made from
