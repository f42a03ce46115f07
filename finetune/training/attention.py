"""Attention over a batch laid out by `finetune.training.batches`: each row sees the shared front and itself.

Plugged into transformers by its own registry of attention functions; outside training (when a sample is generated)
it hands over to torch's usual one. Works for models whose layers all attend to everything before them.
"""

from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import scaled_dot_product_attention

from finetune.training.batches import Layout

if TYPE_CHECKING:
    from transformers import PreTrainedModel

NAME = "fengjing_rows"


def takes_layout(model: "PreTrainedModel") -> bool:
    """Whether the model's attention can be replaced: transformers' own code, and no layer with a window."""
    config = model.config.get_text_config()
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    return bool(getattr(model, "_supports_attention_backend", False)) and kinds == {"full_attention"}


def use_layout(model: "PreTrainedModel") -> None:
    """Let the model attend by layout wherever a batch carries one."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    model.set_attn_implementation(NAME)


def attend(
    module: torch.nn.Module, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attention_mask: torch.Tensor | None,
    layout: Layout | None = None, **options: Any,
) -> tuple[torch.Tensor, None]:
    """Attention output (batch, tokens, heads, width) for (batch, heads, tokens, width) inputs."""
    if layout is None:
        from transformers.integrations.sdpa_attention import sdpa_attention_forward

        usual: tuple[torch.Tensor, None] = sdpa_attention_forward(module, query, key, value, attention_mask, **options)
        return usual
    scale = options.get("scaling") or query.shape[-1] ** -0.5
    plain = _written_out if query.device.type == "cpu" else _fused
    dropout = options.get("dropout", 0.0)
    seen, at = [], layout.prefix
    if layout.prefix:
        front = slice(0, layout.prefix)
        seen.append(plain(query[:, :, front], key[:, :, front], value[:, :, front], layout.front_mask(query), scale, dropout))
    for rest in layout.rests:
        own = slice(at, at + rest)
        keys, values = (torch.cat((part[:, :, : layout.prefix], part[:, :, own]), dim=2) for part in (key, value))
        seen.append(plain(query[:, :, own], keys, values, layout.mask(rest, query), scale, dropout))
        at += rest
    return torch.cat(seen, dim=2).transpose(1, 2).contiguous(), None


def _fused(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor, scale: float, dropout: float
) -> torch.Tensor:
    groups = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1)
    return scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale, dropout_p=dropout)


def _written_out(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor, scale: float, dropout: float
) -> torch.Tensor:
    """The same by plain products: on a processor in bfloat16 torch's fused kernel takes 2.4 times as long (see LOG.md)."""
    batch, heads, tokens, width = query.shape
    grouped = query.reshape(batch, key.shape[1], -1, width)  # heads that share keys stand under each other
    scores = (grouped @ key.transpose(2, 3) * scale).view(batch, heads, tokens, -1) + mask
    weights = torch.dropout(scores.softmax(dim=-1), dropout, train=dropout > 0)
    return (weights.view(batch, key.shape[1], -1, key.shape[2]) @ value).view(batch, heads, tokens, width)
