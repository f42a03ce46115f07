"""Sights named in a clause: wanted, refused, or one of several.

Which sights a turn names and refuses is settled by `chains.understanding.places`; here they get their words, and
choices between them are kept as choices. Not covered: several visits to one sight.
"""

import re
from collections.abc import Iterator

from chains.tools.itinerary.trip import Visit
from chains.understanding.clauses import Clause, Found, Scene
from chains.understanding.conditions_refused import refused_at

_JOINED = re.compile(r"[^·]{0,3}(?:或者?|要么|还是|\bor\b|/)[^·]{0,8}", re.ASCII)
_ONE_OF = re.compile(r"二选一|选一个|选一|其一|[去看爬逛]一个就|一个就(?:行|够|好)|去一个|看一个|爬一个|挑一个|one of|either")
_REFUSAL = re.compile(r"不|别|没|过|跳|避|除|免|\bno\b|\bnot\b|n't\b|skip|avoid|without|except|other than|already|been|seen|visited", re.IGNORECASE)
_ALL = re.compile(r"^.{0,30}?(?:都|全部?|均|all|both|neither)", re.IGNORECASE)
_BEEN = re.compile(r"^.{0,3}(?:去过|来过|看过|逛过)")


def read_visits(clause: Clause, scene: Scene) -> list[Found]:
    """Visits wanted and not, of the sights that stand in a clause."""
    if clause.choice and "¤" in clause.text and len(re.findall("[§¤]+", clause.text)) > 1:
        return []  # a city or a sight: no condition of ours chooses between them
    if re.search(r"除外|except", clause.text) and re.search(r"免费|收费|门票|\bfree\b", scene.request.text):
        return []  # an exception from a rule, not a refusal
    places = list(_named(clause, scene))
    out = [place for place in places if _refused(clause, scene, place)]
    wanted = [place for place in places if place not in out]
    found = [clause.found(Visit(any_of=_ids(clause, scene, place), avoid=True), place) for place in out]
    for row in _rows(clause.text, wanted):
        ids = tuple(dict.fromkeys(one for place in row for one in _ids(clause, scene, place)))
        found.append(Found(Visit(any_of=ids), clause.start + row[0].start(), clause.start + row[-1].end()))
    return found


def _named(clause: Clause, scene: Scene) -> Iterator[re.Match[str]]:
    """The sights of a clause one by one, also where their names follow on each other."""
    for mention in scene.sights:
        match = re.compile("§+").match(clause.text, mention.start - clause.start, mention.end - clause.start) if mention.start >= clause.start else None
        if match:
            yield match


def _ids(clause: Clause, scene: Scene, place: re.Match[str]) -> tuple[str, ...]:
    return scene.sight_at(clause.start + place.start()).ids


def _refused(clause: Clause, scene: Scene, place: re.Match[str]) -> bool:
    named = set(_ids(clause, scene, place))
    after = scene.request.text[clause.start + place.end():]
    out = named & set(scene.request.exclude) and not named & set(scene.request.places)
    if out and (_REFUSAL.search(clause.text) or _ALL.match(after)):
        return True  # 亚龙湾,天涯海角不去 gives up only the one it stands beside
    return refused_at(clause.text, place.start(), place.end()) and not _BEEN.match(clause.text[place.end():])


def _rows(text: str, places: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Sights of which one is enough, together; every other one by itself."""
    if len(places) > 1 and _ONE_OF.search(text):
        return [places]
    rows: list[list[re.Match[str]]] = []
    for place in places:
        if rows and _JOINED.fullmatch(text[rows[-1][-1].end():place.start()]):
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows
