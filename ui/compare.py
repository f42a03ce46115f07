"""The tuner's page: two answers to one question, voted on blind; on request how the votes fell, and every answer by name.

It shows what `fengjing compare` has kept under the home folder and needs no model. Not covered: making a comparison.
"""

from html import escape
from pathlib import Path

import streamlit as st

from finetune.judging.compare import Answer, Compared, Outcome, kept, outcome
from finetune.judging.compare_lines import CheckedLine, reason_words
from finetune.judging.task import facts_of
from finetune.judging.votes import CHOICES, Booth, Tally
from knowledge.accuracy.metrics import Share
from knowledge.errors import FengjingError
from ui import prose, session
from ui.chat import draw_trouble
from ui.words import NAMES, VoteWords, plain_label, vote_words

LOOK = Path(__file__).with_name("compare.css")


def draw(home: Path) -> None:
    """The whole page; an error is shown as its one line."""
    st.html(LOOK)
    _language_switch()
    texts = vote_words(session.language())
    st.html(f'<div class="fj-vote"><h1>{escape(texts.page)}</h1><p class="fj-promise">{escape(texts.intro)}</p></div>')
    folders = {folder.name: folder for folder in kept(home)}
    if not folders:
        st.info(plain_label(texts.nothing))
        return
    chosen = st.selectbox(texts.comparison, list(folders), key="comparison")
    voter = st.text_input(texts.voter, key="voter", max_chars=40).strip()
    try:
        booth = Booth(folders[chosen])
        _draw_ballot(booth, voter, texts)
        _draw_result(booth, texts)
    except FengjingError as error:
        draw_trouble(error)


def _language_switch() -> None:
    """As in the chat's sidebar, which this page does not draw."""
    st.session_state.setdefault(session.LANGUAGE_KEY, session.language())
    with st.sidebar:
        st.segmented_control(vote_words(session.language()).page, list(NAMES), format_func=NAMES.__getitem__, required=True, label_visibility="collapsed",
                             key=session.LANGUAGE_KEY, on_change=session.keep_language)


def _draw_ballot(booth: Booth, voter: str, texts: VoteWords) -> None:
    """The next prompt this voter has not voted on."""
    if not voter:
        st.info(texts.voter_first)
        return
    waiting, count = booth.waiting(voter), len(booth.ballots)
    done = count - len(waiting)
    st.progress(done / count if count else 1.0, texts.voted.format(done=done, all=count))
    if not waiting:
        st.success(texts.all_done)
        return
    row = waiting[0]
    _draw_answers(booth, row, texts)
    with st.container(key="choices", horizontal=True, gap="small"):
        clicked = [choice for choice in CHOICES if st.button(texts.choices[choice], key=f"vote-{row.number}-{choice}")]
    if clicked:
        booth.cast(row.number, clicked[0], voter)
        st.rerun()


def _draw_answers(booth: Booth, row: Compared, texts: VoteWords) -> None:
    st.html(prose.question_html(row.question))
    with st.expander(texts.facts):
        st.html(prose.answer_html(facts_of(row.prompt) or row.prompt.split("\n")))
    for place, name, answer in zip(st.columns(2), "AB", booth.shown(row), strict=True):
        with place:
            st.html(f'<div class="fj-pair"><p class="fj-letter">{name}</p>{prose.answer_html(answer.text.splitlines())}</div>')


def _draw_result(booth: Booth, texts: VoteWords) -> None:
    if not st.toggle(texts.reveal, key=f"reveal-{booth.folder.name}", help=texts.reveal_hint):
        return
    tallies = booth.tallies()
    if not tallies:
        st.info(texts.no_votes)
        return
    about = booth.comparison.about
    st.html(f'<p class="fj-remark">{escape(texts.sides.format(tuned=about.tuned, base=about.base))}</p>')
    first, *others = tallies
    bars = [_tally_html(tally, name, texts) for tally, name in [(first, texts.everyone), *((other, other.voter) for other in others)]]
    counted = _bar_html(texts.counted, outcome(row.verdict for row in booth.comparison.rows), {}, texts)
    st.html(f'<div class="fj-outcomes">{"".join([*bars, counted])}</div>')
    st.html(f'<h2 class="fj-answers">{escape(texts.answers)}</h2>')
    for row in booth.comparison.rows:
        _draw_named(row, (about.base, about.tuned), texts)


def _tally_html(tally: Tally, name: str, texts: VoteWords) -> str:
    """One voter's word, or everyone's."""
    more = {texts.decided: _share(tally.outcome.preferred), texts.agrees: _share(tally.agreement)}
    return _bar_html(name, tally.outcome, {texts.both_bad: str(tally.both_bad), **more} if tally.both_bad else more, texts)


def _bar_html(name: str, found: Outcome, more: dict[str, str], texts: VoteWords) -> str:
    """Wins, ties and losses as a bar, and each as a share with its interval."""
    shares = found.shares
    parts = "".join(f'<i class="fj-{kind}" style="flex-grow:{share.right}">{share.right}</i>' for kind, share in shares.items() if share.right)
    rows = {texts.outcomes[kind]: f"{share.right} · {_share(share)}" for kind, share in shares.items()} | more
    lines = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(words)}</dd></div>" for label, words in rows.items())
    return f'<figure class="fj-outcome"><figcaption>{escape(name)}</figcaption><div class="fj-bar">{parts}</div><dl>{lines}</dl></figure>'


def _draw_named(row: Compared, names: tuple[str, str], texts: VoteWords) -> None:
    """A prompt with both answers, each under its name, wrong lines marked with the reason."""
    with st.expander(plain_label(f"{row.number}. {row.question} · {texts.outcomes[row.verdict]}")):
        sides = "".join(_side_html(name, answer, texts) for name, answer in zip(names, (row.base, row.tuned), strict=True))
        st.html(f'<div class="fj-sides">{sides}</div>')


def _side_html(name: str, answer: Answer, texts: VoteWords) -> str:
    count = texts.wrong.format(wrong=answer.wrong, lines=len(answer.lines))
    lines = "".join(_line_html(line, texts) for line in answer.lines)
    return f'<section><p class="fj-label">{escape(name)} · {escape(count)}</p><div class="fj-answer">{lines}</div></section>'


def _line_html(line: CheckedLine, texts: VoteWords) -> str:
    if not line.wrong:
        return prose.line_html(line.text)
    shown = prose.line_html(line.text) if line.text else f'<p class="fj-line">{escape(texts.missing)}</p>'
    return f'<div class="fj-wrong">{shown}<small>{escape(reason_words(line))}</small></div>'


def _share(share: Share) -> str:
    """``75% (30%–95%)``, with the 95 % interval; a dash where there is nothing to count."""
    low, high = share.interval
    return f"{share.value:.0%} ({low:.0%}–{high:.0%})" if share.total else "–"
