"""TRL's trainer with two savings: rows laid out without padding, and logits for the learned tokens only.

Everything else (optimizer, schedulers, accumulation, checkpoints, several devices) is TRL's and transformers' own.
"""

import math
from typing import Any

import torch
from datasets import Dataset
from trl.trainer.sft_trainer import SFTTrainer

from finetune.training.batches import FRONT_TOKENS, FamilySampler, Layout
from finetune.training.encoding import NOT_LEARNED
from finetune.training.errors import LossError
from finetune.training.loss import answer_loss, without_head


class AnswerTrainer(SFTTrainer):
    """Trains on rows that carry `input_ids` and `labels`; batches with a `layout` take the quick way."""

    model: Any
    processing_class: Any
    train_dataset: Any
    by_length = False
    row_tokens = 0  # tokens of all rows trained on so far, shared fronts counted with each row
    computed_tokens = 0  # tokens that went through the model

    def compute_loss(self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None) -> Any:
        """Mean loss of the learned tokens; with accumulation their share of the whole step's mean."""
        layout = inputs.get("layout")
        if return_outputs or not isinstance(layout, Layout):
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)  # type: ignore[no-untyped-call]
        labels = inputs["labels"][0]
        places = (labels != NOT_LEARNED).nonzero().flatten()
        self._scale_noise(layout)
        head = self.model.get_output_embeddings()
        fed = {"input_ids": inputs["input_ids"], "position_ids": inputs["position_ids"], "layout": layout}
        # A mask of four dimensions is left alone by transformers; the layout stands in for it.
        whole = torch.ones(1, 1, 1, 1, device=labels.device)
        with without_head(head):
            hidden = model(**fed, attention_mask=whole, use_cache=False, logits_to_keep=places - 1).logits[0]
        loss, right = answer_loss(hidden, head, labels[places])
        self._count(layout, right / max(len(places), 1))
        if num_items_in_batch is None:
            return loss / max(len(places), 1)
        processes = self.accelerator.num_processes if self.args.average_tokens_across_devices else 1
        return loss / num_items_in_batch * processes

    def training_step(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        """One batch forward and back; raises `LossError` when the loss is no number."""
        loss: torch.Tensor = super().training_step(*args, **kwargs)  # type: ignore[no-untyped-call]
        if not torch.isfinite(loss):
            raise LossError(
                f"the loss became {loss.item()} at step {self.state.global_step + 1}; lower learning_rate, set max_grad_norm to 1.0 "
                "or use bf16 instead of fp16. The best adapter so far and all checkpoints are kept"
            )
        return loss

    def _count(self, layout: Layout, accuracy: float) -> None:
        training = self.model.training
        self._metrics["train" if training else "eval"]["mean_token_accuracy"].append(accuracy)
        if training:
            self.row_tokens += sum(layout.rests) + layout.prefix * len(layout.rests)
            self.computed_tokens += sum(layout.rests) + layout.prefix

    def _scale_noise(self, layout: Layout) -> None:
        """NEFTune's noise shrinks with the length of what it is added to: meant is a row, not the whole batch."""
        alpha = self.args.neftune_noise_alpha
        if alpha:
            total = layout.prefix + sum(layout.rests)
            row = layout.prefix + sum(layout.rests) / len(layout.rests)
            self.model.get_input_embeddings().neftune_noise_alpha = alpha * math.sqrt(total / row)

    def _get_train_sampler(self, train_dataset: Dataset | None = None) -> FamilySampler:
        rows = train_dataset if train_dataset is not None else self.train_dataset
        ids = rows["input_ids"]
        seed = self.args.data_seed if self.args.data_seed is not None else self.args.seed
        fronts = [tuple(row[:FRONT_TOKENS]) for row in ids]
        return FamilySampler(fronts, [len(row) for row in ids], self.args.train_batch_size, seed, by_length=self.by_length)
