"""A plan as a file: Markdown, one HTML page, PDF, a calendar, or JSON that can be read back.

    data = exported(plan, "html", "zh", ["青岛"])
    plan = read_plan(path.read_bytes())

Every file says where its figures come from and that prices are for reference. Not covered: booking, and files of others.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import ValidationError

from assistant.exports.calendar import as_ics
from assistant.exports.page import as_html
from assistant.exports.paper import as_pdf
from assistant.exports.text import as_markdown
from chains.tools.itinerary.plan import Plan
from chains.understanding.request import Language
from knowledge.errors import InputError

Form = Literal["md", "html", "pdf", "ics", "json"]
MIME: dict[Form, str] = {
    "md": "text/markdown", "html": "text/html", "pdf": "application/pdf", "ics": "text/calendar", "json": "application/json",
}
MAX_PLAN_BYTES = 5_000_000

__all__ = ["MIME", "Form", "exported", "file_name", "read_plan"]

def exported(plan: Plan, form: Form, language: Language, cities: Sequence[str] = ()) -> bytes:
    """The plan in a form; text is UTF-8. `cities` are the names for its title, in the reader's language."""
    writers: dict[Form, Callable[[Plan, Language, Sequence[str]], str | bytes]] = {
        "md": as_markdown, "html": as_html, "pdf": as_pdf, "ics": as_ics, "json": _as_json,
    }
    made = writers[form](plan, language, cities)
    return made.encode() if isinstance(made, str) else made

def file_name(plan: Plan, form: Form) -> str:
    """``fengjing-2026-12-04-3d.pdf``: ASCII, so that every system takes it."""
    return f"fengjing-{plan.trip.start}-{plan.trip.days}d.{form}"

def read_plan(data: bytes) -> Plan:
    """The plan of an exported JSON file; raises `InputError` that names the first thing wrong in it."""
    if len(data) > MAX_PLAN_BYTES:
        raise InputError(f"the file has {len(data)} bytes, a plan has at most {MAX_PLAN_BYTES}; export it again with --json")
    try:
        return Plan.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise InputError(
            f"this is no plan: {where}: {first['msg']} ({error.error_count()} findings); "
            f"expected what 'fengjing plan --json' writes"
        ) from error

def _as_json(plan: Plan, _language: Language, _cities: Sequence[str]) -> str:
    return plan.model_dump_json(indent=2)
