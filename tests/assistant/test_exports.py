"""Plans as files."""

import json
from datetime import date
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from assistant.exports import exported, file_name, read_plan
from chains.tools.itinerary.plan import Plan
from knowledge.errors import InputError
from knowledge.library import Library
from tests.chains.turns import gather


@pytest.fixture(scope="module")
def plan(library: Library) -> Plan:
    """Two days in Qingdao."""
    found = gather(library, "12月5日去青岛玩两天，两个人").plan
    assert found is not None
    return found


def renamed(plan: Plan, name: str) -> Plan:
    """The plan with its first stop under another name."""
    first = plan.days[0]
    stop = first.stops[0].model_copy(update={"name": name, "name_en": name})
    return plan.model_copy(update={"days": (first.model_copy(update={"stops": (stop, *first.stops[1:])}), *plan.days[1:])})


def test_json_comes_back_as_the_same_plan(plan: Plan) -> None:
    """Exported and read again, nothing is lost."""
    assert read_plan(exported(plan, "json", "zh")) == plan


@pytest.mark.parametrize(("data", "said"), [
    (b"", "this is no plan"), (b"{", "this is no plan"), (b"[]", "this is no plan"), (b'{"version": 2}', "version"),
    (b'{"version": 1, "trip": {}}', "trip.stays"),
])
def test_a_file_that_is_no_plan_is_refused(data: bytes, said: str) -> None:
    """The first thing wrong is named, and what was expected."""
    with pytest.raises(InputError, match=said):
        read_plan(data)


def test_an_unknown_field_is_refused(plan: Plan) -> None:
    """A misspelt key is told, not dropped."""
    data = json.loads(exported(plan, "json", "zh"))
    data["dayz"] = []
    with pytest.raises(InputError, match="dayz"):
        read_plan(json.dumps(data).encode())


def test_the_calendar_has_every_stop_at_its_time(plan: Plan) -> None:
    """An event for each stop but rests, in China's time; the same plan gives the same ids."""
    calendar = Calendar.from_ical(exported(plan, "ics", "zh"))
    events = calendar.walk("VEVENT")
    stops = [(day, stop) for day in plan.days for stop in day.stops if stop.kind != "rest"]
    assert len(events) == len(stops)
    for event, (day, stop) in zip(events, stops, strict=True):
        start = event["dtstart"].dt
        assert (start.date(), start.hour * 60 + start.minute) == (day.date, stop.arrives)
        assert start.utcoffset().total_seconds() == 8 * 3600
    assert exported(plan, "ics", "zh") == exported(plan, "ics", "zh")
    assert len({str(event["uid"]) for event in events}) == len(events)


def test_the_page_loads_nothing_and_runs_nothing(plan: Plan) -> None:
    """No address, no script; a name that is HTML stays text."""
    page = exported(renamed(plan, "<script>alert(1)</script>&"), "html", "zh").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page
    assert "src=" not in page
    assert "http" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    body = page.replace("<!doctype html>", "").replace('<meta charset="utf-8">', "")
    ET.fromstring(body.replace(page[page.index("<meta name"):page.index("<title>")], ""))  # noqa: S314 - our own page


def test_markdown_names_every_stop(plan: Plan) -> None:
    """A row a stop; a bar in a name does not break the table."""
    text = exported(renamed(plan, "甲|乙"), "md", "zh").decode()
    assert "甲\\|乙" in text
    assert all(stop.name in text for day in plan.days for stop in day.stops[1:] if stop.kind == "sight")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_can_be_opened_and_read(plan: Plan, language: str) -> None:
    """Pages with text; the days stand in it."""
    reader = PdfReader(BytesIO(exported(plan, "pdf", language)))  # type: ignore[arg-type]
    text = "".join(page.extract_text() for page in reader.pages)
    assert ("第1天" if language == "zh" else "Day 1") in text


def test_file_names_are_plain(plan: Plan) -> None:
    """ASCII, with the first day."""
    assert file_name(plan, "pdf") == f"fengjing-{date(plan.trip.start.year, 12, 5)}-2d.pdf"
