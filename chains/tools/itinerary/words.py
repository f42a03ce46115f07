"""A plan as words, in Chinese and English: days, costs, conflicts and the checker's verdict. Code writes these, never a model."""

import re

from chains.tools.itinerary.changes import Diff
from chains.tools.itinerary.checker import Verdict
from chains.tools.itinerary.labels import COSTS, MODES
from chains.tools.itinerary.plan import Day, Leg, Plan, Stop
from chains.understanding.request import Language

WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_CITY_ID = re.compile(r"(?<=[ →])[a-z]+(?= →|$)")  # rides are named by the ids of their cities
_MEALS = {"zh": {"breakfast": "早餐", "lunch": "午餐", "dinner": "晚餐"}, "en": {"breakfast": "breakfast", "lunch": "lunch", "dinner": "dinner"}}
_REASONS = {
    "zh": {"closed": "那几天不开放", "no_time": "时间排不下", "too_dear": "超出预算", "excluded": "你不想去", "too_far": "太远", "weather": "天气不合适"},
    "en": {"closed": "closed on those days", "no_time": "no time left", "too_dear": "over the budget", "excluded": "left out as you asked",
           "too_far": "too far", "weather": "not in that weather"},
}


def clock(minutes: int) -> str:
    """``09:30``; past midnight the hour goes on (``24:10``)."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def day_title(day: Day, language: Language) -> str:
    """``第1天 12月4日 周五`` or ``Day 1, Fri 4 Dec``."""
    weekday = WEEKDAYS[language][day.date.weekday()]
    if language == "zh":
        return f"第{day.number}天 {day.date.month}月{day.date.day}日 周{weekday}"
    return f"Day {day.number}, {weekday} {day.date.day} {day.date:%b}"


def stop_name(stop: Stop, language: Language) -> str:
    """The stop's name, with the meal it is; a ride with what one rides in."""
    if stop.kind == "ride" and language == "zh":
        return f"{MODES['zh'][stop.mode]} {stop.name}" if stop.mode else stop.name
    if stop.kind == "ride":
        return _CITY_ID.sub(lambda match: match[0].title(), stop.name_en)
    name = stop.name if language == "zh" else stop.name_en
    meal = _MEALS[language].get(stop.kind, "")
    return f"{meal} {name}".strip() if language == "zh" else f"{meal}: {name}" if meal else name


def stop_cost(stop: Stop, language: Language) -> str:
    """The stop's cost for the party: 免费, 60元, or that it is unknown; nothing for a rest."""
    if stop.kind == "rest":
        return ""
    if stop.yuan is None:
        return "票价未知" if language == "zh" else "price unknown"
    if stop.yuan == 0:
        return "免费" if language == "zh" else "free"
    if stop.kind == "hotel" and stop.rooms > 1:
        return f"{stop.rooms}间共{stop.yuan:g}元" if language == "zh" else f"{stop.rooms} rooms, {stop.yuan:g} yuan"
    return f"{stop.yuan:g}元" if language == "zh" else f"{stop.yuan:g} yuan"


def leg_words(leg: Leg, language: Language) -> str:
    """``公交20分钟6元``, ``walk 6 min``."""
    minutes, mode = leg.arrives - leg.departs, MODES[language][leg.mode]
    fare = "" if not leg.yuan else f"{leg.yuan:g}元" if language == "zh" else f", {leg.yuan:g} yuan"
    return f"{mode}{minutes}分钟{fare}" if language == "zh" else f"{mode} {minutes} min{fare}"


def stop_line(stop: Stop, language: Language) -> str:
    """``08:31–09:16 栈桥（免费）``; a hotel has only its arrival."""
    cost = stop_cost(stop, language)
    until = "" if stop.kind == "hotel" else f"–{clock(stop.departs)}"
    bracket = "" if not cost else f"（{cost}）" if language == "zh" else f" ({cost})"
    return f"{clock(stop.arrives)}{until} {stop_name(stop, language)}{bracket}"


def day_lines(day: Day, language: Language) -> list[str]:
    """A title, a row a stop with the way to it, and what the weather did."""
    rows = [f"{day_title(day, language)}"]
    for stop in day.stops:
        ways = " + ".join(leg_words(leg, language) for leg in stop.legs)
        rows.append(f"· {stop_line(stop, language)}{' ← ' + ways if ways else ''}")
    return [*rows, *(f"· {text}" for text in day_notes(day, language))]


def day_notes(day: Day, language: Language) -> list[str]:
    """What the weather did to the day, and indoor sights to go to instead should it rain."""
    note = day.note if language == "zh" else day.note_en
    names = day.rain_names if language == "zh" else day.rain_names_en
    rain = f"下雨可改去：{'、'.join(names)}。" if language == "zh" else f"If it rains: {', '.join(names)}."
    return [text for text in (note, rain if names else "") if text]


def day_line(day: Day, language: Language) -> str:
    """The day in one line: the times and names of its stops."""
    colon, arrow = ("：", " → ") if language == "zh" else (": ", " → ")
    stops = [f"{clock(stop.arrives)} {stop_name(stop, language)}" for stop in day.stops if stop.kind != "rest"]
    note = day.note if language == "zh" else day.note_en
    end = f"（{note}）" if note and language == "zh" else f" ({note})" if note else ""
    return day_title(day, language) + colon + arrow.join(stops) + end


def cost_line(plan: Plan, language: Language) -> str:
    """The total for the party and each kind of cost; what has no known price is named, and no sum stands where nothing has one."""
    parts = [f"{COSTS[language][kind]}{yuan:g}元" if language == "zh" else f"{COSTS[language][kind]} {yuan:g}"
             for kind, yuan in plan.costs.items() if yuan]
    size, unknown = plan.trip.travellers.size, _unpriced(plan, language)
    if language == "zh":
        left = f"不含{'、'.join(unknown)}（票价未知）" if unknown else ""
        if not parts:
            return f"合计：没有已知的花费，{left}。" if left else "合计：全部免费。"
        return f"合计：{size}人约{plan.total_yuan:g}元（{'、'.join(parts)}{'；' + left if left else ''}）。"
    left = f"without {', '.join(unknown)} (price unknown)" if unknown else ""
    people = "1 person" if size == 1 else f"{size} people"
    if not parts:
        return f"Total: no cost is known, {left}." if left else "Total: everything is free."
    return f"Total: about {plan.total_yuan:g} yuan for {people} ({', '.join(parts)}{'; ' + left if left else ''})."


def _unpriced(plan: Plan, language: Language) -> list[str]:
    """Names of what has no known price, in the reader's language."""
    english = {stop.name: stop.name_en for day in plan.days for stop in day.stops}
    return [name if language == "zh" else english.get(name, name) for name in plan.unknown_prices]


def conflict_lines(plan: Plan, language: Language) -> list[str]:
    """What cannot be met, and what would make it possible."""
    if language == "zh":
        return [f"办不到：{c.why}" + (f"；{c.relaxation}" if c.relaxation else "") + "。" for c in plan.conflicts]
    return [f"Not possible: {c.why_en}" + (f"; {c.relaxation_en}" if c.relaxation_en else "") + "." for c in plan.conflicts]


def left_out_line(plan: Plan, language: Language) -> str:
    """Well-known sights that did not make it, and why; empty where there are none."""
    reasons = _REASONS[language]
    if language == "zh":
        parts = [f"{item.name}（{reasons[item.why]}）" for item in plan.left_out]
        return f"没排进去：{'、'.join(parts)}。" if parts else ""
    parts = [f"{item.name_en} ({reasons[item.why]})" for item in plan.left_out]
    return f"Left out: {', '.join(parts)}." if parts else ""


def diff_line(diff: Diff, language: Language) -> str:
    """What a change did: came, went, moved, and the difference in cost."""
    chinese = language == "zh"

    def named(entries: tuple[tuple[int, Stop], ...]) -> str:
        return ("、" if chinese else ", ").join(f"第{day}天{stop_name(stop, 'zh')}" if chinese else f"{stop_name(stop, 'en')} (day {day})"
                                               for day, stop in entries)

    moved = ("、" if chinese else ", ").join(f"{m.name}到第{m.to_day}天" if chinese else f"{m.name_en} to day {m.to_day}"
                                            for m in diff.moved if m.from_day != m.to_day)
    parts = [(f"新增{named(diff.added)}" if chinese else f"added {named(diff.added)}") if diff.added else "",
             (f"去掉{named(diff.removed)}" if chinese else f"removed {named(diff.removed)}") if diff.removed else "",
             (f"移动{moved}" if chinese else f"moved {moved}") if moved else "",
             (f"总费用{diff.yuan:+g}元" if chinese else f"{diff.yuan:+g} yuan in total") if diff.yuan else ""]
    said = ("；" if chinese else "; ").join(part for part in parts if part)
    if not said and not diff.moved:
        return "行程没有变化；想换掉哪一处，说它的名字就行。" if chinese else "The itinerary stays as it was; name the stop you would like to change."
    if not said:
        return "只调整了时间，景点没有变化。" if chinese else "Only times changed, the stops are the same."
    return f"改动：{said}。" if chinese else f"Changed: {said}."


def verdict_line(verdict: Verdict, language: Language) -> str:
    """How many rules the plan was checked against, and how many it keeps."""
    kept, named, whole = sum(r.passed for r in verdict.results), len(verdict.named), len(verdict.results)
    if language == "zh":
        return f"这份行程逐条核对过{whole}项（开放时间、路程、饭点、价格、合计……），{kept}项通过" + (f"，{named}项办不到已说明。" if named else "。")
    more = f", {named} cannot be met and are named" if named else ""
    return f"Checked against {whole} rules (opening hours, ways, meals, prices, sums and more): {kept} hold{more}."
