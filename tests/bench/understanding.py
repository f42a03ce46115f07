"""How many hand-written utterances are understood, intent and every slot."""

from datetime import date
from pathlib import Path

import yaml

from assistant.settings import load_settings
from chains.understanding import Understanding
from knowledge.library import open_library
from tests.understanding.scoring import score

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 11, 21)  # the day the gold sets were written for


def run() -> None:
    """Print a row for each gold set."""
    catalogue = open_library(load_settings().home).catalogue
    reader = Understanding(catalogue, lambda: TODAY)
    for file in ("understanding.yaml", "understanding_fresh.yaml", "understanding_blind.yaml"):
        items = yaml.safe_load((DATA / file).read_text(encoding="utf-8"))
        for group in sorted({item["set"] for item in items}):
            print(f"{file} {group}: {score([i for i in items if i['set'] == group], reader, catalogue).summary()}")
