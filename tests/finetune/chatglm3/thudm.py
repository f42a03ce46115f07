"""Small random checkpoints in THUDM's layout, the same numbers on every machine, and the cases they are measured in."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]
VOCABULARY = 384  # rows of the model: the tiny tokenizer's entries and some padding, as the real one has
KEPT = 10  # positions at the end of a case whose logits are stored
GREEDY = 10  # ids said after the first half of a case's ids


@dataclass(frozen=True)
class Case:
    """A geometry, a seed for its numbers, and how many tokens it reads."""

    name: str
    seed: int
    tokens: int
    sizes: dict[str, Any]

    @property
    def config(self) -> dict[str, Any]:
        """config.json as THUDM writes it."""
        return {
            "_name_or_path": "THUDM/chatglm3-6b", "model_type": "chatglm", "architectures": ["ChatGLMModel"],
            "auto_map": {"AutoConfig": "configuration_chatglm.ChatGLMConfig"}, "add_bias_linear": False, "add_qkv_bias": True,
            "apply_query_key_layer_scaling": True, "apply_residual_connection_post_layernorm": False, "attention_dropout": 0.0,
            "attention_softmax_in_fp32": True, "hidden_dropout": 0.0, "layernorm_epsilon": 1e-05, "multi_query_attention": True,
            "original_rope": True, "padded_vocab_size": VOCABULARY, "post_layer_norm": True, "rmsnorm": True, "seq_length": 8192,
            "tie_word_embeddings": False, "torch_dtype": "float32", "pre_seq_len": None, "prefix_projection": False, **self.sizes,
        }

    @property
    def ids(self) -> list[int]:
        """What is read."""
        return [int(i) for i in np.random.RandomState(self.seed + 1).randint(3, VOCABULARY, self.tokens)]


def _sizes(layers: int, hidden: int, heads: int, groups: int, width: int, ffn: int) -> dict[str, Any]:
    return {"num_layers": layers, "hidden_size": hidden, "num_attention_heads": heads, "multi_query_group_num": groups, "kv_channels": width,
            "ffn_hidden_size": ffn}


TINY = Case("tiny", 11, 20, _sizes(3, 64, 4, 2, 16, 96))
LONG = Case("32k", 12, 120, {**_sizes(2, 48, 4, 1, 24, 64), "rope_ratio": 50, "seq_length": 32768})
HEADS = Case("heads", 13, 24, _sizes(1, 96, 32, 2, 128, 64))  # the real heads on a narrow model
REAL = Case("real", 14, 24, _sizes(1, 4096, 32, 2, 128, 512))  # the real attention, whole
CASES = {case.name: case for case in (TINY, LONG, HEADS, REAL)}


def random_weights(case: Case) -> Weights:
    """Weights hot enough that logits have a spread of about 2, embeddings small enough that the norm's epsilon counts."""
    config, numbers = case.config, np.random.RandomState(case.seed)
    hidden, ffn, width = config["hidden_size"], config["ffn_hidden_size"], config["kv_channels"]
    queries, groups = config["num_attention_heads"] * width, config["multi_query_group_num"] * width

    def normal(*shape: int, scale: float) -> NDArray[np.float32]:
        return (numbers.standard_normal(shape) * scale).astype(np.float32)

    weights = {"transformer.embedding.word_embeddings.weight": normal(VOCABULARY, hidden, scale=0.02)}
    for layer in range(config["num_layers"]):
        own = f"transformer.encoder.layers.{layer}"
        fused = queries + 2 * groups
        weights |= {
            f"{own}.input_layernorm.weight": 1 + normal(hidden, scale=0.2),
            f"{own}.self_attention.query_key_value.weight": normal(fused, hidden, scale=hidden**-0.5),
            f"{own}.self_attention.query_key_value.bias": normal(fused, scale=0.5),
            f"{own}.self_attention.dense.weight": normal(hidden, queries, scale=queries**-0.5),
            f"{own}.post_attention_layernorm.weight": 1 + normal(hidden, scale=0.2),
            f"{own}.mlp.dense_h_to_4h.weight": normal(2 * ffn, hidden, scale=hidden**-0.5),
            f"{own}.mlp.dense_4h_to_h.weight": normal(hidden, ffn, scale=ffn**-0.5),
        }
    weights |= {"transformer.encoder.final_layernorm.weight": 1 + normal(hidden, scale=0.2),
                "transformer.output_layer.weight": normal(VOCABULARY, hidden, scale=2 * hidden**-0.5)}
    return weights


def write_checkpoint(folder: Path, case: Case, tokenizer_model: bytes, *, ending: str = ".bin", shards: int = 2, **changes: Any) -> Path:
    """A THUDM folder: weights in `shards` files, an index where there are several, configuration (`changes` over it), tokenizer."""
    folder.mkdir(parents=True)
    weights: dict[str, Any] = dict(random_weights(case))
    weights["transformer.rotary_pos_emb.inv_freq"] = np.zeros(4, np.float32)
    stem, last = ("pytorch_model", ".bin") if ending == ".bin" else ("model", ".safetensors")
    names = sorted(weights)
    placed = {name: f"{stem}-{number % shards + 1:05}-of-{shards:05}{last}" for number, name in enumerate(names)}
    if shards == 1:
        placed = dict.fromkeys(names, f"{stem}{last}")
    else:
        (folder / f"{stem}{last}.index.json").write_text(json.dumps({"metadata": {}, "weight_map": placed}))
    for file in set(placed.values()):
        write_tensors(folder / file, {name: weights[name] for name in names if placed[name] == file})
    (folder / "config.json").write_text(json.dumps({**case.config, **changes}))
    (folder / "tokenizer.model").write_bytes(tokenizer_model)
    return folder


def write_tensors(path: Path, weights: Weights) -> None:
    """One file of tensors, in the format its ending names."""
    import torch
    from safetensors.numpy import save_file

    if path.suffix == ".bin":
        torch.save({name: torch.from_numpy(values) for name, values in weights.items()}, path)
    else:
        save_file(weights, str(path))


def trained_tokenizer_model() -> bytes:
    """A sentencepiece model built as ChatGLM3's is (BPE, bytes, nothing normalised), of some 340 pieces."""
    from sentencepiece import SentencePieceTrainer

    lines = ["你好，青岛有什么好玩的地方？", "hello people of the world, geopolitical people say hello", "def f(x):\n    return x + 1", "票价 90 元，共 180 元"]
    out = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(lines * 20), model_writer=out, model_type="bpe", vocab_size=360, hard_vocab_limit=False, byte_fallback=True,
        split_digits=True, normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=True, character_coverage=1.0,
        minloglevel=2, num_threads=1)
    return out.getvalue()
