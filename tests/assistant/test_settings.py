"""Settings: where they come from, which wins, and what is said of a bad one."""

from pathlib import Path

import pytest

from assistant.settings import Settings, load_settings, remember
from chains.models.catalogue import DEFAULT_MODEL
from knowledge.errors import InputError
from knowledge.servers import LOCAL, Servers


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, no ``.env`` of the folder: a temporary home and an empty working folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FENGJING_{name.upper()}", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path / "home"))


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any setting there is a home in the user's folder, the default model and a local page."""
    monkeypatch.delenv("FENGJING_HOME")
    settings = Settings()
    assert settings.home == Path.home() / ".fengjing"
    assert (settings.model, settings.host, settings.port) == (DEFAULT_MODEL, "127.0.0.1", 8501)
    assert settings.database_url == f"sqlite:///{Path.home() / '.fengjing' / 'fengjing.db'}"
    assert settings.worker_threads >= 1


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every key can be set from the environment, a home with ~ or relative to the folder included."""
    for name, value in {"HOME": "data", "MODEL": "qwen-1.5b", "BASE_URL": "http://x/v1", "THREADS": "3", "PORT": "9000",
                        "SERVER_TAKES_GRAMMAR": "true"}.items():
        monkeypatch.setenv(f"FENGJING_{name}", value)
    settings = load_settings()
    assert settings.home == tmp_path / "here" / "data"
    assert (settings.model, settings.base_url, settings.worker_threads) == ("qwen-1.5b", "http://x/v1", 3)
    assert (settings.port, settings.server_takes_grammar) == (9000, True)


def test_the_folders_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``.env`` file sets what the environment leaves open."""
    Path(".env").write_text("FENGJING_PORT=9001\nFENGJING_MODEL=qwen-1.5b\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("FENGJING_PORT", "9002")
    assert (load_settings().port, load_settings().model) == (9002, "qwen-1.5b")


def test_a_remembered_choice_holds_until_it_is_overruled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was chosen once is there at the next start; a newer choice replaces it, file and environment overrule it."""
    home = tmp_path / "home"
    remember(home, "FENGJING_MODEL", "qwen-1.5b")
    remember(home, "FENGJING_PORT", "9003")
    assert (load_settings().model, load_settings().port) == ("qwen-1.5b", 9003)
    remember(home, "FENGJING_MODEL", "qwen-0.5b")
    assert (load_settings().model, load_settings().port) == ("qwen-0.5b", 9003)
    Path(".env").write_text("FENGJING_PORT=9004\n", encoding="utf-8")
    assert load_settings().port == 9004
    monkeypatch.setenv("FENGJING_PORT", "9005")
    assert load_settings().port == 9005


@pytest.mark.parametrize(("key", "value"), [
    ("THREADS", "-1"), ("THREADS", "many"), ("PORT", "0"), ("PORT", "70000"), ("PORT", "http"),
    ("SERVER_TAKES_GRAMMAR", "perhaps"),
    ("DATABASE_URL", "mysql://host/name"), ("CHROMA_URL", "localhost:8000"),
])
def test_a_bad_value_is_named_by_its_key(monkeypatch: pytest.MonkeyPatch, key: str, value: str) -> None:
    """A setting that cannot be is one line with the key as it is written and where its values are explained."""
    monkeypatch.setenv(f"FENGJING_{key}", value)
    with pytest.raises(InputError) as caught:
        load_settings()
    assert f"FENGJING_{key} is wrong" in str(caught.value)
    assert ".env.example" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_setting_is_in_the_example_file_and_nothing_else() -> None:
    """The keys of ``.env.example`` are exactly the settings that are read."""
    example = Path(__file__).parents[2] / ".env.example"
    lines = [line.lstrip("# ") for line in example.read_text(encoding="utf-8").splitlines()]
    keys = {line.split("=")[0] for line in lines if line.startswith("FENGJING_")}
    assert keys == {f"FENGJING_{name.upper()}" for name in Settings.model_fields}


def test_the_example_file_shows_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uncommenting every line of the example changes nothing."""
    monkeypatch.delenv("FENGJING_HOME")
    example = Path(__file__).parents[2] / ".env.example"
    before = Settings()
    Path(".env").write_text(example.read_text(encoding="utf-8").replace("# FENGJING_", "FENGJING_"), encoding="utf-8")
    assert Settings() == before


def test_rows_and_vectors_can_live_on_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A PostgreSQL address takes conversations and knowledge out of the home folder, a SQLite file only conversations."""
    assert (load_settings().servers, load_settings().database_url) == (LOCAL, f"sqlite:///{tmp_path / 'home' / 'fengjing.db'}")
    monkeypatch.setenv("FENGJING_DATABASE_URL", "postgresql://me:s3same@db/fengjing")
    monkeypatch.setenv("FENGJING_CHROMA_URL", "http://chroma:8000/")
    settings = load_settings()
    assert settings.database_url == "postgresql+psycopg://me:s3same@db/fengjing"
    assert settings.servers == Servers(settings.database_url, "http://chroma:8000")
    assert "s3same" not in f"{settings!r}{settings.servers!r}"
    monkeypatch.setenv("FENGJING_DATABASE_URL", "sqlite:////var/lib/rows.db")
    assert (load_settings().database_url, load_settings().servers.database_url) == ("sqlite:////var/lib/rows.db", "")
