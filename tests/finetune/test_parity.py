"""The parity gate: what it compares, how it goes on, what it lets through; and the real engine against transformers."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tiny_gguf import write_tiny
from tuned import Tiny, write_tuned

from finetune.agreement import NEAR_TIE_LOGITS, Agreement, Difference
from finetune.parity import (
    EXACT_TIE_LOGITS,
    GATE_PROMPTS,
    Gate,
    ParityError,
    Prompt,
    Report,
    Row,
    Side,
    compare,
    gate_folder,
    published_report,
    report_on,
)
from finetune.shipping import fingerprint, ready

TALKS = [
    Prompt(({"role": "system", "content": "你是亲切的旅行助手。"}, {"role": "user", "content": "<资料>\n1. 栈桥（免费）\n</资料>\n问题：青岛好玩吗？"})),
    Prompt(({"role": "user", "content": "甲"}, {"role": "assistant", "content": "乙\n"}, {"role": "user", "content": " Is it nice?  90"})),
    Prompt(({"role": "user", "content": "去那里玩什么好"},), given="1. 栈桥（免费）：\n"),
]


class Spelling:
    """A tokenizer of our own: a character, a token; its template is ChatML without a default system turn."""

    eos_token, chat_template = "<|im_end|>", "chatml"

    def apply_chat_template(self, messages: list[dict[str, str]], **options: Any) -> str:
        """The messages as one text."""
        text = "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)
        return text + ("<|im_start|>assistant\n" if options["add_generation_prompt"] else "")

    def get_added_vocab(self) -> dict[str, int]:
        """The marks."""
        return {"<|im_start|>": 1, "<|im_end|>": 2}

    def __call__(self, text: str, **_: Any) -> dict[str, list[int]]:
        """A number for each character."""
        return {"input_ids": [ord(char) for char in text]}

    def decode(self, tokens: list[int]) -> str:
        """And back."""
        return "".join(map(chr, tokens))


class Scripted:
    """An engine of our own: it spells as `Spelling` does, says 好, and counts what it was asked."""

    def __init__(self, extra: str = "") -> None:
        self.extra, self.asked = extra, 0

    def prompt_tokens(self, messages: list[dict[str, str]]) -> list[int]:
        """As the template writes it, a begun answer left open."""
        given = messages[-1]["content"] if messages[-1]["role"] == "assistant" else ""
        text = Spelling().apply_chat_template(messages[:-1] if given else messages, add_generation_prompt=True)
        return [ord(char) for char in self.extra + text + given]

    def answer(self, tokens: list[int], limit: int) -> list[int]:
        """One token."""
        self.asked += 1
        return [ord("好")]


def reader(margin: float | None = None) -> Any:
    """A reader that agrees, or would have said 坏 with this margin."""
    first = None if margin is None else Difference(0, ord("坏"), ord("好"), margin)
    return SimpleNamespace(agreement=lambda _asked, said: Agreement(len(said), 1, first))


def peft_folder(folder: Path) -> Path:
    """The two files whose bytes a report holds for."""
    folder.mkdir()
    (folder / "adapter_model.safetensors").write_bytes(b"weights")
    (folder / "adapter_config.json").write_text("{}")
    return folder


def report_of(float32: list[Row], served: list[Row]) -> Report:
    """A report on these rows."""
    return Report("a", "f", "base", Side("engine, in float32", EXACT_TIE_LOGITS, tuple(float32)), Side("engine", NEAR_TIE_LOGITS, tuple(served)))


GOOD = Row("k", "q", 10, "", 20, 1)
TIE = replace(GOOD, place=3, wanted="a", said="b", margin=0.02)


def test_equal_tokens_and_answers_are_no_problem() -> None:
    """Several turns and a begun answer too: all three ways of writing the prompt give the engine's tokens."""
    for talk in TALKS:
        row = compare(talk, "k", Scripted(), reader(), Spelling())
        assert (row.tokens_differ, row.place) == ("", None)


def test_other_tokens_are_shown_where_they_begin() -> None:
    """An engine that writes something before the prompt is caught at the first token."""
    row = compare(TALKS[0], "k", Scripted("\n"), reader(), Spelling())
    assert row.tokens_differ == "transformers' template: token 0 is '<', the engine's is '\\n'"


def test_a_difference_is_explained_only_by_a_near_tie() -> None:
    """Both words and the logits between them are kept; half a logit is the most that rounding may do, a twentieth in float32."""
    at_limit, beyond, tiny = (compare(TALKS[0], "k", Scripted(), reader(margin), Spelling()) for margin in (0.5, 0.6, 0.05))
    assert (at_limit.wanted, at_limit.said, at_limit.margin) == ("坏", "好", 0.5)
    report = report_of([tiny, at_limit], [at_limit, beyond])
    assert (report.float32.wide, report.served.wide) == (1, 1)


@pytest.mark.parametrize(("float32", "served", "problems"), [
    ([GOOD] * 19 + [TIE], [GOOD] * 5 + [TIE] * 15, []),
    ([GOOD] * 18 + [TIE] * 2, [GOOD] * 20, ["in float32 18 of 20 answers are the same, 95% must be"]),
    ([GOOD] * 20 + [replace(TIE, margin=0.2)], [GOOD] * 21, ["in float32 1 of 21 answers part where the words are more than 0.05 logits apart"]),
    ([GOOD] * 21, [GOOD] * 20 + [replace(TIE, margin=2.0)], ["as served 1 of 21 answers part where the words are more than 0.5 logits apart"]),
    ([GOOD] * 21, [GOOD] * 20 + [replace(GOOD, tokens_differ="x")], ["1 of 21 prompts become other tokens"]),
    ([GOOD], [], ["no prompt was asked"]),
])
def test_what_passes(float32: list[Row], served: list[Row], problems: list[str]) -> None:
    """Every prompt's tokens equal, 95 in 100 answers the same in float32, whatever else differs a near tie; anything else is named."""
    assert report_of(float32, served).problems == problems


def test_a_gate_that_was_broken_off_goes_on(tmp_path: Path) -> None:
    """Kept results are not asked for again; a torn line counts for nothing and harms no later one; another engine asks anew."""
    adapter = peft_folder(tmp_path / "a")
    gate, engine = Gate(adapter, tmp_path, "engine 1"), Scripted()
    rows = gate.ask(TALKS, engine, reader(), Spelling())
    next(rows)
    next(rows)
    with (gate.folder / "rows.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"key": "torn')
    again = Gate(adapter, tmp_path, "engine 1")
    assert again.missing(TALKS) == [TALKS[1]]  # the last by its beginning
    assert len(list(again.ask(again.missing(TALKS), engine, reader(), Spelling()))) == 1
    assert (engine.asked, again.missing(TALKS)) == (3, [])
    assert [row.question for row in again.rows(TALKS)] == [talk.messages[-1]["content"] for talk in TALKS]
    assert Gate(adapter, tmp_path, "engine 2").missing(TALKS) == TALKS
    again.forget()
    assert again.missing(TALKS) == TALKS


def test_publishing_takes_a_passed_gate_of_these_very_bytes(tmp_path: Path) -> None:
    """Not run, run on too few or with one engine, failed, or run before the weights changed: each is refused in its own words."""
    adapter = peft_folder(tmp_path / "a")
    many = [Prompt(({"role": "user", "content": str(number)},)) for number in range(GATE_PROMPTS)]
    float32, served = Gate(adapter, tmp_path, "engine, in float32"), Gate(adapter, tmp_path, "engine")
    with pytest.raises(ParityError, match="was not run"):
        published_report(adapter, tmp_path)
    list(served.ask(many, Scripted(), reader(0.1), Spelling()))
    report_on(many, float32, served, "base")
    with pytest.raises(ParityError, match="on 0 prompts only, publishing takes 50"):
        published_report(adapter, tmp_path)
    list(float32.ask(many, Scripted(), reader(), Spelling()))
    report_on(many[:3], float32, served, "base")
    with pytest.raises(ParityError, match="on 3 prompts only, publishing takes 50"):
        published_report(adapter, tmp_path)
    report_on(many, float32, served, "base")
    found = json.loads(published_report(adapter, tmp_path).read_text())
    assert (found["passed"], found["prompts"], found["fingerprint"]) == (True, GATE_PROMPTS, fingerprint(adapter))
    float32.forget()
    for gate in (float32, served):
        list(gate.ask(many, Scripted(), reader(0.1), Spelling()))
    report_on(many, float32, served, "base")
    with pytest.raises(ParityError, match="did not pass"):
        published_report(adapter, tmp_path)
    (adapter / "adapter_model.safetensors").write_bytes(b"others")
    with pytest.raises(ParityError, match="was not run"):
        published_report(adapter, tmp_path)


@pytest.mark.slow
def test_the_real_engine_says_what_transformers_says(tiny: Tiny, tmp_path: Path) -> None:
    """A tiny model in llama.cpp with its GGUF LoRA and in transformers with PEFT: tokens and greedy answers are equal."""
    rows = _rows(tiny, tiny.adapter, tmp_path)
    assert [(row.tokens_differ, row.place) for row in rows] == [("", None)] * len(TALKS)
    assert all(row.said_tokens > 8 for row in rows)


@pytest.mark.slow
def test_an_adapter_served_at_half_its_strength_is_caught(tiny: Tiny, tmp_path: Path) -> None:
    """The gate compares what is really served: another scale in the engine gives other words, by more than a near tie."""
    weak = write_tuned(tiny.base, tiny.home, tmp_path / "weak", lora_alpha=4)
    rows = _rows(tiny, tiny.adapter, tmp_path, served=weak)
    assert report_of(rows, rows).served.wide


@pytest.mark.slow
def test_another_template_in_the_engine_is_caught(tiny: Tiny, tmp_path: Path) -> None:
    """The base served with a template that says something more: the gate shows where the tokens part."""
    talkative = write_tiny(tmp_path / "tiny.gguf", template="{{- '你好' }}{%- for m in messages %}{{- m.content }}{%- endfor %}")
    rows = _rows(replace(tiny, base=talkative), tiny.adapter, tmp_path, trained_on=tiny.base)
    assert all(row.tokens_differ.startswith("transformers' template: token 0") for row in rows)


def _rows(tiny: Tiny, adapter: Path, home: Path, served: Path | None = None, trained_on: Path | None = None) -> list[Row]:
    from chains.models.embedded import EmbeddedEngine, EngineConfig
    from finetune.agreement import Reader
    from finetune.float32_base import float32_base
    from finetune.merging import load_tuned
    from finetune.served import LlamaServer

    tuned = load_tuned(adapter, tiny.home, str(trained_on or tiny.base))
    engine = EmbeddedEngine(EngineConfig(float32_base(tiny.base, home), ready(served or adapter, tiny.base, home), float32=True))
    gate = Gate(adapter, home, "engine", max_tokens=16)
    return list(gate.ask(TALKS, LlamaServer(engine.base_url), Reader(tuned.model), tuned.tokenizer))


def test_results_lie_by_the_adapters_bytes(tmp_path: Path) -> None:
    """Another adapter of the same name has a folder of its own."""
    one, other = peft_folder(tmp_path / "a"), peft_folder(tmp_path / "b")
    assert gate_folder(one, tmp_path).name.startswith("a-")
    (other / "adapter_model.safetensors").write_bytes(b"other")
    assert gate_folder(one, tmp_path).name[2:] != gate_folder(other, tmp_path).name[2:]
