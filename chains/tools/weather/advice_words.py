"""What to wear and to take, in sentences. Thresholds and levels are `clothing`'s."""

from collections.abc import Sequence
from datetime import date

from chains.tools.weather.clothing import INDEX_NAME, LEVELS
from chains.tools.weather.figures import days_words, degrees, temperatures, uv_words
from chains.tools.weather.records import Advice, Basis, DayWeather, Tip, TipKind
from chains.tools.weather.wind import force_of_kmh
from chains.understanding.request import Language

DAYS_LISTED = 3  # more days are counted instead

_BASIS = {Basis.APPARENT: ("按体感温度", "by apparent temperature"), Basis.AIR: ("按气温", "by air temperature"),
          Basis.NORMAL: ("含气候平均", "partly from climate averages")}
_ALL_NORMAL = ("按气候平均", "from climate averages")
# {days} is "" where a tip holds throughout; {figure} is the strongest value in its own unit.
_TIPS: dict[TipKind, tuple[str, str]] = {
    TipKind.STAY_IN: ("{days}天气恶劣，尽量安排室内，以气象台预警为准", "severe weather{days}: stay indoors and heed official warnings"),
    TipKind.UMBRELLA: ("{days}有雨，带伞", "rain{days}: take an umbrella"),
    TipKind.RAINCOAT: ("{days}雨大，带雨衣，穿防水鞋", "heavy rain{days}: take a raincoat and waterproof shoes"),
    TipKind.SNOW_SHOES: ("{days}有雪，穿防滑鞋", "snow{days}: wear shoes that grip"),
    TipKind.THUNDER: ("{days}有雷电，避开山脊和水面", "thunder{days}: keep off ridges and open water"),
    TipKind.WINDPROOF: ("{days}风大（{figure}级），外套要防风", "wind up to force {figure}{days}: wear something windproof"),
    TipKind.LAYERS: ("{days}早晚和中午相差{figure}°C，分层穿好增减", "the day swings by {figure} °C{days}: dress in layers"),
    TipKind.DEEP_COLD: ("{days}冷到{figure}°C，加围巾和厚袜，护住手脸", "down to {figure} °C{days}: add a scarf and thick socks, cover hands and face"),
    TipKind.HEAT: ("{days}热到{figure}°C，避开正午，多喝水", "up to {figure} °C{days}: avoid midday and drink plenty"),
    TipKind.SUN: ("{days}紫外线{figure}，戴帽子、涂防晒", "UV {figure}{days}: wear a hat and sunscreen"),
    TipKind.STRONG_SUN: ("{days}紫外线{figure}，帽子、墨镜和防晒霜都要", "UV {figure}{days}: hat, sunglasses and sunscreen"),
    TipKind.MASK: ("{days}有霾或沙尘，备口罩", "haze or dust{days}: bring a mask"),
    TipKind.ALTITUDE: ("海拔约{figure}米，早晚冷、日晒强，带厚外套和防晒，先慢慢适应",
                       "about {figure} m above the sea: cold mornings and fierce sun, so take a warm coat and sunscreen, and go slowly at first"),
    TipKind.RAINY_MONTH: ("这时节一个月约{figure}天有雨，带上伞", "about {figure} rainy days a month at this time: take an umbrella"),
}


def advice_sentences(advice: Advice, days: Sequence[DayWeather], language: Language) -> list[str]:
    """What to wear, then what to take or mind; the second is left out where there is nothing to say."""
    tips = [_tip_words(tip, days, language) for tip in advice.tips]
    if not tips:
        return [_wear(advice, days, language)]
    if language == "zh":
        return [_wear(advice, days, "zh"), f"另外：{'；'.join(tips)}。"]
    return [_wear(advice, days, "en"), f"Also: {'; '.join(tips)}."]


def _wear(advice: Advice, days: Sequence[DayWeather], language: Language) -> str:
    (warm_name, warm_wear), (cold_name, cold_wear) = (LEVELS[number - 1].words(language) for number in (advice.warm_level, advice.cold_level))
    basis = _basis_words(advice, days, language)
    if advice.warm_level == advice.cold_level:
        span = temperatures(advice.lowest_c, advice.highest_c, language)
        return (f"穿衣（{INDEX_NAME['zh']}，{basis}）：{span}，{advice.warm_level}级{warm_name}，{warm_wear}。" if language == "zh"
                else f"{INDEX_NAME['en']}, {basis}: {span}, level {advice.warm_level} ({warm_name}), {warm_wear}.")
    high, low = degrees(advice.highest_c, language), degrees(advice.lowest_c, language)
    if language == "zh":
        return (f"穿衣（{INDEX_NAME['zh']}，{basis}）：最暖{high}，{advice.warm_level}级{warm_name}，{warm_wear}；"
                f"最凉{low}，{advice.cold_level}级{cold_name}，{cold_wear}。")
    return (f"{INDEX_NAME['en']}, {basis}: at the warmest {high}, level {advice.warm_level} ({warm_name}), {warm_wear}; "
            f"at the coolest {low}, level {advice.cold_level} ({cold_name}), {cold_wear}.")


def _basis_words(advice: Advice, days: Sequence[DayWeather], language: Language) -> str:
    words = _ALL_NORMAL if all(day.is_normal for day in days) else _BASIS[advice.basis]
    return words[0 if language == "zh" else 1]


def _tip_words(tip: Tip, days: Sequence[DayWeather], language: Language) -> str:
    """The tip's sentence with its days and its figure."""
    words = _TIPS[tip.kind][0 if language == "zh" else 1]
    return words.format(days=_when(tip.days, days, language), figure=_figure(tip, language))


def _when(held: Sequence[date], days: Sequence[DayWeather], language: Language) -> str:
    """Nothing where it holds throughout or comes from averages alone, up to three dates, else a count."""
    forecast = {day.date for day in days if not day.is_normal}
    if len(held) >= len(days) or not forecast.intersection(held):
        return ""
    if len(held) > DAYS_LISTED:
        return f"其中{len(held)}天" if language == "zh" else f" on {len(held)} of the days"
    return days_words(held, "zh") if language == "zh" else f" on {days_words(held, 'en')}"


def _figure(tip: Tip, language: Language) -> str:
    value = tip.value or 0.0
    if tip.kind is TipKind.WINDPROOF:
        return str(force_of_kmh(value))
    if tip.kind in (TipKind.SUN, TipKind.STRONG_SUN):
        return f"{uv_words(value, language)}（{round(value)}）" if language == "zh" else f"{round(value)} ({uv_words(value, language)})"
    return str(round(value))
