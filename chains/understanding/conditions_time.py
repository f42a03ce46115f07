"""Times in a traveller's words: at a sight, on every day, on arrival and on leaving.

An hour without a part of the day is one that people travel in: 三点 is 15:00, and where the day ends at it, 八点 is 20:00.
Not covered: being somewhere no later than a time, which no condition of ours can hold; it is left unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chains.tools.itinerary.trip import MAX_DAYS, ArriveFrom, AtPlace, DayHours, LeaveBy, Visit
from chains.understanding.clauses import Clause, Found, Scene
from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of

NOON, DUSK, EVENING, LATE_START, EARLY_NIGHT = 12 * 60, 17 * 60, 18 * 60, 10 * 60, 20 * 60
DAY_MINUTES = 24 * 60
FULL_DAY_MINUTES, HALF_DAY_MINUTES = 480, 240
_HOUR = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_CLOCK = re.compile(
    rf"(?P<part>凌晨|清早|早上|早晨|上午|中午|午后|下午|傍晚|晚上|夜里|早|晚)?(?P<hour>{_HOUR})(?:点钟?|时(?!间))(?P<minute>半|一刻|三刻|\d{{1,2}}分?|[二三四五]?十[一二三四五六七八九]?分?)?"
    r"|(?P<part2>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上)?(?P<h24>\d{1,2}):(?P<m24>\d{2})\s*(?P<half24>[ap]\.?m\.?)?"
    r"|\b(?P<h12>\d{1,2})\s*(?P<half>[ap]\.?m\b\.?)"
    r"|(?:(?<=after )|(?<=before )|(?<=by )|(?<=at )|(?<=until )|(?<=from )|(?<=past )|(?<=between )|(?<=\d and ))(?P<bare>\d{1,2})(?= *(?:,|$|each|every|o'clock|in the|on the|and|·|for|the))"
    r"|(?P<noon>\bnoon\b|正午)",
    re.IGNORECASE | re.ASCII,
)
_AFTER = re.compile(r"^\s*(?:钟)?(?:以后|之后|过后|后|起|开始|才)|^ or later|^ onwards")
_AFTER_BEFORE = re.compile(r"(?:after|from|past|not before|no earlier than|starting at|start at|不早于|过了)\s*$")
_UNTIL = re.compile(r"^\s*(?:钟)?(?:以前|之前|前)")
_UNTIL_BEFORE = re.compile(r"(?:before|by|until|till|no later than|not later than|最晚|最迟|不晚于|晚于)\s*$")
_NOTHING_BEFORE = re.compile(r"nothing before\s*$|(?:not|never|don't .{0,12}) before\s*$")
_NOTHING_AFTER = re.compile(r"(?:nothing|no \w+|not|don't .{0,12}) after\s*$")
_ARRIVING = re.compile(r"到(?!家|机场|车站|高铁站|火车站|点)|抵达|落地|arriv\w*|\bland(?:s|ing)?\b|get(?:s|ting)? (?:in|there)\b")
_LEAVING = re.compile(
    r"走(?!路|到|着)|离开|离店|返程|返回|回程|回家|到家|飞回|回(?!到?(?:酒店|民宿|房|住|宾馆|去睡|旅馆|来睡|民街))|起飞|登机|fly(?:ing)? (?:out|home|back)|(?:飞机|高铁|火车|航班|动车|的车)(?!.{0,3}到)|机场|车站|火车站|\bleav(?:e|es|ing)\b|depart\w*|flight|\btrain\b|airport|station|(?:back |go )?home|back (?:to|in) (?!the hotel)"
)
_DAILY = re.compile(
    r"每天|天天|每日|每早|每晚(?!不|最|\d|价)|出门|起床|回到?(?:酒店|民宿|宾馆|房|住|旅馆)|every ?day|each|daily|hotel|back by|start|finish|done|nothing|begin|结束|开始|有空|不安排|不出门|别安排|别排|不排|收工|over by"
)
_DAY = re.compile(rf"第({NUMBER})[天日]|(首日|头一天|第一日)|(最后一[天日])|\bday ({ENGLISH_NUMBER})\b|(?:the |on )*\b(first|second|third|fourth|fifth|last|final)(?: full)? day\b|(?<!\w)d(\d)\b", re.ASCII)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_STRETCH = re.compile(
    rf"(?P<more>至少|起码|最少|不少于|待够|玩够|at least|minimum(?: of)?|more than)?\s*(?:玩|待|逛|看|留|去|要|给|花|for|spend)?\s*(?:(?P<hours>{NUMBER}|{ENGLISH_NUMBER})\s*(?:个)?(?P<half>半| and a half)?\s*(?:小时|钟头|hours?\b|hrs?\b|h\b)(?P<half2>半)?|(?P<minutes>\d+)\s*(?:分钟|minutes?\b|mins?\b)"
    r"|(?P<halfday>半天|half a day|half day)|(?P<day>一整天|整天|(?<![第后])一天|(?:a )?(?:whole|full|entire) day))(?P<less>以内|之内|内|以下)?", re.ASCII,
)
_AT_MOST = re.compile(r"不超过|最多|不想超过|别超过|within|under|less than|at most|up to|max|不用|no more")
_PARTS: tuple[tuple[str, int | None, int | None], ...] = (
    (r"上午|早上|一早|清早|清晨|大清早|before noon|in the morning|first thing|mornings?\b", None, NOON),
    (r"午后|下午|(?:in the )?afternoon", NOON, None),
    (r"傍晚|黄昏|(?:看)?日落(?:时|的时候)|(?:at |for )?(?:sunset|dusk)", DUSK, None),
    (r"晚上(?:看灯|看夜景)?|夜里|夜间|夜游|夜景|入夜|天黑后?|(?:at |by )night\b|(?:in the )?evening|after dark", EVENING, None),
)


@dataclass(frozen=True)
class Moment:
    """A clock time as said: minutes after midnight, its words, and whether it is a border from below or above."""

    minutes: int
    start: int
    end: int
    after: bool = False
    before: bool = False


def read_at_place(clause: Clause, scene: Scene) -> list[Found]:
    """When, on which day and for how long a sight is visited; a sight so spoken of is wanted."""
    places = list(re.finditer(r"§+", clause.text))
    marks = _marks(clause, scene.days) if places else []
    found: list[Found] = []
    for fields, start, end in marks:
        place = _nearest(places, start, end)
        sight = scene.sight_at(clause.start + place.start())
        if sight.ids[0] in scene.request.exclude:
            continue
        wish = AtPlace.model_validate({"place": sight.ids[0], **fields})
        found.append(Found(wish, clause.start + start, clause.start + end))
        found.append(Found(Visit(any_of=sight.ids[:1]), clause.start + place.start(), clause.start + place.end()))
    return found


def _nearest(places: list[re.Match[str]], start: int, end: int) -> re.Match[str]:
    """The sight named last before the words, else the first after them."""
    before = [place for place in places if place.end() <= start + 1]
    after = [place for place in places if place.start() >= end - 1]
    close = after and before and after[0].start() - end < start - before[-1].end()
    return after[0] if after and (not before or close) else (before or places)[-1]


def _marks(clause: Clause, days: int) -> list[tuple[dict[str, int], int, int]]:
    """The fields of `AtPlace` that stand in a clause: (fields, start, end)."""
    text, marks = clause.text, []
    moments = list(moments_in(text))
    if len(moments) > 1 and re.fullmatch(r"\s*(?:到|至|-|~|–|and|to)\s*", text[moments[0].end:moments[1].start]):
        last = min(DAY_MINUTES, moments[1].minutes + (NOON if moments[1].minutes < moments[0].minutes else 0))
        marks.append(({"not_before": moments[0].minutes, "not_after": last}, moments[0].start, moments[1].end))
        moments = moments[2:]
    for moment in moments:
        fields = _border(text, moment)
        marks += [(fields, moment.start, moment.end)] if fields else []
    if not marks and not moments:
        marks += [({"not_before": low} if low is not None else {"not_after": high or 0}, match.start(), match.end())
                  for words, low, high in _PARTS if (match := re.search(words, text))][:1]
    for match in _DAY.finditer(text):
        marks.append(({"day": day_of(match, days)}, match.start(), match.end()))
    for match in _STRETCH.finditer(text):
        if not match["less"] and not _AT_MOST.search(text[:match.start()]):
            marks.append(({"least_minutes": _minutes(match)}, match.start(), match.end()))
    return marks


def _border(text: str, moment: Moment) -> dict[str, int]:
    """Arriving after, leaving before; being there before a time is nothing we can hold."""
    arrives = re.search(r"^.{0,4}(?:到(?!§*逛)|抵达|赶到|arriv|there)", text[moment.end:]) or re.search(r"arriv\w*[^,]*$", text[:moment.start])
    if moment.before:
        return {} if arrives else {"not_after": moment.minutes}
    return {"not_before": moment.minutes}


def _minutes(match: re.Match[str]) -> int:
    if match["halfday"] or match["day"]:
        return HALF_DAY_MINUTES if match["halfday"] else FULL_DAY_MINUTES
    if match["minutes"]:
        return max(1, min(DAY_MINUTES, int(match["minutes"])))
    hours = number_of(match["hours"].replace("半", "")) if match["hours"] != "半" else 0.5
    return min(DAY_MINUTES, int(((hours or 1) + (0.5 if match["half"] or match["half2"] else 0)) * 60))


def day_of(match: re.Match[str], days: int) -> int:
    """The day that words like 第二天, day 2 and 最后一天 name."""
    number, first, last, english, word, short = match.groups()
    if first:
        return 1
    if last or word in ("last", "final"):
        return days
    if word:
        return _ORDINALS[word]
    return max(1, min(MAX_DAYS, int(number_of(number or english or short) or 1)))


def said_day(text: str, days: int) -> int | None:
    """The day a clause speaks of, if it does."""
    match = _DAY.search(text)
    return day_of(match, days) if match else None


def read_hours(clause: Clause, scene: Scene) -> list[Found]:
    """Hours of every day or of one, arrival on the first and leaving on the last."""
    text = clause.text
    vague = _vague(clause, scene.days)
    if vague:
        return vague
    moments = list(moments_in(text))
    if not moments or "§" in text:
        return []
    if len(moments) > 1 and re.fullmatch(r"\s*(?:到|至|-|~|–|and|to)\s*", text[moments[0].end:moments[1].start]):
        return [clause.whole(DayHours(earliest=moments[0].minutes, latest=_evening(moments[1].minutes), day=said_day(text, scene.days)))]
    borders = [0, *(moment.start for moment in moments[1:]), len(text)]
    return [found for place, moment in enumerate(moments) if (found := _one_hour(clause, scene, moment, _around(moments, place, borders)))]


def _around(moments: list[Moment], place: int, borders: list[int]) -> tuple[int, int]:
    """The part of the clause that speaks of one of its clock times."""
    return (moments[place - 1].end if place else 0), borders[place + 1]


def _one_hour(clause: Clause, scene: Scene, moment: Moment, part: tuple[int, int]) -> Found | None:
    text = clause.text
    day = said_day(text, scene.days)
    if not day and "§" not in clause.before and not re.search(r"每|天天|every|each|daily", text):
        day = said_day(clause.before, scene.days)  # 第二天九点以后再安排，五点前结束
    left, right = text[:moment.start], text[moment.end:]
    backwards = _NOTHING_BEFORE.search(left) or (moment.before and re.search(r"不出门|不安排|别安排|不起|别排|不要?(?:有|安排|排|活动|起)|不想", right))
    if backwards:
        return clause.whole(DayHours(earliest=moment.minutes, day=day))
    if _NOTHING_AFTER.search(left) or (moment.after and re.search(r"不安排|别安排|不出门|别排|休息|不要?(?:有|安排|排|活动)|不想|no more", right)):
        return clause.whole(DayHours(latest=_evening(moment.minutes), day=day))
    if _DAILY.search(text) and not re.search(r"airport|flight|机场|飞机|高铁", text):
        field = _evening(moment.minutes) if moment.before else moment.minutes
        ends = moment.before or (not moment.after and re.search(r"结束|收工|finish|done", text))
        return clause.whole(DayHours(latest=_evening(field), day=day) if ends else DayHours(earliest=moment.minutes, day=day))
    return _coming_or_going(clause, scene, moment, said_day(text, scene.days), text[slice(*part)])


def _coming_or_going(clause: Clause, scene: Scene, moment: Moment, day: int | None, text: str) -> Found | None:
    if re.search(r"leav(?:e|ing) ·|·+走|·+出发", text):
        return None  # when one sets out from home: no condition of ours
    if _ARRIVING.search(text) and not moment.before and day in (None, 1):
        return clause.whole(ArriveFrom(clock=moment.minutes))
    if _LEAVING.search(text) and not moment.after and day in (None, scene.days):
        return clause.whole(LeaveBy(clock=moment.minutes))
    if day and moment.after and not _LEAVING.search(text):
        return clause.whole(DayHours(earliest=moment.minutes, day=day))
    return None


def _vague(clause: Clause, days: int) -> list[Found]:
    """Late starts and free evenings, where no clock time is said."""
    if next(moments_in(clause.text), None):
        return []
    day = said_day(clause.text, days)
    readings = (
        (r"不(?:用|要|想|能)?(?:太)?早起|别(?:太)?早起|睡到自然醒|睡懒觉|起不来|no early (?:mornings?|starts?)|sleep in|start(?:s|ing)? late|late starts?|not too early", DayHours(earliest=LATE_START, day=day)),
        (r"上午(?:不|别)(?:要)?(?:安排|出门|排)|no mornings|mornings? free", DayHours(earliest=NOON, day=day)),
        (r"晚上(?:不|别)(?:要|想)?(?:安排|出门|出去|活动|排)(?!夜)|no evenings?|evenings? free|nothing in the evening", DayHours(latest=EVENING, day=day)),
        (r"早点(?:回酒店|回去|休息|睡)|early nights?", DayHours(latest=EARLY_NIGHT, day=day)),
    )
    return [clause.whole(wish) for words, wish in readings if re.search(words, clause.text)][:1]


def moments_in(text: str) -> Iterator[Moment]:
    """The clock times of a clause, with the borders they stand for."""
    for match in _CLOCK.finditer(text):
        minutes = _clock_of(match, text)
        if minutes is None:
            continue
        left, right = text[:match.start()], text[match.end():]
        before = bool(_UNTIL.match(right) or _UNTIL_BEFORE.search(left))
        after = not before and bool(_AFTER.match(right) or _AFTER_BEFORE.search(left))
        yield Moment(minutes, match.start(), match.end() + _tail(right), after, before)


def _tail(right: str) -> int:
    tail = re.match(r"\s*(?:钟)?(?:以后|之后|过后|后|以前|之前|前)(?:再|才)?", right)
    return tail.end() if tail else 0


def _clock_of(match: re.Match[str], text: str) -> int | None:
    if match["noon"]:
        return NOON
    hour = number_of(match["hour"] or match["h24"] or match["h12"] or match["bare"])
    minute = _minute(match["minute"] or match["m24"])
    if hour is None or hour > 24 or minute > 59:
        return None
    part, half = match["part"] or match["part2"] or "", match["half"] or match["half24"] or ""
    late = part in ("下午", "傍晚", "晚上", "夜里", "晚", "午后") or half.startswith("p") or (part == "中午" and hour < 3)
    early = part in ("凌晨", "清早", "早上", "早晨", "上午", "早") or half.startswith("a") or bool(match["h24"] and not half and not part)
    if (late and hour < 12) or (not early and not late and (hour < 7 or (hour < 12 and _ends_the_day(match, text)))):
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return min(DAY_MINUTES, int(hour) * 60 + minute)


def _ends_the_day(match: re.Match[str], text: str) -> bool:
    """八点前回酒店, back by 9: the evening, as nobody goes home in the morning."""
    until = _UNTIL.match(text[match.end():]) or _UNTIL_BEFORE.search(text[:match.start()])
    return bool(until and re.search(r"回酒店|回来|回民宿|结束|back|finish|done|evening|晚上", text)) or bool(
        _AFTER.match(text[match.end():]) and re.search(r"不安排|休息", text))


def _minute(said: str | None) -> int:
    if not said:
        return 0
    named = {"半": 30, "一刻": 15, "三刻": 45}
    return named[said] if said in named else int(number_of(said.removesuffix("分")) or 0)


def _evening(minutes: int) -> int:
    """The end of a day said with a morning hour: 九点前回 is 21:00."""
    return minutes + NOON if minutes < 10 * 60 else minutes
