"""Every text of the interface, in Chinese and English. Facts are not here: `chains.wording` writes those.

What belongs to an answer (cards, totals, sources, the map) speaks the answer's language; buttons, hints and the
sidebar speak the language the reader chose for the interface.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.events import FinishedEvent, Stage
from chains.facts import Facts, Kind
from chains.understanding.request import Language
from chains.wording import name_of
from finetune.judging.compare import Verdict
from finetune.judging.votes import Choice

NAMES: Mapping[Language, str] = {"zh": "中文", "en": "English"}


@dataclass(frozen=True)
class Question:
    """A question to click, with the Material icon that goes before it."""

    icon: str
    text: str


@dataclass(frozen=True)
class Words:
    """The interface in one language."""

    title: str
    greeting: str
    promise: str
    ask_here: str
    opening: str
    questions: tuple[Question, ...]
    stages: Mapping[Stage, str]
    stop: str
    stopped: str
    copy: str
    copy_hint: str
    again: str
    retry: str
    new_talk: str
    past_talks: str
    older_talks: str
    no_talks: str
    untitled: str
    delete: str
    delete_sure: str
    language: str
    model: str
    prices_note: str


ZH = Words(
    title="与风景对话",
    greeting="想去哪里走走？说一座城市，我来讲讲它的风景、门票和吃住。",
    promise="价格与开放时间都取自资料，每一条都能点开看来源和年份；资料里没有的，我会直说不知道。",
    ask_here="想去哪里？比如：我去青岛可以去哪里玩",
    opening="正在打开资料和模型，第一次会久一点……",
    questions=(
        Question("beach_access", "我去青岛可以去哪里玩,花费多少?"),
        Question("event_busy", "故宫周一开门吗？"),
        Question("restaurant", "成都有什么好吃的，一顿大概多少钱？"),
        Question("hotel", "杭州住哪里方便，一晚多少钱？"),
        Question("savings", "北京有哪些免费的景点？"),
        Question("translate", "What is worth seeing in Xi'an, and what does it cost?"),
    ),
    stages={"understanding": "正在理解你的问题", "retrieving": "正在查找景点与票价",
            "writing": "正在写回答", "checking": "正在与资料核对"},
    stop="停止回答",
    stopped="回答已停止，以上是停下前的内容。",
    copy="复制",
    copy_hint="点右上角的图标即可复制全文",
    again="重新回答",
    retry="再试一次",
    new_talk="新的对话",
    past_talks="以前的对话",
    older_talks="更早的对话",
    no_talks="还没有对话，从一个问题开始吧。",
    untitled="未命名的对话",
    delete="删除",
    delete_sure="删除这段对话？删除后无法恢复。",
    language="界面语言",
    model="模型",
    prices_note="价格来自知识库，每个价格都有来源与年份",
)

EN = Words(
    title="Fengjing 与风景对话",
    greeting="Where would you like to go? Name a city in China, and I will tell you about its sights, tickets, food and rooms.",
    promise="Prices and opening hours come from records; each can be opened to see its source and year. What the records lack, I say I do not know.",
    ask_here="Where to? For example: what can I see in Qingdao",
    opening="Opening the records and the model; the first time takes a little longer …",
    questions=(
        Question("beach_access", "What is worth seeing in Qingdao, and what does it cost?"),
        Question("event_busy", "Is the Palace Museum open on Mondays?"),
        Question("restaurant", "What should I eat in Chengdu, and what does a meal cost?"),
        Question("hotel", "Where should I stay in Hangzhou?"),
        Question("savings", "Which sights in Beijing are free?"),
        Question("translate", "我去青岛可以去哪里玩,花费多少?"),
    ),
    stages={"understanding": "Understanding your question", "retrieving": "Looking up sights and prices",
            "writing": "Writing the answer", "checking": "Checking it against the records"},
    stop="Stop",
    stopped="You stopped this answer; above is what had been written.",
    copy="Copy",
    copy_hint="Use the icon in the corner to copy everything",
    again="Answer again",
    retry="Try again",
    new_talk="New conversation",
    past_talks="Past conversations",
    older_talks="Older ones",
    no_talks="None yet: begin with a question.",
    untitled="Untitled conversation",
    delete="Delete",
    delete_sure="Delete this conversation? This cannot be undone.",
    language="Interface language",
    model="Model",
    prices_note="Prices come from the records; each has a source and a year",
)


@dataclass(frozen=True)
class VoteWords:
    """The page on which two ways of speaking are compared blind, in one language."""

    page: str
    chat: str
    intro: str
    nothing: str
    comparison: str
    voter: str
    voter_first: str
    facts: str
    choices: Mapping[Choice, str]
    voted: str  # with {done} and {all}
    all_done: str
    reveal: str
    reveal_hint: str
    no_votes: str
    everyone: str
    sides: str  # with {tuned} and {base}
    counted: str
    outcomes: Mapping[Verdict, str]
    both_bad: str
    decided: str
    agrees: str
    answers: str
    wrong: str  # with {wrong} and {lines}
    missing: str


VOTE_ZH = VoteWords(
    page="盲评对比",
    chat="对话",
    intro="同一个问题，两个回答，左右次序打乱。请选出更好的一个；全部选完之前不要看结果。",
    nothing="还没有可以评的对比。先在终端运行：fengjing compare --questions 问题.txt",
    comparison="选择一次对比",
    voter="你的名字",
    voter_first="先写下名字，再开始评。",
    facts="模型看到的资料",
    choices={"A": "A 更好", "B": "B 更好", "tie": "一样好", "both bad": "都不好"},
    voted="已评 {done} / {all}",
    all_done="都评完了，谢谢！可以看结果了。",
    reveal="显示结果",
    reveal_hint="会说出哪一边是哪一个，看过就不再是盲评。",
    no_votes="还没有人评过。",
    everyone="全部",
    sides="微调：{tuned}；对照：{base}。胜、平、负都是就微调一边说的，括号里是95%区间。",
    counted="按错误行数自动判定",
    outcomes={"win": "胜", "tie": "平", "loss": "负"},
    both_bad="其中都不好",
    decided="分出高下时微调获胜",
    agrees="与自动判定一致",
    answers="逐题揭晓",
    wrong="{lines} 行里有 {wrong} 行不对",
    missing="少了一行",
)

VOTE_EN = VoteWords(
    page="Blind comparison",
    chat="Chat",
    intro="One question, two answers in shuffled order. Choose the better one, and leave the result alone until you are done.",
    nothing="There is no comparison yet. Make one in a terminal: fengjing compare --questions questions.txt",
    comparison="Comparison",
    voter="Your name",
    voter_first="Write down your name first.",
    facts="The facts the model was given",
    choices={"A": "A is better", "B": "B is better", "tie": "Equally good", "both bad": "Both are bad"},
    voted="{done} of {all} voted",
    all_done="All done, thank you. You may look at the result.",
    reveal="Show the result",
    reveal_hint="It tells which side is which; after that your votes are no longer blind.",
    no_votes="Nobody has voted yet.",
    everyone="all",
    sides="Tuned: {tuned}; base: {base}. Wins, ties and losses are the tuned side's, with 95% intervals.",
    counted="by the count of wrong lines",
    outcomes={"win": "wins", "tie": "ties", "loss": "losses"},
    both_bad="both bad, among the ties",
    decided="tuned wins where decided",
    agrees="agrees with the count",
    answers="Question by question",
    wrong="{wrong} of {lines} lines wrong",
    missing="a line is missing",
)

_WORDS: Mapping[Language, Words] = {"zh": ZH, "en": EN}
_VOTE_WORDS: Mapping[Language, VoteWords] = {"zh": VOTE_ZH, "en": VOTE_EN}


def words(language: Language) -> Words:
    """The interface texts of a language."""
    return _WORDS[language]


def vote_words(language: Language) -> VoteWords:
    """The texts of the page of comparisons."""
    return _VOTE_WORDS[language]


def language_of_locale(locale: str | None) -> Language:
    """The interface language for a browser's locale: English only where it is said not to be Chinese."""
    return "zh" if not locale or locale.lower().startswith("zh") else "en"


def how_it_went(event: FinishedEvent, language: Language) -> str:
    """The discreet last line of an answer: seconds, lines, and what became of the lines that were wrong."""
    guard, seconds = event.guard, event.timings.total
    if language == "zh":
        parts = [f"{seconds:.1f} 秒", f"{guard.lines} 行" if guard.lines else "全部由事实直接写出"]
        parts += [f"{guard.rewritten} 行重写过"] if guard.rewritten else []
        parts += [f"{guard.rendered} 行由事实直接写出"] if guard.rendered and guard.lines else []
    else:
        parts = [f"{seconds:.1f} s", f"{guard.lines} lines" if guard.lines else "written from the facts"]
        parts += [f"{guard.rewritten} rewritten"] if guard.rewritten else []
        parts += [f"{guard.rendered} written from the facts"] if guard.rendered and guard.lines else []
    return " · ".join([*parts, *([event.problem] if event.problem else [])])


def follow_ups(facts: Facts) -> tuple[str, ...]:
    """What one could ask next, in the answer's language; only what can be answered."""
    if facts.suggestions:
        return facts.suggestions[:6]
    chinese = facts.language == "zh"
    first = name_of(facts.cards[0].sight, facts.language) if facts.cards else ""
    city = name_of(facts.cities[0], facts.language) if facts.cities else ""
    if facts.kind in (Kind.SIGHTS, Kind.ITINERARY) and first and city:
        return ((f"{first}几点开门？", f"{city}有什么好吃的？", f"{city}住哪里方便？") if chinese
                else (f"When does {first} open?", f"What should I eat in {city}?", f"Where should I stay in {city}?"))
    if facts.kind in (Kind.SIGHT_FACT, Kind.CITY_FACT, Kind.WEATHER) and city:
        return (f"{city}有哪些值得去的景点？",) if chinese else (f"What is worth seeing in {city}?",)
    return ()


def plain_label(text: str) -> str:
    """Text for a place where Streamlit would read markdown (button, error), so that it shows as it is."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+\-.!|~$<>&^=])", r"\\\1", " ".join(text.split()))
    return escaped.replace(":", ":\u2060")  # a word joiner keeps :red[…] and :smile: from being read


def short(text: str, most: int = 24) -> str:
    """At most so many characters, with an ellipsis where something was left out."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
