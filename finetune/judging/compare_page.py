"""A comparison as one HTML page: figures on top, then every prompt with both answers, wrong lines marked with the reason.

Self-contained: no script, no file beside it, nothing from the network. Filters are radio buttons that hide what they do
not name. It shows which side is which, so it is not for voting (see `finetune.judging.votes`).
"""

from html import escape
from typing import Any

from finetune.judging.compare import Answer, Compared, Comparison, figures
from finetune.judging.compare_lines import CheckedLine
from finetune.judging.task import facts_of

_FILTERS = ("all", "win", "tie", "loss")
_WHOLE = frozenset({"format", "language", "added"})  # wrong as a line: its words stand above the reason already
_SIGNS = {"win": "tuned is better", "tie": "tie", "loss": "base is better"}
_STYLE = """
:root { color-scheme: light dark; --ink: #25302e; --soft: #5f6963; --line: #e0d9cb; --paper: #fbf8f2; --card: #fffdf9; --water: #1f6b66; --bad: #a3341a; --badpaper: #fbe6de; --good: #2b7a4b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9e4; --soft: #a3ada6; --line: #3a423f; --paper: #171c1b; --card: #1f2625; --water: #7cc7bf; --bad: #ff9c80; --badpaper: #4a251b; --good: #7fcf9f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; font: 1rem/1.65 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; margin: .2rem 0; } h2 { font-size: 1.02rem; margin: 0 0 .5rem; } h3 { font-size: .82rem; margin: 0 0 .4rem; color: var(--soft); font-weight: 500; }
.soft { color: var(--soft); font-size: .88rem; margin: .1rem 0 .8rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; } th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } th:first-child { white-space: nowrap; }
input[name=show] { position: absolute; opacity: 0; }
.filters { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .4rem; padding: .6rem 0; background: var(--paper); z-index: 1; }
.filters label { border: 1px solid var(--line); border-radius: 999px; padding: .2rem .85rem; cursor: pointer; font-size: .9rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: .9rem 1rem; margin: 0 0 .9rem; }
.verdict { float: right; font-size: .8rem; border-radius: 999px; padding: .05rem .6rem; border: 1px solid currentColor; margin-left: .6rem; }
.win .verdict { color: var(--good); } .loss .verdict { color: var(--bad); } .tie .verdict { color: var(--soft); }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.2rem; }
ol { list-style: none; margin: 0; padding: 0; } li { padding: .12rem 0 .12rem .6rem; border-left: 3px solid transparent; }
li.wrong { border-left-color: var(--bad); background: var(--badpaper); } li small { display: block; color: var(--bad); font-size: .8rem; }
details { margin: .2rem 0 .7rem; font-size: .88rem; } summary { cursor: pointer; color: var(--water); } pre { white-space: pre-wrap; margin: .3rem 0; font: inherit; }
@media (max-width: 44rem) { .sides { grid-template-columns: 1fr; gap: .8rem; } body { padding: .7rem; } }
"""


def page_html(comparison: Comparison) -> str:
    """The whole page."""
    about, counted = comparison.about, figures(comparison)
    buttons = "".join(f'<input type="radio" name="show" id="{name}"{" checked" if name == "all" else ""}>' for name in _FILTERS)
    labels = "".join(f'<label for="{name}">{name} {counted["prompts"] if name == "all" else counted[name]}</label>' for name in _FILTERS)
    rows = "".join(_row(row, comparison) for row in comparison.rows)
    title = f"{escape(about.base)} and {escape(about.tuned)}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}{_filter_rules()}</style></head><body><h1>{title}</h1>"
        f'<p class="soft">{escape(about.model)}, {counted["prompts"]} prompts from {escape(about.source)}, {escape(about.made)}; greedy, before the guard; '
        f"{counted['same']} answered alike by both</p>{_figures(counted)}{buttons}"
        f'<nav class="filters" aria-label="Filter">{labels}</nav><main>{rows}</main></body></html>\n'
    )


def _filter_rules() -> str:
    hidden = ", ".join(f"#{name}:checked ~ main article:not(.{name})" for name in _FILTERS[1:])
    chosen = ", ".join(f"#{name}:checked ~ .filters label[for={name}]" for name in _FILTERS)
    seen = ", ".join(f"#{name}:focus-visible ~ .filters label[for={name}]" for name in _FILTERS)
    return f"{hidden} {{ display: none; }} {chosen} {{ background: var(--water); color: var(--paper); }} {seen} {{ outline: 2px solid var(--ink); }}"


def _figures(counted: dict[str, Any]) -> str:
    """The two sides row by row, then the outcome."""
    body = "".join(f"<tr><th>{name}</th><td>{escape(one)}</td><td>{escape(other)}</td></tr>" for name, one, other in figure_rows(counted))
    head = f"<tr><th></th><th>base: {escape(counted['base'])}</th><th>tuned: {escape(counted['tuned'])}</th></tr>"
    return f'<div class="wide"><table>{head}{body}</table></div><p>{escape(outcome_words(counted))}</p>'


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
    return (f"tuned wins {counted['win']}, ties {counted['tie']}, loses {counted['loss']}; better in {share_words(counted['of_decided'])} "
            f"of the decided; sign test p = {counted['sign_test_p']:.4f}")


def _row(row: Compared, comparison: Comparison) -> str:
    facts = "\n".join(facts_of(row.prompt)) or row.prompt
    sides = _side(f"base: {comparison.about.base}", row.base) + _side(f"tuned: {comparison.about.tuned}", row.tuned)
    return (
        f'<article class="{row.verdict}" id="p{row.number}"><span class="verdict">{_SIGNS[row.verdict]}</span><h2>{row.number}. {escape(row.question)}</h2>'
        f"<details><summary>facts and reference</summary><pre>{escape(facts)}</pre><pre>{escape(row.reference)}</pre></details>"
        f'<div class="sides">{sides}</div></article>'
    )


def _side(name: str, answer: Answer) -> str:
    speed = f", {answer.tokens / answer.seconds:.0f} tokens/s" if answer.tokens and answer.seconds else ""
    copied = f", {answer.right}/{answer.asked} copied" if answer.asked else ""
    lines = "".join(map(line_html, answer.lines))
    return f"<section><h3>{escape(name)} · {answer.wrong} wrong{copied} · {answer.seconds:.1f} s{speed}</h3><ol>{lines}</ol></section>"


def line_html(line: CheckedLine) -> str:
    """A line of an answer; a wrong one is marked, with each reason in words."""
    if not line.wrong:
        return f"<li>{escape(line.text)}</li>"
    reasons = "; ".join(found.sort if found.sort in _WHOLE else f"{found.sort}: {found.words}" for found in line.wrong)
    return f'<li class="wrong">{escape(line.text)}<small>{escape(reasons)}</small></li>'
