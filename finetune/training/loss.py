"""The loss of the learned tokens without ever holding all their logits: a vocabulary of 150,000 times a batch is gigabytes.

The head that makes the words is frozen, so its gradient is needed only towards the hidden states. It is computed with the
loss, a few rows at a time. Not covered: heads that are trained or bend their logits (`is_plain` tells).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn.functional import linear

ROWS_AT_ONCE = 256  # times 150,000 words in float32: 150 MB


def is_plain(model: Any) -> bool:
    """Whether the model's head is a frozen linear layer whose logits are used as they are."""
    head = model.get_output_embeddings()
    config = model.config.get_text_config()
    return isinstance(head, torch.nn.Linear) and not head.weight.requires_grad and not getattr(config, "final_logit_softcapping", None)


@contextmanager
def without_head(head: torch.nn.Linear) -> Iterator[None]:
    """Let the model hand out hidden states where it would hand out logits."""
    head.forward = lambda input: input  # type: ignore[method-assign]  # noqa: A006 - torch's own name for it
    try:
        yield
    finally:
        del head.forward


def answer_loss(hidden: torch.Tensor, head: torch.nn.Linear, wanted: torch.Tensor) -> tuple[torch.Tensor, int]:
    """Summed cross entropy of `wanted` (n) under `hidden` (n, width), and how many the model would have said itself."""
    right: list[int] = []
    loss: torch.Tensor = _AnswerLoss.apply(hidden.to(head.weight.dtype), head.weight, head.bias, wanted, right)  # type: ignore[no-untyped-call]
    return loss, sum(right)


class _AnswerLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, wanted: torch.Tensor, right: list[int]
    ) -> torch.Tensor:
        gradient = torch.empty_like(hidden)
        loss = torch.zeros((), dtype=torch.float32, device=hidden.device)
        for at in range(0, len(wanted), ROWS_AT_ONCE):
            part = slice(at, at + ROWS_AT_ONCE)
            logits = linear(hidden[part], weight, bias).float()
            right.append(int((logits.argmax(-1) == wanted[part]).sum()))
            every = logits.logsumexp(-1, keepdim=True)
            chosen = wanted[part, None]
            loss += (every - logits.gather(-1, chosen)).sum()
            if ctx.needs_input_grad[0]:
                shares = logits.sub_(every).exp_()  # the softmax, in place
                shares.scatter_add_(-1, chosen, torch.full_like(chosen, -1, dtype=shares.dtype))
                gradient[part] = shares.to(weight.dtype) @ weight
        ctx.save_for_backward(gradient)
        return loss

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        return gradient * grads[0].to(gradient.dtype), None, None, None, None
