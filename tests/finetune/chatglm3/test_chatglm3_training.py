"""A converted folder as a base for training: labels as the official recipe has them, and a short run."""

import json
from pathlib import Path
from typing import Any

import pytest
from sentencepiece import SentencePieceProcessor

from finetune.training.config import load_config
from finetune.training.conversations import Conversation
from finetune.training.encoding import check_template, encode
from finetune.training.run import Job, train

CHATS = {
    "one answer": [("user", "你好"), ("assistant", "hello people")],
    "three answers": [("system", "hello"), ("user", "青岛"), ("assistant", "好玩\n90 元"), ("user", "people <|user|>"), ("assistant", "x"), ("user", "票价"), ("assistant", "180 元")],
    "a tool": [("user", "9"), ("assistant", "f(x)"), ("observation", "[1]"), ("assistant", "hello </s>")],
}


def official(tokenizer: Any, pieces: SentencePieceProcessor, chat: list[tuple[str, str]]) -> tuple[list[int], list[int]]:
    """Ids and labels by the official recipe: what follows <|assistant|> is learned up to and with the next role's token, </s> at the end."""
    ids, learned = [tokenizer.convert_tokens_to_ids(name) for name in ("[gMASK]", "<sop>")], [False, False]
    speaks = False
    for role, content in chat:
        said = [*pieces.encode("\n"), *pieces.encode(content)]
        ids += [tokenizer.convert_tokens_to_ids(f"<|{role}|>"), *said]
        learned += [speaks, *[role == "assistant"] * len(said)]  # a role's token is the last speaker's to say
        speaks = role == "assistant"
    ids, learned = [*ids, tokenizer.eos_token_id], [*learned, speaks]
    return ids, [i if yes else -100 for i, yes in zip(ids, learned, strict=True)]


@pytest.mark.parametrize("chat", CHATS.values(), ids=CHATS)
def test_labels_are_the_official_recipes(chat: list[tuple[str, str]], tokenizer: Any, tokenizer_model: bytes) -> None:
    """Ids and labels are equal, the token the model must stop at included; what users typed stays text."""
    row = Conversation(tuple({"role": {"observation": "tool"}.get(role, role), "content": content} for role, content in chat))
    example = encode(tokenizer, row, history=True)
    assert (example.input_ids, example.labels) == official(tokenizer, SentencePieceProcessor(model_proto=tokenizer_model), chat)


def test_the_folders_template_is_known(tokenizer: Any) -> None:
    """`template: chatglm3` fits the converted folder."""
    check_template(tokenizer, "chatglm3")


@pytest.mark.slow
def test_a_converted_folder_is_trained_like_any_other_base(native: Path, tmp_path: Path) -> None:
    """A few steps on the tiny base bring the loss down and leave an adapter on the native names."""
    rows = [{"messages": [{"role": role, "content": text} for role, text in chat]} for chat in (CHATS["one answer"], CHATS["three answers"])] * 8
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    entry = {"file_name": "rows.jsonl", "formatting": "openai", "columns": {"messages": "messages"}}
    (tmp_path / "dataset_info.json").write_text(json.dumps({"rows": entry}), encoding="utf-8")
    keys = {
        "model_name_or_path": str(native), "stage": "sft", "do_train": True, "finetuning_type": "lora", "lora_rank": 4, "lora_target": "all", "template": "chatglm3",
        "dataset": "rows", "dataset_dir": str(tmp_path), "cutoff_len": 256, "output_dir": str(tmp_path / "run"), "per_device_train_batch_size": 4,
        "learning_rate": 0.02, "num_train_epochs": 3.0, "logging_steps": 1, "save_steps": 100, "eval_strategy": "no", "seed": 1,
    }
    (tmp_path / "train.yaml").write_text(json.dumps(keys), encoding="utf-8")
    train(Job(load_config(tmp_path / "train.yaml", ())[0], tmp_path), print)
    losses = [entry["loss"] for entry in json.loads((tmp_path / "run" / "trainer_state.json").read_text())["log_history"] if "loss" in entry]
    assert losses[-1] < losses[0] / 2
    assert "o_proj" in json.loads((tmp_path / "run" / "adapter_config.json").read_text())["target_modules"]
