"""The YAML of a training: LLaMA-Factory's keys, everything wrong named at once, other tools' files recognised."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from finetune.training.config import TrainConfig, check, load_config
from finetune.training.errors import ConfigError
from finetune.training.start import as_arguments

LEAST = {"model_name_or_path": "qwen-0.5b", "dataset": "trips", "output_dir": "out"}
# The keys of the LoRA example that LLaMA-Factory ships, with its values.
THEIRS = {
    "model_name_or_path": "Qwen/Qwen2.5-Coder-0.5B-Instruct", "trust_remote_code": True, "stage": "sft", "do_train": True, "finetuning_type": "lora",
    "lora_rank": 8, "lora_target": "all", "dataset": "identity,alpaca_en_demo", "template": "qwen", "cutoff_len": 2048, "max_samples": 1000,
    "preprocessing_num_workers": 16, "dataloader_num_workers": 4, "output_dir": "saves/lora/sft", "logging_steps": 10, "save_steps": 500,
    "plot_loss": True, "overwrite_output_dir": True, "save_only_model": False, "report_to": "none", "per_device_train_batch_size": 1,
    "gradient_accumulation_steps": 8, "learning_rate": "1.0e-4", "num_train_epochs": 3.0, "lr_scheduler_type": "cosine", "warmup_ratio": 0.1,
    "bf16": True, "ddp_timeout": 180000000, "resume_from_checkpoint": None,
}
CONFIGS = sorted((Path(__file__).parents[3] / "finetune" / "configs").glob("*.yaml"))


def problems(**keys: Any) -> str:
    """What is said about these keys."""
    with pytest.raises(ConfigError) as caught:
        check({**LEAST, **keys})
    return str(caught.value)


def test_their_example_runs_here() -> None:
    """Their shipped LoRA configuration is taken as it is; keys without effect are named, defaults are theirs."""
    config, notes = check(THEIRS)
    assert (config.dataset, config.learning_rate, config.alpha, config.lora_target) == (("identity", "alpaca_en_demo"), 1e-4, 16, ("all",))
    assert {note.split()[0] for note in notes} == {"trust_remote_code", "preprocessing_num_workers", "dataloader_num_workers", "report_to", "ddp_timeout"}


def test_everything_wrong_is_reported_at_once() -> None:
    """Unknown keys with a guess, bad values and contradictions come in one message."""
    text = problems(lora_rnak=8, lora_rank=0, bf16=True, fp16=True, val_size=0.1, eval_dataset="x", train_on_prompt=True, mask_history=True)
    assert "6 problems" in text or text.count("  - ") == 5
    for part in ("lora_rnak: no such key; did you mean lora_rank?", "lora_rank: ", "bf16, fp16", "val_size and eval_dataset", "train_on_prompt and mask_history"):
        assert part in text


@pytest.mark.parametrize(("keys", "part"), [
    ({"stage": "dpo"}, "stage: dpo is not offered; write sft"), ({"finetuning_type": "full"}, "finetuning_type: full"),
    ({"interleave_probs": "0.5,0.5"}, "interleave_probs"), ({"early_stopping_steps": 3}, "early_stopping_steps"),
    ({"eval_strategy": "steps"}, "val_size or eval_dataset"), ({"use_unsloth": True}, "use_unsloth: is not offered"),
    ({"do_predict": True}, "fengjing evaluate"), ({"template": "vicuna"}, "template: vicuna is not known"), ({"warmup_ratio": 0.1, "warmup_steps": 5}, "warmup"),
    ({"lora_target": "all,q_proj"}, "lora_target"), ({"learning_rate": "fast"}, "learning_rate"), ({"dataset": ""}, "dataset: names no data set"),
    ({"quantization_bit": 3}, "quantization_bit"), ({"adapter_name_or_path": "a,b"}, "adapter_name_or_path"), ({"val_size": 1.5}, "val_size"),
])
def test_each_rule_is_named(keys: dict[str, Any], part: str) -> None:
    """The message names the key and what to write."""
    assert part in problems(**keys)


def test_what_is_missing_is_named_together() -> None:
    """Three required keys, three problems."""
    with pytest.raises(ConfigError, match="3 problems"):
        check({"lora_rank": 8})


def test_the_v1_format_is_recognised() -> None:
    """A file of their newer format is named as such, each key with what to write instead."""
    v1 = {"model": "x", "peft_config": {"name": "lora"}, "train_dataset": "d.yaml", "micro_batch_size": 1, "output_dir": "o"}
    with pytest.raises(ConfigError, match="v1 format") as caught:
        check(v1)
    assert "micro_batch_size: write per_device_train_batch_size" in str(caught.value)


def test_an_axolotl_file_is_recognised() -> None:
    """Another trainer's file is named too."""
    with pytest.raises(ConfigError, match="Axolotl"):
        check({"base_model": "x", "datasets": [], "lora_r": 8, "sequence_len": 512})


def test_overrides_win_over_the_file(tmp_path: Path) -> None:
    """key=value after the path changes one key, as in LLaMA-Factory; a file in GBK is read."""
    path = tmp_path / "c.yaml"
    path.write_bytes(yaml.safe_dump({**LEAST, "default_system": "你是旅行助手"}, allow_unicode=True).encode("gbk"))
    config, _ = load_config(path, ("learning_rate=1e-3", "bf16=true"))
    assert (config.learning_rate, config.bf16, config.default_system) == (1e-3, True, "你是旅行助手")
    with pytest.raises(ConfigError, match="key=value"):
        load_config(path, ("fast",))


def test_a_broken_yaml_is_placed(tmp_path: Path) -> None:
    """The line is named."""
    path = tmp_path / "c.yaml"
    path.write_text("a: 1\n  b: [\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line"):
        load_config(path)


def test_a_kept_configuration_runs_again() -> None:
    """What a run writes down is the same configuration, in keys LLaMA-Factory knows."""
    config, _ = check({**THEIRS, "eval_dataset": "held_out", "eval_strategy": "steps", "eval_steps": 100})
    again, notes = check(yaml.safe_load(yaml.safe_dump(as_arguments(config))))
    assert (again, notes) == (config, [])
    assert TrainConfig(**LEAST).model_dump().keys() == config.model_dump().keys()


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_shipped_configurations_are_sound(path: Path) -> None:
    """Every configuration we ship passes its own check without a key that has no effect."""
    assert load_config(path)[1] == []


def test_we_ship_configurations() -> None:
    """The quick one and the one the shipped adapter was made with are there."""
    assert {"quick.yaml", "shipped.yaml"} <= {path.name for path in CONFIGS}
