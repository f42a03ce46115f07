"""The report on a city: forecast where there is one, climate average elsewhere, never an exception."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pydantic import TypeAdapter

from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.open_meteo import ATTRIBUTION, OpenMeteo, read_forecast
from chains.tools.weather.records import Forecast, NoteKind, WeatherProvider, WeatherReport, as_json
from chains.tools.weather.service import WeatherService
from chains.tools.weather.span import Span, asked_span
from chains.understanding.request import When
from knowledge.climate import Climate
from knowledge.geometry import Point
from tests.chains.tools.weather_samples import BEIJING, CITIES, SUZHOU, TODAY, XISHUANGBANNA, open_meteo
from tests.chains.tools.weather_server import HASTE, Reply, weather_server


class _Fixed:
    """Answers with a given forecast, or fails with a given trouble; keeps the places it was asked for."""

    def __init__(self, answer: Forecast | Trouble) -> None:
        self._answer = answer
        self.places: list[Point] = []

    def forecast(self, place: Point) -> Forecast:
        self.places.append(place)
        if isinstance(self._answer, Trouble):
            raise WeatherError("scripted", self._answer)
        return self._answer


def _service(provider: WeatherProvider | None) -> WeatherService:
    return WeatherService(provider, CITIES, lambda: TODAY)


def _forecast(days: int = 16, **daily: list[object]) -> Forecast:
    return read_forecast(open_meteo(days, **daily))


def _kinds(report: WeatherReport) -> list[NoteKind]:
    return [note.kind for note in report.notes]


def test_forecast_days():
    """Days within the forecast come from it, with the present, its height, advice, and the provider named."""
    report = _service(_Fixed(_forecast())).report(BEIJING, TODAY, 3)
    assert [day.date for day in report.days] == [TODAY + timedelta(days=offset) for offset in range(3)]
    assert not any(day.is_normal for day in report.days)
    assert (report.current.temperature_c, report.elevation_m, report.advice.warm_level) == (20.1, 47.0, 4)
    assert (report.notes, report.normals, report.attributions) == ((), None, (ATTRIBUTION,))


def test_nothing_said_means_three_days_from_today():
    """Without a date the report starts today and covers three days."""
    report = _service(_Fixed(_forecast())).report(BEIJING)
    assert (len(report.days), report.days[0].date) == (3, TODAY)


def test_present_is_told_only_with_today():
    """Who asks for the weekend after next is not told what it is like now."""
    assert _service(_Fixed(_forecast())).report(BEIJING, TODAY + timedelta(days=8), 2).current is None


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_degrades(trouble):
    """Whatever goes wrong, the days are climate averages, the reason is noted, and the source named."""
    report = _service(_Fixed(trouble)).report(BEIJING, TODAY, 2)
    assert report.is_normal
    assert [(note.kind, note.trouble) for note in report.notes] == [(NoteKind.TROUBLE, trouble)]
    assert (report.days[0].temperature_max_c, report.days[0].rain_days_in_month) == (19.0, 5)
    assert (report.normals.station, report.attributions[0].source) == ("北京", "wmo-wwis")
    assert report.advice is not None


def test_no_provider():
    """Without a provider the averages are all there is, and the report says so."""
    assert _kinds(_service(None).report(BEIJING, TODAY, 1)) == [NoteKind.NO_PROVIDER]


def test_beyond_the_horizon_nobody_is_asked():
    """Sixteen days ahead or more there is no forecast: no request is made."""
    provider = _Fixed(_forecast())
    report = _service(provider).report(BEIJING, TODAY + timedelta(days=16), 3)
    assert (provider.places, _kinds(report), report.is_normal) == ([], [NoteKind.BEYOND], True)


def test_last_day_of_the_horizon():
    """The sixteenth day is still forecast, the seventeenth is an average; both sources are named."""
    report = _service(_Fixed(_forecast())).report(BEIJING, TODAY + timedelta(days=15), 2)
    assert [day.is_normal for day in report.days] == [False, True]
    assert [(note.kind, note.day) for note in report.notes] == [(NoteKind.BEYOND, TODAY + timedelta(days=15))]
    assert [attribution.source for attribution in report.attributions] == ["open-meteo", "wmo-wwis"]


def test_shorter_forecasts_are_filled_up():
    """A provider with four days covers four; where it ends is noted."""
    report = _service(_Fixed(_forecast(4))).report(BEIJING, TODAY, 6)
    assert [day.is_normal for day in report.days] == [False] * 4 + [True] * 2
    assert report.notes[0].day == TODAY + timedelta(days=3)


def test_days_without_temperature_are_filled():
    """A day that the provider left empty becomes an average, and the gap is noted."""
    forecast = _forecast(3, temperature_2m_max=[20, None, 20], temperature_2m_min=[10, None, 10])
    report = _service(_Fixed(forecast)).report(BEIJING, TODAY, 3)
    assert [day.is_normal for day in report.days] == [False, True, False]
    assert _kinds(report) == [NoteKind.GAPS]


def test_past_dates():
    """For a day gone by nobody is asked; it is an average and the report says that it has passed."""
    provider = _Fixed(_forecast())
    report = _service(provider).report(BEIJING, TODAY - timedelta(days=30), 1)
    assert (provider.places, _kinds(report), report.is_normal) == ([], [NoteKind.PAST], True)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (16, 16), (60, 16)])
def test_number_of_days_is_bounded(asked, given):
    """Zero days or sixty become the nearest number that works, and that is said."""
    report = _service(_Fixed(_forecast())).report(BEIJING, TODAY, asked)
    assert len(report.days) == given
    assert (NoteKind.SHORTENED in _kinds(report)) == (asked != given)


@pytest.mark.parametrize("start", [date.min, date.max])
def test_ends_of_the_calendar(start):
    """The first and the last day that a date can hold do not break anything."""
    assert _service(_Fixed(_forecast())).report(BEIJING, start, 5).is_normal


def test_a_neighbour_stands_in():
    """A city without averages gets the nearest one's, named with its distance."""
    basis = _service(None).report(SUZHOU, TODAY, 1).normals
    assert (basis.station, basis.station_en, basis.period) == ("上海", "Shanghai", "1961-1990")
    assert 75 < basis.distance_km < 95


def test_no_averages_at_all():
    """Without forecast and without averages there are no days, and that is said, not guessed."""
    report = WeatherService(None, CITIES, lambda: TODAY, Climate({})).report(BEIJING, TODAY, 2)
    assert (report.days, report.advice) == ((), None)
    assert NoteKind.NOTHING in _kinds(report)


def test_a_place_in_the_city():
    """A mountain top is asked for at its own position."""
    provider, top = _Fixed(_forecast()), XISHUANGBANNA.position
    _service(provider).report(BEIJING, TODAY, 1, at=top)
    assert provider.places == [top]


def test_height_without_the_provider():
    """Where the provider tells no height, ours is used."""
    assert _service(None).report(XISHUANGBANNA, TODAY, 1).elevation_m == 550


def test_a_month_in_general():
    """A month is one average day, and nobody is asked."""
    provider = _Fixed(_forecast())
    report = _service(provider).month_report(BEIJING, 7)
    assert (provider.places, _kinds(report), len(report.days), report.days[0].date.month) == ([], [NoteKind.MONTH], 1, 7)


@pytest.mark.parametrize(("when", "span"), [
    (When(), Span(TODAY, 3)),
    (When(days=5), Span(TODAY, 5)),
    (When(start=date(2026, 10, 4)), Span(date(2026, 10, 4), 1)),
    (When(start=date(2026, 10, 4), days=2), Span(date(2026, 10, 4), 2)),
    (When(start=date(2026, 10, 4), end=date(2026, 10, 6)), Span(date(2026, 10, 4), 3)),
    (When(month=12), Span(TODAY, 3, 12)),
    (When(holiday="国庆"), Span(date(2026, 10, 1), 7)),
    (When(holiday="清明"), Span(date(2027, 4, 4), 3)),
    (When(holiday="国庆", days=2), Span(date(2026, 10, 1), 2)),
    (When(holiday="春节"), Span(TODAY, 3, 2)),
    (When(holiday="暑假"), Span(TODAY, 3, 7)),
])
def test_which_days_are_meant(when, span):
    """From what was understood to a start and a number of days, or a month."""
    assert asked_span(when, TODAY) == span


def test_for_request():
    """A turn's dates lead to the days meant, a turn's month to the month."""
    service = _service(_Fixed(_forecast()))
    assert len(service.for_request(BEIJING, When(start=TODAY, days=2)).days) == 2
    assert _kinds(service.for_request(BEIJING, When(month=7))) == [NoteKind.MONTH]


def test_reports_are_stored_and_read_back():
    """A report survives the way into the conversation database and back."""
    report = _service(_Fixed(_forecast(4))).report(SUZHOU, TODAY, 6)
    stored = TypeAdapter(WeatherReport)
    assert stored.validate_json(stored.dump_json(report)) == report


def test_machines_get_plain_values():
    """The JSON form holds dates as text and enumerations as words."""
    day = as_json(_service(_Fixed(_forecast())).report(BEIJING, TODAY, 1))["days"][0]
    assert (day["date"], day["sky"], day["temperature_max_c"], day["sunrise"]) == ("2026-10-02", "light_rain", 21.4, "06:12:00")


@pytest.mark.parametrize(("reply", "check"), [
    (Reply(open_meteo()), lambda report: not report.is_normal),
    (Reply({"error": True, "reason": "x"}, 429), lambda report: report.notes[0].trouble is Trouble.LIMITED),
    (Reply(b"<html>"), lambda report: report.notes[0].trouble is Trouble.MALFORMED),
    (Reply({}, wait_seconds=0.5), lambda report: report.notes[0].trouble is Trouble.SLOW),
])
def test_over_the_wire(monkeypatch: pytest.MonkeyPatch, reply: Reply, check: Callable[[WeatherReport], bool]):
    """From a local server to the report, in good weather and in bad."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with weather_server() as server:
        server.reply("/v1/forecast", reply)
        assert check(_service(OpenMeteo(host=server.address, patience=HASTE)).report(BEIJING, TODAY, 2))
