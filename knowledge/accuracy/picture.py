"""The check as a picture: bars with their 95 % limits, drawn as SVG, so that no drawing library is needed."""

from collections.abc import Iterator, Sequence
from html import escape

from knowledge.accuracy.metrics import Share
from knowledge.accuracy.report import HIT_AT, Result

BAR_WIDTH, GAP, GROUP_GAP, HEIGHT, LEFT, TOP, BOTTOM = 22, 4, 34, 240, 48, 56, 96
COLOURS = ("#2f6f73", "#c8553d", "#8a9a5b", "#d9a441", "#5b6c9a", "#9a5b7d", "#7a7a7a", "#3d8fc8")
INK, FAINT = "#333333", "#dddddd"


def picture(results: Sequence[Result]) -> str:
    """An SVG: for each figure one bar a result, from 0 to 100 %; the thin line is the 95 % interval."""
    groups = [(name, shares) for name, shares in _groups(results) if any(found.total for found in shares)]
    group_width = len(results) * (BAR_WIDTH + GAP) + GROUP_GAP
    width, height = LEFT + max(1, len(groups)) * group_width + GROUP_GAP, TOP + HEIGHT + BOTTOM + 18 * len(results)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="sans-serif" font-size="12" fill="{INK}">',
        f'<rect width="{width}" height="{height}" fill="white"/><text x="{LEFT}" y="26" font-size="16">Accuracy of the knowledge base, % with 95 % limits</text>',
        *_scale(width),
    ]
    for place, (name, shares) in enumerate(groups):
        lines += _group(LEFT + GROUP_GAP // 2 + place * group_width, name, shares)
    lines += _legend(results)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _groups(results: Sequence[Result]) -> Iterator[tuple[str, list[Share]]]:
    for k in HIT_AT:
        yield f"hit@{k}", [result.hits[k] for result in results]
    yield "answers", [result.answers for result in results]
    yield "refusals", [result.refusals for result in results]
    for kind in dict.fromkeys(kind for result in results for kind in result.answers_by("kind")):
        yield kind, [result.answers_by("kind").get(kind, Share(0, 0)) for result in results]


def _scale(width: int) -> Iterator[str]:
    for percent in range(0, 101, 20):
        y = _y(percent / 100)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{width - 10}" y2="{y:.1f}" stroke="{FAINT}"/><text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{percent}</text>'


def _group(left: int, name: str, shares: list[Share]) -> Iterator[str]:
    for place, found in enumerate(shares):
        if found.total:
            x, (low, high) = left + place * (BAR_WIDTH + GAP), found.interval
            middle, top = x + BAR_WIDTH / 2, _y(found.value)
            yield f'<rect x="{x}" y="{top:.1f}" width="{BAR_WIDTH}" height="{TOP + HEIGHT - top:.1f}" fill="{COLOURS[place % len(COLOURS)]}"><title>{escape(name)}: {found.right} of {found.total}</title></rect>'
            yield f'<line x1="{middle}" y1="{_y(low):.1f}" x2="{middle}" y2="{_y(high):.1f}" stroke="{INK}"/>'
            yield f'<text x="{middle}" y="{_y(high) - 4:.1f}" text-anchor="middle" font-size="9">{100 * found.value:.0f}</text>'
    yield f'<text x="{left + len(shares) * (BAR_WIDTH + GAP) / 2:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{escape(name)}</text>'


def _legend(results: Sequence[Result]) -> Iterator[str]:
    for place, result in enumerate(results):
        y = TOP + HEIGHT + 48 + 18 * place
        yield f'<rect x="{LEFT}" y="{y - 10}" width="12" height="12" fill="{COLOURS[place % len(COLOURS)]}"/>'
        yield f'<text x="{LEFT + 18}" y="{y}">{escape(result.system)}: {escape(result.part)}, {len(result.outcomes)} questions</text>'


def _y(value: float) -> float:
    return TOP + HEIGHT * (1 - value)
