"""Which engine speaks: a server by URL, the embedded one for GGUF files, or transformers for everything else."""

from enum import StrEnum
from pathlib import Path

from assistant.settings import Settings
from chains.models.bases import catalogue_model, find_base
from chains.models.catalogue import DEFAULT_MODEL
from chains.models.chat import Engine, chat_engine
from chains.models.embedded import EngineConfig, running_engine
from chains.models.pull import local_file
from chains.models.torch_chat import torch_engine
from chains.models.torch_engine import TorchConfig
from finetune.adapters import adapter_named
from finetune.shipping import ready
from knowledge.errors import EngineError


class EngineKind(StrEnum):
    """The three ways to a model."""

    SERVER = "server"
    EMBEDDED = "embedded"
    TRANSFORMERS = "transformers"


def engine_kind(settings: Settings) -> EngineKind:
    """The engine the settings lead to; raises `EngineError` where the embedded one is asked for and the model is no GGUF file."""
    if settings.base_url:
        return EngineKind.SERVER
    is_gguf = catalogue_model(settings.model) is not None or settings.model.endswith(".gguf")
    if settings.engine == EngineKind.EMBEDDED.value and not is_gguf:
        raise EngineError(
            f"the embedded engine speaks GGUF files, {settings.model} is none; set FENGJING_ENGINE=transformers, "
            f"or run 'fengjing model use {DEFAULT_MODEL}'"
        )
    return EngineKind.EMBEDDED if is_gguf and settings.engine != EngineKind.TRANSFORMERS.value else EngineKind.TRANSFORMERS


def open_engine_of(settings: Settings) -> Engine:
    """The engine the settings name, started where it is in this process; raises `ModelError`s of every kind."""
    kind = engine_kind(settings)
    if kind is EngineKind.SERVER:
        name = settings.model_name or "default"
        return chat_engine(settings.base_url, name, settings.api_key or "EMPTY", takes_grammar=settings.server_takes_grammar, dialect=settings.server)
    if kind is EngineKind.TRANSFORMERS:
        return torch_engine(torch_config(settings), shown_name(settings))
    config = embedded_config(settings)
    return chat_engine(running_engine(config).base_url, shown_name(settings), takes_grammar=True, works=f"llama.cpp, {config.threads} threads", counts=True)


def embedded_config(settings: Settings) -> EngineConfig:
    """What the embedded engine is started with: model file, adapter and threads."""
    known = catalogue_model(settings.model)
    base = local_file(known, settings.home) if known else Path(settings.model).expanduser()
    adapter = _adapter(settings)
    return EngineConfig(base, ready(adapter, base, settings.home) if adapter else None, settings.worker_threads)


def torch_config(settings: Settings) -> TorchConfig:
    """What the transformers engine is started with; raises `BaseError` where there is no such model."""
    find_base(settings.model, settings.home)
    return TorchConfig(settings.model, settings.home, _adapter(settings), settings.worker_threads)


def shown_name(settings: Settings) -> str:
    """The model's name for people: a path's last part."""
    return settings.model if catalogue_model(settings.model) else Path(settings.model).name


def _adapter(settings: Settings) -> Path | None:
    known = catalogue_model(settings.model)
    return adapter_named(settings.adapter, known.name if known else "")  # none is shipped for a model we do not know
