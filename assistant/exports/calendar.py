"""A plan as an iCalendar file (RFC 5545): an event a stop, in China's time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from assistant.exports.text import title_of, way_to
from chains.tools.itinerary import words
from chains.tools.itinerary.plan import Day, Plan, Stop
from chains.understanding.request import Language

CHINA = ZoneInfo("Asia/Shanghai")


def as_ics(plan: Plan, language: Language, cities: Sequence[str] = ()) -> bytes:
    """One event for everything but rests; the same plan gives the same ids, so that importing twice doubles nothing."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fengjing//fengjing//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title_of(plan, language, cities))
    calendar.add("x-wr-timezone", str(CHINA))
    for day in plan.days:
        for number, stop in enumerate(day.stops):
            if stop.kind != "rest":
                calendar.add_component(_event(day, number, stop, language))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(day: Day, number: int, stop: Stop, language: Language) -> Event:
    event = Event()
    midnight = datetime.combine(day.date, datetime.min.time(), CHINA)
    event.add("uid", f"{day.date}-{number}-{stop.place or stop.kind}@fengjing")
    event.add("dtstamp", datetime.combine(day.date, datetime.min.time(), UTC))
    event.add("dtstart", midnight + timedelta(minutes=stop.arrives))
    event.add("dtend", midnight + timedelta(minutes=max(stop.departs, stop.arrives + 1)))
    event.add("summary", words.stop_name(stop, language))
    event.add("location", stop.name if language == "zh" else stop.name_en)
    event.add("description", "\n".join(text for text in (words.stop_cost(stop, language), way_to(stop, language)) if text))
    return event
