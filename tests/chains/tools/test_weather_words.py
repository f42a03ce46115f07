"""Sentences about weather and clothes, word for word, in both languages."""

import re
from datetime import date, datetime, timedelta

import pytest

from chains.tools.weather.advice_words import advice_sentences
from chains.tools.weather.clothing import advise
from chains.tools.weather.errors import Trouble
from chains.tools.weather.figures import days_words, degrees, span_words, temperatures, uv_words
from chains.tools.weather.open_meteo import read_forecast
from chains.tools.weather.records import CurrentWeather, DayWeather, Note, NoteKind, Tip, TipKind, WeatherReport
from chains.tools.weather.service import WeatherService
from chains.tools.weather.sky import Sky
from chains.tools.weather.words import current_sentence, day_sentence, note_sentence, report_lines
from tests.chains.tools.weather_samples import BEIJING, CITIES, SUZHOU, TODAY, XISHUANGBANNA, open_meteo

WET = DayWeather(TODAY, Sky.LIGHT_RAIN, 21.4, 12.2, 19.0, 9.6, 8.2, 70, 0, 21.0, 55.0, 44, None, 5.15)


class _Sunny:
    """Four fine days."""

    def forecast(self, place):
        return read_forecast(open_meteo(4, weather_code=[0] * 4, precipitation_sum=[0] * 4, precipitation_probability_max=[5] * 4,
                                        wind_gusts_10m_max=[20] * 4, wind_speed_10m_max=[10] * 4))


def _offline() -> WeatherService:
    return WeatherService(None, CITIES, lambda: TODAY)


def _wear(*days: DayWeather, language: str = "zh", elevation_m: float | None = None) -> list[str]:
    return advice_sentences(advise(days, elevation_m), days, language)


def test_a_day_in_chinese():
    """All that is known of a day in one sentence."""
    assert day_sentence(WET, "zh") == (
        "10月2日（周五）：小雨，12到21°C，体感10到19°C，降水概率70%（8.2毫米），东北风4级，阵风7级，紫外线指数5（中等）。")


def test_a_day_in_english():
    """The same in English."""
    assert day_sentence(WET, "en") == (
        "Fri 2 Oct: light rain, 12 to 21 °C, feels like 10 to 19 °C, 70% chance of rain (8.2 mm), "
        "north-east wind force 4, gusts of force 7, UV index 5 (moderate).")


@pytest.mark.parametrize(("day", "chinese", "english"), [
    (DayWeather(TODAY, None, 21.0), "10月2日（周五）：21°C。", "Fri 2 Oct: 21 °C."),
    (DayWeather(TODAY, Sky.CLEAR, 21.0, 20.6, 21.2, 20.0, 0.0, 5, 0, 8.0, 20.0, 10, None, 1.0), "10月2日（周五）：晴，21°C。", "Fri 2 Oct: clear, 21 °C."),
    (DayWeather(TODAY, Sky.SNOW, -0.4, -8.0, precipitation_probability_percent=80), "10月2日（周五）：雪，-8到0°C，降水概率80%。",
     "Fri 2 Oct: snow, -8 to 0 °C, 80% chance of snow."),
    (DayWeather(TODAY, Sky.RAIN, 21.0, 12.0, precipitation_mm=3.0), "10月2日（周五）：中雨，12到21°C，降水3毫米。", "Fri 2 Oct: rain, 12 to 21 °C, 3 mm."),
])
def test_days_with_little(day, chinese, english):
    """What is unknown, or not worth saying, is left out; zero is never written -0."""
    assert (day_sentence(day, "zh"), day_sentence(day, "en")) == (chinese, english)


def test_the_present():
    """Now, with the time of observation where there is one."""
    now = CurrentWeather(20.1, datetime(2026, 10, 2, 14, 15), Sky.CLOUDY, 18.3, 45, 0.0, 13.7, 90)  # noqa: DTZ001
    assert current_sentence(now, "zh") == "现在（14:15）：多云，20°C，体感18°C，湿度45%，东风3级。"
    assert current_sentence(now, "en") == "Now (14:15): partly cloudy, 20 °C, feels like 18 °C, humidity 45%, east wind force 3."
    assert current_sentence(CurrentWeather(-3.0), "zh") == "现在：-3°C。"


def test_a_whole_report_in_chinese():
    """Heading, caveat, present, days, averages with their station, advice, sources: in this order."""
    lines = report_lines(WeatherService(_Sunny(), CITIES, lambda: TODAY).report(SUZHOU, TODAY + timedelta(days=3), 2), "zh")
    assert lines == (
        "苏州2026年10月5日至6日天气：",
        "预报只到10月5日，再往后只有气候平均。",
        "10月5日（周一）：晴，12到21°C，体感10到19°C，紫外线指数5（中等）。",
        "10月6日（气候平均，不是预报）：10月白天最高约22°C，夜里最低约15°C，全月约9天有降水。",
        "资料里没有苏州的气候平均，用的是最近的上海（1961–1990年），相距约85公里。",
        "穿衣（参考穿衣指数，含气候平均）：最暖22°C，3级舒适，T恤、薄牛仔裤；最凉10°C，7级冷，棉衣、厚外套。",
        "另外：10月5日早晚和中午相差9°C，分层穿好增减；10月5日紫外线中等（5），戴帽子、涂防晒。",
        "天气数据来自 Open-Meteo.com（CC BY 4.0）：https://open-meteo.com/",
        "气候平均来自世界气象组织·世界天气信息服务：https://worldweather.wmo.int/",
    )


def test_a_whole_report_in_english():
    """The same order in English, from averages alone."""
    lines = report_lines(_offline().report(XISHUANGBANNA, TODAY, 2), "en")
    assert lines[:3] == (
        "Weather in Xishuangbanna, 2 to 3 Oct 2026:",
        "No weather service is set up; what follows are climate averages, no forecast.",
        "2 to 3 Oct (climate average, no forecast): October averages a high of 29 °C and a low of 20 °C.",
    )
    assert lines[3] == (
        "We hold no averages for Xishuangbanna; these are from the nearest city that has them, Kunming (1961–1990), about 390 km away, "
        "so take them as a rough guide. Xishuangbanna lies about 1340 m lower; temperatures are shifted by 0.65 °C per 100 m.")


def test_averages_of_two_months():
    """Averages are said once a month, not once a day."""
    lines = report_lines(_offline().report(BEIJING, date(2026, 10, 30), 4), "zh")
    averages = [line for line in lines if "气候平均，不是预报）" in line]
    assert [line.split("（")[0] for line in averages] == ["10月30日至31日", "11月1日至2日"]


def test_a_month():
    """A month in general has no dates."""
    lines = report_lines(_offline().month_report(BEIJING, 7), "zh")
    assert lines[0] == "北京的天气："
    assert lines[2] == "7月（气候平均，不是预报）：白天最高约31°C，夜里最低约22°C，全月约14天有降水。"
    assert lines[3] == "气候平均取自北京的观测（1961–1990年）。"


@pytest.mark.parametrize("trouble", Trouble)
def test_troubles_are_said(trouble):
    """Each trouble is said in both languages, with what the reader gets instead."""
    note = Note(NoteKind.TROUBLE, trouble=trouble)
    assert "气候平均，不是预报" in note_sentence(note, "zh")
    assert "no forecast" in note_sentence(note, "en")


@pytest.mark.parametrize("kind", NoteKind)
def test_every_note_has_words(kind):
    """No caveat is without a sentence in either language."""
    note = Note(kind, Trouble.SLOW, TODAY, 16)
    assert note_sentence(note, "zh").endswith("。")
    assert note_sentence(note, "en").isascii()


def test_one_level():
    """Where warm and cold hours ask for the same, it is said once."""
    assert _wear(DayWeather(TODAY, None, 20.0, 18.5)) == ["穿衣（参考穿衣指数，按气温）：18到20°C，4级凉舒适，薄外套、夹克或薄毛衣。"]
    assert _wear(DayWeather(TODAY, None, 20.0, 18.5), language="en") == [
        "Clothing index (for reference), by air temperature: 18 to 20 °C, level 4 (pleasantly cool), a light jacket or a thin jumper."]


def test_two_levels_and_tips():
    """Else both ends are said, then what to take."""
    assert _wear(WET) == [
        "穿衣（参考穿衣指数，按体感温度）：最暖19°C，4级凉舒适，薄外套、夹克或薄毛衣；最凉10°C，7级冷，棉衣、厚外套。",
        "另外：有雨，带伞；风大（7级），外套要防风；早晚和中午相差9°C，分层穿好增减；紫外线中等（5），戴帽子、涂防晒。",
    ]
    assert _wear(WET, language="en")[1] == (
        "Also: rain: take an umbrella; wind up to force 7: wear something windproof; the day swings by 9 °C: dress in layers; "
        "UV 5 (moderate): wear a hat and sunscreen.")


def test_days_of_a_tip():
    """A tip names up to three days, counts more, and says nothing where it holds throughout."""
    def rain(*offsets: int) -> str:
        days = [DayWeather(TODAY + timedelta(days=offset), Sky.RAIN if offset in offsets else Sky.CLEAR, 20.0, 18.5) for offset in range(6)]
        return _wear(*days)[1]
    assert rain(1) == "另外：10月3日有雨，带伞。"
    assert rain(0, 2, 3) == "另外：10月2日、4日、5日有雨，带伞。"
    assert rain(0, 1, 2, 3) == "另外：其中4天有雨，带伞。"
    assert rain(*range(6)) == "另外：有雨，带伞。"


@pytest.mark.parametrize("kind", TipKind)
def test_every_tip_has_words(kind):
    """No tip is without words, and no placeholder is left standing."""
    advice = advise([WET])
    tipped = type(advice)(advice.warm_level, advice.cold_level, advice.highest_c, advice.lowest_c, advice.basis, (Tip(kind, (TODAY,), 40.0),))
    for language in ("zh", "en"):
        said = advice_sentences(tipped, [WET], language)[1]
        assert "{" not in said
        assert said.isascii() == (language == "en") or "°" in said


def test_altitude_is_said():
    """The height is told with its figure."""
    assert "海拔约3650米" in _wear(WET, elevation_m=3650)[1]


def test_temperatures():
    """Ranges, single values and nothing at all."""
    assert temperatures(-3.2, 5.4, "zh") == "-3到5°C"
    assert temperatures(None, 5.4, "en") == "5 °C"
    assert temperatures(4.9, 5.4, "zh") == "5°C"
    assert temperatures(None, None, "zh") == ""
    assert degrees(-0.3, "zh") == "0°C"


def test_dates():
    """Days in a row and days apart, within a month and across two."""
    days = [date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1)]
    assert (span_words(days, "zh"), span_words(days, "en")) == ("10月30日至11月1日", "30 Oct to 1 Nov")
    assert (span_words(days[:1], "zh"), span_words(days[:1], "en")) == ("10月30日", "30 Oct")
    assert (days_words(days, "zh"), days_words(days, "en")) == ("10月30日、31日、11月1日", "30, 31 Oct and 1 Nov")
    assert span_words([days[0], days[2]], "zh") == "10月30日、11月1日"


@pytest.mark.parametrize(("index", "chinese", "english"), [(0, "弱", "low"), (2.6, "中等", "moderate"), (6, "强", "high"), (8, "很强", "very high"), (11, "极强", "extreme")])
def test_strength_of_the_sun(index, chinese, english):
    """The WHO's classes."""
    assert (uv_words(index, "zh"), uv_words(index, "en")) == (chinese, english)


def test_figures_come_from_the_report():
    """No figure is said that the report does not hold, dates, years of observation and thresholds aside."""
    report = _offline().report(BEIJING, TODAY, 1)
    said = " ".join(report_lines(report, "zh")[2:3])
    held = {"10", "2", f"{report.days[0].temperature_max_c:.0f}", f"{report.days[0].temperature_min_c:.0f}", "5"}
    assert set(re.findall(r"\d+", said)) <= held


def test_english_report_has_no_chinese():
    """An English reader meets no Chinese character."""
    report: WeatherReport = WeatherService(_Sunny(), CITIES, lambda: TODAY).report(SUZHOU, TODAY, 6)
    assert not re.search(r"[\u4e00-\u9fff]", " ".join(report_lines(report, "en")))
