"""ChatGLM3's equations in numpy, double precision, on THUDM's own names: what a conversion is measured against.

Written from the published equations: RMSNorm, rotary positions on neighbouring pairs of the first half of each head,
heads that share keys and values by groups, SwiGLU with gate and up in one matrix, residuals before each norm. It shares
nothing with the converter. LoRA, rsLoRA and DoRA are added to the matrices before anything is computed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = dict[str, NDArray[np.float32]]


class Reference:
    """One checkpoint, with or without an adapter (its configuration and its tensors under THUDM's names)."""

    def __init__(self, weights: Weights, config: dict[str, Any], adapter: tuple[dict[str, Any], Weights] | None = None) -> None:
        self.config = config
        self.weights = {name: values.astype(np.float64) for name, values in weights.items()}
        if adapter:
            self._adapt(*adapter)

    def logits(self, ids: list[int]) -> Array:
        """Logits (tokens, vocabulary)."""
        hidden = self.weights["transformer.embedding.word_embeddings.weight"][ids]
        for layer in range(self.config["num_layers"]):
            own = f"transformer.encoder.layers.{layer}"
            hidden = hidden + self._attention(f"{own}.self_attention", self._norm(hidden, f"{own}.input_layernorm"))
            hidden = hidden + self._feed_forward(f"{own}.mlp", self._norm(hidden, f"{own}.post_attention_layernorm"))
        return self._linear(self._norm(hidden, "transformer.encoder.final_layernorm"), "transformer.output_layer")

    def greedy(self, ids: list[int], count: int) -> list[int]:
        """The next `count` ids, each from a fresh pass over everything before it."""
        said = list(ids)
        for _ in range(count):
            said.append(int(self.logits(said)[-1].argmax()))
        return said[len(ids):]

    def _linear(self, x: Array, name: str) -> Array:
        return x @ self.weights[f"{name}.weight"].T + self.weights.get(f"{name}.bias", 0.0)

    def _norm(self, x: Array, name: str) -> Array:
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.config["layernorm_epsilon"]) * self.weights[f"{name}.weight"]

    def _attention(self, name: str, x: Array) -> Array:
        heads, groups, width = (self.config[key] for key in ("num_attention_heads", "multi_query_group_num", "kv_channels"))
        fused = self._linear(x, f"{name}.query_key_value")
        tokens = len(x)
        query = self._rotated(fused[:, : heads * width].reshape(tokens, heads, width))
        key = self._rotated(fused[:, heads * width : (heads + groups) * width].reshape(tokens, groups, width))
        value = fused[:, (heads + groups) * width :].reshape(tokens, groups, width)
        seen = np.tril(np.ones((tokens, tokens), bool))
        out = np.empty((tokens, heads, width))
        for head in range(heads):
            group = head // (heads // groups)
            scores = np.where(seen, query[:, head] @ key[:, group].T / np.sqrt(width), -np.inf)
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            out[:, head] = shares / shares.sum(-1, keepdims=True) @ value[:, group]
        return self._linear(out.reshape(tokens, -1), f"{name}.dense")

    def _rotated(self, x: Array) -> Array:
        """Each pair (2i, 2i+1) of a head's first half turned by position / base ** (2i / half); x is (tokens, heads, width)."""
        half = x.shape[-1] // 2
        base = 10_000.0 * self.config.get("rope_ratio", 1)
        angle = np.arange(len(x))[:, None] * base ** (-np.arange(0, half, 2) / half)
        pairs = x[..., 0:half:2] + 1j * x[..., 1:half:2]
        turned = pairs * np.exp(1j * angle)[:, None, :]
        out = x.copy()
        out[..., 0:half:2], out[..., 1:half:2] = turned.real, turned.imag
        return out

    def _feed_forward(self, name: str, x: Array) -> Array:
        gate, up = np.split(self._linear(x, f"{name}.dense_h_to_4h"), 2, axis=-1)
        return self._linear(gate / (1 + np.exp(-gate)) * up, f"{name}.dense_4h_to_h")

    def _adapt(self, config: dict[str, Any], tensors: Weights) -> None:
        for key, down in tensors.items():
            if not key.endswith(".lora_A.weight"):
                continue
            path = key.removesuffix(".lora_A.weight")
            name = path.removeprefix("base_model.model.")
            rank, alpha = (config[pattern].get(name.rpartition(".")[2], config[usual]) if config.get(pattern) else config[usual]
                           for pattern, usual in (("rank_pattern", "r"), ("alpha_pattern", "lora_alpha")))
            assert down.shape[0] == rank
            scale = alpha / (np.sqrt(rank) if config.get("use_rslora") else rank)
            changed = self.weights[f"{name}.weight"] + scale * tensors[f"{path}.lora_B.weight"].astype(np.float64) @ down.astype(np.float64)
            magnitude = tensors.get(f"{path}.lora_magnitude_vector")
            if magnitude is not None:
                changed = changed * (magnitude / np.linalg.norm(changed, axis=1))[:, None]
            self.weights[f"{name}.weight"] = changed
