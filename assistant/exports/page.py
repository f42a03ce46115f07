"""A plan as one HTML page that needs nothing else: styles and drawings are in it, nothing is loaded, no script runs."""

from collections.abc import Sequence
from html import escape

from assistant.exports.text import REMARK, time_of, title_of, way_to
from assistant.sketch import Spot, sketch
from chains.tools.itinerary import words
from chains.tools.itinerary.plan import Day, Plan
from chains.understanding.request import Language

SIZE = (720, 300)  # pixels of a day's drawing
_STYLE = """
body{font:16px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;color:#25302E;background:#FBF9F4;
max-width:46rem;margin:0 auto;padding:1rem}h1{font-size:1.6rem}h2{font-size:1.15rem;border-bottom:2px solid #1F6B66;margin-top:2rem}
ol{list-style:none;padding:0}li{display:grid;grid-template-columns:7.2rem 1fr auto;gap:.6rem;padding:.35rem 0;border-bottom:1px solid #E3DACA}
li small{grid-column:2/-1;color:#5D665F}time{color:#1F6B66;font-variant-numeric:tabular-nums}.cost{white-space:nowrap}
svg{width:100%;height:auto;border-radius:8px}footer{color:#5D665F;font-size:.85rem;margin-top:2rem}
@media(max-width:480px){li{grid-template-columns:5.6rem 1fr}.cost{grid-column:2}}@media print{body{background:#fff}h2{break-after:avoid}}
"""


def as_html(plan: Plan, language: Language, cities: Sequence[str] = ()) -> str:
    """The whole page."""
    after = [words.cost_line(plan, language), *words.conflict_lines(plan, language), words.left_out_line(plan, language)]
    inside = "".join(_day(day, language) for day in plan.days) + "".join(f"<p>{escape(text)}</p>" for text in after if text)
    title = escape(title_of(plan, language, cities))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>{inside}"
        f"<footer>{escape(REMARK[language])}</footer></body></html>\n"
    )


def _day(day: Day, language: Language) -> str:
    notes = "".join(f"<p>{escape(text)}</p>" for text in words.day_notes(day, language))
    spots = day_spots(day, language)
    drawing = sketch(spots, language, SIZE, route=True) if len(spots) > 1 else ""
    rows = "".join(
        f'<li><time>{time_of(stop)}</time><b>{escape(words.stop_name(stop, language))}</b>'
        f'<span class="cost">{escape(words.stop_cost(stop, language))}</span>'
        + (f"<small>{escape(way_to(stop, language))}</small>" if stop.legs else "") + "</li>"
        for stop in day.stops
    )
    return f"<h2>{escape(words.day_title(day, language))}</h2><ol>{rows}</ol>{notes}{drawing}"


def day_spots(day: Day, language: Language) -> list[Spot]:
    """The day's sights and hotel that have a position, numbered in the order of the day."""
    placed = [stop for stop in day.stops if stop.kind in ("sight", "hotel") and stop.latitude_deg is not None]
    return [Spot(number, stop.name if language == "zh" else stop.name_en, stop.latitude_deg or 0.0, stop.longitude_deg or 0.0)
            for number, stop in enumerate(placed, 1)]
