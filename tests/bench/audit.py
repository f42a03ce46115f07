"""An audit of shown answers that shares no code with the guard: digits, numerals and names against the facts' own text."""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from chains.facts import Facts
from chains.outline import outline
from knowledge.catalogue import Catalogue, Filter

FOREIGN_NAMES = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "attraction_facts.csv"
# Rows of the fact table whose whole name is an ordinary word.
GENERIC = frozenset("博物馆 动物园 植物园 公园 海洋馆 美术馆 图书馆 步行街 老街 古城 古镇 大学 广场 海滩 沙滩 风景区 夜市 码头".split())
_NUMERAL = re.compile(r"[〇零二两三四五六七八九十百千万]{2,}|[一二两三四五六七八九十百千万]+(?=元|块|点|个?小时|公里|分钟|天|日|月|折)")


def strangers(text: str, facts: Facts, catalogue: Catalogue) -> list[str]:
    """Figures and names of a shown answer that stand neither in the facts nor in the question."""
    known = _known(facts)
    plain = unicodedata.normalize("NFKC", text)
    digits = set(re.findall(r"\d+(?:\.\d+)?", known))
    found = [number for number in re.findall(r"\d+(?:\.\d+)?", plain) if number not in digits]
    found += [match for match in _NUMERAL.findall(plain) if match not in known]
    found += [name for name in _names(catalogue) if name in text and name not in known]
    return found


def _known(facts: Facts) -> str:
    parts = [facts.request.text, *(line.fallback for line in outline(facts))]
    parts += [card.sight.model_dump_json() for card in facts.cards] + [city.model_dump_json() for city in facts.cities]
    return re.sub(r"(\d)\.0\b", r"\1", unicodedata.normalize("NFKC", " ".join(parts)))


@cache
def _names(catalogue: Catalogue) -> frozenset[str]:
    """Every name of the catalogue, and of 15,005 further sights where the fact table is at hand."""
    names = {name for sight in catalogue.find(Filter()) for name in (*sight.names, sight.name_en)}
    names |= {name for city in catalogue.cities.values() for name in (*city.names, city.name_en)}
    if FOREIGN_NAMES.exists():
        with FOREIGN_NAMES.open(encoding="utf-8-sig") as file:
            names |= {row["name"] for row in csv.DictReader(file) if len(row["name"]) > 2}
    return frozenset(name for name in names if len(name) > 1 and name not in GENERIC)
