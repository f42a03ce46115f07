"""What an answer must get right by itself, before any guard: names, prices and fact lines copied, and the form kept.

Read off the prompt alone: its facts block says what is to be copied, and which of it is said to be unknown. Not
covered: what the free words claim, which the guard counts (see `finetune.judging.compare_lines`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from knowledge.accuracy.answers import Answer, ClosedOn, Graded, OpenHours, Price, Stay
from knowledge.accuracy.metrics import Share, share
from knowledge.accuracy.reading import amounts_yuan, durations_minutes, levels, shut_weekdays, spans

_BLOCK = re.compile(r"<(?:资料|facts)>\n(.*?)\n</(?:资料|facts)>", re.DOTALL)
# A name may hold brackets of its own, "The Palace Museum (Forbidden City)"; the price in the last ones holds none.
ITEM = re.compile(r"(?P<number>\d+)\. (?P<name>.+?)(?P<open>（| \()(?P<price>[^（）()]*?)(?P<close>）：|\): )")
_UNKNOWN = re.compile(
    r"资料里没有|资料我没有|我没有资料|没有(?:找到|查到)|查不到|找不到|没有相关(?:资料|信息|记录)|不敢乱说|不知道|不清楚|无法(?:提供|确认|回答|告诉)|以.{0,8}(?:公告|公布的?|公示)为准"
    r"|想去哪座城市|哪座城市呢|see the official notice|we hold no\b|we hold nothing|rather not guess|(?:do not|don't) (?:know|have)|not sure|no information"
    r"|(?:cannot|can't|unable to) (?:say|tell|find|confirm|provide|answer)|which city (?:do|would|are)", re.IGNORECASE)


@dataclass
class TaskScore:
    """Right and asked of each kind; `wrong` keeps what was written instead, for the reader."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)  # kind, wanted, written

    def count(self, kind: str, wanted: str, written: str, *, ok: bool) -> None:
        """One thing that was asked for."""
        self.asked[kind] += 1
        self.right[kind] += ok
        if not ok:
            self.wrong.append((kind, wanted, written))

    def shares(self) -> dict[str, Share]:
        """The share of each kind, with its 95 % interval."""
        return {kind: Share(self.right[kind], count) for kind, count in sorted(self.asked.items())}


@dataclass(frozen=True)
class Refusals:
    """Of the rows whose reference says that something is unknown, how many answers say so; and how many others do so needlessly."""

    said: Share
    needless: Share


def task_score(answers: Iterable[tuple[str, str, str]]) -> TaskScore:
    """Score (prompt, predicted, reference) triples; prompts without a facts block are left out."""
    score = TaskScore()
    for prompt, predicted, reference in answers:
        facts = facts_of(prompt)
        if facts:
            _one(score, facts, lines_of(predicted), reference)
    return score


def domain_score(shares: Mapping[str, Share]) -> float:
    """One figure to choose a checkpoint by: the mean of the shares of names, prices, fact lines and form, 0 to 1."""
    return sum(found.value for found in shares.values()) / len(shares) if shares else 0.0


def refusals(answers: Iterable[tuple[str, str, str]]) -> Refusals:
    """Rows where the facts hold an unknown, of (prompt, predicted, reference) triples with a facts block."""
    said, needless = [], []
    for prompt, predicted, reference in answers:
        if not facts_of(prompt):
            continue
        unknown = [line for line in lines_of(reference) if says_unknown(line)]
        lines = lines_of(predicted)
        if unknown:
            said.append(all(any(says_unknown(line) for line in _counterparts(one, lines)) for one in unknown))
        else:
            needless.append(any(map(says_unknown, lines)))
    return Refusals(share(said), share(needless))


def answer_match(answers: Iterable[tuple[str, str]]) -> Share:
    """Of (prompt, predicted) pairs whose facts are values, how many answers say all of them, in whatever words."""
    return share([all(value.matches(predicted) for value in values) for prompt, predicted in answers if (values := values_of(prompt))])


def values_of(prompt: str) -> tuple[Answer, ...]:
    """What the facts of a prompt come to: yuan, opening hours, closing days, length of stay, level.

    None for lists of sights, whose names and prices are counted one by one, and where a fact is unknown or words alone.
    """
    facts = facts_of(prompt)
    text = "\n".join(facts)
    if says_unknown(text) or any(map(ITEM.match, facts)):
        return ()
    yuan, hours, shut, stays, graded = amounts_yuan(text), spans(text), shut_weekdays(text), durations_minutes(text), levels(text)
    found: list[Answer | None] = [
        Price(yuan) if yuan else None, OpenHours(hours) if hours else None, None if shut is None else ClosedOn(shut),
        *(Stay(round(least), round(most)) for least, most in stays), *map(Graded, sorted(graded))]
    return tuple(value for value in found if value)


def says_unknown(line: str) -> bool:
    """Whether a line says that something is not known, or asks for the city instead of answering."""
    return bool(_UNKNOWN.search(line))


def facts_of(prompt: str) -> list[str]:
    """The lines of a prompt's facts block; none where it has no such block."""
    block = _BLOCK.search(prompt)
    return [line.strip() for line in block[1].split("\n")] if block else []


def lines_of(text: str) -> list[str]:
    """The lines of an answer as serving reads them: blank ones count for nothing."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _counterparts(wanted: str, lines: list[str]) -> list[str]:
    """The lines that could say the same: of an item the line of its number, else every line that is no item."""
    item = ITEM.match(wanted)
    if item:
        return [line for line in lines if line.startswith(f"{item['number']}. ")]
    return [line for line in lines if not ITEM.match(line)]


def _one(score: TaskScore, facts: list[str], lines: list[str], reference: str) -> None:
    wanted = lines_of(reference)
    for fact in facts:
        item = ITEM.match(fact)
        if item:
            _item(score, item, lines)
        else:
            score.count("fact line", fact, "", ok=fact in lines)
    heads = sum(bool(ITEM.match(line)) for line in wanted)
    ok = _form(lines, facts) == _form(wanted, facts)
    score.count("form", f"{len(wanted)} lines, {heads} numbered", "\n".join(lines), ok=ok)


def _form(lines: list[str], facts: list[str]) -> list[str]:
    """What kind of line stands where: an item by its number, a copied fact by itself, all free words alike."""
    copied = {fact for fact in facts if not ITEM.match(fact)}
    return [f"{item['number']}." if (item := ITEM.match(line)) else line if line in copied else "" for line in lines]


def _item(score: TaskScore, item: re.Match[str], lines: list[str]) -> None:
    written = next((line for line in lines if line.startswith(f"{item['number']}. ")), "")
    found = ITEM.match(written)
    named = f"{item['number']}. {item['name']}{item['open']}"
    score.count("name", item["name"], written, ok=found["name"] == item["name"] if found else written.startswith(named))
    score.count("price", item["price"], written, ok=bool(found and found["price"] == item["price"]))
