"""Wind: Beaufort forces, as Chinese forecasts count, and the eight directions by name."""

from bisect import bisect_right

from chains.understanding.request import Language

# Lowest speed of forces 1 to 12, in km/h, 10 m above the ground (GB/T 28591).
_FORCE_FROM_KMH = (1, 6, 12, 20, 29, 39, 50, 62, 75, 89, 103, 118)
_DIRECTIONS = (("北", "north"), ("东北", "north-east"), ("东", "east"), ("东南", "south-east"),
               ("南", "south"), ("西南", "south-west"), ("西", "west"), ("西北", "north-west"))


def force_of_kmh(speed_kmh: float) -> int:
    """Beaufort force of a wind speed."""
    return bisect_right(_FORCE_FROM_KMH, round(speed_kmh))


def kmh_of_force(force: int) -> float:
    """A speed in the middle of a Beaufort force, for providers that give forces only (v = 0.836 B^1.5 m/s)."""
    metres_per_second: float = 0.836 * min(force, 12) ** 1.5
    return round(metres_per_second * 3.6, 1)


def direction_words(degrees: float, language: Language) -> str:
    """Where the wind comes from: ``东北`` or ``north-east``."""
    return _DIRECTIONS[round(degrees / 45) % 8][0 if language == "zh" else 1]


def degrees_of_words(text: str) -> float | None:
    """Degrees of a Chinese direction (东北风, 西), None for 无风向 or 旋转不定."""
    bare = text.removesuffix("风")
    return next((45.0 * place for place, (zh, _) in enumerate(_DIRECTIONS) if zh == bare), None)
