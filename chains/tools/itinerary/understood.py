"""What was understood of a trip, as a list that the traveller can correct: the frame, each condition, and what was not read."""

from collections.abc import Callable, Mapping

from chains.tools.itinerary.labels import COSTS, MODES, feature_words, said_words, tag_words
from chains.tools.itinerary.trip import (
    AnyOf,
    AtPlace,
    BudgetAtMost,
    Constraint,
    DayHours,
    Hotel,
    Rooms,
    SightsPerDay,
    Trip,
)
from chains.tools.itinerary.words import clock
from chains.understanding.request import Language

PACES: Mapping[Language, Mapping[str, str]] = {
    "zh": {"relaxed": "悠闲", "moderate": "适中", "packed": "紧凑"}, "en": {"relaxed": "relaxed", "moderate": "moderate", "packed": "packed"},
}
_ROOMS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"single": "单人间", "double": "大床房", "twin": "双床房", "family": "家庭房"},
    "en": {"single": "single", "double": "double", "twin": "twin", "family": "family"},
}
_TIERS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"budget": "经济型", "comfort": "舒适型", "upscale": "高档"}, "en": {"budget": "budget", "comfort": "comfort", "upscale": "upscale"},
}
Names = Callable[[str], str]  # from the id of a city or sight to its name


def understood(trip: Trip, names: Names, language: Language) -> list[str]:
    """A line for the frame's parts and one for each condition; words nobody understood come last."""
    wishes = [condition_words(condition, names, language) for condition in trip.constraints]
    unread = [f"没读懂，请换个说法：{text}" if language == "zh" else f"not understood, please rephrase: {text}" for text in trip.unread]
    return [*_frame(trip, names, language), *wishes, *unread]


def _frame(trip: Trip, names: Names, language: Language) -> list[str]:
    chinese, people = language == "zh", trip.travellers
    stays = ("、" if chinese else ", ").join(f"{names(s.city)}{s.days}天" if chinese else f"{names(s.city)} {_many(s.days, 'day')}" for s in trip.stays)
    counts = [(people.adults, "位成人", ("adult", "adults")), (people.children, "位儿童", ("child", "children")), (people.elders, "位老人", ("elder", "elders"))]
    party = ("、" if chinese else ", ").join(f"{n}{zh}" if chinese else _many(n, *en) for n, zh, en in counts if n)
    lines = [stays, f"{trip.start} 出发" if chinese else f"from {trip.start}", party,
             f"节奏{PACES['zh'][trip.pace]}" if chinese else f"{PACES['en'][trip.pace]} pace"]
    if trip.origin:
        lines.append(f"从{names(trip.origin)}往返" if chinese else f"from {names(trip.origin)} and back")
    if trip.likes:
        lines.append(f"喜欢{'、'.join(trip.likes)}" if chinese else f"likes {', '.join(tag_words(trip.likes, 'en'))}")
    if trip.dislikes:
        lines.append(f"少去{'、'.join(trip.dislikes)}" if chinese else f"rather not {', '.join(tag_words(trip.dislikes, 'en'))}")
    return lines


def _many(number: int, one: str, more: str = "") -> str:
    """``1 day``, ``3 days``."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def condition_words(condition: Constraint, names: Names, language: Language) -> str:
    """One condition as a short phrase."""
    if isinstance(condition, AnyOf):
        join = "，或者" if language == "zh" else ", or "
        return join.join(condition_words(option, names, language) for option in condition.options)
    return _CHINESE[condition.kind](condition, names) if language == "zh" else _ENGLISH[condition.kind](condition, names)


def _named(ids: tuple[str, ...], names: Names, join: str) -> str:
    return join.join(map(names, ids))


def _budget_zh(wish: BudgetAtMost, _: Names) -> str:
    return f"{'总预算' if wish.of == 'total' else COSTS['zh'][wish.of] + '预算'}不超过{wish.yuan:g}元"


def _budget_en(wish: BudgetAtMost, _: Names) -> str:
    return f"{'in total' if wish.of == 'total' else COSTS['en'][wish.of]} at most {wish.yuan:g} yuan"


def _rooms_zh(wish: Rooms, _: Names) -> str:
    return f"{wish.count or ''}{'间' if wish.count else ''}{_ROOMS['zh'][wish.type] if wish.type else '房'}"


def _rooms_en(wish: Rooms, _: Names) -> str:
    kind = f"{_ROOMS['en'][wish.type]} room" if wish.type else "room"
    return _many(wish.count, kind) if wish.count else f"{kind}s"


def _at_place_zh(wish: AtPlace, names: Names) -> str:
    parts = [f"{clock(wish.not_before)}以后到" if wish.not_before is not None else "", f"{clock(wish.not_after)}以前离开" if wish.not_after is not None else "",
             f"排在第{wish.day}天" if wish.day else "", f"至少待{wish.least_minutes}分钟" if wish.least_minutes else ""]
    return names(wish.place) + "，".join(part for part in parts if part)


def _at_place_en(wish: AtPlace, names: Names) -> str:
    parts = [f"not before {clock(wish.not_before)}" if wish.not_before is not None else "", f"left by {clock(wish.not_after)}" if wish.not_after is not None else "",
             f"on day {wish.day}" if wish.day else "", f"at least {wish.least_minutes} minutes" if wish.least_minutes else ""]
    return f"{names(wish.place)} {', '.join(part for part in parts if part)}"


def _hotel_zh(wish: Hotel, _: Names) -> str:
    parts = [*wish.names, *wish.features, *(f"在{area}" for area in wish.areas), *(_TIERS["zh"][tier] for tier in wish.tiers)]
    parts += [f"每间每晚至少{wish.least_yuan:g}元"] if wish.least_yuan is not None else []
    parts += [f"每间每晚不超过{wish.most_yuan:g}元"] if wish.most_yuan is not None else []
    return ("不住" if wish.avoid else "住宿：") + "、".join(parts)


def _hotel_en(wish: Hotel, _: Names) -> str:
    parts = [*said_words(wish.names, "en"), *feature_words(wish.features, "en"), *(f"in {area}" for area in wish.areas), *(_TIERS["en"][tier] for tier in wish.tiers)]
    parts += [f"at least {wish.least_yuan:g} yuan a room and night"] if wish.least_yuan is not None else []
    parts += [f"at most {wish.most_yuan:g} yuan a room and night"] if wish.most_yuan is not None else []
    return ("no hotel: " if wish.avoid else "hotel: ") + ", ".join(parts)


def _hours_zh(wish: DayHours, _: Names) -> str:
    parts = [f"{clock(wish.earliest)}以后出门" if wish.earliest is not None else "", f"{clock(wish.latest)}以前结束" if wish.latest is not None else ""]
    return (f"第{wish.day}天" if wish.day else "每天") + "，".join(part for part in parts if part)


def _hours_en(wish: DayHours, _: Names) -> str:
    parts = [f"not before {clock(wish.earliest)}" if wish.earliest is not None else "", f"over by {clock(wish.latest)}" if wish.latest is not None else ""]
    return (f"day {wish.day}: " if wish.day else "every day: ") + ", ".join(part for part in parts if part)


def _count_zh(wish: SightsPerDay, _: Names) -> str:
    parts = [f"至少{wish.least}处" if wish.least is not None else "", f"至多{wish.most}处" if wish.most is not None else ""]
    return (f"第{wish.day}天" if wish.day else "每天") + "、".join(part for part in parts if part) + "景点"


def _count_en(wish: SightsPerDay, _: Names) -> str:
    parts = [f"at least {wish.least}" if wish.least is not None else "", f"at most {wish.most}" if wish.most is not None else ""]
    return f"{' and '.join(part for part in parts if part)} sights " + (f"on day {wish.day}" if wish.day else "a day")


_Words = Mapping[str, Callable[..., str]]
_CHINESE: _Words = {
    "budget": _budget_zh, "rooms": _rooms_zh, "at_place": _at_place_zh, "hotel": _hotel_zh, "day_hours": _hours_zh, "sights_per_day": _count_zh,
    "intercity_by": lambda wish, _: f"城际只坐{'或'.join(MODES['zh'][m] for m in wish.modes)}",
    "local_by": lambda wish, _: f"市内只用{'、'.join(MODES['zh'][m] for m in wish.modes)}",
    "eat": lambda wish, _: ("不吃" if wish.avoid else "吃") + "或".join(wish.any_of),
    "sight_kind": lambda wish, _: ("不去" if wish.avoid else "要有") + "或".join(wish.any_of) + "类景点",
    "visit": lambda wish, names: ("不去" if wish.avoid else "去") + _named(wish.any_of, names, "或"),
    "hotel_near": lambda wish, names: f"酒店离{names(wish.place)}{wish.metres:g}米内",
    "walk_below": lambda wish, _: f"{wish.metres:g}米以内步行",
    "walk_at_most": lambda wish, _: f"一次步行不超过{wish.metres:g}米",
    "start_after": lambda wish, _: f"第一天{clock(wish.clock)}到达",
    "end_before": lambda wish, _: f"最后一天{clock(wish.clock)}前离开",
    "free_only": lambda _wish, _: "只去免费景点",
}
_ENGLISH: _Words = {
    "budget": _budget_en, "rooms": _rooms_en, "at_place": _at_place_en, "hotel": _hotel_en, "day_hours": _hours_en, "sights_per_day": _count_en,
    "intercity_by": lambda wish, _: f"between cities only by {' or '.join(MODES['en'][m] for m in wish.modes)}",
    "local_by": lambda wish, _: f"in town only by {', '.join(MODES['en'][m] for m in wish.modes)}",
    "eat": lambda wish, _: ("no " if wish.avoid else "eat ") + " or ".join(said_words(wish.any_of, "en")),
    "sight_kind": lambda wish, _: ("no sights of the kind: " if wish.avoid else "a sight of the kind: ") + " or ".join(tag_words(wish.any_of, "en")),
    "visit": lambda wish, names: ("leave out " if wish.avoid else "visit ") + _named(wish.any_of, names, " or "),
    "hotel_near": lambda wish, names: f"hotel within {wish.metres:g} m of {names(wish.place)}",
    "walk_below": lambda wish, _: f"ways under {wish.metres:g} m on foot",
    "walk_at_most": lambda wish, _: f"no walk over {wish.metres:g} m",
    "start_after": lambda wish, _: f"arriving at {clock(wish.clock)} on the first day",
    "end_before": lambda wish, _: f"leaving by {clock(wish.clock)} on the last day",
    "free_only": lambda _wish, _: "free sights only",
}
