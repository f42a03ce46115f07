"""The embedded engine: llama.cpp inside this process (xllamacpp), serving the OpenAI protocol on loopback.

One server a process; it keeps the last prompts' key-value cache, so a system prompt is read once. A LoRA adapter in
GGUF form is applied at load.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.errors import EngineError

CONTEXT_TOKENS = 4096  # for each slot
PROMPT_CACHE_MIB = 512  # prompts put aside while the slot answers in another language
# Names, prices and sums are copied from the prompt: three tokens seen before propose the eight that followed them, which
# the model then checks in one step. Of 2, 3 and 4 tokens and 8 and 12 proposed, this was the quickest (docs/figures.md).
COPY_AFTER_TOKENS, COPY_TOKENS = 3, 8
GGUF_MAGIC = b"GGUF"


@dataclass(frozen=True)
class EngineConfig:
    """What an embedded engine is started with; equal configurations share one engine."""

    model: Path
    adapter: Path | None = None
    threads: int = 2
    slots: int = 1  # one: the rest of a corrected answer then finds its beginning in the cache
    float32: bool = False  # calculate in float32 throughout: slower, to compare with transformers (`fengjing parity`)


class EmbeddedEngine:
    """A running server; `base_url` speaks the OpenAI protocol and understands `grammar`."""

    def __init__(self, config: EngineConfig) -> None:
        """Start it; raises `EngineError` where the file is missing or no GGUF."""
        _check_file(config.model, "the model", "fengjing model pull")
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(config.model)
        params.n_ctx = CONTEXT_TOKENS * config.slots
        params.n_parallel = config.slots
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config.threads
        params.cache_ram_mib = PROMPT_CACHE_MIB
        params.verbosity = -1
        params.speculative.types = [xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
        params.speculative.ngram_simple.size_n, params.speculative.ngram_simple.size_m = COPY_AFTER_TOKENS, COPY_TOKENS
        if config.float32:
            params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
            params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        if config.adapter is not None:
            _check_file(config.adapter, "the adapter", "fengjing adapt")
            params.lora_adapters = [_adapter(xllamacpp, config.adapter)]
        try:
            self._server = xllamacpp.Server(params)
        except RuntimeError as error:
            raise EngineError(
                f"llama.cpp could not load {config.model.name} ({error}); run 'fengjing model pull' to check the file"
            ) from error
        self.base_url = f"{self._server.listening_address}/v1"
        self.config = config


@cache
def running_engine(config: EngineConfig) -> EmbeddedEngine:
    """The engine of that configuration, started at the first call."""
    return EmbeddedEngine(config)


def _adapter(xllamacpp: object, path: Path) -> object:
    info = xllamacpp.CommonAdapterLoraInfo()  # type: ignore[attr-defined]
    info.path = str(path)
    info.scale = 1.0
    return info


def _check_file(path: Path, what: str, command: str) -> None:
    if not path.is_file():
        raise EngineError(f"{what} {path} is missing; run '{command}'")
    with path.open("rb") as file:
        if file.read(4) != GGUF_MAGIC:
            raise EngineError(f"{what} {path} is no GGUF file; delete it and run '{command}'")
