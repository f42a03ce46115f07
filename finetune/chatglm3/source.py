"""What lies in a THUDM folder: its configuration and its weight files, and why some folders cannot be converted.

config.json is read as data and the Python files beside it are never run. ChatGLM-6B, ChatGLM2, CodeGeeX2 and GLM-4
carry the same model type; they are told apart here, as their tokenizers and prompts differ.
"""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import ModelError

CONFIG = "config.json"
LAYOUTS = (("model.safetensors.index.json", "model.safetensors"), ("pytorch_model.bin.index.json", "pytorch_model.bin"))
ROPE_THETA = 10_000.0
OTHER_GENERATIONS = ("chatglm-6b", "chatglm2", "codegeex", "glm-4", "glm4")
# What must hold, what holds where the key is absent; anything else changes the computation.
WANTED: dict[str, tuple[Any, Any]] = {
    "rmsnorm": (True, True), "post_layer_norm": (True, True), "original_rope": (True, True), "multi_query_attention": (True, False),
    "add_bias_linear": (False, False), "apply_residual_connection_post_layernorm": (False, False), "tie_word_embeddings": (False, False),
    "hidden_dropout": (0, 0),
}


class ConvertError(ModelError):
    """A checkpoint or adapter cannot be converted."""


class ThudmConfig(BaseModel):
    """The keys of THUDM's config.json that decide what is computed; sizes are numbers of features, heads, rows or tokens."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    num_layers: int = Field(gt=0)
    hidden_size: int = Field(gt=0)
    ffn_hidden_size: int = Field(gt=0)
    num_attention_heads: int = Field(gt=0)
    multi_query_group_num: int = Field(gt=0)
    kv_channels: int = Field(gt=0)
    padded_vocab_size: int = Field(gt=0)
    seq_length: int = Field(gt=0)
    layernorm_epsilon: float = Field(gt=0)
    rope_ratio: float = Field(default=1, gt=0)
    add_qkv_bias: bool = False
    attention_dropout: float = 0
    torch_dtype: Literal["float16", "bfloat16", "float32"] = "float16"

    @property
    def rows(self) -> tuple[int, int, int]:
        """Rows of queries, keys and values in the fused matrix."""
        groups = self.multi_query_group_num * self.kv_channels
        return (self.num_attention_heads * self.kv_channels, groups, groups)

    def native(self) -> dict[str, Any]:
        """The same as arguments of `GlmConfig`, without the special tokens' ids."""
        return {
            "vocab_size": self.padded_vocab_size, "hidden_size": self.hidden_size, "intermediate_size": self.ffn_hidden_size,
            "num_hidden_layers": self.num_layers, "num_attention_heads": self.num_attention_heads, "head_dim": self.kv_channels,
            "num_key_value_heads": self.multi_query_group_num, "max_position_embeddings": self.seq_length,
            "rms_norm_eps": self.layernorm_epsilon, "attention_bias": self.add_qkv_bias, "attention_dropout": self.attention_dropout,
            "rope_parameters": {"rope_type": "default", "rope_theta": ROPE_THETA * self.rope_ratio, "partial_rotary_factor": 0.5},
            "tie_word_embeddings": False, "dtype": self.torch_dtype, "architectures": ["GlmForCausalLM"],
        }


def read_config(folder: Path) -> ThudmConfig:
    """The configuration of a ChatGLM3 folder; raises `ConvertError` where it is none, or computes something else."""
    raw = read_json(folder / CONFIG)
    if raw.get("model_type") != "chatglm":
        raise ConvertError(f"{folder} holds a {raw.get('model_type') or 'model of no type'}, expected THUDM's chatglm; other bases need no conversion")
    _refuse_other_generations(folder, raw)
    unfit = [f"{key} is {raw.get(key, absent)}, not {wanted}" for key, (wanted, absent) in WANTED.items() if raw.get(key, absent) != wanted]
    unfit += [f"{key} is {raw[key]} ({what})" for key, what in (("pre_seq_len", "P-tuning v2"), ("quantization_bit", "packed weights")) if raw.get(key)]
    if unfit:
        raise ConvertError(f"{folder} cannot be converted: {'; '.join(unfit)}; take THUDM's unquantised chatglm3-6b, -base, -32k or -128k")
    try:
        config = ThudmConfig.model_validate({key: value for key, value in raw.items() if value is not None})
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ConvertError(f"{folder / CONFIG} is no ChatGLM3 configuration ({found}); take the one that came with the weights") from error
    if config.num_attention_heads % config.multi_query_group_num:
        raise ConvertError(f"{folder}: {config.num_attention_heads} heads cannot share {config.multi_query_group_num} groups; take the config.json that came with the weights")
    return config


def weight_files(folder: Path) -> list[Path]:
    """The files of the weights in order, .safetensors before .bin where both lie there; raises `ConvertError` where one is missing."""
    for index, single in LAYOUTS:
        if (folder / index).exists():
            placed = read_json(folder / index).get("weight_map")
            names = sorted({Path(str(name)).name for name in placed.values()}) if isinstance(placed, dict) else []
        else:
            names = [single] if (folder / single).exists() else []
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            raise ConvertError(f"{folder} lacks {', '.join(missing)}, which {index} names; fetch the folder again")
        if names:
            return [folder / name for name in names]
    raise ConvertError(f"{folder} holds no weights; expected {' or '.join(single for _, single in LAYOUTS)}, or shards with their index")


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; raises `ConvertError`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConvertError(f"{path} cannot be read ({error}); give a folder with THUDM's files, or with an adapter") from error
    if not isinstance(found, dict):
        raise ConvertError(f"{path} holds no object; fetch the file again")
    return found


def _refuse_other_generations(folder: Path, raw: dict[str, Any]) -> None:
    """Raise where the folder's own files show another model of the family."""
    code = folder / "tokenization_chatglm.py"
    older = code.is_file() and "<|assistant|>" not in code.read_text(encoding="utf-8", errors="replace")
    name = str(raw.get("_name_or_path", "")).lower()
    named = next((other for other in OTHER_GENERATIONS if other in name), None)
    if older or named or "position_encoding_2d" in raw:
        seen = f"its config.json says {named}" if named else "its tokenizer knows no <|assistant|>" if older else "it has 2D positions"
        raise ConvertError(f"{folder} is another model of the GLM family ({seen}); only ChatGLM3 is converted: GLM-4 has native checkpoints (glm-4-9b-hf)")
