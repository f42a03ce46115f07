"""The outline of an answer: which lines it has, what each must begin with, and how each reads without a model.

Facts stand in `fixed`, written by code; where `free` is set the model adds words of its own. The outline is the
single source for the grammar given to the engine, for the guard, and for the rendered fallback.
"""

from dataclasses import dataclass
from enum import StrEnum

from chains import wording
from chains.facts import Card, Facts, Kind
from chains.smalltalk import smalltalk
from chains.tools.itinerary import words as itinerary
from chains.tools.weather import report_lines
from chains.understanding.request import Language, Topic
from knowledge.records import Attraction, City

REASON_CHARS: dict[Language, int] = {"zh": 20, "en": 70}
MONDAY = 1
_SENTENCE: dict[Language, tuple[int, int]] = {"zh": (6, 44), "en": (12, 130)}
_REASON: dict[Language, tuple[int, int]] = {"zh": (4, 40), "en": (10, 120)}


class Part(StrEnum):
    """The role of a line."""

    OPENING = "opening"
    ITEM = "item"
    FACT = "fact"
    TOTAL = "total"
    ADVICE = "advice"
    CLOSING = "closing"
    NOTE = "note"


@dataclass(frozen=True)
class Line:
    """One line: `fixed` text by code, `free` characters (least, most) by the model, and the whole as a fallback."""

    part: Part
    fixed: str
    fallback: str
    free: tuple[int, int] | None = None  # least and most characters
    by_code: bool = False
    card: Card | None = None


def outline(facts: Facts) -> tuple[Line, ...]:
    """The lines of the answer to these facts, in order."""
    if facts.kind is Kind.SIGHTS:
        return _sights(facts)
    if facts.kind is Kind.SIGHT_FACT:
        return _sight_fact(facts)
    if facts.kind is Kind.CITY_FACT:
        return (*_city_lines(facts), _closing(facts))
    if facts.kind is Kind.SMALLTALK:
        return (_code(smalltalk(facts.request.text, facts.language)),)
    if facts.kind is Kind.WEATHER:
        return tuple(_code(text) for report in facts.weather for text in report_lines(report, facts.language))
    if facts.kind is Kind.ITINERARY:
        return _itinerary(facts)
    return tuple(_code(text) for text in _plain(facts))


def _sights(facts: Facts) -> tuple[Line, ...]:
    notes = map(_code, facts.notes)
    return (*notes, _opening(facts), *(_item(facts, card) for card in facts.cards), _total(facts), *_living(facts), *_ending(facts))


def _item(facts: Facts, card: Card) -> Line:
    name, price = wording.name_of(card.sight, facts.language), wording.price_words(card.sight.ticket, facts.language, facts.day)
    chinese = facts.language == "zh"
    fixed = f"{card.number}. {name}（{price}）：" if chinese else f"{card.number}. {name} ({price}): "
    return Line(Part.ITEM, fixed, fixed + _reason(card.sight, facts.language), _REASON[facts.language], card=card)


def _reason(sight: Attraction, language: Language) -> str:
    """As many whole clauses of the description as fit a short line; the card shows all of it."""
    summary, mark, end = (sight.summary, "，", "。") if language == "zh" else (sight.summary_en, ", ", ".")
    clauses = summary.rstrip("。.").split(mark)
    kept = clauses[0]
    for clause in clauses[1:]:
        if len(kept + mark + clause) > REASON_CHARS[language]:
            break
        kept += mark + clause
    return kept + end


def _total(facts: Facts) -> Line:
    """The sum by code: one person, then the party, then what is not counted."""
    chosen, language = facts.total, facts.language
    if chosen is None or not chosen.counted:
        return _fixed(Part.TOTAL, f"合计：门票{wording.UNKNOWN['zh']}。" if language == "zh" else f"Total: tickets, {wording.UNKNOWN['en']}.")
    if chosen.yuan == 0 and not chosen.unknown:
        return _fixed(Part.TOTAL, "合计：以上门票全部免费。" if language == "zh" else "Total: all of these are free.")
    each, size = wording.yuan(chosen.yuan, language), facts.request.party.size if facts.request.party else 1
    party = wording.yuan(chosen.yuan * size, language)
    if language == "zh":
        text = f"合计：一位成人门票约{each}"
        text += "（按旺季价）" if chosen.seasonal else ""
        text += f"，{size}人按全价约{party}" if size > 1 else ""
        return _fixed(Part.TOTAL, f"{text}，不含{'、'.join(chosen.unknown)}。" if chosen.unknown else f"{text}。")
    text = f"Total: about {each} in tickets for one adult"
    text += " at peak prices" if chosen.seasonal else ""
    text += f", {party} for {size} people at full price" if size > 1 else ""
    left_out = [wording.name_of(card.sight, language) for card in facts.cards if card.sight.name in chosen.unknown]
    return _fixed(Part.TOTAL, f"{text}, not counting {', '.join(left_out)}." if left_out else f"{text}.")


def _living(facts: Facts) -> tuple[Line, ...]:
    """What a meal and a night usually cost, where the city's record says so; and the budget's verdict."""
    lines = []
    for city in facts.cities[:2] if facts.request.cities else ():
        if not (city.meals and city.lodging):
            continue
        name = wording.name_of(city, facts.language)
        meals, lodging = (wording.band_words(bands[:2], facts.language) for bands in (city.meals, city.lodging))
        lines.append(f"{name}吃住参考：每人每餐{meals}；每间每晚{lodging}。" if facts.language == "zh"
                     else f"Living costs in {name}: meals {meals} per person; rooms {lodging} per night.")
    budget = _budget(facts)
    return tuple(_code(text) for text in (*lines, *([budget] if budget else [])))


def _budget(facts: Facts) -> str:
    request, chosen = facts.request, facts.total
    if not (request.budget and chosen and chosen.counted):
        return ""
    size = request.party.size if request.party and request.budget.scope == "party" else 1
    cost, limit = chosen.yuan * size, request.budget.yuan
    if facts.language == "zh":
        verdict = "在预算之内" if cost <= limit else f"比预算多{wording.yuan(cost - limit, 'zh')}，可以少选几处"
        return f"预算{wording.yuan(limit, 'zh')}：以上门票{wording.yuan(cost, 'zh')}，{verdict}。"
    verdict = "within it" if cost <= limit else f"{wording.yuan(cost - limit, 'en')} above it, so leave a few out"
    return f"Budget {wording.yuan(limit, 'en')}: these tickets cost {wording.yuan(cost, 'en')}, {verdict}."


def _sight_fact(facts: Facts) -> tuple[Line, ...]:
    topics = (facts.request.topic or Topic.ABOUT, *facts.request.beside)
    lines = tuple(_fixed(Part.FACT, sight_sentence(card.sight, card.city, facts, topic) + f" [{card.number}]", card) for card in facts.cards for topic in topics)
    if facts.notes:  # the very thing that was asked is not held: what else was asked may follow, nothing in its place
        return (*map(_code, facts.notes), *(lines if facts.request.topic else ()))
    return (*lines, _free(Part.CLOSING, _FACT_CLOSING[facts.language], _SENTENCE[facts.language]))


def sight_sentence(sight: Attraction, city: City, facts: Facts, topic: Topic) -> str:
    """One fact about one sight as a whole sentence."""
    language, day = facts.language, facts.day
    name = wording.name_of(sight, language)
    chinese = language == "zh"
    if topic is Topic.TICKET:
        return f"{name}门票：{wording.ticket_details(sight.ticket, 'zh')}。" if chinese else f"{name} tickets: {wording.ticket_details(sight.ticket, 'en')}."
    if topic is Topic.HOURS:
        return f"{name}开放时间：{wording.hours_answer(sight.hours, 'zh', day)}。" if chinese else f"{name} opening hours: {wording.hours_answer(sight.hours, 'en', day)}."
    if topic is Topic.CLOSED:
        return f"{name}：{_closing_answer(sight, facts)}。" if chinese else f"{name}: {_closing_answer(sight, facts)}."
    if topic is Topic.VISIT_TIME:
        return f"{name}建议游览{wording.visit_words(sight.visit, 'zh')}。" if chinese else f"{name}: allow {wording.visit_words(sight.visit, 'en')}."
    if topic is Topic.LEVEL:
        return _level_sentence(sight, name, chinese)
    if topic in (Topic.LOCATION, Topic.TRANSPORT):
        return _location_sentence(sight, city, name, chinese)
    if topic is Topic.BOOKING:
        return f"{name}：{wording.booking_words(sight.ticket, 'zh')}。" if chinese else f"{name}: {wording.booking_words(sight.ticket, 'en')}."
    if topic is Topic.DISCOUNT:
        return f"{name}优惠：{wording.discount_words(sight.ticket, 'zh')}。" if chinese else f"{name} concessions: {wording.discount_words(sight.ticket, 'en')}."
    return _about_sentence(sight, city, facts)


def _closing_answer(sight: Attraction, facts: Facts) -> str:
    if facts.day:
        return wording.hours_words(sight.hours, facts.language, facts.day)
    return wording.closed_words(sight.hours, facts.language)


def _level_sentence(sight: Attraction, name: str, chinese: bool) -> str:
    if sight.grade:
        return f"{name}是国家{sight.grade.level}级旅游景区。" if chinese else f"{name} is rated {sight.grade.level}."
    return f"{name}在资料里没有A级评定。" if chinese else f"We hold no A rating for {name}."


def _location_sentence(sight: Attraction, city: City, name: str, chinese: bool) -> str:
    if chinese:
        place = sight.address or f"{city.name}{sight.district}"
        return f"{name}位于{place}。{'市内交通：' + city.transport if city.transport else ''}".removesuffix("。") + "。"
    place = f"{city.name_en}" + (f" ({sight.address or sight.district})" if sight.address or sight.district else "")
    return f"{name} is in {place}. {city.transport_en}".strip()


def _about_sentence(sight: Attraction, city: City, facts: Facts) -> str:
    language = facts.language
    name, price = wording.name_of(sight, language), wording.price_words(sight.ticket, language, facts.day)
    hours, visit = wording.hours_words(sight.hours, language, facts.day), wording.visit_words(sight.visit, language)
    if language == "zh":
        return f"{name}（{city.name}）：{sight.summary.removesuffix('。')}。门票：{price}；开放：{hours}；游览：{visit}。"
    return f"{name} ({city.name_en}): {sight.summary_en.removesuffix('.')}. Tickets: {price}; hours: {hours}; visit: {visit}."


def _city_lines(facts: Facts) -> list[Line]:
    topic = facts.request.topic or Topic.ABOUT
    return [_fixed(Part.FACT, text) for city in facts.cities for text in _city_sentences(city, topic, facts.language == "zh")]


def _city_sentences(city: City, topic: Topic, chinese: bool) -> list[str]:
    """The asked topic of a city, in the language's own columns of the record."""
    language: Language = "zh" if chinese else "en"
    name = city.name if chinese else city.name_en
    held = {Topic.FOOD: city.dishes, Topic.LODGING: city.areas, Topic.TRANSPORT: city.transport, Topic.SEASON: city.best_months}
    if topic in held and not held[topic]:  # an imported city has its sights and little else
        return [f"{name}的这方面资料我没有，不敢乱说。" if chinese else f"We hold nothing on that for {name}, and would rather not guess."]
    if topic is Topic.FOOD:
        dishes = [_dish(dish.name, dish.where) if chinese else _dish(dish.name_en, dish.where_en) for dish in city.dishes]
        words, cost = ("、" if chinese else ", ").join(dishes), wording.band_words(city.meals, language)
        return ([f"{name}可以吃：{words}。", f"每人每餐参考：{cost}。"] if chinese
                else [f"What to eat in {name}: {words}.", f"Usual cost of a meal per person: {cost}."])
    if topic is Topic.LODGING:
        areas = [_dish(area.name, area.why) if chinese else _dish(area.name_en, area.why_en) for area in city.areas]
        words, cost = ("；" if chinese else "; ").join(areas), wording.band_words(city.lodging, language)
        return ([f"在{name}可以住：{words}。", f"每间每晚参考：{cost}。"] if chinese
                else [f"Where to stay in {name}: {words}.", f"Usual price of a room per night: {cost}."])
    if topic is Topic.TRANSPORT:
        return ([f"{name}的交通：{city.transport}", "火车、飞机的班次和票价我没有资料，请以铁路和航空公司公布的为准。"] if chinese
                else [f"Getting around {name}: {city.transport_en}", "We hold no train or flight times and fares; please ask the carriers."])
    if topic is Topic.SEASON:
        months = wording.months_words(city.best_months, language)
        return [f"去{name}比较好的月份：{months}。" if chinese else f"Good months for {name}: {months}."]
    return [f"{name}：{city.summary}" if chinese else f"{name}: {city.summary_en}"]


def _dish(name: str, detail: str) -> str:
    return f"{name}（{detail}）" if detail and "（" not in detail and detail.isascii() is False else f"{name} ({detail})" if detail else name


def _itinerary(facts: Facts) -> tuple[Line, ...]:
    """The plan by code, day by day; the model adds advice and a closing."""
    plan, verdict, language = facts.plan, facts.verdict, facts.language
    if plan is None or verdict is None:
        return _sights(facts)
    days = [itinerary.day_line(day, language) for day in plan.days]
    after = [*itinerary.conflict_lines(plan, language), itinerary.left_out_line(plan, language),
             itinerary.verdict_line(verdict, language)]
    return (*map(_code, [*facts.notes, *days]), _fixed(Part.TOTAL, itinerary.cost_line(plan, language)),
            *(_code(text) for text in [*after, _advice(facts)] if text), _closing(facts))


def _plain(facts: Facts) -> list[str]:
    chinese = facts.language == "zh"
    names = ("、" if chinese else ", ").join(facts.suggestions)
    if facts.kind is Kind.UNUSABLE:
        return list(facts.notes)
    if facts.kind is Kind.ASK_CITY:
        return [f"想去哪座城市呢？比如{names}，告诉我城市名，我就能说景点和花费。" if chinese
                else f"Which city do you have in mind? For example {names}; name one and I can tell sights and costs."]
    if facts.kind is Kind.NOT_FOUND:
        return [_not_found(facts, names)]
    return [_IDENTITY[facts.language] if facts.kind is Kind.IDENTITY else _OUT_OF_SCOPE[facts.language]]


def _not_found(facts: Facts, names: str) -> str:
    wanted = "、".join(facts.missing)
    if facts.language == "zh":
        what = f"资料里没有找到“{wanted}”，不敢乱说" if wanted else "没有景点同时符合这些条件"
        return f"{what}。{'可以看看：' + names + '。' if names else '换个说法再试试吧。'}"
    what = f"We hold nothing on “{wanted}”, and I would rather not guess" if wanted else "No sight meets all of these conditions"
    return f"{what}. {'You could look at: ' + names + '.' if names else 'Please try other words.'}"


def _opening(facts: Facts) -> Line:
    """One city opens with its portrait from the record, several with a plain sentence; at once, before any model."""
    text = "这几处都值得走一走，慢慢看。" if facts.language == "zh" else "These places are well worth a slow walk."
    if len(facts.cities) == 1:
        text = facts.cities[0].summary if facts.language == "zh" else facts.cities[0].summary_en
    return Line(Part.OPENING, text, text, by_code=True)


def _ending(facts: Facts) -> tuple[Line, ...]:
    return (_free(Part.ADVICE, _advice(facts), _SENTENCE[facts.language]), _closing(facts))


def _closing(facts: Facts) -> Line:
    return _free(Part.CLOSING, _CLOSING[facts.language], _SENTENCE[facts.language])


def _advice(facts: Facts) -> str:
    """What a traveller should mind, from the records: bookings, closing days, seasonal prices."""
    language, join = facts.language, "、" if facts.language == "zh" else ", "
    booked = join.join(wording.name_of(c.sight, language) for c in facts.cards if c.sight.ticket and c.sight.ticket.booking == "required")
    shut = join.join(wording.name_of(c.sight, language) for c in facts.cards if c.sight.hours and MONDAY in c.sight.hours.closed_weekdays)
    if language == "zh":
        parts = [f"{booked}要提前预约" if booked else "", f"{shut}周一闭馆" if shut else "", _ADVICE["zh"]]
        return "；".join(part for part in parts if part) + "。"
    parts = [f"book ahead for {booked}" if booked else "", f"{shut} closed on Mondays" if shut else "", _ADVICE["en"]]
    text = "; ".join(part for part in parts if part)
    return text[0].upper() + text[1:] + "."


def _fixed(part: Part, text: str, card: Card | None = None) -> Line:
    return Line(part, text, text, card=card)


def _free(part: Part, fallback: str, free: tuple[int, int]) -> Line:
    return Line(part, "", fallback, free)


def _code(text: str) -> Line:
    return Line(Part.NOTE, text, text, by_code=True)


_FACT_CLOSING = {"zh": "出发前请再看一眼景区公告，祝你玩得开心。", "en": "Please check the official notice before you go, and enjoy your visit."}
_ADVICE = {"zh": "出发前看一眼景区公告，热门的地方早点到", "en": "check the official notices before you go, and arrive early at popular places"}
_CLOSING = {"zh": "祝你一路看好风景，玩得开心！", "en": "Have a wonderful trip and enjoy every view!"}
_IDENTITY = {
    "zh": "我是“与风景对话”，一位中国旅行助手。你可以问我某座城市有什么好玩、门票多少钱、几点开门、吃什么、住哪里；每个价格都能点开看来源。",
    "en": "I am Fengjing, a travel assistant for China. Ask me what to see in a city, what it costs, when it opens, what to eat and where to stay; every price can be opened to see its source.",
}
_OUT_OF_SCOPE = {
    "zh": "这个我帮不上忙，我只聊在中国旅行的事：景点、门票、开放时间、吃住和交通。想去哪座城市看看？",
    "en": "That is beyond me: I only talk about travelling in China, such as sights, tickets, opening hours, food and lodging, in Chinese or English. Which city shall we look at?",
}
