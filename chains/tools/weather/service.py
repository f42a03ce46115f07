"""The weather of a city for some days, whatever happens: forecast where there is one, climate average elsewhere.

A network that fails, a key that is refused, a day beyond the horizon: none of them raises. The days that no
forecast covers are filled with what the month usually is, marked as such, and the report's notes say why.
Not covered: official warnings (台风, 暴雨), which only the weather offices may give.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from chains.tools.weather.clothing import advise
from chains.tools.weather.errors import WeatherError
from chains.tools.weather.records import (
    Attribution,
    DayWeather,
    Forecast,
    NormalsBasis,
    Note,
    NoteKind,
    WeatherProvider,
    WeatherReport,
)
from chains.tools.weather.span import DEFAULT_DAYS, asked_span
from chains.understanding.request import When
from knowledge.climate import CLIMATE_SOURCE, CLIMATE_URL, Climate, Normals, load_climate
from knowledge.geometry import Point
from knowledge.records import City

HORIZON_DAYS = 16  # no provider looks further ahead
MAX_DAYS = 16
CLIMATE_ATTRIBUTION = Attribution(
    CLIMATE_SOURCE.id, f"气候平均来自{CLIMATE_SOURCE.label}", f"Climate averages from the {CLIMATE_SOURCE.label_en}", CLIMATE_URL
)


class WeatherService:
    """Reports on cities; `cities` are those whose climate may stand in for another's. Safe to share."""

    def __init__(
        self, provider: WeatherProvider | None, cities: Mapping[str, City], today: Callable[[], date] = date.today,
        climate: Climate | None = None,
    ) -> None:
        """A provider of None answers from climate averages only."""
        self._provider = provider
        self._cities = cities
        self._today = today
        self._climate = climate or load_climate()

    def report(self, city: City, start: date | None = None, days: int = DEFAULT_DAYS, at: Point | None = None) -> WeatherReport:
        """Days from `start` (today) on; `at` asks for a place in or near the city, such as a mountain top."""
        today = self._today()
        first, length = start or today, min(max(days, 1), MAX_DAYS)
        notes = [Note(NoteKind.SHORTENED, days=length)] if length != days else []
        wanted = [date.fromordinal(day) for day in range(first.toordinal(), first.toordinal() + length) if day <= date.max.toordinal()]
        forecast, problem = self._forecast(at or city.position, wanted, today)
        notes += [problem] if problem else _gaps(forecast, wanted, today)
        return self._assemble(city, wanted, forecast, notes)

    def month_report(self, city: City, month: int) -> WeatherReport:
        """What a month is usually like; no forecast is asked for."""
        today = self._today()
        year = today.year if month >= today.month else today.year + 1
        return self._assemble(city, [date(year, month, 1)], None, [Note(NoteKind.MONTH)])

    def for_request(self, city: City, when: When) -> WeatherReport:
        """The days or the month that a turn asks about."""
        span = asked_span(when, self._today())
        if span.month:
            return self.month_report(city, span.month)
        return self.report(city, span.start, span.days)

    def _forecast(self, place: Point, wanted: list[date], today: date) -> tuple[Forecast | None, Note | None]:
        """A forecast if one can cover any wanted day, and what went wrong if it was asked for in vain."""
        if wanted[-1] < today or wanted[0] >= today + timedelta(days=HORIZON_DAYS):
            return None, None
        if self._provider is None:
            return None, Note(NoteKind.NO_PROVIDER)
        try:
            return self._provider.forecast(place), None
        except WeatherError as error:
            return None, Note(NoteKind.TROUBLE, trouble=error.trouble)

    def _assemble(self, city: City, wanted: list[date], forecast: Forecast | None, notes: list[Note]) -> WeatherReport:
        normals = self._climate.normals(city, self._cities)
        known = {day.date: day for day in forecast.days} if forecast else {}
        filled = [known.get(day) or _normal_day(day, normals) for day in wanted]
        days = tuple(day for day in filled if day is not None)
        elevation_m = forecast.elevation_m if forecast and forecast.elevation_m is not None else self._climate.elevation_m(city.id)
        borrowed = any(day.is_normal for day in days)
        if len(days) < len(wanted):
            notes = [*notes, Note(NoteKind.NOTHING)]
        report = WeatherReport(
            city=city.name, city_en=city.name_en, days=days, elevation_m=elevation_m, advice=advise(days, elevation_m),
            normals=_basis(normals) if normals and borrowed else None, notes=tuple(notes),
            attributions=(CLIMATE_ATTRIBUTION,) if borrowed else (),
        )
        return _with_forecast(report, forecast, self._today())


def _with_forecast(report: WeatherReport, forecast: Forecast | None, today: date) -> WeatherReport:
    """Name the provider where its days are shown, and tell the present where today is among them."""
    if forecast is None or report.is_normal:
        return report
    current = forecast.current if report.day(today) else None
    return replace(report, current=current, attributions=(forecast.attribution, *report.attributions))


def _gaps(forecast: Forecast | None, wanted: list[date], today: date) -> list[Note]:
    """Which of the wanted days the forecast does not reach, and on which side."""
    notes = [Note(NoteKind.PAST, day=wanted[0])] if wanted[0] < today else []
    last = forecast.days[-1].date if forecast else today + timedelta(days=HORIZON_DAYS - 1)
    if wanted[-1] > last:
        notes.append(Note(NoteKind.BEYOND, day=last))
    known = {day.date for day in forecast.days} if forecast else set()
    if forecast and any(day not in known for day in wanted if today <= day <= last):
        notes.append(Note(NoteKind.GAPS))
    return notes


def _normal_day(day: date, normals: Normals | None) -> DayWeather | None:
    if normals is None:
        return None
    month = normals.month(day.month)
    return DayWeather(
        date=day, temperature_max_c=month.high_c, temperature_min_c=month.low_c, is_normal=True, rain_days_in_month=month.rain_days
    )


def _basis(normals: Normals) -> NormalsBasis:
    station = normals.station
    return NormalsBasis(station.name, station.name_en, normals.period, round(normals.distance_km), round(normals.lift_m))
