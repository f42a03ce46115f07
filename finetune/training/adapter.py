"""The adapter on its base: LoRA, rsLoRA and DoRA made new, or an earlier adapter taken up again; QLoRA's quantised base."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model, prepare_model_for_kbit_training
from safetensors import SafetensorError

from chains.models.adapted import WEIGHTS, misfit
from finetune.training.config import TrainConfig
from finetune.training.errors import ConfigError, TrainingError

if TYPE_CHECKING:
    from transformers import BitsAndBytesConfig, PreTrainedModel

CONFIG = "adapter_config.json"


def with_adapter(model: "PreTrainedModel", config: TrainConfig) -> PeftModel:
    """The model with the adapter that is to be trained; everything else in it is frozen.

    Raises `ConfigError` for targets the model has not, `TrainingError` for an adapter of another base.
    """
    if config.quantization_bit:
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)  # type: ignore[no-untyped-call]
    if config.adapter_name_or_path:
        folder = Path(config.adapter_name_or_path[0]).expanduser()
        check_fits(folder, model)
        return PeftModel.from_pretrained(model, str(folder), is_trainable=True)
    lora = LoraConfig(
        r=config.lora_rank, lora_alpha=config.alpha, lora_dropout=config.lora_dropout, target_modules=_targets(model, config.lora_target),
        modules_to_save=list(config.additional_target) or None, use_rslora=config.use_rslora, use_dora=config.use_dora, task_type="CAUSAL_LM",
    )
    adapted = get_peft_model(model, lora, autocast_adapter_dtype=not config.pure_bf16)
    assert isinstance(adapted, PeftModel)  # noqa: S101 - mixed models are made only on request
    return adapted


def quantized(config: TrainConfig) -> "BitsAndBytesConfig | None":
    """How the base is quantised at load, or None; raises `TrainingError` where bitsandbytes is not installed."""
    if not config.quantization_bit:
        return None
    from transformers import BitsAndBytesConfig
    from transformers.utils.import_utils import is_bitsandbytes_available

    if not is_bitsandbytes_available():
        raise TrainingError("quantization_bit needs bitsandbytes; run 'pip install bitsandbytes', or remove the key")
    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_8bit=config.quantization_bit == 8, load_in_4bit=config.quantization_bit == 4, bnb_4bit_quant_type=config.quantization_type,
        bnb_4bit_use_double_quant=config.double_quantization, bnb_4bit_compute_dtype=torch.bfloat16 if config.bf16 else torch.float16,
    )


def check_fits(folder: Path, model: "PreTrainedModel") -> None:
    """Raise `TrainingError` unless every matrix of the adapter has its layer, of its width, in the model."""
    config = _adapter_config(folder)
    path = folder / WEIGHTS
    try:
        found = misfit(model, path)
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"{path} cannot be read ({error}); the adapter was not saved whole: use an earlier checkpoint") from error
    if found:
        raise TrainingError(
            f"the adapter {folder} was made for another base ({config.get('base_model_name_or_path') or 'unnamed'}): {found}; "
            "set model_name_or_path to the adapter's base, or remove adapter_name_or_path"
        )


def _adapter_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{folder} holds no readable {CONFIG} ({error}); adapter_name_or_path must be a PEFT folder") from error
    if config.get("peft_type") != "LORA":
        raise TrainingError(f"the adapter {folder} is a {config.get('peft_type')}, only LORA can be continued; remove adapter_name_or_path")
    return dict(config)


def _targets(model: "PreTrainedModel", wanted: tuple[str, ...]) -> list[str]:
    """Names of the layers to adapt; "all" is every linear layer but the one that makes the words."""
    head = model.get_output_embeddings()  # type: ignore[no-untyped-call]
    linear = {name.rpartition(".")[2] for name, module in model.named_modules() if isinstance(module, torch.nn.Linear) and module is not head}
    if wanted == ("all",):
        return sorted(linear)
    missing = [name for name in wanted if name not in linear]
    if missing:
        raise ConfigError("lora_target", [f"this base has no layer {name}; it has {', '.join(sorted(linear))}" for name in missing])
    return list(wanted)
