"""Which engine the settings lead to, what `fengjing model` and `fengjing doctor` say of it, and what they refuse."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.doctor import _engine
from assistant.cli.main import app
from assistant.engines import EngineKind, embedded_config, engine_kind, open_engine_of, torch_config
from assistant.settings import Settings
from chains.models.bases import BaseError
from chains.models.catalogue import DEFAULT_MODEL, MODELS
from chains.models.pull import local_file
from finetune.adapters import SHIPPED
from knowledge.errors import EngineError
from tests.chains.models.stand_in import KEY, MODEL, stand_in
from tests.finetune.tiny_gguf import write_tiny


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A temporary home, and no setting of the machine."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FENGJING_{name.upper()}", raising=False)
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like a model's."""
    found = tmp_path / "glm"
    found.mkdir()
    (found / "config.json").write_text('{"model_type": "glm"}')
    (found / "model.safetensors").write_bytes(bytes(3 << 20))
    return found


@pytest.mark.parametrize(("changes", "kind"), [
    ({}, EngineKind.EMBEDDED),
    ({"model": "qwen-1.5b"}, EngineKind.EMBEDDED),
    ({"model": "Qwen/Qwen2.5-Coder-0.5B-Instruct"}, EngineKind.EMBEDDED),
    ({"model": "/models/own.gguf"}, EngineKind.EMBEDDED),
    ({"engine": "transformers"}, EngineKind.TRANSFORMERS),
    ({"model": "/models/glm"}, EngineKind.TRANSFORMERS),
    ({"model": "zai-org/some-model"}, EngineKind.TRANSFORMERS),
    ({"model": "/models/glm", "base_url": "http://x/v1"}, EngineKind.SERVER),
])
def test_the_settings_lead_to_an_engine(changes: dict[str, str], kind: EngineKind) -> None:
    """A URL means a server, a GGUF file the embedded engine, everything else transformers."""
    assert engine_kind(Settings().model_copy(update=changes)) is kind


def test_the_embedded_engine_is_not_given_a_folder(folder: Path) -> None:
    """Asked for by name with a model it cannot read, it is refused with both ways out."""
    with pytest.raises(EngineError, match=r"speaks GGUF files, .* is none; set FENGJING_ENGINE=transformers, or run 'fengjing model use"):
        engine_kind(Settings(engine="embedded", model=str(folder)))


def test_a_folder_in_use_has_no_shipped_adapter(folder: Path) -> None:
    """The shipped adapter is for the default model, whichever engine speaks; weights that lie in a model's folder are none."""
    (folder / "adapter_model.safetensors").write_bytes(b"")
    assert torch_config(Settings(model=str(folder), adapter=SHIPPED)).adapter is None


def test_a_gguf_file_of_ones_own_is_embedded(tmp_path: Path) -> None:
    """A path ending in .gguf is served by llama.cpp as it is."""
    settings = Settings(model=str(write_tiny(tmp_path / "own.gguf")), threads=1)
    assert embedded_config(settings).model == tmp_path / "own.gguf"
    engine = open_engine_of(settings)
    assert (engine.name, engine.works, engine.takes_grammar) == ("own.gguf", "llama.cpp, 1 threads", True)
    assert engine.model.bind(max_tokens=3, extra_body={"grammar": 'root ::= "海"'}).invoke("你好").content == "海"


def test_a_name_that_is_no_model_lists_what_there_is() -> None:
    """A misspelt name does not become a path that is looked for."""
    with pytest.raises(BaseError, match=r"none of qwen-0\.5b, qwen-1\.5b"):
        open_engine_of(Settings(model="qwen0.5b"))


def test_the_list_shows_what_is_in_use(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The default model with its engine; a folder with its size; a server instead of either."""
    def rows() -> list[tuple[object, ...]]:
        listed = json.loads(CliRunner().invoke(app, ["model", "list", "--json"]).stdout)
        return [(row["name"], row["engine"], row["megabytes"]) for row in listed if row["in_use"]]

    assert rows() == [(DEFAULT_MODEL, "embedded", 468)]
    monkeypatch.setenv("FENGJING_MODEL", str(folder))
    assert rows() == [("glm", "transformers", 3)]
    assert "transformers" in CliRunner().invoke(app, ["model", "list"]).stdout
    monkeypatch.setenv("FENGJING_BASE_URL", "http://x/v1")
    assert rows() == []
    assert "in use: default at http://x/v1" in CliRunner().invoke(app, ["model", "list"]).stdout


def test_a_folder_can_be_chosen_for_good(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`model use` remembers the whole path, so that it holds from any folder; what is no model is refused."""
    done = CliRunner().invoke(app, ["model", "use", "glm"])
    assert "(transformers engine)" in done.stdout
    remembered = (Settings().home / "settings.env").read_text()
    assert remembered == f"FENGJING_MODEL={folder}\n"
    monkeypatch.chdir(folder.parent / "home")
    with pytest.raises(BaseError, match="is no folder"):
        CliRunner().invoke(app, ["model", "use", "nothing"], catch_exceptions=False)


def test_the_doctor_names_the_engine(tmp_path: Path) -> None:
    """With a server: its address. With a GGUF file of one's own: llama.cpp and its threads."""
    with stand_in("你好", "vllm") as server:
        settings = Settings(base_url=server.url, api_key=KEY, model_name=MODEL, server="vllm")
        assert _engine(settings) == f"fengjing answers: '你好' (server at {server.url})"
    said = _engine(Settings(model=str(write_tiny(tmp_path / "own.gguf")), threads=1))
    assert said.startswith("own.gguf answers:")
    assert said.endswith("(llama.cpp, 1 threads)")


@pytest.mark.slow
def test_the_doctor_names_device_and_number_format(tmp_path: Path) -> None:
    """With the transformers engine: what it computes on, and in which format."""
    said = _engine(Settings(model=str(write_tiny(tmp_path / "own.gguf")), engine="transformers", adapter="none", threads=1))
    assert any(f"(transformers, {device}, {dtype}" in said for device in ("cpu", "cuda", "mps") for dtype in ("bfloat16", "float16", "float32")), said


def test_the_default_model_is_where_it_was() -> None:
    """The catalogue's name still means its file in the home folder."""
    settings = Settings(adapter="none")
    assert embedded_config(settings).model == local_file(MODELS[DEFAULT_MODEL], settings.home)
