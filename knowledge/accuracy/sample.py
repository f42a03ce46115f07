"""A smaller set of questions that still holds every kind: for systems that need seconds for an answer.

Questions are grouped by kind and by whether the fact is absent; each group keeps its share. The same seed draws the same.
"""

import random
from collections import defaultdict
from collections.abc import Sequence

from knowledge.accuracy.questions import Question


def sample(questions: Sequence[Question], number: int, seed: int = 1) -> list[Question]:
    """So many of the questions, in their order; all of them where there are no more, or where `number` is 0."""
    if not number or number >= len(questions):
        return list(questions)
    groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        groups[question.kind, question.absent].append(place)
    shares = _shares([len(places) for places in groups.values()], number)
    drawn = random.Random(seed)
    kept = [place for places, wanted in zip(groups.values(), shares, strict=True) for place in drawn.sample(places, wanted)]
    return [questions[place] for place in sorted(kept)]


def _shares(sizes: list[int], number: int) -> list[int]:
    """How many of each group, one at least while there is room for it; the largest remainders get what is left."""
    order = sorted(range(len(sizes)), key=lambda group: -sizes[group])
    counts = [0] * len(sizes)
    for group in order[:number]:
        counts[group] = 1
    total = sum(sizes)
    while sum(counts) < number:
        open_ = [group for group in order if counts[group] < sizes[group]]
        behind = max(open_, key=lambda group: sizes[group] * number / total - counts[group])
        counts[behind] += 1
    return counts
