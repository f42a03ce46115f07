"""One database for several workers: starting together, sharing forecasts, and a server that goes away and comes back."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import assistant
from assistant.store import Store
from chains.tools.weather.cache import CachedProvider, sharing
from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.open_meteo import ATTRIBUTION
from chains.tools.weather.records import DayWeather, Forecast
from chains.tools.weather.sky import Sky
from knowledge.database import DatabaseDown, only_one
from knowledge.geometry import Point, Spot
from knowledge.servers import POSTGRESQL
from tests.stores import Postgres

ROOT = Path(__file__).parents[2]
PLACE = Spot(36.07, 120.38)
START = """
import sys
from assistant.store import Store
print("ready", flush=True)
sys.stdin.readline()
store = Store(sys.argv[1])
conversation = store.new_conversation()
store.add(conversation, "user", sys.argv[2])
print(conversation)
"""


@dataclass
class Counting:
    """A provider that counts its calls and can fail; its forecast tells which call it was."""

    failing: bool = False
    calls: list[Point] = field(default_factory=list)

    def forecast(self, place: Point) -> Forecast:
        """A forecast of one day."""
        self.calls.append(place)
        if self.failing:
            raise WeatherError("no network", Trouble.OFFLINE)
        return Forecast(ATTRIBUTION, (DayWeather(date(2026, 12, 4), Sky.RAIN, 7.5, -1.0),), elevation_m=float(len(self.calls)))


def cached(provider: Counting, store: Store, seconds: float = 0.0) -> CachedProvider:
    """The provider as a worker has it, at a moment of time."""
    own = CachedProvider(provider, 1800, 60, lambda: seconds)
    shared = sharing(own, store)
    assert isinstance(shared, CachedProvider)
    return shared


def to_revision(url: str, revision: str) -> None:
    """Bring a database to a revision of the past."""
    config = Config()
    config.set_main_option("script_location", str(Path(assistant.__file__).parent / "migrations"))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


@pytest.mark.slow
def test_workers_that_start_together_migrate_once(database_url: str) -> None:
    """Three processes that open an empty database at the same moment all work on it, none meets another's half-made tables."""
    workers = [subprocess.Popen([sys.executable, "-c", START, database_url, str(number)], cwd=ROOT, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for number in range(3)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    said = [worker.communicate("go\n", timeout=120) for worker in workers]
    assert sorted(out.strip() for out, _ in said) == ["1", "2", "3"], said
    assert {info.title for info in Store(database_url).conversations()} == {"0", "1", "2"}


def test_opening_waits_while_another_migrates(database_url: str) -> None:
    """While one process holds the migration's lock, another one that opens the database waits for it."""
    with ThreadPoolExecutor() as pool:
        with only_one(database_url, "migrate"):
            opening = pool.submit(Store, database_url)
            time.sleep(0.5)
            assert not opening.done()
        assert opening.result(timeout=60).conversations() == []


def test_a_database_of_before_keeps_its_conversations(database_url: str) -> None:
    """Opening a database of the first version adds what is new and leaves what was said."""
    to_revision(database_url, "0001")
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("insert into conversation (id, title, updated) values (7, '青岛', '2026-01-01 00:00:00')"))
    engine.dispose()
    store = Store(database_url)
    assert [(info.id, info.title) for info in store.conversations()] == [(7, "青岛")]
    assert store.recall("anywhere", 0) is None


def test_a_migration_that_breaks_off_leaves_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of a migration are one: where one fails, the database is as before, and the next start goes through."""
    from alembic.operations import Operations

    create, made = Operations.create_table, []

    def fail_at_the_second(self: Operations, name: str, *parts: object, **options: object) -> object:
        made.append(name)
        if len(made) == 2:
            raise KeyboardInterrupt
        return create(self, name, *parts, **options)

    monkeypatch.setattr(Operations, "create_table", fail_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        Store(database_url)
    monkeypatch.undo()
    store = Store(database_url)
    assert store.conversations() == []


def test_workers_share_a_forecast(database_url: str) -> None:
    """What one worker was told, another answers with for half an hour, whole; then the provider is asked again."""
    provider = Counting()
    first = cached(provider, Store(database_url)).forecast(PLACE)
    other = Store(database_url)
    assert cached(provider, other, seconds=1799).forecast(PLACE) == first
    assert cached(provider, other, seconds=1801).forecast(PLACE).elevation_m == 2.0
    assert len(provider.calls) == 2


def test_workers_do_not_share_a_failure(database_url: str) -> None:
    """A worker without a network says so for a minute; another one asks for itself."""
    offline, store = Counting(failing=True), Store(database_url)
    stuck = cached(offline, store)
    for _ in range(2):
        with pytest.raises(WeatherError, match="no network"):
            stuck.forecast(PLACE)
    assert len(offline.calls) == 1
    assert cached(Counting(), store).forecast(PLACE).elevation_m == 1.0


def test_old_forecasts_are_forgotten(database_url: str) -> None:
    """The table holds only forecasts that still hold when the last one came."""
    store, provider = Store(database_url), Counting()
    cached(provider, store).forecast(PLACE)
    cached(provider, store, seconds=4000).forecast(Spot(39.9, 116.4))
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from forecast")).scalar() == 1
    engine.dispose()


@pytest.mark.parametrize("answer", ["", "{}", '{"attribution": 1}'])
def test_a_forecast_of_another_version_is_asked_for_again(database_url: str, answer: str) -> None:
    """A kept answer that cannot be read is no answer."""
    store = Store(database_url)
    store.keep("place", Counting().forecast(PLACE), 0, 100)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("update forecast set answer = :answer"), {"answer": answer})
    engine.dispose()
    assert store.recall("place", 0) is None


@pytest.mark.slow
def test_a_store_whose_server_stops_recovers_with_it(postgres: Postgres) -> None:
    """A stopped PostgreSQL is a `DatabaseDown` in one line that says what to check; once it is back the same store works."""
    url = postgres.fresh()
    store = Store(url)
    conversation = store.new_conversation()
    store.add(conversation, "user", "青岛")
    weather = cached(Counting(), store)
    postgres.stop()
    try:
        for ask in (store.conversations, store.new_conversation, lambda: store.messages(conversation), lambda: Store(url)):
            with pytest.raises(DatabaseDown, match="check that PostgreSQL runs and FENGJING_DATABASE_URL") as caught:
                ask()
            assert "\n" not in str(caught.value)
        assert weather.forecast(PLACE).elevation_m == 1.0  # a forecast needs no database
    finally:
        postgres.start()
    store.add(conversation, "user", "还在吗")
    assert [message.text for message in store.messages(conversation)] == ["青岛", "还在吗"]


@pytest.mark.slow
def test_connections_that_a_restart_cut_are_replaced(postgres: Postgres) -> None:
    """A restart between two calls is not noticed at all."""
    store = Store(postgres.fresh())
    conversation = store.new_conversation()
    postgres.stop()
    postgres.start()
    store.add(conversation, "user", "青岛")
    assert [message.text for message in store.messages(conversation)] == ["青岛"]


@pytest.mark.slow
def test_a_password_is_not_told() -> None:
    """An address that does not answer is named without its password."""
    with pytest.raises(DatabaseDown) as caught:
        Store(f"{POSTGRESQL}://somebody:secret@127.0.0.1:9/nothing")
    assert "secret" not in str(caught.value)
    assert "127.0.0.1:9" in str(caught.value)
