"""A base small enough to train in seconds, a registry of rows for it, and the keys of a short run."""

import json
from pathlib import Path
from typing import Any

import pytest
from tiny import TEMPLATE, WORDS, grounded_row


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random Qwen2 (64 wide, 2 layers), and a tokenizer and template of its own."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    folder = tmp_path_factory.mktemp("base")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(WORDS * 4, trainers.BpeTrainer(
        vocab_size=600, special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False))
    marks = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **marks)
    fast.chat_template = TEMPLATE
    fast.save_pretrained(str(folder))
    torch.manual_seed(7)
    Qwen2ForCausalLM(Qwen2Config(
        vocab_size=len(fast), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=512, bos_token_id=0, eos_token_id=2, pad_token_id=0, tie_word_embeddings=False,
    )).save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="session")
def tokenizer(tiny_base: Path) -> Any:
    """The tiny base's tokenizer."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(tiny_base))


@pytest.fixture
def dataset_dir(tmp_path: Path) -> Path:
    """A registry with `trips` (24 rows) and `held_out` (6 rows), both grounded conversations."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name, numbers in (("trips", range(24)), ("held_out", range(100, 106))):
        lines = [json.dumps(grounded_row(number), ensure_ascii=False) for number in numbers]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    entry = {"formatting": "openai", "columns": {"messages": "messages"}}
    registry = {name: {"file_name": f"{name}.jsonl", **entry} for name in ("trips", "held_out")}
    (folder / "dataset_info.json").write_text(json.dumps(registry), encoding="utf-8")
    return folder


@pytest.fixture
def keys(tiny_base: Path, dataset_dir: Path, tmp_path: Path) -> dict[str, Any]:
    """A configuration of twelve steps on the tiny base."""
    (tmp_path / "probe.txt").write_text("去海湾好吗？\n", encoding="utf-8")
    return {
        "model_name_or_path": str(tiny_base), "stage": "sft", "do_train": True, "finetuning_type": "lora", "lora_rank": 4, "lora_target": "all",
        "dataset": "trips", "eval_dataset": "held_out", "dataset_dir": str(dataset_dir), "template": "qwen", "cutoff_len": 512, "mask_history": True,
        "output_dir": str(tmp_path / "run"), "per_device_train_batch_size": 4, "learning_rate": 0.02, "num_train_epochs": 2.0, "logging_steps": 2,
        "save_steps": 4, "eval_strategy": "steps", "eval_steps": 4, "plot_loss": True, "seed": 1,
    }
