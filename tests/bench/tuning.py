"""What tuning costs: LoRA beside full fine-tuning, and beside LLaMA-Factory where its command is named.

The same rows of task data, the same steps, each kind in a process of its own: tokens/s (a row's own tokens, as they
are counted without sharing) and peak memory. Full fine-tuning is measured on our trainer's own step; the product trains
adapters only; its weights are in bfloat16 then. ``LLAMAFACTORY_CLI=/path/to/llamafactory-cli python -m tests.bench tuning`` runs the same configuration
there too, in its own environment. Needs the model of `fengjing model pull` and about 16 GB of memory.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import yaml

from assistant.settings import load_settings
from finetune.base import load_base

MODEL, ROWS, BATCH, CUTOFF = "qwen-0.5b", 24, 4, 1400
STEP = """
import sys
from pathlib import Path
from tests.bench import tuning
tuning.train(Path(sys.argv[1]), Path(sys.argv[2]), full=sys.argv[3] == "full")
"""


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    name: str
    tokens_per_s: float
    peak_gib: float

    def line(self, beside: "Cost | None" = None) -> str:
        """The figures, and their ratios to another run's."""
        text = f"{self.name}: {self.tokens_per_s:.0f} tokens/s, peak {self.peak_gib:.2f} GiB"
        if beside is None:
            return text
        return f"{text}; against {beside.name} {self.tokens_per_s / beside.tokens_per_s:.2f} times the speed, {self.peak_gib / beside.peak_gib:.2f} of the memory"


def run() -> None:
    """Print each cost as soon as it is known."""
    with TemporaryDirectory() as folder:
        config = _prepared(Path(folder))
        full = _ours(config, "full")
        print(full.line(), flush=True)
        lora = _ours(config, "lora")
        print(lora.line(full), flush=True)
        if command := os.environ.get("LLAMAFACTORY_CLI"):
            theirs = _theirs(command, config)
            print(theirs.line(), lora.line(theirs), sep="\n", flush=True)


def _prepared(folder: Path) -> Path:
    """Rows and a configuration that both programs take."""
    fengjing = Path(sys.executable).parent / "fengjing"
    subprocess.run([fengjing, "dataset", "build", "--rows", str(ROWS * 2), "--seed", "42", "--mix", "general=0", "--out", folder / "data"], check=True, capture_output=True)
    home = load_settings().home
    model, tokenizer = load_base(MODEL, home, torch.bfloat16)
    base = folder / "base"
    model.save_pretrained(base)  # a folder, as LLaMA-Factory reads no GGUF
    tokenizer.save_pretrained(base)
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump({
        "model_name_or_path": str(base), "stage": "sft", "do_train": True, "finetuning_type": "lora", "lora_rank": 8, "lora_alpha": 16, "lora_target": "all",
        "dataset": "fengjing_train", "dataset_dir": str(folder / "data"), "template": "qwen", "cutoff_len": CUTOFF, "mask_history": True, "max_samples": ROWS,
        "output_dir": str(folder / "out"), "overwrite_output_dir": True, "logging_steps": 1, "save_strategy": "no", "per_device_train_batch_size": BATCH,
        "gradient_accumulation_steps": 1, "learning_rate": 1e-5, "num_train_epochs": 1.0, "lr_scheduler_type": "constant", "bf16": True, "seed": 42,
    }))
    return config


def _ours(config: Path, kind: str) -> Cost:
    out = subprocess.run([sys.executable, "-c", STEP, config, load_settings().home, kind], check=True, capture_output=True, text=True).stdout
    found = json.loads(out.splitlines()[-1])
    return Cost("LoRA" if kind == "lora" else "full fine-tuning", found["tokens"] / found["seconds"], found["peak_gib"])


def _theirs(command: str, config: Path) -> Cost:
    """LLaMA-Factory on the same file; its own count of seconds, the same count of tokens."""
    watch = subprocess.Popen([command, "train", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(watch.pid, 0)
    if status:
        raise SystemExit(f"{command} train {config} failed; run it by hand to see why")
    results = json.loads((config.parent / "out" / "train_results.json").read_text())
    return Cost("LLaMA-Factory", _tokens(config) / results["train_runtime"], used.ru_maxrss / 2**20)


def _tokens(config: Path) -> int:
    return sum(len(example.input_ids) for example in _examples(config, load_settings().home))


def _examples(config: Path, home: Path) -> list:
    from finetune.base import load_tokenizer
    from finetune.training.config import load_config
    from finetune.training.conversations import read_split
    from finetune.training.encoding import encode_all

    read = load_config(config)[0]
    rows = read_split(read, read.dataset).conversations
    return encode_all(load_tokenizer(read.model_name_or_path, home), rows, cutoff=read.cutoff_len, history=False, prompts=False)[0]


def train(config: Path, home: Path, *, full: bool) -> None:
    """One epoch of our step with every weight or with LoRA learned; prints tokens, seconds and peak memory as JSON."""
    import resource

    from finetune.training.adapter import with_adapter
    from finetune.training.attention import use_layout
    from finetune.training.batches import Collator
    from finetune.training.config import load_config
    from finetune.training.device import precision
    from finetune.training.run import _arguments, _dataset
    from finetune.training.trainer import AnswerTrainer

    read = load_config(config)[0]
    examples = _examples(config, home)
    precise = precision(read, "cpu")
    base, tokenizer = load_base(read.model_name_or_path, home, precise.base)
    use_layout(base)
    model = base if full else with_adapter(base, read)
    trainer = AnswerTrainer(model=model, args=_arguments(read, precise), train_dataset=_dataset(examples, read), processing_class=tokenizer, data_collator=Collator())
    started = time.perf_counter()
    trainer.train()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"tokens": sum(len(example.input_ids) for example in examples), "seconds": seconds, "peak_gib": peak}))
