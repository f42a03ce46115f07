"""BLEU-4 and ROUGE-1/2/L as LLaMA-Factory computes them, so that scores can be laid side by side.

BLEU over characters with smoothing method 3; ROUGE's F over words that jieba cuts; each row's score times 100, then the
mean. A row with an empty side has ROUGE 0. They measure likeness to one reference, not truth: see `task`.
"""

from collections.abc import Sequence
from statistics import fmean

import jieba
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from rouge_chinese import Rouge

_ROUGE = ("rouge-1", "rouge-2", "rouge-l")


def likeness(predictions: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    """``predict_bleu-4`` and ``predict_rouge-*`` of predictions and their references, 0 to 100."""
    rows = [_row(predicted, label) for predicted, label in zip(predictions, labels, strict=True)]
    return {f"predict_{name}": round(fmean(row[name] for row in rows), 4) for name in ("bleu-4", *_ROUGE)} if rows else {}


def _row(predicted: str, label: str) -> dict[str, float]:
    bleu = sentence_bleu([list(label)], list(predicted), smoothing_function=SmoothingFunction().method3)
    cut, wanted = (" ".join(jieba.cut(text)) for text in (predicted, label))
    if not (cut.split() and wanted.split()):
        return {"bleu-4": round(bleu * 100, 4), **dict.fromkeys(_ROUGE, 0.0)}
    found = Rouge().get_scores(cut, wanted)[0]
    return {"bleu-4": round(bleu * 100, 4), **{name: round(found[name]["f"] * 100, 4) for name in _ROUGE}}
