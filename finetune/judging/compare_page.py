"""A comparison as one HTML page: the outcome on top, then every prompt with both answers, wrong lines marked with the reason.

Self-contained: no script, no file beside it, nothing from the network. Filters are radio buttons that hide what they do
not name. It shows which side is which, so it is not for voting (see `finetune.judging.votes`).
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from finetune.judging.compare import Answer, Compared, Comparison, figures
from finetune.judging.compare_lines import CheckedLine, reason_words, reasons
from finetune.judging.compare_style import STYLE
from finetune.judging.task import facts_of

_FILTERS = ("all", "win", "tie", "loss")
_OUTCOMES = {"win": "tuned better", "tie": "tie", "loss": "base better"}


def page_html(comparison: Comparison, votes: Sequence[dict[str, Any]] = ()) -> str:
    """The whole page; `votes` are tallies as `finetune.judging.votes` counts them, all voters first."""
    about, counted = comparison.about, figures(comparison)
    buttons = "".join(f'<input type="radio" name="show" id="{name}"{" checked" if name == "all" else ""}>' for name in _FILTERS)
    labels = "".join(f'<label for="{name}">{_OUTCOMES.get(name, name)} {counted["prompts"] if name == "all" else counted[name]}</label>' for name in _FILTERS)
    rows = "".join(_row(row, comparison) for row in comparison.rows)
    title = f"{escape(about.base)} and {escape(about.tuned)}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}{_filter_rules()}</style></head><body><header><h1>{title}, side by side</h1>"
        f'<p class="soft">{escape(about.model)} · {counted["prompts"]} prompts from {escape(about.source)} · {escape(about.made)} · greedy, before the guard · '
        f"{counted['same']} answered alike by both</p></header>{_outcomes(counted, votes)}{_figures(counted)}{buttons}"
        f'<nav class="filters" aria-label="Filter">{labels}</nav><main>{rows}</main></body></html>\n'
    )


def _filter_rules() -> str:
    hidden = ", ".join(f"#{name}:checked ~ main article:not(.{name})" for name in _FILTERS[1:])
    chosen = ", ".join(f"#{name}:checked ~ .filters label[for={name}]" for name in _FILTERS)
    seen = ", ".join(f"#{name}:focus-visible ~ .filters label[for={name}]" for name in _FILTERS)
    return f"{hidden} {{ display: none; }} {chosen} {{ background: var(--water); color: var(--paper); }} {seen} {{ outline: 2px solid var(--ink); }}"


def _outcomes(counted: dict[str, Any], votes: Sequence[dict[str, Any]]) -> str:
    """What the count says, and below it what each voter said."""
    bars = outcome_html("by the count of wrong lines", counted)
    bars += "".join(outcome_html(f"voted blind by {'all' if number == 0 else tally['voter']}", tally) for number, tally in enumerate(votes))
    return f'<section class="outcomes">{bars}</section>'


def outcome_html(name: str, counted: dict[str, Any]) -> str:
    """Wins, ties and losses as a bar, each with its share and 95 % limits, and what chance alone would do."""
    parts = "".join(f'<i class="{kind}" style="flex-grow:{counted[kind]}">{counted[kind]}</i>' for kind in _OUTCOMES if counted[kind])
    legend = "".join(f'<li class="{kind}"><b>{word}</b> {share_words(counted["of_all"][kind])}</li>' for kind, word in _OUTCOMES.items())
    bad = f"{counted['both_bad']} times both were bad; " if counted.get("both_bad") else ""
    return (f'<figure><figcaption>{escape(name)}</figcaption><div class="bar">{parts}</div><ul class="legend">{legend}</ul>'
            f'<p class="soft">{bad}where one was better, tuned won {share_words(counted["of_decided"])}; sign test p = {counted["sign_test_p"]:.4f}</p></figure>')


def _figures(counted: dict[str, Any]) -> str:
    """The two sides row by row."""
    body = "".join(f"<tr><th>{name}</th><td>{escape(one)}</td><td>{escape(other)}</td></tr>" for name, one, other in figure_rows(counted))
    head = f"<tr><td></td><th>base: {escape(counted['base'])}</th><th>tuned: {escape(counted['tuned'])}</th></tr>"
    return f'<div class="wide"><table>{head}{body}</table></div>'


def figure_rows(counted: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What was counted, the base's figure and the tuned side's, in words."""
    base, tuned = counted["sides"]["base"], counted["sides"]["tuned"]
    return [
        ("wrong lines", share_words(base["lines"]), share_words(tuned["lines"])),
        ("wrong by sort", sorts_words(base["lines"]["by_sort"]), sorts_words(tuned["lines"]["by_sort"])),
        ("copied right", share_words(base["copied"]), share_words(tuned["copied"])),
        ("median seconds", str(base["median_seconds"]), str(tuned["median_seconds"])),
        ("tokens a second", str(base["tokens_per_second"] or "not counted"), str(tuned["tokens_per_second"] or "not counted")),
    ]


def share_words(share: dict[str, Any]) -> str:
    """``3 of 40, 7.5% (2.6% to 19.9%)``, whatever is counted."""
    low, high = share["interval"]
    return f"{next(iter(share.values()))} of {share['of']}, {share['share']:.1%} ({low:.1%} to {high:.1%})" if share["of"] else "nothing to count"


def sorts_words(sorts: dict[str, int]) -> str:
    """``name 4, price 2``."""
    return ", ".join(f"{sort} {count}" for sort, count in sorts.items()) or "none"


def outcome_words(counted: dict[str, Any]) -> str:
    """Wins, ties and losses in a sentence, with what chance alone would do."""
    won, tied, lost = (share_words(counted["of_all"][kind]) for kind in _OUTCOMES)
    return (f"tuned wins {won}, ties {tied}, loses {lost}; better in {share_words(counted['of_decided'])} "
            f"of the decided; sign test p = {counted['sign_test_p']:.4f}")


def _row(row: Compared, comparison: Comparison) -> str:
    facts = "\n".join(facts_of(row.prompt)) or row.prompt
    sides = _side("base", comparison.about.base, row.base) + _side("tuned", comparison.about.tuned, row.tuned)
    return (
        f'<article class="{row.verdict}" id="p{row.number}"><h2><span class="number">{row.number}</span>{escape(row.question)}'
        f'<span class="verdict">{_OUTCOMES[row.verdict]}</span></h2><div class="sides">{sides}</div>'
        f'<details><summary>facts and reference</summary><div class="sides"><pre>{escape(facts)}</pre><pre>{escape(row.reference)}</pre></div></details></article>'
    )


def _side(role: str, name: str, answer: Answer) -> str:
    speed = f" · {answer.tokens / answer.seconds:.0f} tokens/s" if answer.tokens and answer.seconds else ""
    copied = f" · {answer.right}/{answer.asked} copied" if answer.asked else ""
    lines = "".join(map(line_html, answer.lines))
    count = f'<b class="{"bad" if answer.wrong else "good"}">{answer.wrong} wrong</b>'
    return f"<section><h3>{role}: {escape(name)} · {count}{copied} · {answer.seconds:.1f} s{speed}</h3><ol>{lines}</ol></section>"


def line_html(line: CheckedLine) -> str:
    """A line of an answer; a wrong one is marked, with each reason in words."""
    if not line.wrong:
        return f"<li>{escape(line.text)}</li>"
    return f'<li class="wrong">{_marked(line)}<small>{escape(reason_words(line))}</small></li>'


def _marked(line: CheckedLine) -> str:
    """The line with the words that are wrong underlined, each where it first stands; a missing line has none."""
    text = escape(line.text)
    for words in dict.fromkeys(escape(word) for found in reasons(line).values() for word in found):
        text = text.replace(words, f"<mark>{words}</mark>", 1)
    return text
