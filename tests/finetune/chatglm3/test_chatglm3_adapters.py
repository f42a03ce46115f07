"""Adapters in both spellings compute the same, and the ones that cannot be carried over are refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from reference import Reference
from safetensors.numpy import load_file, save_file
from thudm import TINY, Weights, random_weights, write_tensors

from finetune.base import load_base
from finetune.chatglm3.convert import convert
from finetune.chatglm3.source import ConvertError
from finetune.training.adapter import check_fits

TOLERANCE = 1e-4
RANK = 4
FUSED, ALL = ["query_key_value"], ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"]
QKV = ["q_proj", "k_proj", "v_proj"]
NATIVE = [*QKV, "o_proj", "gate_up_proj", "down_proj"]
SHAPES = {"self_attention.query_key_value": (64, 128), "self_attention.dense": (64, 64), "mlp.dense_h_to_4h": (64, 192), "mlp.dense_4h_to_h": (96, 64)}


def write_thudm_adapter(folder: Path, targets: list[str], *, ending: str = ".safetensors", **config: Any) -> tuple[dict[str, Any], Weights]:
    """An adapter as a training of the original writes it, with random numbers; its configuration and tensors."""
    folder.mkdir()
    numbers, base, tensors = np.random.RandomState(3), random_weights(TINY), {}
    for layer in range(3):
        for module, (width, height) in SHAPES.items():
            if module.rpartition(".")[2] not in targets:
                continue
            path = f"base_model.model.transformer.encoder.layers.{layer}.{module}"
            tensors[f"{path}.lora_A.weight"] = (numbers.standard_normal((RANK, width)) * width**-0.5).astype(np.float32)
            tensors[f"{path}.lora_B.weight"] = (numbers.standard_normal((height, RANK)) * 0.3).astype(np.float32)
            if config.get("use_dora"):
                norm = np.linalg.norm(base[f"transformer.encoder.layers.{layer}.{module}.weight"], axis=1)
                tensors[f"{path}.lora_magnitude_vector"] = (norm * (1 + 0.2 * numbers.standard_normal(height))).astype(np.float32)
    whole = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": RANK, "lora_alpha": 8, "lora_dropout": 0.0, "bias": "none", "target_modules": targets,
             "base_model_name_or_path": "THUDM/chatglm3-6b", "auto_mapping": {"parent_library": "transformers_modules.x", "base_model_class": "Y"}, **config}
    (folder / "adapter_config.json").write_text(json.dumps(whole))
    write_tensors(folder / f"adapter_model{ending}", tensors)
    return whole, tensors


def read_adapter(folder: Path) -> tuple[dict[str, Any], Weights]:
    """An adapter's configuration and tensors."""
    return json.loads((folder / "adapter_config.json").read_text()), load_file(str(folder / "adapter_model.safetensors"))


def adapted(native: Path, adapter: Path, home: Path) -> Any:
    """The converted base with an adapter on it, as training takes one up."""
    model, _ = load_base(str(native), home)
    check_fits(adapter, model)
    return PeftModel.from_pretrained(model, str(adapter)).eval()


def difference(model: Any, adapter: tuple[dict[str, Any], Weights]) -> float:
    """The largest difference of a logit between the native model and the equations with THUDM's adapter."""
    with torch.no_grad():
        seen = model(torch.tensor([TINY.ids])).logits[0].numpy()
    wanted = Reference(random_weights(TINY), TINY.config, adapter).logits(TINY.ids)
    moved = np.abs(wanted - Reference(random_weights(TINY), TINY.config).logits(TINY.ids)).max()
    found = float(np.abs(seen - wanted).max())
    print(f"max |Δlogit| {found:.1e}; the adapter itself moves a logit by {moved:.1f}")
    assert moved > 0.5
    return found


@pytest.mark.parametrize(("targets", "config"), [
    (FUSED, {}), (ALL, {"use_rslora": True}), (ALL, {"use_dora": True}), (ALL, {"ending": ".bin", "rank_pattern": {}, "alpha_pattern": {"query_key_value": 12, "dense": 2}}),
], ids=["query_key_value", "all, rsLoRA", "all, DoRA", "all, .bin, alpha by kind"])
def test_thudms_adapter_computes_the_same_on_the_native_base(targets: list[str], config: dict[str, Any], thudm: Path, native: Path, tmp_path: Path) -> None:
    """Logits differ by under 1e-4 from the equations with the original adapter, and nothing names remote code any more."""
    adapter = write_thudm_adapter(tmp_path / "thudm", targets, **config)
    assert convert(tmp_path / "thudm", tmp_path / "native", base=thudm).what == "native adapter"
    assert difference(adapted(native, tmp_path / "native", tmp_path), adapter) < TOLERANCE
    assert json.loads((tmp_path / "native" / "adapter_config.json").read_text())["auto_mapping"] is None


def trained_native(native: Path, folder: Path, targets: list[str], **config: Any) -> Any:
    """A native adapter made by peft with random numbers throughout, saved to `folder`; the model it sits on."""
    model, _ = load_base(str(native), folder)
    torch.manual_seed(2)
    lora = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=8, target_modules=targets, task_type="CAUSAL_LM", **config)).eval()
    for name, parameter in lora.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.3)
        elif "magnitude" in name:
            parameter.data *= 1 + 0.2 * torch.randn_like(parameter)
    lora.save_pretrained(str(folder))
    return lora


@pytest.mark.parametrize(("targets", "config", "rank"), [
    (NATIVE, {}, 3 * RANK), (QKV, {"use_rslora": True}, 3 * RANK), (QKV, {"use_dora": True}, 3 * RANK), (["q_proj", "v_proj"], {}, 2 * RANK), (["v_proj", "o_proj"], {}, RANK),
    (NATIVE, {"rank_pattern": {"q_proj": 2, "k_proj": 2, "v_proj": 2, "down_proj": 6}, "alpha_pattern": {"o_proj": 3}}, 6),
], ids=["all", "rsLoRA", "DoRA", "q and v", "v", "ranks by kind"])
def test_a_native_adapter_computes_the_same_on_thudms_base(targets: list[str], config: dict[str, Any], rank: int, native: Path, tmp_path: Path) -> None:
    """Stacked ranks give the same logits on the original's equations, projections that were left alone stay as they were."""
    model = trained_native(native, tmp_path / "native", targets, **config)
    assert convert(tmp_path / "native", tmp_path / "thudm", base=native).what == "THUDM adapter"
    adapter = read_adapter(tmp_path / "thudm")
    fused = [values for name, values in adapter[1].items() if name.endswith("query_key_value.lora_A.weight")]
    assert [values.shape[0] for values in fused] == [rank] * 3
    assert difference(model, adapter) < TOLERANCE


@pytest.mark.parametrize("targets", [FUSED, ALL])
def test_there_and_back_changes_nothing(targets: list[str], native: Path, tmp_path: Path) -> None:
    """Where q, k and v share A the fused adapter comes back bit by bit, without another rank."""
    config, tensors = write_thudm_adapter(tmp_path / "thudm", targets)
    convert(tmp_path / "thudm", tmp_path / "native", base=native)
    convert(tmp_path / "native", tmp_path / "back", base=native)
    found_config, found = read_adapter(tmp_path / "back")
    assert found.keys() == tensors.keys()
    assert all(np.array_equal(found[name], tensors[name]) for name in tensors)
    assert (found_config["r"], found_config["rank_pattern"], sorted(found_config["target_modules"])) == (RANK, {}, sorted(config["target_modules"]))


def test_back_and_there_computes_the_same(native: Path, tmp_path: Path) -> None:
    """A native adapter that went through the fused spelling still moves the native model as before."""
    model = trained_native(native, tmp_path / "native", NATIVE)
    convert(tmp_path / "native", tmp_path / "thudm", base=native)
    convert(tmp_path / "thudm", tmp_path / "again", base=native)
    with torch.no_grad():
        before, after = (one(torch.tensor([TINY.ids])).logits for one in (model, adapted(native, tmp_path / "again", tmp_path)))
    assert float((before - after).abs().max()) < TOLERANCE


def test_single_layers_stay_single(thudm: Path, native: Path, tmp_path: Path) -> None:
    """An adapter that chose layers by name does not spread to the others."""
    _, tensors = write_thudm_adapter(tmp_path / "thudm", FUSED, target_modules=["layers.1.self_attention.query_key_value"])
    save_file({name: values for name, values in tensors.items() if ".layers.1." in name}, str(tmp_path / "thudm" / "adapter_model.safetensors"))
    convert(tmp_path / "thudm", tmp_path / "native", base=thudm)
    model = adapted(native, tmp_path / "native", tmp_path)
    assert {name.split(".layers.")[1][0] for name, _ in model.named_parameters() if "lora_" in name} == {"1"}


def test_the_published_sizes_need_no_base(tmp_path: Path) -> None:
    """4608 fused rows are split 4096, 256, 256 without a base at hand; other sizes ask for one."""
    write_thudm_adapter(tmp_path / "small", FUSED)
    with pytest.raises(ConvertError, match="--base"):
        convert(tmp_path / "small", tmp_path / "no")
    _, tensors = write_thudm_adapter(tmp_path / "big", FUSED)
    big = {name: np.zeros((4608, RANK), np.float32) if "lora_B" in name else values for name, values in tensors.items()}
    save_file(big, str(tmp_path / "big" / "adapter_model.safetensors"))
    convert(tmp_path / "big", tmp_path / "native")
    found = read_adapter(tmp_path / "native")[1]
    assert [found[f"base_model.model.model.layers.0.self_attn.{name}.lora_B.weight"].shape[0] for name in QKV] == [4096, 256, 256]


@pytest.mark.parametrize(("config", "said"), [
    ({"peft_type": "PREFIX_TUNING"}, "PREFIX_TUNING"), ({"bias": "all"}, "biases"), ({"modules_to_save": ["output_layer"]}, "modules_to_save"),
    ({"init_lora_weights": "pissa"}, "pissa"), ({"rank_pattern": {"layers.1.self_attention.dense": 2}}, "rank_pattern"),
])
def test_adapters_that_cannot_be_carried_over_are_refused(config: dict[str, Any], said: str, thudm: Path, tmp_path: Path) -> None:
    """The message names what is in the way, and nothing is written."""
    write_thudm_adapter(tmp_path / "thudm", ALL, **config)
    with pytest.raises(ConvertError, match=said):
        convert(tmp_path / "thudm", tmp_path / "native", base=thudm)
    assert not (tmp_path / "native").exists()


def test_another_models_adapter_is_refused(native: Path, tmp_path: Path) -> None:
    """Layers ChatGLM3 has not are named; q_proj of a narrower model does not pass for its."""
    write_thudm_adapter(tmp_path / "qwen", FUSED)
    path = "base_model.model.model.layers.0"
    for module, said in (("mlp.up_proj", "no adapter of ChatGLM3"), ("self_attn.q_proj", "rows")):
        save_file({f"{path}.{module}.lora_A.weight": np.zeros((RANK, 32), np.float32), f"{path}.{module}.lora_B.weight": np.zeros((32, RANK), np.float32)},
                  str(tmp_path / "qwen" / "adapter_model.safetensors"))
        with pytest.raises(ConvertError, match=said):
            convert(tmp_path / "qwen", tmp_path / "thudm", base=native)
