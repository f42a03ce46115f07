"""How long people stay, out of texts such as ``2-3小时``, ``半天``, ``1-2天`` or ``建议游览时间：3小时 - 4小时``.

A day on the spot is eight hours. Tables and pages of one family (Qunar's travel pages and what was taken from
them) counted a day as 24 hours and then wrote it in eight-hour days, so that half a day reads ``12小时`` and one day
``3天``; `triple_days` takes that back.
"""

import re
from functools import lru_cache

DAY_HOURS = 8
MIN_MINUTES, MAX_MINUTES = 10, 4320  # what a visit may last in our records
_TRIPLED_FROM = {60: 12.0, DAY_HOURS * 60: 1.5}  # half a day in hours and in days; shorter spans are true
_UNITS = {"分钟": 1, "分": 1, "min": 1, "小时": 60, "个小时": 60, "钟头": 60, "个钟": 60, "h": 60, "天": DAY_HOURS * 60, "日": DAY_HOURS * 60}
_NUMBERS = str.maketrans({"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6"})
_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(个?小时|个钟|钟头|分钟|分|天|日|h(?:ours?)?|min\w*)?(?:\s*[-~—–至到]+\s*(\d+(?:\.\d+)?)\s*)?"
    r"(个?小时|个钟|钟头|分钟|分|天|日|h(?:ours?)?|min\w*)?", re.IGNORECASE)


@lru_cache(maxsize=4096)
def read_stay(text: str, *, triple_days: bool = False) -> tuple[int, int] | None:
    """(least, most) minutes, or None where the text tells none or an impossible span."""
    plain = text.replace("半天", "0.5天").replace("半日", "0.5天").replace("半小时", "0.5小时").replace("全天", "1天").replace("整天", "1天")
    found = _SPAN.search(plain.translate(_NUMBERS))
    if not found:
        return None
    low, low_unit, high, high_unit = found.groups()
    unit = high_unit or low_unit
    if not unit:
        return None
    minutes = [_minutes(low, low_unit or unit, triple_days=triple_days), _minutes(high or low, unit, triple_days=triple_days)]
    least, most = min(minutes), max(minutes)
    return (max(least, MIN_MINUTES), most) if MIN_MINUTES <= most <= MAX_MINUTES else None


def _minutes(number: str, unit: str, *, triple_days: bool) -> int:
    key = unit.lower()
    factor = _UNITS.get(key) or (60 if key.startswith("h") else 1)
    minutes = float(number) * factor
    tripled = triple_days and float(number) >= _TRIPLED_FROM.get(factor, float("inf"))
    return round(minutes / 3 if tripled else minutes)
