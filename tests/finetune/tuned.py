"""Adapters on the tiny base of `tiny_gguf`, as PEFT writes them, trained on nothing: their matrices are drawn."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tiny_gguf import BLOCKS, WIDTH

from finetune.base import load_base

PLACES = ["q_proj", "v_proj", "up_proj", "down_proj"]


@dataclass(frozen=True)
class Tiny:
    """Where the tiny base, a home folder for it and an adapter on it lie."""

    home: Path
    base: Path
    adapter: Path


def write_tuned(base: Path, home: Path, folder: Path, scale: float = 0.3, **lora: Any) -> Path:
    """A PEFT folder for the base; B matrices are drawn too, so that the adapter changes what is said."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(3)
    model, _ = load_base(str(base), home)
    tuned = get_peft_model(model, LoraConfig(**{"r": 4, "lora_alpha": 8, "target_modules": PLACES, "task_type": "CAUSAL_LM"} | lora))
    for name, values in tuned.named_parameters():
        if values.requires_grad and "magnitude" not in name:
            values.data = (values + torch.randn_like(values) * scale).half().float()  # exact in the float16 of a GGUF LoRA
    tuned.save_pretrained(str(folder), save_embedding_layers=False)
    return folder


def drawn_adapter(folder: Path, base: str = "tiny", rank: int = 4, **config: Any) -> Path:
    """A PEFT folder with drawn matrices for the tiny base, written without torch."""
    folder.mkdir()
    numbers = np.random.default_rng(1)
    names = [f"base_model.model.model.layers.{block}.self_attn.q_proj.lora_{kind}.weight" for block in range(BLOCKS) for kind in "AB"]
    drawn = {name: numbers.normal(scale=0.3, size=(rank, WIDTH) if "_A" in name else (WIDTH, rank)) for name in names}
    save_file({name: values.astype(np.float16).astype(np.float32) for name, values in drawn.items()}, folder / "adapter_model.safetensors")
    said = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "target_modules": ["q_proj"], "r": rank, "lora_alpha": 8, "base_model_name_or_path": base, **config}
    (folder / "adapter_config.json").write_text(json.dumps(said))
    return folder


def rename_base(adapter: Path, name: str) -> None:
    """Let the adapter name another base."""
    config = adapter / "adapter_config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "base_model_name_or_path": name}))
