"""Facts as words, in Chinese and English: prices, hours, times, levels. Code writes these, never a model.

Every function takes a language ("zh" or "en") and returns text that holds nothing but the record's values.
"""

import re
from datetime import date

from chains.understanding.request import Language
from knowledge.prices import admission_yuan, is_seasonal
from knowledge.records import Attraction, City, Hours, PriceBand, Ticket, Visit
from knowledge.seasons import OpeningPeriod, Season, clock

UNKNOWN = {"zh": "以景区公告为准", "en": "see the official notice"}
WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
TIERS = {"zh": {"budget": "经济", "comfort": "舒适", "upscale": "高档"},
         "en": {"budget": "budget", "comfort": "comfort", "upscale": "upscale"}}


def yuan(amount: float, language: Language) -> str:
    """``60元`` or ``60 yuan``."""
    return f"{amount:g}元" if language == "zh" else f"{amount:g} yuan"


def name_of(record: Attraction | City, language: Language) -> str:
    """The record's name in the reader's language."""
    return record.name if language == "zh" else record.name_en


def price_words(ticket: Ticket | None, language: Language, day: date | None = None) -> str:
    """The adult price in brackets' brevity: 免费, 60元, 旺季60元/淡季40元, 169元+观光车90元."""
    admission = admission_yuan(ticket, day)
    if ticket is None or admission is None:
        return f"票价{UNKNOWN['zh']}" if language == "zh" else f"price: {UNKNOWN['en']}"
    words = _admission_words(ticket, admission, language, day)
    for extra in ticket.extras:
        if extra.required:
            label = extra.name if language == "zh" else f"{extra.name_en} "
            words += f"+{label}{yuan(extra.yuan, language)}"
    return words


def _admission_words(ticket: Ticket, admission: float, language: Language, day: date | None) -> str:
    if day is None and is_seasonal(ticket) and ticket.low_yuan is not None:
        high, low = yuan(admission, language), yuan(ticket.low_yuan, language)
        return f"旺季{high}/淡季{low}" if language == "zh" else f"peak {high}/low season {low}"
    if admission == 0:
        return "免费" if language == "zh" else "free"
    return yuan(admission, language)


def ticket_details(ticket: Ticket | None, language: Language) -> str:
    """Everything we know about admission, as clauses joined by commas."""
    if ticket is None or ticket.adult_yuan is None:
        known = _ticket_note(ticket, language)
        return (f"票价资料里没有，{UNKNOWN['zh']}" if language == "zh" else f"we hold no price, {UNKNOWN['en']}") + known
    parts = [_adult_clause(ticket, language)]
    if ticket.student_yuan is not None:
        parts.append(f"学生{yuan(ticket.student_yuan, language)}" if language == "zh" else f"students {yuan(ticket.student_yuan, language)}")
    parts += [f"{e.name if language == 'zh' else e.name_en + ' '}{yuan(e.yuan, language)}{_required(e.required, language)}" for e in ticket.extras]
    return _join(parts, language) + _ticket_note(ticket, language)


def _adult_clause(ticket: Ticket, language: Language) -> str:
    high = yuan(ticket.adult_yuan or 0, language)
    if ticket.adult_yuan == 0:
        return "免费开放" if language == "zh" else "free of charge"
    if not is_seasonal(ticket) or ticket.low_yuan is None:
        return f"成人{high}" if language == "zh" else f"adults {high}"
    low, peak = yuan(ticket.low_yuan, language), season_words(ticket.peak, language)
    if language == "zh":
        return f"成人旺季（{peak}）{high}，淡季{low}"
    return f"adults {high} in the peak season ({peak}), {low} otherwise"


def _required(required: bool, language: Language) -> str:
    if language == "zh":
        return "（必购）" if required else "（自选）"
    return " (required)" if required else " (optional)"


def _ticket_note(ticket: Ticket | None, language: Language) -> str:
    note = (ticket.note if language == "zh" else ticket.note_en) if ticket else ""
    return ("；" if language == "zh" else "; ") + note if note else ""


def discount_words(ticket: Ticket | None, language: Language) -> str:
    """Who pays less, as far as the record says."""
    parts: list[str] = []
    if ticket and ticket.adult_yuan == 0:
        return "对所有人免费" if language == "zh" else "free for everybody"
    if ticket and ticket.student_yuan is not None:
        parts.append(f"学生票{yuan(ticket.student_yuan, 'zh')}" if language == "zh" else f"students {yuan(ticket.student_yuan, 'en')}")
    if ticket and ticket.senior_free_age:
        parts.append(f"{ticket.senior_free_age}岁及以上老人免费" if language == "zh" else f"free from age {ticket.senior_free_age}")
    if ticket and ticket.child_free_cm:
        parts.append(f"身高{ticket.child_free_cm}厘米及以下儿童免费" if language == "zh" else f"children up to {ticket.child_free_cm} cm free")
    if not parts:
        return f"优待政策资料里没有，{UNKNOWN['zh']}" if language == "zh" else f"we hold no concession policy, {UNKNOWN['en']}"
    whole = [_adult_clause(ticket, language)] if ticket and ticket.adult_yuan is not None else []
    return _join([*whole, *parts], language) + _ticket_note(ticket, language)


def booking_words(ticket: Ticket | None, language: Language) -> str:
    """Whether a visit must be booked."""
    words = {
        "zh": {"required": "需要提前预约", "advised": "建议提前预约", "none": "一般不用预约", None: f"是否要预约资料里没有，{UNKNOWN['zh']}"},
        "en": {"required": "booking ahead is required", "advised": "booking ahead is advised",
               "none": "no booking needed as a rule", None: f"we do not know whether to book, {UNKNOWN['en']}"},
    }
    return words[language][ticket.booking if ticket else None]


def hours_words(hours: Hours | None, language: Language, day: date | None = None) -> str:
    """Opening hours of a day, or all periods where no day is given."""
    if hours is None or not (hours.periods or hours.note):
        return f"开放时间资料里没有，{UNKNOWN['zh']}" if language == "zh" else f"we hold no opening hours, {UNKNOWN['en']}"
    if day and day.isoweekday() in hours.closed_weekdays:
        return f"{day.month}月{day.day}日（周{WEEKDAYS['zh'][day.weekday()]}）闭馆" if language == "zh" else f"closed on {day:%a} {day.isoformat()}"
    periods = [period for period in hours.periods if day is None or period.holds(day)]
    parts = [_period_words(period, language) for period in periods]
    closed = closed_words(hours, language) if hours.closed_weekdays else ""
    note = hours.note if language == "zh" else hours.note_en
    return _join([*parts, *([closed] if closed else []), *([note] if note and not closed else [])], language)


def hours_answer(hours: Hours | None, language: Language, day: date | None = None) -> str:
    """The answer to when a place opens: where the record has a remark and no times, that these are unknown comes first."""
    words = hours_words(hours, language, day)
    if hours is None or hours.periods or not hours.note or re.search("公告|排期|日历|notice|schedule|calendar", words):
        return words
    return f"具体时间资料里没有，{UNKNOWN['zh']}；{words}" if language == "zh" else f"we hold no times, {UNKNOWN['en']}; {words}"


def _period_words(period: OpeningPeriod, language: Language) -> str:
    when = f"{season_words(period.season, language)} " if period.season else ""
    if len(period.weekdays) < len(WEEKDAYS["zh"]):
        when += weekdays_words(period.weekdays, language) + " "
    if period.all_day:
        return when + ("全天开放" if language == "zh" else "open all day")
    span = f"{clock(period.open_minute)}–{clock(period.close_minute)}"
    if period.last_entry_minute is None:
        return when + span
    last = clock(period.last_entry_minute)
    return when + span + (f"（{last}停止入场）" if language == "zh" else f" (last entry {last})")


def closed_words(hours: Hours | None, language: Language) -> str:
    """The weekly closing day, with its exception."""
    if hours is None:
        return f"闭馆日资料里没有，{UNKNOWN['zh']}" if language == "zh" else f"we hold no closing day, {UNKNOWN['en']}"
    if not hours.closed_weekdays:
        return "没有固定闭馆日" if language == "zh" else "no regular closing day"
    days = weekdays_words(hours.closed_weekdays, language)
    note = hours.note if language == "zh" else hours.note_en
    if language == "zh":
        return f"{days}闭馆" + (f"（{note}）" if note else "")
    return f"closed on {days}" + (f" ({note})" if note else "")


def weekdays_words(days: tuple[int, ...], language: Language) -> str:
    """``周二至周日``, ``周一`` or ``Tue–Sun``."""
    names = [f"周{WEEKDAYS['zh'][day - 1]}" if language == "zh" else WEEKDAYS["en"][day - 1] for day in days]
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{names[0]}至{names[-1]}" if language == "zh" else f"{names[0]}–{names[-1]}"
    return ("、" if language == "zh" else ", ").join(names)


def season_words(season: Season | None, language: Language) -> str:
    """``4月1日–10月31日`` or ``Apr 1–Oct 31``."""
    if season is None:
        return "旺季" if language == "zh" else "peak season"
    first, last = (_day_words(month, day, language) for month, day in (season.first, season.last))
    return f"{first}–{last}"


def _day_words(month: int, day: int, language: Language) -> str:
    if (month, day) == (2, 29):
        return "2月底" if language == "zh" else "end of Feb"
    return f"{month}月{day}日" if language == "zh" else f"{date(2024, month, 1):%b} {day}"


def visit_words(visit: Visit | None, language: Language) -> str:
    """How long people stay: ``1–2小时``."""
    if visit is None:
        return "游览时长资料里没有" if language == "zh" else "we do not know how long it takes"
    low, high = visit.minutes_min, visit.minutes_max
    if high < 90:
        span = f"{low}–{high}" if low != high else f"{low}"
        return f"{span}分钟" if language == "zh" else f"{span} minutes"
    if low < 60:
        return f"{low}分钟–{high / 60:.2g}小时" if language == "zh" else f"{low} minutes to {high / 60:.2g} hours"
    span = f"{low / 60:.2g}–{high / 60:.2g}" if low != high else f"{high / 60:.2g}"
    return f"{span}小时" if language == "zh" else f"{span} hours"


def band_words(bands: tuple[PriceBand, ...], language: Language) -> str:
    """``经济20–40元，舒适70–120元``."""
    unit = "元" if language == "zh" else " yuan"
    return _join([f"{TIERS[language][band.tier]}{'' if language == 'zh' else ' '}{band.low_yuan:g}–{band.high_yuan:g}{unit}"
                  for band in bands], language)


def months_words(months: tuple[int, ...], language: Language) -> str:
    """``5、6、9、10月`` or ``May, Jun``."""
    if language == "zh":
        return "、".join(str(month) for month in months) + "月"
    return ", ".join(date(2024, month, 1).strftime("%b") for month in months)


def _join(parts: list[str], language: Language) -> str:
    return ("，" if language == "zh" else ", ").join(part for part in parts if part)
