"""An adapter merged into its base: a plain model folder that any server loads, proven to say what the two said apart.

LoRA, rsLoRA, DoRA, ranks that differ by layer and whole saved layers, as PEFT reads them. The base is read in float32, a
quantised one (QLoRA) too. Not covered: GGUF (`finetune.shipping` gives llama.cpp the adapter beside its base).
"""

import json
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from langchain_core.messages.utils import convert_to_openai_messages

from chains.models.bases import Base, load_base
from chains.prompts import warm_up
from finetune.agreement import Agreement, Reader
from finetune.out_folder import check_free, whole_folder
from finetune.shipping import WEIGHTS, AdapterError, base_of, fingerprint

if TYPE_CHECKING:
    import torch
    from peft import PeftModel
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Number = Literal["fp16", "bf16", "fp32"]
TORCH_NAMES: dict[str, str] = {"fp16": "float16", "bf16": "bfloat16", "fp32": "float32"}
BYTES: dict[str, int] = {"fp16": 2, "bf16": 2, "fp32": 4}
SHARD = "2GB"
CHECKED_TOKENS = 24  # of each answer, before and after
EXACT_LOGITS = 0.01  # merging changes the order of additions and nothing else: in float32 only ties nearer than this may turn
QUESTIONS = ("青岛有什么好玩的？", "What is there to see in Hangzhou?")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Tuned:
    """A base with its adapter on top, in float32, on the processor."""

    model: "PeftModel"
    tokenizer: "PreTrainedTokenizerBase"
    base: Base


@dataclass(frozen=True)
class Sameness:
    """How many answers were the same to the last token, and the widest margin (logits) among those that were not."""

    prompts: int
    same: int
    widest: float

    def __str__(self) -> str:
        said = f"{self.same} of {self.prompts} greedy answers the same"
        return said if self.same == self.prompts else f"{said}, the others part where two words are at most {self.widest:g} logits apart"


@dataclass(frozen=True)
class Merged:
    """What was written and how it compares; `peak_mb` is the process's own high-water mark, 0 where the system keeps none."""

    folder: Path
    base: str
    dtype: str
    size_bytes: int
    in_float32: Sameness
    as_written: Sameness
    peak_mb: int

    def to_json(self) -> str:
        """The figures as JSON."""
        return json.dumps({**asdict(self), "folder": str(self.folder)}, ensure_ascii=False, indent=2)


def load_tuned(adapter: Path, home: Path, base: str = "") -> Tuned:
    """The adapter on its base (`base` where it is another name for it); raises `AdapterError` where they do not belong together."""
    found, source = base_of(adapter, home, base)
    names = _saved(adapter)
    model, tokenizer = load_base(source, home)
    return Tuned(_put_on(model, adapter, names), tokenizer, found)


def merge(adapter: Path, target: Path, home: Path, dtype: Number = "fp16", base: str = "", say: Say = print) -> Merged:
    """Merge and write `target`; raises `AdapterError`, `InputError` or `StorageError`, and then leaves nothing behind."""
    import torch

    check_free(target)  # before minutes are spent
    tuned = load_tuned(adapter, home, base)
    weights = sum(p.numel() for p in tuned.model.get_base_model().parameters())
    say(f"{tuned.base.name} with {adapter.name}: {weights:,} weights, about {weights * 4 >> 20} MB of memory in float32")
    asked = _asked(tuned.tokenizer)
    before = Reader(tuned.model)
    said = [before.greedy(ids, CHECKED_TOKENS, frozenset({int(tuned.tokenizer.eos_token_id)})) for ids in asked]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Input and output embeddings are no longer tied")  # as meant: a trained head is kept apart
        model: Any = tuned.model.merge_and_unload(safe_merge=True)
    in_float32 = _sameness(model, asked, said)
    if in_float32.widest > EXACT_LOGITS:
        raise AdapterError(f"merging {adapter} changed what it says ({in_float32}); nothing was written: use the adapter as it is")
    say(f"merged, in float32: {in_float32}")
    with whole_folder(target, weights * BYTES[dtype]) as part:
        number: torch.dtype = getattr(torch, TORCH_NAMES[dtype])
        _write(model.to(number), tuned.tokenizer, part)
        _describe(part, adapter, tuned.base, dtype, in_float32)
        as_written = _reread(part, number, asked, said)
        size = sum(path.stat().st_size for path in part.iterdir())
    say(f"read back, in {TORCH_NAMES[dtype]}: {as_written}")
    return Merged(target, tuned.base.name, dtype, size, in_float32, as_written, _peak_mb())


def _put_on(model: "PreTrainedModel", adapter: Path, names: dict[str, tuple[int, ...]]) -> "PeftModel":
    """The model with every matrix of the adapter in its place."""
    from peft import PeftModel, get_peft_model_state_dict

    shapes = {name: tuple(values.shape) for name, values in model.state_dict().items()}
    _check_shapes(adapter, names, shapes)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Model has `tie_word_embeddings=True`")  # `_write` unties what was trained apart
            warnings.filterwarnings("ignore", message="Found missing adapter keys")  # said below
            tuned = PeftModel.from_pretrained(model, str(adapter))
    except (ValueError, RuntimeError, KeyError) as error:
        raise AdapterError(f"the adapter {adapter} does not fit this base ({str(error).splitlines()[0]}); give its own base with --base") from error
    kept = get_peft_model_state_dict(tuned, save_embedding_layers=False)
    homeless, missing = sorted(names.keys() - kept.keys()), sorted(kept.keys() - names.keys())
    if homeless:
        raise AdapterError(f"the adapter {adapter} is for another base: it holds {homeless[0]}, which has no place there; give its own base with --base")
    if missing:
        raise AdapterError(f"the adapter {adapter} lacks {missing[0]}, which its configuration promises; it was not saved whole: use an earlier checkpoint")
    return tuned.eval()


def _check_shapes(adapter: Path, names: dict[str, tuple[int, ...]], shapes: dict[str, tuple[int, ...]]) -> None:
    """Raise `AdapterError` for a LoRA matrix whose layer the base has not, or has in another width."""
    for key, shape in names.items():
        path, _, kind = key.removeprefix("base_model.model.").partition(".lora_")
        if kind not in {"A.weight", "B.weight"}:
            continue
        layer = shapes.get(f"{path}.weight")
        seen, wanted = (shape[1], layer and layer[1]) if kind == "A.weight" else (shape[0], layer and layer[0])
        if seen != wanted:
            raise AdapterError(f"the adapter {adapter} is for another base: {path} is {seen} wide, this base's is {wanted or 'not there'}; give its own base with --base")


def _saved(adapter: Path) -> dict[str, tuple[int, ...]]:
    """Names and shapes of what the adapter's file holds."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(adapter / WEIGHTS), "pt") as tensors:
            return {key: tuple(tensors.get_slice(key).get_shape()) for key in tensors.keys()}  # noqa: SIM118 - no mapping
    except (OSError, SafetensorError) as error:
        raise AdapterError(f"{adapter / WEIGHTS} cannot be read ({error}); give the folder a training has written, whole") from error


def _asked(tokenizer: "PreTrainedTokenizerBase") -> list[list[int]]:
    """Prompts of both languages, with the system prompt that is served and bare."""
    served: list[Any] = [convert_to_openai_messages(warm_up("zh")), convert_to_openai_messages(warm_up("en"))]
    bare = [[{"role": "user", "content": question}] for question in QUESTIONS]
    texts = [tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True) for messages in (*served, *bare)]
    return [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]


def _sameness(model: Any, asked: list[list[int]], said: list[list[int]]) -> Sameness:
    reader = Reader(model)
    found: list[Agreement] = [reader.agreement(*pair) for pair in zip(asked, said, strict=True)]
    margins = [one.first.margin for one in found if one.first]
    return Sameness(len(found), len(found) - len(margins), max(margins, default=0.0))


def _write(model: Any, tokenizer: "PreTrainedTokenizerBase", folder: Path) -> None:
    """Safetensors shards, configuration, generation configuration and tokenizer with its template."""
    output, words = model.get_output_embeddings(), model.get_input_embeddings()
    if output is not None and output.weight.data_ptr() != words.weight.data_ptr():
        model.config.tie_word_embeddings = False  # one of the two was trained: tied again at load, it would be lost
    model.generation_config.eos_token_id = _ends(model.generation_config.eos_token_id, tokenizer)
    model.save_pretrained(str(folder), max_shard_size=SHARD)
    tokenizer.save_pretrained(str(folder))


def _ends(known: int | list[int] | None, tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """Every token that ends an answer: those the base knows, the template's, and the mark between texts."""
    ends = set(known if isinstance(known, list) else [known]) | {tokenizer.eos_token_id, tokenizer.get_vocab().get("<|endoftext|>")}
    return sorted(end for end in ends if end is not None)


def _describe(folder: Path, adapter: Path, base: Base, dtype: str, in_float32: Sameness) -> None:
    (folder / "README.md").write_text(
        f"---\nbase_model: {base.name}\nlibrary_name: transformers\n---\n# {adapter.name} merged into {base.name}\n\n"
        f"Made by `fengjing merge`, {TORCH_NAMES[dtype]}. Before and after, in float32: {in_float32}.\nAdapter's SHA-256 (weights and configuration): "
        f"`{fingerprint(adapter)}`. The base's licence holds for this folder too.\n", encoding="utf-8")


def _reread(folder: Path, number: "torch.dtype", asked: list[list[int]], said: list[list[int]]) -> Sameness:
    """Compare what the written folder says, computed in the numbers it was written in."""
    from transformers import AutoModelForCausalLM

    return _sameness(AutoModelForCausalLM.from_pretrained(str(folder), dtype=number), asked, said)


def _peak_mb() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10  # bytes there, KiB here
