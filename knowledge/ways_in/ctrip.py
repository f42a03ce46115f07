"""Ctrip: today's pages, which keep their data as JSON in ``__NEXT_DATA__``, and the answers of its mobile site.

Prices in lists are the lowest product on sale (`price_is_from`); coordinates are GCJ-02. Reviews are not read.
"""

from collections.abc import Iterator
from typing import Any

from knowledge.ways_in.pages import Page, script_json
from knowledge.ways_in.plain_text import lines_of, plain
from knowledge.ways_in.raw import RawSight, Refused, Row

Json = dict[str, Any]


def next_data(page: Page) -> Json | None:
    """What a page keeps in ``__NEXT_DATA__``, if it speaks of sights."""
    return _state(script_json(page, "__NEXT_DATA__"))


def is_json(content: Any) -> bool:
    """A saved ``__NEXT_DATA__``, an answer of the mobile site, or an attraction list."""
    return bool(_state(content) or _mobile(content) or _cards(content))


def read_json(content: Any) -> Iterator[Row]:
    """The sights of a JSON document in one of Ctrip's shapes."""
    state = _state(content)
    if state is not None:
        yield from read_state(state)
    for place, item in enumerate(_mobile(content), start=1):
        yield _mobile_sight(place, item)
    if state is None:
        for place, card in enumerate(_cards(content), start=1):
            yield _card(place, card)


def read_state(state: Json) -> Iterator[Row]:
    """The cards of a list page, or the one sight of a detail page."""
    listed = state.get("listInitData")
    for place, card in enumerate(_cards(listed), start=1):
        yield _card(place, card, _text(listed, "districtName"))
    detail = state.get("poiDetail")
    if isinstance(detail, dict) and detail:
        yield _detail(detail)


def _state(content: Any) -> Json | None:
    state = _dig(content, "props", "pageProps", "initialState")
    return state if isinstance(state, dict) and (state.get("listInitData") or state.get("poiDetail")) else None


def _mobile(content: Any) -> list[Any]:
    items = _dig(content, "result", "sightRecreationList")
    return items if isinstance(items, list) else []


def _cards(content: Any) -> list[Any]:
    items = content.get("attractionList") if isinstance(content, dict) else None
    return [item.get("card", item) if isinstance(item, dict) else item for item in items] if isinstance(items, list) else []


def _card(place: int, card: Any, city: str = "") -> Row:
    name = _text(card, "poiName", "name")
    if not name:
        return Refused(place, "the card names no sight", str(card)[:80])
    at = _dig(card, "coordinate") or {}
    return RawSight(
        line=place, name=name, name_en=_text(card, "poiEName", "eName"), city=_text(card, "districtName", "cityName") or city,
        county=_text(card, "zoneName"), address=_text(card, "address"), level=_text(card, "sightLevelStr", "level"),
        category=_text(card, "sightCategoryInfo"), price=_price(card), price_is_from=True, rating=card.get("commentScore"),
        reviews=card.get("commentCount"), latitude=_dig(at, "latitude"), longitude=_dig(at, "longitude"), rough=True, url=_text(card, "detailUrl"),
    )


def _price(card: Json) -> object:
    """What the list asks; free only where it says so (a price of 0 stands for none)."""
    if card.get("isFree") is True:
        return 0
    return next((card[key] for key in ("price", "displayMinPrice", "marketPrice") if card.get(key)), None)


def _detail(detail: Json) -> Row:
    name = _text(detail, "poiName", "name")
    if not name:
        return Refused(1, "the page names no sight", str(detail)[:80])
    hours, notice = detail.get("openInfo") or {}, detail.get("noticeInfo") or {}
    policies = detail.get("policyInfoList") or []
    return RawSight(
        line=1, name=name, name_en=_text(detail, "poiEName", "eName"), city=_text(detail, "districtName", "cityName"),
        address=_text(detail, "address"), level=_text(detail, "sightLevelStr", "level"), hours=_text(hours, "openTime", "latelyOpenTime"),
        stay=_text(hours, "playSpendTime"), price=0 if detail.get("needTicket") is False else _price(detail), price_is_from=True,
        concessions="；".join(_strings(policies)), rating=detail.get("commentScore"), reviews=detail.get("commentCount"),
        texts=tuple(text for text in (lines_of(detail.get("introduction")), lines_of(_dig(notice, "poiNoticeContent"))) if text),
        url=_text(detail, "detailUrl", "shareUrl"),
    )


def _mobile_sight(place: int, item: Any) -> Row:
    name = _text(item, "name", "poiName")
    if not name:
        return Refused(place, "the entry names no sight", str(item)[:80])
    tags = [plain(tag) for key in ("resourceTags", "themeTags", "tagNameList") for tag in item.get(key) or [] if isinstance(tag, str)]
    at = item.get("coordInfo") or {}
    return RawSight(
        line=place, name=name, name_en=_text(item, "eName"), city=_text(item, "districtName", "cityName"), address=_text(item, "address"),
        level=next((tag for tag in tags if "A" in tag), _text(item, "sightLevelStr")), category="|".join(tags), price=_price(item), price_is_from=True,
        rating=item.get("commentScore"), reviews=item.get("commentCount"), latitude=_dig(at, "gDLat"), longitude=_dig(at, "gDLon"),
        texts=tuple(plain(text) for text in item.get("shortFeatures") or [] if isinstance(text, str)), url=_text(item, "h5Url", "detailUrl"),
    )


def _dig(content: Any, *keys: str) -> Any:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _text(content: Any, *keys: str) -> str:
    values = (content.get(key) for key in keys) if isinstance(content, dict) else ()
    return next((plain(value, 600) for value in values if isinstance(value, str | int | float) and value), "")


def _strings(content: Any) -> Iterator[str]:
    """Every text in a structure, in order."""
    if isinstance(content, str):
        yield plain(content, 600)
    elif isinstance(content, list | dict):
        for item in content.values() if isinstance(content, dict) else content:
            yield from _strings(item)
