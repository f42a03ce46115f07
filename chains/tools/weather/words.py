"""The weather in sentences, Chinese and English, written by code: days, the present, caveats and sources.

Every figure is one of the report's. Not covered here: what to wear (see `advice_words`).
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from chains.tools.weather.advice_words import advice_sentences
from chains.tools.weather.errors import Trouble
from chains.tools.weather.figures import days_words, degrees, span_words, temperatures, uv_words, weekday
from chains.tools.weather.records import (
    Attribution,
    CurrentWeather,
    DayWeather,
    NormalsBasis,
    Note,
    NoteKind,
    WeatherReport,
)
from chains.tools.weather.wind import direction_words, force_of_kmh
from chains.understanding.request import Language

FELT_APART_C = 2  # a smaller difference between air and apparent temperature is not worth saying
RAIN_FROM_PERCENT = 20
FAR_KM, HIGH_M = 300, 1000  # beyond these a neighbour's climate is a rough guide
BREEZE_FORCE, GUST_FORCE = 4, 6
UV_FROM = 3

_TROUBLES: dict[Trouble, tuple[str, str]] = {
    Trouble.OFFLINE: ("现在连不上天气服务（网络不通）", "The weather service cannot be reached (no network)"),
    Trouble.SLOW: ("天气服务没有按时回答", "The weather service did not answer in time"),
    Trouble.LIMITED: ("天气服务的查询次数暂时用完了", "The weather service has had too many requests for now"),
    Trouble.KEY: ("天气服务不认这个密钥", "The weather service does not accept the key"),
    Trouble.REFUSED: ("天气服务没有接受这次查询", "The weather service refused the request"),
    Trouble.BROKEN: ("天气服务出了故障", "The weather service has a fault"),
    Trouble.MALFORMED: ("天气服务的回答读不出来", "The answer of the weather service cannot be read"),
}


def report_lines(report: WeatherReport, language: Language) -> tuple[str, ...]:
    """The whole report: caveats that change everything first, then days, advice, and where it all comes from."""
    lines = [note_sentence(note, language) for note in report.notes]
    lines += [current_sentence(report.current, language)] if report.current else []
    lines += day_sentences(report, language)
    lines += [basis_sentence(report, language)] if report.normals else []
    lines += advice_sentences(report.advice, report.days, language) if report.advice else []
    lines += [attribution_sentence(attribution, language) for attribution in report.attributions]
    return (_heading(report, language), *lines)


def _heading(report: WeatherReport, language: Language) -> str:
    by_month = any(note.kind is NoteKind.MONTH for note in report.notes)
    if by_month or not report.days:
        return f"{report.city}的天气：" if language == "zh" else f"Weather in {report.city_en}:"
    when, year = span_words([day.date for day in report.days], language), report.days[0].date.year
    return f"{report.city}{year}年{when}天气：" if language == "zh" else f"Weather in {report.city_en}, {when} {year}:"


def day_sentences(report: WeatherReport, language: Language) -> list[str]:
    """One sentence for each forecast day; days that are climate averages share one for each month."""
    sentences = []
    whole_month = any(note.kind is NoteKind.MONTH for note in report.notes)
    for (normal, _), days in groupby(report.days, key=lambda day: (day.is_normal, day.date.month if day.is_normal else day.date)):
        group = list(days)
        sentences.append(normal_sentence(group, language, whole_month=whole_month) if normal else day_sentence(group[0], language))
    return sentences


def day_sentence(day: DayWeather, language: Language) -> str:
    """A forecast day: sky, temperatures, rain, wind, sun."""
    parts = [day.sky.words(language) if day.sky else "", temperatures(day.temperature_min_c, day.temperature_max_c, language),
             _felt(day, language), _rain(day, language), _wind(day, language), _sun(day, language)]
    said = ("，" if language == "zh" else ", ").join(part for part in parts if part)
    when = f"{days_words([day.date], language)}（{weekday(day.date, 'zh')}）：" if language == "zh" else f"{weekday(day.date, 'en')} {days_words([day.date], 'en')}: "
    return f"{when}{said}{'。' if language == 'zh' else '.'}"


def _felt(day: DayWeather, language: Language) -> str:
    apart = [abs(felt - air) for felt, air in ((day.apparent_max_c, day.temperature_max_c), (day.apparent_min_c, day.temperature_min_c))
             if felt is not None and air is not None]
    if not apart or max(apart) < FELT_APART_C:
        return ""
    span = temperatures(day.apparent_min_c, day.apparent_max_c, language)
    return f"体感{span}" if language == "zh" else f"feels like {span}"


def _rain(day: DayWeather, language: Language) -> str:
    percent, amount_mm = day.precipitation_probability_percent, day.precipitation_mm
    if (percent or 0) < RAIN_FROM_PERCENT and not day.is_wet:
        return ""
    kind = "snow" if day.sky and day.sky.is_snow else "rain"
    chance = "" if percent is None else f"降水概率{percent:.0f}%" if language == "zh" else f"{percent:.0f}% chance of {kind}"
    amount = "" if not amount_mm else f"{amount_mm:g}毫米" if language == "zh" else f"{amount_mm:g} mm"
    if chance and amount:
        return f"{chance}（{amount}）" if language == "zh" else f"{chance} ({amount})"
    return chance or (f"降水{amount}" if language == "zh" and amount else amount)


def _wind(day: DayWeather, language: Language) -> str:
    force, gust = force_of_kmh(day.wind_max_kmh or 0), force_of_kmh(day.gust_max_kmh or 0)
    parts = [_breeze(day.wind_max_kmh, day.wind_direction_deg, language)] if force >= BREEZE_FORCE else []
    if gust >= GUST_FORCE and gust > force:
        parts.append(f"阵风{gust}级" if language == "zh" else f"gusts of force {gust}")
    return ("，" if language == "zh" else ", ").join(parts)


def _breeze(speed_kmh: float | None, direction_deg: float | None, language: Language) -> str:
    """``东北风4级`` or ``north-east wind force 4``."""
    if speed_kmh is None:
        return ""
    force = force_of_kmh(speed_kmh)
    direction = "" if direction_deg is None or not force else direction_words(direction_deg, language)
    return f"{direction}风{force}级" if language == "zh" else f"{direction} wind force {force}".strip()


def _sun(day: DayWeather, language: Language) -> str:
    if day.uv_index_max is None or day.uv_index_max < UV_FROM:
        return ""
    index, strength = round(day.uv_index_max), uv_words(day.uv_index_max, language)
    return f"紫外线指数{index}（{strength}）" if language == "zh" else f"UV index {index} ({strength})"


def current_sentence(current: CurrentWeather, language: Language) -> str:
    """The present, with the time of observation where it is known."""
    chinese = language == "zh"
    felt, humidity = current.apparent_c, current.humidity_percent
    parts = [
        current.sky.words(language) if current.sky else "", degrees(current.temperature_c, language),
        "" if felt is None else f"体感{degrees(felt, 'zh')}" if chinese else f"feels like {degrees(felt, 'en')}",
        "" if humidity is None else f"湿度{humidity:.0f}%" if chinese else f"humidity {humidity:.0f}%",
        _breeze(current.wind_kmh, current.wind_direction_deg, language),
    ]
    said = ("，" if chinese else ", ").join(part for part in parts if part)
    clock = f"{current.observed_at:%H:%M}" if current.observed_at else ""
    if chinese:
        return f"现在{f'（{clock}）' if clock else ''}：{said}。"
    return f"Now{f' ({clock})' if clock else ''}: {said}."


def normal_sentence(days: Sequence[DayWeather], language: Language, *, whole_month: bool = False) -> str:
    """What a month is usually like, marked as no forecast; the days given are all of that month."""
    normal = days[0]
    month = f"{normal.date.month}月" if language == "zh" else _month_name(normal.date)
    when = month if whole_month else span_words([day.date for day in days], language)
    rain = normal.rain_days_in_month
    parts = [] if language == "zh" else [f"{month} averages"]
    parts += [_usual(normal, language)]
    if rain is not None:
        parts.append(f"全月约{rain:.0f}天有降水" if language == "zh" else f"about {rain:.0f} wet days in the month")
    if language == "zh":
        return f"{when}（气候平均，不是预报）：{'' if whole_month else month}{'，'.join(parts)}。"
    return f"{when} (climate average, no forecast): {parts[0]} {', '.join(parts[1:])}."


def _usual(day: DayWeather, language: Language) -> str:
    ends = ((day.temperature_max_c, "白天最高约", "a high of"), (day.temperature_min_c, "夜里最低约", "a low of"))
    return ("，" if language == "zh" else " and ").join(
        f"{zh}{degrees(value, 'zh')}" if language == "zh" else f"{en} {degrees(value, 'en')}" for value, zh, en in ends if value is not None
    )


def _month_name(day: date) -> str:
    return f"{day:%B}"


def basis_sentence(report: WeatherReport, language: Language) -> str:
    """Whose climate normals these are, how far away, and how they were fitted to the city's height."""
    basis = report.normals
    if basis is None:
        return ""
    years = basis.period.replace("-", "–")
    period = (f"{years}年" if years else "来源未注明年份") if language == "zh" else years or "period not stated"
    if not basis.distance_km:
        return (f"气候平均取自{basis.station}的观测（{period}）。" if language == "zh"
                else f"The averages are observations in {basis.station_en} ({period}).")
    return _borrowed(report, basis, period, language) + _lift(report, basis, language)


def _borrowed(report: WeatherReport, basis: NormalsBasis, period: str, language: Language) -> str:
    rough = basis.distance_km > FAR_KM or abs(basis.lift_m) > HIGH_M
    if language == "zh":
        warning = "，只能大致参考" if rough else ""
        return (f"资料里没有{report.city}的气候平均，用的是最近的{basis.station}（{period}），"
                f"相距约{basis.distance_km:.0f}公里{warning}。")
    warning = ", so take them as a rough guide" if rough else ""
    return (f"We hold no averages for {report.city_en}; these are from the nearest city that has them, "
            f"{basis.station_en} ({period}), about {basis.distance_km:.0f} km away{warning}.")


def _lift(report: WeatherReport, basis: NormalsBasis, language: Language) -> str:
    if not basis.lift_m:
        return ""
    higher, metres = basis.lift_m > 0, f"{abs(basis.lift_m):.0f}"
    if language == "zh":
        return f"{report.city}比{basis.station}{'高' if higher else '低'}约{metres}米，气温已按每100米0.65°C折算。"
    return f" {report.city_en} lies about {metres} m {'higher' if higher else 'lower'}; temperatures are shifted by 0.65 °C per 100 m."


def note_sentence(note: Note, language: Language) -> str:
    """One caveat as a sentence."""
    last = days_words([note.day], language) if note.day else ""
    trouble = _TROUBLES[note.trouble][0 if language == "zh" else 1] if note.trouble else ""
    chinese, english = {
        NoteKind.TROUBLE: (f"{trouble}，下面是气候平均，不是预报，出发前请再看一次天气。",
                           f"{trouble}; what follows are climate averages, no forecast, so please look again before you leave."),
        NoteKind.NO_PROVIDER: ("没有启用天气服务，下面是气候平均，不是预报。", "No weather service is set up; what follows are climate averages, no forecast."),
        NoteKind.PAST: (f"{last}已经过去，过去的日子只有气候平均。", f"{last} has passed; for past days there are only climate averages."),
        NoteKind.BEYOND: (f"预报只到{last}，再往后只有气候平均。", f"The forecast ends on {last}; later days are climate averages."),
        NoteKind.GAPS: ("预报里缺了几天，缺的用气候平均代替。", "The forecast lacks some days; climate averages stand in for them."),
        NoteKind.MONTH: ("这是整月的气候平均，具体哪天要等临近16天内才有预报。", "This is an average of the whole month; single days are forecast from 16 days ahead."),
        NoteKind.SHORTENED: (f"一次可以看1到16天，这里给出{note.days}天。", f"One look covers 1 to 16 days; this one covers {note.days}."),
        NoteKind.NOTHING: ("有些日子既没有预报也没有气候资料，不敢乱说。", "For some days there is neither a forecast nor an average, and I would rather not guess."),
    }[note.kind]
    return chinese if language == "zh" else english


def attribution_sentence(attribution: Attribution, language: Language) -> str:
    """The source and its link."""
    return f"{attribution.text}：{attribution.url}" if language == "zh" else f"{attribution.text_en}: {attribution.url}"
