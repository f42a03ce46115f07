"""A plan as PDF, with the Chinese font that PDF readers bring themselves (STSong-Light): no font file is needed."""

from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from assistant.exports.text import REMARK, time_of, title_of, way_to
from chains.tools.itinerary import words
from chains.tools.itinerary.plan import Day, Plan
from chains.understanding.request import Language

FONT = "STSong-Light"
WIDTHS_PT = (82, 210, 70, 150)
_STYLES = {
    "title": ParagraphStyle("title", fontName=FONT, fontSize=18, leading=26, wordWrap="CJK"),
    "day": ParagraphStyle("day", fontName=FONT, fontSize=13, leading=20, spaceBefore=10, wordWrap="CJK"),
    "text": ParagraphStyle("text", fontName=FONT, fontSize=9.5, leading=14, wordWrap="CJK"),
}


def as_pdf(plan: Plan, language: Language, cities: Sequence[str] = ()) -> bytes:
    """An A4 document: a table a day, then the costs."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    title = title_of(plan, language, cities)
    story: list[Any] = [_paragraph(title, "title")]
    for day in plan.days:
        story += [_paragraph(words.day_title(day, language), "day"), _table(day, language)]
        story += [_paragraph(text) for text in words.day_notes(day, language)]
    after = [words.cost_line(plan, language), *words.conflict_lines(plan, language), words.left_out_line(plan, language), REMARK[language]]
    story += [Spacer(1, 8), *(_paragraph(text) for text in after if text)]
    file = BytesIO()
    SimpleDocTemplate(file, pagesize=A4, title=title, author="Fengjing", leftMargin=40, rightMargin=40).build(story)
    return file.getvalue()


def _paragraph(text: str, style: str = "text") -> Paragraph:
    return Paragraph(escape(text), _STYLES[style])


def _table(day: Day, language: Language) -> Table:
    rows = [[_paragraph(text) for text in (time_of(stop), words.stop_name(stop, language), words.stop_cost(stop, language), way_to(stop, language))]
            for stop in day.stops]
    look = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.lightgrey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(rows, colWidths=WIDTHS_PT, style=look, hAlign="LEFT")
