"""The words of a turn as HTML: the reader's message, the answer's lines, the status line. Nothing is read as markdown."""

import re
from collections.abc import Iterable
from html import escape

_ITEM = re.compile(r"(\d{1,2}\. )(.{1,120}?(?:）：|\): ))(.*)", re.DOTALL)  # as `chains.outline` begins a numbered line
_TOTAL = re.compile(r"(?:合计：|Total: )")
_CITED = re.compile(r"\[(\d{1,2})\]")


def question_html(text: str) -> str:
    """What the reader wrote, as it was written."""
    return f'<div class="fj-question" dir="auto">{escape(text)}</div>'


def answer_html(lines: Iterable[str], *, writing: bool = False) -> str:
    """The answer's lines, each as it stands; `writing` adds a cursor after the last."""
    inside = [line_html(line) for line in lines if line.strip()]
    if not inside:
        return ""
    return f'<div class="fj-answer{" fj-writing" if writing else ""}">{"".join(inside)}</div>'


def line_html(line: str) -> str:
    """One line: a numbered sight, a total, or plain words."""
    item = _ITEM.fullmatch(line)
    if item:
        number, head, rest = item.groups()
        return (f'<p class="fj-item"><span class="fj-number">{number}</span>'
                f"<span><strong>{escape(head)}</strong>{_words(rest)}</span></p>")
    look = "fj-sum" if _TOTAL.match(line) else "fj-line"
    return f'<p class="{look}">{_words(line)}</p>'


def _words(text: str) -> str:
    return _CITED.sub(r'<span class="fj-cited">[\1]</span>', escape(text))


def status_html(text: str) -> str:
    """What is being done now."""
    return f'<p class="fj-status" role="status"><i></i>{escape(text)}</p>'


def remark_html(text: str) -> str:
    """A discreet line under an answer."""
    return f'<p class="fj-remark">{escape(text)}</p>'
