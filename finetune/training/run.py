"""One training from configuration to adapter: data, base, adapter, trainer, and the files that remain.

Every stage says what it found before the next begins. Nothing here draws or asks; `finetune.jobs` runs it in a
process of its own.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import PreTrainedTokenizerBase, PrinterCallback, set_seed
from trl.data_utils import pack_dataset
from trl.trainer.sft_config import SFTConfig

from finetune.base import load_base, load_tokenizer
from finetune.training.adapter import quantized, with_adapter
from finetune.training.attention import takes_layout, use_layout
from finetune.training.batches import Collator
from finetune.training.callbacks import Curves, KeepBest, RunLog, Samples, StopOnRequest
from finetune.training.config import TrainConfig
from finetune.training.conversations import Conversation, read_split, split_validation
from finetune.training.device import Precision, device_name, precision
from finetune.training.encoding import Counts, Example, check_template, encode_all, pieces
from finetune.training.errors import translated
from finetune.training.loss import is_plain
from finetune.training.run_folder import RunFolder, write_whole
from finetune.training.samples import own_probes, read_probes
from finetune.training.start import Start, how_to_start
from finetune.training.trainer import AnswerTrainer
from knowledge.errors import FengjingError

FEW_STEPS = 100  # below this an adapter seldom changes what the model says
Say = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """What a training is started with."""

    config: TrainConfig
    home: Path
    probes: Path | None = None
    threads: int = 0  # 0: torch decides
    fresh: bool = False  # begin anew even where an unfinished run could go on


@dataclass(frozen=True)
class Rows:
    """Tokenised rows of both splits, and the conversations validation was made of."""

    training: list[Example]
    validation: list[Example]
    asked: list[Conversation]


def train(job: Job, say: Say) -> RunFolder:
    """Train and return the folder with the adapter; raises `TrainingError`, `StorageError` or `ModelError`."""
    folder = RunFolder(job.config.output_dir)
    with folder.held():
        start = how_to_start(folder, job.config, fresh=job.fresh)
        try:
            with translated(str(folder.path)):
                _run(job, folder, start, say)
        except (FengjingError, KeyboardInterrupt) as error:
            with suppress(OSError):  # on a full disk the last progress stays as it was
                folder.note(state="failed", message=str(error) or "interrupted")
            raise
    return folder


def _run(job: Job, folder: RunFolder, start: Start, say: Say) -> None:
    config = job.config
    start.prepare(folder, config)
    if start.checkpoint:
        say(f"going on from {start.checkpoint.name}")
    if job.threads:
        torch.set_num_threads(job.threads)
    precise = precision(config, device_name())
    if precise.note:
        say(precise.note)
    tokenizer = load_tokenizer(config.model_name_or_path, job.home)
    check_template(tokenizer, config.template)
    rows = _rows(config, tokenizer, say)
    probes = read_probes(job.probes) if job.probes else own_probes(rows.asked)
    trainer = _trainer(job, precise, rows, tokenizer)
    samples = Samples(folder, trainer, probes)
    stop = _with_callbacks(trainer, folder, config, samples)
    say(_plan(trainer, config))
    trainer.train(resume_from_checkpoint=str(start.checkpoint) if start.checkpoint else None)
    _finish(trainer, folder, config, samples)
    folder.note(state="stopped" if stop.asked else "finished", remaining_s=0.0, message=_summary(folder, stop))


def _rows(config: TrainConfig, tokenizer: PreTrainedTokenizerBase, say: Say) -> Rows:
    reading = read_split(config, config.dataset)
    for line in reading.refused[:3]:
        say(f"not used: {line}")
    if reading.refused:
        say(f"{len(reading.refused)} rows cannot be used")
    training, validation = split_validation(reading.conversations, config)
    if config.eval_dataset:
        validation = read_split(config, config.eval_dataset).conversations
    encoded = partial(encode_all, tokenizer, cutoff=config.cutoff_len, history=not config.mask_history, prompts=config.train_on_prompt)
    examples, counts = encoded(training)
    say(_counted("training", counts, config))
    say("learned is what stands between ⟦ and ⟧:\n" + "".join(f"⟦{p.text}⟧" if p.learned else p.text for p in pieces(tokenizer, training[0], history=not config.mask_history)))
    if not validation:
        return Rows(examples, [], training)
    held_out, counts = encoded(validation)
    say(_counted("validation", counts, config))
    held_out.sort(key=lambda example: example.input_ids)  # neighbours share the longest fronts
    return Rows(examples, held_out, validation)


def _counted(what: str, counts: Counts, config: TrainConfig) -> str:
    text = f"{what}: {counts.rows} rows, {counts.tokens} tokens, {counts.learned} of them learned"
    if counts.cut:
        text += f"; {counts.cut} rows cut at cutoff_len {config.cutoff_len}"
    return text + (f", {counts.dropped} of them dropped as nothing to learn was left" if counts.dropped else "")


def _trainer(job: Job, precise: Precision, rows: Rows, tokenizer: PreTrainedTokenizerBase) -> AnswerTrainer:
    config = job.config
    base, _ = load_base(config.model_name_or_path, job.home, precise.base, quantized(config))
    set_seed(config.seed)  # peft draws the adapter's first numbers
    model = with_adapter(base, config)
    by_layout = takes_layout(base) and is_plain(model)
    if by_layout:
        use_layout(base)
    # Without this, peft asks the hub at every save whether the vocabulary has grown; it cannot have.
    model.save_pretrained = partial(model.save_pretrained, save_embedding_layers=False)  # type: ignore[method-assign]
    if precise.mixed:
        _leave_casting_to_autocast(model)
    trainer = AnswerTrainer(
        model=model, args=_arguments(config, precise), train_dataset=_dataset(rows.training, config), processing_class=tokenizer,
        eval_dataset=_dataset(rows.validation, None) if rows.validation else None, data_collator=Collator() if by_layout else None,
    )
    trainer.by_length = config.group_by_length
    trainer.remove_callback(PrinterCallback)
    return trainer


def _dataset(examples: list[Example], config: TrainConfig | None) -> Dataset:
    """The rows for the trainer; packed to the cutoff where the configuration wants it."""
    rows = Dataset.from_dict({"input_ids": [e.input_ids for e in examples], "labels": [e.labels for e in examples]})
    if config is None or not (config.packing or config.neat_packing):
        return rows
    return pack_dataset(rows, config.cutoff_len, strategy="bfd")


def _leave_casting_to_autocast(model: torch.nn.Module) -> None:
    """Keep peft from copying every input to float32 and autocast from copying it back."""
    for module in model.modules():
        if hasattr(module, "cast_input_dtype_enabled"):
            module.cast_input_dtype_enabled = False  # type: ignore[assignment]


def _arguments(config: TrainConfig, precise: Precision) -> SFTConfig:
    same = (
        "per_device_train_batch_size", "per_device_eval_batch_size", "gradient_accumulation_steps", "learning_rate", "num_train_epochs", "max_steps",
        "lr_scheduler_type", "lr_scheduler_kwargs", "weight_decay", "adam_beta1", "adam_beta2", "adam_epsilon", "max_grad_norm", "optim", "seed",
        "data_seed", "neftune_noise_alpha", "save_total_limit", "save_only_model", "eval_strategy", "eval_steps", "deepspeed", "logging_steps", "save_steps",
    )
    on_cuda = device_name() == "cuda"
    checkpointing = config.gradient_checkpointing if config.gradient_checkpointing is not None else on_cuda and not config.disable_gradient_checkpointing
    return SFTConfig(
        **{name: _whole(getattr(config, name)) for name in same}, output_dir=str(config.output_dir), warmup_steps=config.warmup_steps or config.warmup_ratio,
        bf16=precise.mixed and precise.base == torch.bfloat16, fp16=precise.mixed and precise.base == torch.float16, use_cpu=device_name() == "cpu",
        activation_checkpointing=checkpointing, activation_checkpointing_kwargs={"use_reentrant": False} if checkpointing else None, max_length=None,
        dataset_kwargs={"skip_prepare_dataset": True}, dataloader_pin_memory=False, logging_first_step=True, logging_nan_inf_filter=False,
        report_to="none", disable_tqdm=True, prediction_loss_only=True, save_strategy="steps",
    )


def _whole(value: Any) -> Any:
    """Step counts that YAML wrote as 100.0 are whole numbers to transformers."""
    return int(value) if isinstance(value, float) and value >= 1 and value.is_integer() else value


def _with_callbacks(trainer: AnswerTrainer, folder: RunFolder, config: TrainConfig, samples: Samples) -> StopOnRequest:
    stop = StopOnRequest(folder, validates=trainer.eval_dataset is not None)
    keeps = config.validates and config.load_best_model_at_end is not False
    best = [KeepBest(folder, trainer, config.early_stopping_steps)] if keeps else []
    for callback in (samples, RunLog(folder, trainer), *best, stop, Curves(folder)):  # the clock starts after the first samples
        trainer.add_callback(callback)
    return stop


def _plan(trainer: AnswerTrainer, config: TrainConfig) -> str:
    args = trainer.args
    batch = args.train_batch_size * args.gradient_accumulation_steps * args.world_size
    steps = args.max_steps if args.max_steps > 0 else max(1, -(-len(trainer.train_dataset) // batch)) * config.num_train_epochs
    trainable, total = trainer.model.get_nb_trainable_parameters()
    text = f"training {trainable:,} of {total:,} weights ({trainable / total:.2%}) in about {steps:.0f} steps of {batch} rows"
    if steps < FEW_STEPS:
        text += f"; fewer than {FEW_STEPS} steps seldom change what a model says: more rows, more epochs or a higher learning_rate help"
    return text


def _finish(trainer: AnswerTrainer, folder: RunFolder, config: TrainConfig, samples: Samples) -> None:
    """Put the best weights in place, save them with their record, and write the results."""
    if folder.best.exists():
        from peft import load_peft_weights, set_peft_model_state_dict

        set_peft_model_state_dict(trainer.model, load_peft_weights(str(folder.best)))
    trainer.save_model()
    trainer.save_state()
    results = next((entry for entry in reversed(trainer.state.log_history) if "train_runtime" in entry), {})
    trainer.save_metrics("train", {key: value for key, value in results.items() if key not in {"step", "epoch"}} | {"epoch": trainer.state.epoch})
    if trainer.eval_dataset is not None:
        trainer.save_metrics("eval", _validation(trainer, folder))
    _record(trainer, folder, config)
    samples.after()


def _validation(trainer: AnswerTrainer, folder: RunFolder) -> dict[str, float]:
    """What the kept weights scored: from the log where they were validated, asked now where not (a minute on two cores)."""
    seen = [entry for entry in trainer.state.log_history if "eval_loss" in entry]
    if not folder.best.exists():
        seen = [entry for entry in seen if entry["step"] == trainer.state.global_step]
    if not seen:
        return trainer.evaluate()
    kept = min(seen, key=lambda entry: entry["eval_loss"])
    return {key: value for key, value in kept.items() if key != "step"} | {"epoch": trainer.state.epoch}


def _record(trainer: AnswerTrainer, folder: RunFolder, config: TrainConfig) -> None:
    """`training_record.json`: what the adapter must be served with, and what it cost."""
    record = {
        "base": trainer.model.peft_config["default"].base_model_name_or_path, "template": config.template,
        "chat_template": trainer.processing_class.chat_template, "row_tokens": trainer.row_tokens, "computed_tokens": trainer.computed_tokens,
        "steps": trainer.state.global_step, "epoch": trainer.state.epoch, "threads": torch.get_num_threads(), "cores": os.cpu_count(),
    }
    write_whole(folder.path / "training_record.json", json.dumps(record, ensure_ascii=False, indent=2))


def _summary(folder: RunFolder, stop: StopOnRequest) -> str:
    progress = folder.progress()
    kept = f"the best adapter (validation loss {progress.best_eval_loss}, step {progress.best_step})" if progress.best_step is not None else "the last adapter"
    return f"{'stopped on request; ' if stop.asked else ''}{kept} is in {folder.path}"
