"""The tuner's page: two answers to one question, voted on blind; at the end, on request, how the votes fell.

It shows what `fengjing compare` has kept under the home folder and needs no model. Not covered: making a comparison.
"""

from html import escape
from pathlib import Path

import streamlit as st

from finetune.judging.compare import Compared, kept
from finetune.judging.task import facts_of
from finetune.judging.votes import CHOICES, Booth, Tally
from knowledge.accuracy.metrics import Share
from knowledge.errors import FengjingError
from ui import prose, session
from ui.chat import draw_trouble
from ui.words import NAMES, VoteWords, plain_label, vote_words


def draw(home: Path) -> None:
    """The whole page; an error is shown as its one line."""
    _language_switch()
    texts = vote_words(session.language())
    st.html(f'<h1>{escape(texts.page)}</h1><p class="fj-promise">{escape(texts.intro)}</p>')
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
            st.html(f'<p class="fj-label">{name}</p>{prose.answer_html(answer.text.splitlines())}')


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
    st.table([dict(zip(texts.columns, _cells(tally, name), strict=True)) for tally, name in [(first, texts.everyone), *((other, other.voter) for other in others)]])


def _cells(tally: Tally, name: str) -> tuple[str, ...]:
    """A row of the result."""
    found = tally.outcome
    return (plain_label(name), str(found.wins), str(found.ties), str(found.losses), str(tally.both_bad), _share(found.preferred), _share(tally.agreement))


def _share(share: Share) -> str:
    """``75% (30%–95%)``, with the 95 % interval; a dash where there is nothing to count."""
    low, high = share.interval
    return f"{share.value:.0%} ({low:.0%}–{high:.0%})" if share.total else "–"
