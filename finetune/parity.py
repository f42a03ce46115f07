"""The parity gate: an adapter says in the engine what it was trained to say, token for token.

Two questions for each prompt. Are its tokens the same as training, transformers' chat template and the engine make them?
And is the engine's greedy answer with the GGUF LoRA the one transformers gives with PEFT? The second is asked of the
engine twice: with the base in float32, where both sides calculate with the same numbers and the answers must be the
same, and with the quantised base as it is served, where they may part at two words that are nearly tied, as eight-bit
products round; how near is measured. Every prompt's result is kept as it comes, so that a gate that was broken off goes
on. Not covered: whether the answers are any good (`finetune.judging`).
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from finetune.agreement import NEAR_TIE_LOGITS, Agreement, Reader
from finetune.shipping import fingerprint
from finetune.training.conversations import Conversation
from finetune.training.encoding import NOT_LEARNED, encode
from knowledge.errors import ModelError, StorageError

SAME_SHARE = 0.95  # of the answers must be the same to the last token, in float32
EXACT_TIE_LOGITS = 0.05  # in float32: additions in another order, and a LoRA written in float16, move no more
GATE_PROMPTS = 50  # fewer say too little to publish on
MAX_TOKENS = 96
ROWS, REPORT = "rows.jsonl", "report.json"
_ANSWER = "好"  # stands for the answer where the prompt's own tokens are asked for


class ParityError(ModelError):
    """The gate was not passed, or was not run for this adapter."""


class Served(Protocol):
    """The engine's side, as `finetune.served.LlamaServer` has it."""

    def prompt_tokens(self, messages: list[dict[str, str]]) -> list[int]:
        """The tokens the engine makes of messages."""

    def answer(self, tokens: list[int], limit: int) -> list[int]:
        """The tokens the engine answers with, greedy."""


@dataclass(frozen=True)
class Prompt:
    """Messages up to where the model must speak; `given` is the beginning of its answer, where code wrote one."""

    messages: tuple[dict[str, str], ...]
    given: str = ""

    @property
    def open_messages(self) -> list[dict[str, str]]:
        """The messages with the begun answer as the last."""
        return [*self.messages, *([{"role": "assistant", "content": self.given}] if self.given else [])]


@dataclass(frozen=True)
class Row:
    """One prompt's result; `tokens_differ` is empty where all tokens are equal. `place` and margin are of the first difference."""

    key: str
    question: str
    prompt_tokens: int
    tokens_differ: str
    said_tokens: int
    near_ties: int
    place: int | None = None
    wanted: str = ""
    said: str = ""
    margin: float = 0.0


@dataclass(frozen=True)
class Side:
    """What the gate found with one engine; a difference wider than `tie_logits` is not explained."""

    engine: str
    tie_logits: float
    rows: tuple[Row, ...]

    @property
    def same(self) -> int:
        """Prompts whose answers are equal to the last token."""
        return sum(row.place is None for row in self.rows)

    @property
    def wide(self) -> int:
        """Prompts whose answers part where the words are no near tie."""
        return sum(row.place is not None and row.margin > self.tie_logits for row in self.rows)

    @property
    def unequal(self) -> int:
        """Prompts that become other tokens."""
        return sum(bool(row.tokens_differ) for row in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """The side as JSON holds it."""
        return {
            "engine": self.engine, "tokens_equal": len(self.rows) - self.unequal, "same_answers": self.same, "tie_logits": self.tie_logits,
            "explained": len(self.rows) - self.same - self.wide, "compared_tokens": sum(row.said_tokens for row in self.rows),
            "near_ties": sum(row.near_ties for row in self.rows), "rows": [asdict(row) for row in self.rows],
        }


@dataclass(frozen=True)
class Report:
    """What the gate found, in float32 and as served; `fingerprint` says for which bytes of which adapter it holds."""

    adapter: str
    fingerprint: str
    base: str
    float32: Side
    served: Side

    @property
    def prompts(self) -> int:
        """How many prompts both engines were asked."""
        return min(len(self.float32.rows), len(self.served.rows))

    @property
    def problems(self) -> list[str]:
        """Why the gate is not passed; empty where it is."""
        count, exact, served = self.prompts, self.float32, self.served
        return [text for text, holds in (
            ("no prompt was asked", not count),
            (f"{max(exact.unequal, served.unequal)} of {count} prompts become other tokens", exact.unequal or served.unequal),
            (f"in float32 {exact.same} of {count} answers are the same, {SAME_SHARE:.0%} must be", exact.same < SAME_SHARE * count),
            *((f"{how} {side.wide} of {count} answers part where the words are more than {side.tie_logits} logits apart", side.wide)
              for how, side in (("in float32", exact), ("as served", served))),
        ) if holds]

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        return {
            "adapter": self.adapter, "fingerprint": self.fingerprint, "base": self.base, "passed": not self.problems,
            "problems": self.problems, "prompts": self.prompts, "float32": self.float32.to_dict(), "served": self.served.to_dict(),
        }


class Gate:
    """One adapter's gate: its results lie in a folder of the home folder and are used again for the same prompt and engine."""

    def __init__(self, adapter: Path, home: Path, engine: str, max_tokens: int = MAX_TOKENS) -> None:
        self.adapter, self.engine, self.max_tokens = adapter, engine, max_tokens
        self.folder = gate_folder(adapter, home)

    def key(self, prompt: Prompt) -> str:
        """What a result holds for: the prompt, the engine and the length."""
        said = json.dumps([prompt.messages, prompt.given, self.engine, self.max_tokens], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def kept(self) -> dict[str, Row]:
        """Results of earlier runs by their key; a line torn by a kill is left out."""
        path, found = self.folder / ROWS, {}
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
            try:
                row = Row(**json.loads(line))
            except (ValueError, TypeError):
                continue
            found[row.key] = row
        return found

    def missing(self, prompts: Sequence[Prompt]) -> list[Prompt]:
        """The prompts that have no result yet."""
        known = self.kept()
        return [prompt for prompt in prompts if self.key(prompt) not in known]

    def ask(self, prompts: Sequence[Prompt], served: Served, reader: Reader, tokenizer: Any) -> Iterator[Row]:
        """Compare each prompt and keep its result; raises `StorageError` where it cannot be kept."""
        for prompt in sorted(prompts, key=lambda prompt: prompt.messages[0]["content"]):  # what begins alike is read once
            row = compare(prompt, self.key(prompt), served, reader, tokenizer, self.max_tokens)
            self._keep(row)
            yield row

    def rows(self, prompts: Sequence[Prompt]) -> tuple[Row, ...]:
        """The results of these prompts that are there."""
        known = self.kept()
        return tuple(known[key] for prompt in prompts if (key := self.key(prompt)) in known)

    def forget(self) -> None:
        """Take away what earlier runs kept."""
        for name in (ROWS, REPORT):
            (self.folder / name).unlink(missing_ok=True)

    def _keep(self, row: Row) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / ROWS).open("a", encoding="utf-8") as file:
                file.write("\n" * _torn(self.folder / ROWS) + json.dumps(asdict(row), ensure_ascii=False) + "\n")
        except OSError as error:
            raise StorageError(f"{self.folder} cannot be written ({error.strerror}); free some disk space, then start the command again") from error


def compare(prompt: Prompt, key: str, served: Served, reader: Reader, tokenizer: Any, max_tokens: int = MAX_TOKENS) -> Row:
    """One prompt asked both ways. The engine answers its own tokens, and transformers reads along."""
    tokens = served.prompt_tokens(prompt.open_messages)
    problem = _where_tokens_differ(prompt, tokens, tokenizer)
    said = served.answer(tokens, max_tokens)
    found = reader.agreement(tokens, said) if said else Agreement(0, 0, None)
    question, first = prompt.messages[-1]["content"], found.first
    if first is None:
        return Row(key, question, len(tokens), problem, found.tokens, found.near_ties)
    wanted, other = (tokenizer.decode([token]) for token in (first.wanted, first.said))
    return Row(key, question, len(tokens), problem, found.tokens, found.near_ties, first.place, wanted, other, first.margin)


def report_on(prompts: Sequence[Prompt], float32: Gate, served: Gate, base: str) -> Report:
    """The report on what two engines said with one adapter, written beside the results; raises `StorageError`."""
    sides = (Side(float32.engine, EXACT_TIE_LOGITS, float32.rows(prompts)), Side(served.engine, NEAR_TIE_LOGITS, served.rows(prompts)))
    report = Report(served.adapter.name, fingerprint(served.adapter), base, *sides)
    _write(served.folder / REPORT, json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n")
    return report


def published_report(adapter: Path, home: Path) -> Path:
    """The report that allows this adapter to be published; raises `ParityError` where the gate was not run or not passed for these bytes."""
    path = gate_folder(adapter, home) / REPORT
    run = f"run 'fengjing parity {adapter}'"
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ParityError(f"the parity gate was not run for {adapter} as it is now; {run}") from error
    if report["fingerprint"] != fingerprint(adapter) or report["prompts"] < GATE_PROMPTS:
        raise ParityError(f"the parity gate was run on {report['prompts']} prompts only, publishing takes {GATE_PROMPTS}; {run}")
    if not report["passed"]:
        raise ParityError(f"{adapter} did not pass the parity gate ({'; '.join(report['problems'])}); see {path}")
    return path


def gate_folder(adapter: Path, home: Path) -> Path:
    """Where the results for an adapter lie; other bytes, another folder."""
    return home / "parity" / f"{adapter.name}-{fingerprint(adapter)[:12]}"


def _where_tokens_differ(prompt: Prompt, engine: list[int], tokenizer: Any) -> str:
    """Where training or transformers make other tokens of the prompt than the engine; empty where none does."""
    text = tokenizer.apply_chat_template(list(prompt.messages), tokenize=False, add_generation_prompt=True) + prompt.given
    ways = {"transformers' template": tokenizer(text, add_special_tokens=False)["input_ids"]}
    for history in (False, True):
        ways[f"training (mask_history: {str(not history).lower()})"] = _trained(prompt, tokenizer, history=history)
    for way, tokens in ways.items():
        if tokens != engine:
            place = next((i for i, (a, b) in enumerate(zip(tokens, engine, strict=False)) if a != b), min(len(tokens), len(engine)))
            return f"{way}: token {place} is {tokenizer.decode(tokens[place:place + 1])!r}, the engine's is {tokenizer.decode(engine[place:place + 1])!r}"
    return ""


def _trained(prompt: Prompt, tokenizer: Any, *, history: bool) -> list[int]:
    """The prompt's tokens as training makes them: what stands before the answer it learns."""
    messages = (*prompt.messages, {"role": "assistant", "content": prompt.given + _ANSWER})
    example = encode(tokenizer, Conversation(messages, given_chars=len(prompt.given)), history=history)
    last = max(i for i, label in enumerate(example.labels) if label == NOT_LEARNED)
    return example.input_ids[: last + 1]


def _torn(path: Path) -> bool:
    """Whether the file's last line was cut off by a kill, so that the next must begin on its own."""
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) != b"\n"


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}); free some disk space, then start the command again") from error
