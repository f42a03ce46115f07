"""A plan as Markdown."""

from collections.abc import Sequence

from chains.tools.itinerary import words
from chains.tools.itinerary.plan import Day, Plan, Stop
from chains.understanding.request import Language

TITLE: dict[Language, str] = {"zh": "{where}{days}天行程 · {people} · {start}起", "en": "{where}{days}-day itinerary for {people}, from {start}"}
REMARK: dict[Language, str] = {
    "zh": "门票取自知识库的记录，住宿与餐饮为常见价位的中间值，交通为估算；请以景区公告和实际价格为准。与风景对话制作。",
    "en": "Tickets are records of the knowledge base, lodging and meals the middle of usual spans, ways are estimates; official "
          "notices and actual prices prevail. Made by Fengjing.",
}
_HEADS: dict[Language, str] = {
    "zh": "| 时间 | 做什么 | 花费 | 怎么去 |\n|---|---|---|---|", "en": "| Time | What | Cost | Way there |\n|---|---|---|---|",
}


def as_markdown(plan: Plan, language: Language, cities: Sequence[str] = ()) -> str:
    """Title, a table a day, the costs, and what could not be met."""
    parts = [f"# {title_of(plan, language, cities)}", *(_day(day, language) for day in plan.days), words.cost_line(plan, language),
             *words.conflict_lines(plan, language), words.left_out_line(plan, language), f"> {REMARK[language]}"]
    return "\n\n".join(part for part in parts if part) + "\n"


def title_of(plan: Plan, language: Language, cities: Sequence[str] = ()) -> str:
    """``青岛3天行程 · 2人 · 2026-12-04起``; `cities` are names in the reader's language, left out where none are given."""
    size = plan.trip.travellers.size
    people = f"{size}人" if language == "zh" else "1 person" if size == 1 else f"{size} people"
    where = "、".join(cities) if language == "zh" else f"{' and '.join(cities)}: " if cities else ""
    return TITLE[language].format(where=where, days=plan.trip.days, people=people, start=plan.trip.start)


def way_to(stop: Stop, language: Language) -> str:
    """The legs to a stop in words."""
    return " + ".join(words.leg_words(leg, language) for leg in stop.legs)


def time_of(stop: Stop) -> str:
    """``08:30–09:15``; a hotel has only its arrival."""
    return words.clock(stop.arrives) + ("" if stop.kind == "hotel" else f"–{words.clock(stop.departs)}")


def _day(day: Day, language: Language) -> str:
    rows = [f"| {time_of(s)} | {_cell(words.stop_name(s, language))} | {words.stop_cost(s, language)} | {way_to(s, language)} |" for s in day.stops]
    notes = [part for text in words.day_notes(day, language) for part in ("", _cell(text))]
    return "\n".join([f"## {words.day_title(day, language)}", "", _HEADS[language], *rows, *notes])


def _cell(text: str) -> str:
    """Names with the marks of a table taken out of their meaning."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
