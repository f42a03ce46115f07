"""The catalogue: what goes in comes out, and conditions hold."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from knowledge.catalogue import Catalogue, Filter, build_catalogue, built_from, level_number
from knowledge.database import DatabaseDown
from knowledge.errors import KnowledgeError, StorageError
from tests.knowledge.small_world import a_base, a_city, a_sight, shipped
from tests.stores import BOTH, Postgres


def priced(yuan: float | None) -> dict[str, Any]:
    """A ticket of this price."""
    return {"adult_yuan": yuan, "source": "hand-2025"}


SIGHTS = (
    a_sight("栈桥", rank=1, tags=["海滨", "日落"], ticket=priced(0)),
    a_sight("崂山", rank=2, tags=["山岳", "海滨"], ticket=priced(90), grade={"level": "5A", "source": "hand-2025"}),
    a_sight("小鱼山", rank=3, tags=["公园"], ticket=priced(None), grade={"level": "3A", "source": "hand-2025"}),
    a_sight("趵突泉", "jinan", rank=1, tags=["公园"], ticket=priced(40), grade={"level": "5A", "source": "hand-2025"}),
    a_sight("曲水亭街", "jinan", rank=2, tags=["老街"]),
)


@pytest.fixture(scope="module", params=BOTH)
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Two cities, five sights, in a file and in PostgreSQL."""
    file = f"sqlite:///{tmp_path_factory.mktemp('catalogue') / 'catalogue.db'}"
    url = request.getfixturevalue("postgres").fresh() if request.param == "servers" else file
    build_catalogue(url, a_base(*SIGHTS, cities=(a_city(), a_city("jinan", name="济南", name_en="Jinan"))))
    return Catalogue(url)


@pytest.mark.parametrize(("condition", "expected"), [
    (Filter(), ["趵突泉", "栈桥", "曲水亭街", "崂山", "小鱼山"]),
    (Filter(cities=("qingdao",)), ["栈桥", "崂山", "小鱼山"]),
    (Filter(cities=("qingdao", "jinan")), ["趵突泉", "曲水亭街", "栈桥", "崂山", "小鱼山"]),
    (Filter(cities=("qingdao", "jinan"), any_tag=("公园",)), ["趵突泉", "小鱼山"]),
    (Filter(any_tag=("海滨", "老街")), ["栈桥", "曲水亭街", "崂山"]),
    (Filter(no_tag=("海滨",)), ["趵突泉", "曲水亭街", "小鱼山"]),
    (Filter(any_tag=("海滨",), no_tag=("山岳",)), ["栈桥"]),
    (Filter(max_ticket_yuan=0), ["栈桥"]),
    (Filter(max_ticket_yuan=40), ["趵突泉", "栈桥"]),
    (Filter(min_level=5), ["趵突泉", "崂山"]),
    (Filter(min_level=3), ["趵突泉", "崂山", "小鱼山"]),
    (Filter(exclude=(SIGHTS[0].id, SIGHTS[3].id)), ["曲水亭街", "崂山", "小鱼山"]),
    (Filter(cities=("qingdao",), any_tag=("海滨",), max_ticket_yuan=100, min_level=4), ["崂山"]),
    (Filter(cities=("atlantis",)), []),
])
def test_conditions_hold_and_the_best_known_stand_first(small: Catalogue, condition: Filter, expected: list[str]) -> None:
    """Each condition narrows, a sight of unknown price meets no ceiling; order is by rank, city by city where any is given."""
    assert expected == [sight.name for sight in small.find(condition)]


@pytest.mark.parametrize("condition", [Filter(), Filter(min_level=3), Filter(cities=("qingdao", "jinan"))])
def test_ids_are_found_like_records(small: Catalogue, condition: Filter) -> None:
    """`find_ids` is `find` without the records, in the same order."""
    assert [sight.id for sight in small.find(condition)] == small.find_ids(condition)


def test_a_limit_keeps_the_best_known(small: Catalogue) -> None:
    """A limit cuts at the end of the order."""
    assert [sight.name for sight in small.find(Filter(cities=("qingdao",)), limit=2)] == ["栈桥", "崂山"]


def test_records_are_given_in_the_order_asked_for(small: Catalogue) -> None:
    """`get` keeps the order of ids and leaves out those it does not know."""
    assert [sight.name for sight in small.get([SIGHTS[1].id, "atlantis-00000000", SIGHTS[0].id])] == ["崂山", "栈桥"]


def test_every_shipped_record_comes_back_whole(catalogue: Catalogue) -> None:
    """Seasons, hours and sources survive the way through SQL unchanged."""
    base = shipped()
    assert base.attraction_by_id == {sight.id: sight for sight in catalogue.find(Filter())}
    assert base.city_by_id == catalogue.cities
    assert base.source_by_id == catalogue.sources


def test_a_new_build_replaces_the_old(database_url: str) -> None:
    """Nothing of an older build is left behind, neither records nor words."""
    for number, sight in enumerate(SIGHTS[:2]):
        build_catalogue(database_url, a_base(sight), [f"词{number}"], f"v{number}")
    catalogue = Catalogue(database_url)
    assert [sight.name for sight in catalogue.find(Filter())] == ["崂山"]
    assert (catalogue.vocabulary, built_from(database_url)) == ({"词1"}, "v1")


def test_a_build_that_breaks_off_leaves_the_old(database_url: str) -> None:
    """Where the database refuses a row half way, the catalogue of before is read as if nothing had been tried."""
    build_catalogue(database_url, a_base(SIGHTS[0]), ["词"], "v1")
    with pytest.raises(StorageError, match="the catalogue cannot be written"):
        build_catalogue(database_url, a_base(SIGHTS[1], SIGHTS[1]), ["词"], "v2")
    assert [sight.name for sight in Catalogue(database_url).find(Filter())] == ["栈桥"]
    assert built_from(database_url) == "v1"


def test_readers_see_the_old_catalogue_until_the_new_one_is_whole(database_url: str) -> None:
    """While a build is under way, whoever reads or opens the catalogue finds all of the one before."""
    build_catalogue(database_url, a_base(*SIGHTS[:3]))
    seen: list[list[str]] = []

    def words() -> Iterator[str]:
        seen.append([sight.name for sight in Catalogue(database_url).find(Filter())])
        yield "词"

    build_catalogue(database_url, a_base(SIGHTS[1]), words())
    assert seen == [["栈桥", "崂山", "小鱼山"]]


@pytest.mark.slow
def test_an_open_catalogue_outlives_a_build_and_then_follows(postgres: Postgres) -> None:
    """In PostgreSQL an open catalogue is read as it was beside the next build; after two it is gone, and the newest is read."""
    url = postgres.fresh()
    build_catalogue(url, a_base(SIGHTS[0]))
    opened = Catalogue(url)
    build_catalogue(url, a_base(SIGHTS[1]))
    assert ([sight.name for sight in opened.find(Filter())], set(opened.ranks)) == (["栈桥"], {SIGHTS[0].id})
    build_catalogue(url, a_base(SIGHTS[1]))
    assert ([sight.name for sight in opened.find(Filter())], set(opened.ranks)) == (["崂山"], {SIGHTS[1].id})
    engine = create_engine(url)
    assert len([name for name in inspect(engine).get_schema_names() if name.startswith("catalogue_")]) == 2
    engine.dispose()


@pytest.mark.slow
def test_a_catalogue_whose_server_stops_recovers_with_it(postgres: Postgres) -> None:
    """A stopped PostgreSQL is a `DatabaseDown` that says what to check; once it is back the same catalogue answers."""
    url = postgres.fresh()
    build_catalogue(url, a_base(SIGHTS[0]), data="v1")
    catalogue = Catalogue(url)
    catalogue.find(Filter())
    postgres.stop()
    try:
        for ask in (partial(catalogue.find, Filter()), partial(built_from, url), partial(build_catalogue, url, a_base(SIGHTS[1]))):
            with pytest.raises(DatabaseDown, match="check that PostgreSQL runs and FENGJING_DATABASE_URL"):
                ask()
    finally:
        postgres.start()
    assert [sight.name for sight in catalogue.find(Filter())] == ["栈桥"]


def test_records_of_another_version_say_so(tmp_path: Path) -> None:
    """A record with a field that this version does not know is an error of ours, not of the reader's library."""
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    build_catalogue(url, a_base(SIGHTS[0]))
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("update attraction set record = :record"), {"record": '{"of_the_future": 1}'})
    engine.dispose()
    with pytest.raises(KnowledgeError, match="another version"):
        Catalogue(url).find(Filter())


def test_a_missing_catalogue_says_what_to_type(database_url: str) -> None:
    """Reading where nothing was built raises a `KnowledgeError` with the command that builds."""
    assert not built_from(database_url)
    with pytest.raises(KnowledgeError, match="fengjing knowledge build"):
        Catalogue(database_url).find(Filter())


def test_a_catalogue_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    """SQL's own exception does not reach the user."""
    with pytest.raises(StorageError, match="cannot be written"):
        build_catalogue(f"sqlite:///{tmp_path / 'no such folder' / 'catalogue.db'}", a_base(SIGHTS[0]))


def test_levels_count_their_as() -> None:
    """5A is 5 and an unrated place is 0."""
    assert [level_number(sight) for sight in SIGHTS[:3]] == [0, 5, 3]
