"""Numbers as people write them: 3, ３, 三, 两千, 2k, 1.5万, three."""

import re
import unicodedata

import cn2an

NUMBER = r"(?:\d+(?:\.\d+)?\s?[kKwW千万百]?|[零一二两俩三仨四五六七八九十百千万半]+)"
ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "a": 1, "an": 1, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30,
}
ENGLISH_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?\s?[kK]?|" + "|".join(sorted(ENGLISH, key=len, reverse=True)) + ")"
MAX_NUMBER_CHARS = 14
_UNITS = {"k": 1000, "w": 10000, "千": 1000, "万": 10000, "百": 100}


def normalise(text: str) -> str:
    """Full-width digits and letters to half-width; spaces folded."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def number_of(text: str) -> float | None:
    """The value of a Chinese, Arabic or English number; None where it is none, or beyond any travel."""
    if len(text) > MAX_NUMBER_CHARS:
        return None
    word = text.strip().lower().replace(",", "").replace("俩", "两").replace("仨", "三")
    if word in ENGLISH:
        return float(ENGLISH[word])
    digits = re.fullmatch(r"(\d+(?:\.\d+)?)\s?([kw千万百])?", word)
    if digits:
        return float(digits[1]) * _UNITS.get(digits[2] or "", 1)
    try:
        return float(cn2an.cn2an(word.replace("两", "二"), "smart"))
    except ValueError:
        return None
