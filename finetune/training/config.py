"""A training's configuration: the YAML keys of LLaMA-Factory's LoRA runs, checked together before anything starts.

Their configs run here and ours run there. Everything wrong in a file is reported at once. Which keys have no effect
here and which are not offered stands in `finetune.training.keys`. This module does not look at models or data.
"""

import difflib
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from finetune.training.errors import ConfigError
from finetune.training.keys import NOT_OFFERED, OTHER_TOOLS, OTHER_VERBS, TEMPLATES, WITHOUT_EFFECT
from finetune.training.texts import read_text

Scheduler = Literal["linear", "cosine", "constant", "constant_with_warmup", "inverse_sqrt", "polynomial"]


def _names(value: object) -> object:
    """A comma list or a YAML list as a tuple of names; null is none."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return tuple(value) if isinstance(value, list) else value


def _own_number(value: object) -> object:
    """PyYAML reads 1e-4 as text; what reads as a number is one. The Board's 0 or empty text for 'off' is none."""
    return None if value in ("", "none", "None") else value


Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Share = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


class TrainConfig(BaseModel):
    """One LoRA training as LLaMA-Factory's keys say it; defaults are theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model_name_or_path: str
    adapter_name_or_path: Names = ()
    quantization_bit: Annotated[Literal[4, 8] | None, BeforeValidator(_own_number)] = None
    quantization_method: Literal["bnb", "bitsandbytes"] = "bnb"
    quantization_type: Literal["nf4", "fp4"] = "nf4"
    double_quantization: bool = True
    stage: Literal["sft"] = "sft"
    do_train: bool = True
    finetuning_type: Literal["lora"] = "lora"
    lora_rank: Count = 8
    lora_alpha: Count | None = None
    lora_dropout: Share = 0.0
    lora_target: Names = ("all",)
    additional_target: Names = ()
    use_rslora: bool = False
    use_dora: bool = False
    dataset: Names
    eval_dataset: Names = ()
    dataset_dir: Path = Path("data")
    template: str | None = None
    cutoff_len: Annotated[int, Field(ge=8)] = 2048
    max_samples: Count | None = None
    mix_strategy: Literal["concat", "interleave_under", "interleave_over"] = "concat"
    interleave_probs: Annotated[tuple[float, ...], BeforeValidator(_names)] = ()
    train_on_prompt: bool = False
    mask_history: bool = False
    packing: bool | None = None
    neat_packing: bool = False
    default_system: str | None = None
    val_size: Annotated[float, Field(ge=0)] = 0.0
    output_dir: Path
    overwrite_output_dir: bool = False
    resume_from_checkpoint: bool | Path | None = None
    logging_steps: Annotated[float, Field(gt=0)] = 500
    save_steps: Annotated[float, Field(gt=0)] = 500
    save_total_limit: Count | None = None
    save_only_model: bool = False
    plot_loss: bool = False
    per_device_train_batch_size: Count = 8
    per_device_eval_batch_size: Count = 8
    gradient_accumulation_steps: Count = 1
    learning_rate: Annotated[float, Field(gt=0)] = 5e-5
    num_train_epochs: Annotated[float, Field(gt=0)] = 3.0
    max_steps: int = -1
    lr_scheduler_type: Scheduler = "linear"
    lr_scheduler_kwargs: dict[str, Any] = {}
    warmup_ratio: Share = 0.0
    warmup_steps: Annotated[float, Field(ge=0)] = 0
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    adam_beta1: Share = 0.9
    adam_beta2: Share = 0.999
    adam_epsilon: Annotated[float, Field(gt=0)] = 1e-8
    max_grad_norm: Annotated[float, Field(ge=0)] = 1.0
    optim: str = "adamw_torch"
    seed: int = 42
    data_seed: int | None = None
    bf16: bool = False
    fp16: bool = False
    pure_bf16: bool = False
    neftune_noise_alpha: Annotated[float | None, Field(ge=0), BeforeValidator(_own_number)] = None
    gradient_checkpointing: bool | None = None
    disable_gradient_checkpointing: bool = False
    group_by_length: bool = False
    eval_strategy: Annotated[Literal["no", "steps", "epoch"], BeforeValidator(lambda v: "no" if v is False else v)] = "no"
    eval_steps: Annotated[float | None, Field(gt=0)] = None
    early_stopping_steps: Count | None = None
    load_best_model_at_end: bool | None = None
    deepspeed: str | None = None

    @property
    def alpha(self) -> int:
        """LoRA's alpha: twice the rank unless set."""
        return self.lora_alpha or 2 * self.lora_rank

    @property
    def has_validation(self) -> bool:
        """Whether some rows are kept apart for validation."""
        return self.val_size > 0 or bool(self.eval_dataset)

    @property
    def validates(self) -> bool:
        """Whether validation happens while training."""
        return self.has_validation and self.eval_strategy != "no"


ALIASES = {"evaluation_strategy": "eval_strategy", "cutoff_length": "cutoff_len"}  # older spellings of theirs


def load_config(path: Path, overrides: tuple[str, ...] = ()) -> tuple[TrainConfig, list[str]]:
    """The configuration in `path`, with `key=value` overrides, and notes on keys that have no effect here.

    Raises `ConfigError` listing everything that is wrong.
    """
    try:
        raw = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ConfigError(str(path), [f"{where}no YAML ({getattr(error, 'problem', error)}); see finetune/configs/quick.yaml"]) from error
    if not isinstance(raw, dict):
        raise ConfigError(str(path), ["expected 'key: value' lines as in finetune/configs/quick.yaml"])
    return check({**raw, **_overrides(path, overrides)}, str(path))


def check(raw: dict[str, Any], where: str = "config") -> tuple[TrainConfig, list[str]]:
    """The keys as a configuration, and notes; raises `ConfigError` listing everything that is wrong."""
    foreign = _other_tool(raw)
    if foreign:
        raise ConfigError(where, foreign)
    raw = {ALIASES.get(key, key): value for key, value in raw.items()}
    problems = [_not_offered(key) for key, value in raw.items() if key in {*NOT_OFFERED, *OTHER_VERBS} and value not in (None, False)]
    notes = [f"{key} has no effect here: {WITHOUT_EFFECT[key]}" for key in raw if key in WITHOUT_EFFECT]
    ours = {key: value for key, value in raw.items() if key not in {*WITHOUT_EFFECT, *NOT_OFFERED, *OTHER_VERBS}}
    config, wrong = _validated(ours)
    problems += wrong + contradictions(config)
    if problems:
        raise ConfigError(where, problems)
    return config, notes


def _validated(ours: dict[str, Any]) -> tuple[TrainConfig, list[str]]:
    """The configuration and what is wrong with it; wrong keys fall back, so that the rest can be checked too."""
    try:
        return TrainConfig(**ours), []
    except ValidationError as error:
        bad = {str(found["loc"][0]): found for found in error.errors()}
    good = {key: value for key, value in ours.items() if key not in bad}
    filler = {key: "missing" for key in ("model_name_or_path", "dataset", "output_dir") if key in bad}
    return TrainConfig(**good, **filler), [_problem(key, found) for key, found in bad.items()]


def _problem(key: str, found: Any) -> str:
    if found["type"] == "extra_forbidden":
        known = [*TrainConfig.model_fields, *WITHOUT_EFFECT]
        near = difflib.get_close_matches(key, known, 1)
        return f"{key}: no such key" + (f"; did you mean {near[0]}?" if near else "; remove it")
    if found["type"] == "missing":
        return f"{key}: is missing"
    if key in {"stage", "finetuning_type"}:
        return f"{key}: {found['input']} is not offered; write {TrainConfig.model_fields[key].default}"
    return f"{key}: {found['msg']}, got {found['input']!r}"


def contradictions(config: TrainConfig) -> list[str]:
    """Pairs of keys that cannot both hold; LLaMA-Factory refuses the same ones."""
    rules = {
        "do_train: must be true to train": not config.do_train,
        "val_size and eval_dataset: give one of them": config.val_size > 0 and bool(config.eval_dataset),
        "train_on_prompt and mask_history: give one of them": config.train_on_prompt and config.mask_history,
        "bf16, fp16 and pure_bf16: at most one may be true": config.bf16 + config.fp16 + config.pure_bf16 > 1,
        "interleave_probs: only with mix_strategy interleave_under or interleave_over": bool(config.interleave_probs) and config.mix_strategy == "concat",
        "interleave_probs: needs one probability for each data set":
            bool(config.interleave_probs) and len(config.interleave_probs) != len(config.dataset),
        "quantization_bit and pure_bf16: quantised bases need float32 adapters; use bf16": bool(config.quantization_bit) and config.pure_bf16,
        "eval_strategy: needs val_size or eval_dataset": config.eval_strategy != "no" and not config.has_validation,
        "early_stopping_steps: needs eval_strategy and val_size or eval_dataset": bool(config.early_stopping_steps) and not config.validates,
        "load_best_model_at_end: needs eval_strategy and val_size or eval_dataset": bool(config.load_best_model_at_end) and not config.validates,
        "gradient_checkpointing and disable_gradient_checkpointing: give one of them":
            bool(config.gradient_checkpointing) and config.disable_gradient_checkpointing,
        "warmup_ratio and warmup_steps: give one of them": config.warmup_ratio > 0 and config.warmup_steps > 0,
        "adapter_name_or_path: one adapter can be continued, not several": len(config.adapter_name_or_path) > 1,
        "lora_target: 'all' stands alone": "all" in config.lora_target and len(config.lora_target) > 1,
        "val_size: a share below 1 or a whole number of rows": config.val_size > 1 and not float(config.val_size).is_integer(),
        f"template: {config.template} is not known; leave it out or write one of {', '.join(TEMPLATES)}":
            config.template is not None and config.template not in TEMPLATES,
        "dataset: names no data set": not config.dataset,
    }
    return [rule for rule, broken in rules.items() if broken]


def _not_offered(key: str) -> str:
    if key in OTHER_VERBS:
        return f"{key}: belongs to another task; run '{OTHER_VERBS[key]}' for that and remove the key here"
    return f"{key}: is not offered; {NOT_OFFERED[key]}"


def _other_tool(raw: dict[str, Any]) -> list[str]:
    """What to rename, where the file is another tool's; nothing where it is v0."""
    if "model_name_or_path" in raw:
        return []
    for tool, (names, marks) in OTHER_TOOLS.items():
        if len(marks & set(raw)) > 1:
            return [f"this is {tool}; LLaMA-Factory's v0 keys are expected",
                    *(f"{key}: write {names[key]}" for key in raw if key in names)]
    return []


def _overrides(path: Path, overrides: tuple[str, ...]) -> dict[str, Any]:
    wrong = [f"{given!r}: expected key=value" for given in overrides if "=" not in given]
    if wrong:
        raise ConfigError(str(path), wrong)
    pairs = (given.partition("=") for given in overrides)
    return {key.strip(): yaml.safe_load(value) for key, _, value in pairs}
