"""A training from end to end, on a tiny random base."""

import json
from pathlib import Path
from typing import Any

import pytest

from finetune.training.config import check


def run(settings: dict[str, Any], tmp_path: Path, **options: Any) -> list[str]:
    """Train with these keys; what was said meanwhile."""
    from finetune.training.run import Job, train

    config, _ = check(settings)
    said: list[str] = []
    train(Job(config, tmp_path / "home", **options), said.append)
    return said


def test_a_run_leaves_an_adapter_and_its_files(settings: dict[str, Any], tmp_path: Path) -> None:
    """The loss falls, and the folder holds the adapter, logs, results, pictures and samples of before, during and after."""
    said = run(settings, tmp_path)
    folder = Path(settings["output_dir"])
    print("\n".join(said)); print(sorted(p.name for p in folder.iterdir()))
    for n in ("trainer_log.jsonl","samples.jsonl","progress.json","all_results.json","training_args.yaml","adapter_config.json"): print(n, (folder/n).read_text()[:1500])
    assert 0
