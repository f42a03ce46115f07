"""The transformers engine: a base model, with a PEFT adapter on it, in this process, on a GPU where there is one.

It takes what the embedded engine cannot: any folder in Hugging Face's layout (a converted ChatGLM3 too), and adapters
as training leaves them. One request is answered at a time, others wait their turn; a closed stream stops its
generation within a token. What two requests begin with alike is read once. Not covered: grammars, batches, several GPUs.
"""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING, Any

from chains.models.adapted import first_line, with_adapter
from chains.models.bases import count_numbers, load_base
from chains.models.device import device_name, speaking_dtype
from chains.models.prompt_tokens import PromptTokens
from knowledge.errors import EngineError

if TYPE_CHECKING:
    from transformers import Cache, PreTrainedModel, PreTrainedTokenizerBase

SAVED_BY = "choose a smaller model ('fengjing model list'), or a server by FENGJING_BASE_URL"


@dataclass(frozen=True)
class TorchConfig:
    """What a transformers engine is started with; equal configurations share one engine."""

    source: str  # a folder, a hub name, a GGUF file or a name of the model catalogue
    home: Path
    adapter: Path | None = None  # a PEFT folder
    threads: int = 2


@dataclass(frozen=True)
class Wish:
    """How an answer is to be made; a temperature of 0 takes the likeliest token each time."""

    max_tokens: int
    temperature: float = 0.0


class TorchEngine:
    """A loaded model that answers one request at a time."""

    def __init__(self, config: TorchConfig) -> None:
        """Load it; raises `BaseError` or `EngineError` where base or adapter cannot be used or memory does not suffice."""
        numbers = count_numbers(config.source, config.home)
        self.device = device_name()
        dtype = speaking_dtype(self.device, numbers)
        model, tokenizer = load_base(config.source, config.home, dtype)
        with named_errors(config.source):
            adapted = with_adapter(model, config.adapter) if config.adapter else model
            self._model: PreTrainedModel = adapted.to(self.device).eval()  # type: ignore[arg-type]
        self.dtype = str(dtype).removeprefix("torch.")
        self.config = config
        self.tokenizer = tokenizer
        self.prompts = PromptTokens(tokenizer, config.source)
        self._window = int(getattr(model.config, "max_position_embeddings", 0) or 0)
        self._stops = _set_ends(self._model, tokenizer)
        self._cache: Cache | None = None
        self._read: list[int] = []  # the tokens whose keys and values the cache holds
        self._worker = ThreadPoolExecutor(1, "transformers", *_threads(config.threads))

    @property
    def works(self) -> str:
        """Device and number format, for people."""
        return f"{self.device}, {self.dtype}" + (f", {self.config.threads} threads" if self.device == "cpu" else "")

    def tokens(self, ids: list[int], wish: Wish) -> Generator[int, None, None]:
        """The answer's tokens as they are made, a closing stop token included; closing the iterator stops the model.

        Raises `EngineError` where the prompt is longer than the model reads, or memory runs out.
        """
        room = self._window - len(ids) if self._window else wish.max_tokens
        if room < 1:
            raise EngineError(f"the prompt takes {len(ids)} tokens, {self.config.source} reads {self._window}; ask for less, or use a model that reads more")
        made: SimpleQueue[int | None] = SimpleQueue()
        stopped = Event()
        work = self._worker.submit(self._work, ids, Wish(min(wish.max_tokens, room), wish.temperature), made, stopped)
        try:
            while (token := made.get()) is not None:
                yield token
            with named_errors(self.config.source):
                work.result()
        finally:
            stopped.set()
            work.cancel()

    def ends(self, token: int | None) -> bool:
        """Whether the model says by this token that it is done."""
        return token in self._stops

    def _work(self, ids: list[int], wish: Wish, made: "SimpleQueue[int | None]", stopped: Event) -> None:
        """Runs on the worker's thread, so that model and cache belong to one request at a time."""
        try:
            self._generate(ids, wish, made, stopped)
        finally:
            made.put(None)

    def _generate(self, ids: list[int], wish: Wish, made: "SimpleQueue[int | None]", stopped: Event) -> None:
        import torch

        def halt(seen: Any, _scores: Any, **_: Any) -> Any:
            return torch.full((seen.shape[0],), stopped.is_set(), device=seen.device, dtype=torch.bool)

        said: list[int] = []
        known, self._cache = self._known(ids), None  # a failure in the middle must not leave half a cache behind
        sampling = {"do_sample": True, "temperature": wish.temperature} if wish.temperature > 0 else {"do_sample": False}
        asked = torch.tensor([ids], device=self.device)
        with torch.inference_mode():
            self._model.generate(  # type: ignore[operator]
                asked, attention_mask=torch.ones_like(asked), past_key_values=known, max_new_tokens=wish.max_tokens,
                streamer=_Told(said, made), stopping_criteria=[halt], **sampling)
        self._cache, self._read = known, [*ids, *said][: known.get_seq_length()]

    def _known(self, ids: list[int]) -> "Cache":
        """Keys and values of what this request begins with, as far as the last one began alike."""
        from transformers import DynamicCache

        alike = next((place for place, (old, new) in enumerate(zip(self._read, ids[:-1], strict=False)) if old != new), min(len(self._read), len(ids) - 1))
        if self._cache is None or not alike or not self._cache.is_croppable:
            return DynamicCache(config=self._model.config)
        self._cache.crop(alike - len(self._read))
        return self._cache


class _Told:
    """Hands each new token on as `generate` makes it; the first call brings the prompt."""

    def __init__(self, said: list[int], made: "SimpleQueue[int | None]") -> None:
        self._said, self._made = said, made
        self._begun = False

    def put(self, tokens: Any) -> None:
        """One step's token."""
        if self._begun:
            self._said.append(int(tokens[0]))
            self._made.put(self._said[-1])
        self._begun = True

    def end(self) -> None:
        """Nothing: the worker says when all is done."""


@cache
def running_torch(config: TorchConfig) -> TorchEngine:
    """The engine of that configuration, loaded at the first call."""
    return TorchEngine(config)


def _threads(count: int) -> tuple[Callable[[int], None], tuple[int]]:
    import torch

    return torch.set_num_threads, (count,)


def _set_ends(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> frozenset[int]:
    """The tokens that end an answer; the checkpoint's own ways of sampling are left out, a greedy answer is to be greedy."""
    from transformers import GenerationConfig

    own = model.generation_config.eos_token_id if model.generation_config else None
    ends = {tokenizer.eos_token_id, *(own if isinstance(own, list) else [own])} - {None}
    stops = sorted(int(token) for token in ends if isinstance(token, int))
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else stops[0] if stops else None
    model.generation_config = GenerationConfig(eos_token_id=stops or None, pad_token_id=pad)  # type: ignore[no-untyped-call]
    return frozenset(stops)


@contextmanager
def named_errors(name: str) -> Iterator[None]:
    """Turns torch's errors into `EngineError`; running out of memory has words of its own."""
    try:
        yield
    except (RuntimeError, ValueError, IndexError, TypeError, MemoryError) as error:
        if isinstance(error, _out_of_memory()) or "allocate memory" in str(error):
            raise EngineError(f"the memory does not suffice for {name} ({first_line(error)}); close other programs, {SAVED_BY}") from error
        raise EngineError(f"{name} broke off ({type(error).__name__}: {first_line(error)}); run 'fengjing doctor' to look at it") from error


def _out_of_memory() -> tuple[type[BaseException], ...]:
    import torch

    return torch.OutOfMemoryError, MemoryError
