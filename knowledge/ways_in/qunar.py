"""Qunar: the old ticket site (HTML list, ``list.json``, detail page), today's pages with JSON-LD, and the travel pages.

The old ticket site's points are BD-09. What it calls a price is the lowest product on sale and often no admission, so it
is taken as such (`price_is_from`), except where a sight is free. Comments are not read.
"""

import re
from collections.abc import Iterator
from typing import Any

from knowledge.records import Datum
from knowledge.ways_in.pages import Page, text_of
from knowledge.ways_in.plain_text import plain
from knowledge.ways_in.raw import RawSight, Refused, Row

_MUNICIPALITIES = frozenset("北京 上海 天津 重庆 香港 澳门".split())
_LATLNG = re.compile(r"latlng\s*=\s*[\"']?(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)")


def is_list(page: Page) -> bool:
    """The old HTML list of tickets."""
    return page.soup.select_one(".sight_item[data-sight-name], .sight_item") is not None


def read_list(page: Page) -> Iterator[Row]:
    """One row for each card of the list."""
    for place, card in enumerate(page.soup.select(".sight_item"), start=1):
        name = str(card.get("data-sight-name") or "") or page.first("h3 a.name", "a.name", within=card)
        if not name:
            yield Refused(place, "the card names no sight", text_of(card)[:80])
            continue
        districts = _districts(str(card.get("data-districts") or ""))
        longitude, latitude = _point(str(card.get("data-point") or ""))
        price = page.first(".sight_item_price em", within=card)
        yield RawSight(
            line=place, name=name, city=districts[1], county=districts[2],
            address=str(card.get("data-address") or "") or page.first("p.address span", within=card),
            level=page.first("span.level", within=card), category=str(card.get("data-sight-category") or ""),
            price=_price(price, free="免费" in text_of(card)), price_is_from=True,
            latitude=latitude, longitude=longitude, datum=Datum.BD09, texts=_texts(page.first("div.intro", within=card)),
            url=_detail_url(card.get("data-id")),
        )


def is_json(content: Any) -> bool:
    """The list's JSON twin."""
    return isinstance(content, dict) and isinstance(content.get("data"), dict) and isinstance(content["data"].get("sightList"), list)


def read_json(content: Any) -> Iterator[Row]:
    """One row for each entry of ``data.sightList``; star and price may be absent."""
    for place, item in enumerate(content["data"]["sightList"], start=1):
        if not isinstance(item, dict) or not item.get("sightName"):
            yield Refused(place, "the entry names no sight", str(item)[:80])
            continue
        districts = _districts(str(item.get("districts") or ""))
        longitude, latitude = _point(str(item.get("point") or ""))
        listed = item.get("qunarPrice") if item.get("qunarPrice") is not None else item.get("marketPrice")
        yield RawSight(
            line=place, name=str(item["sightName"]), city=districts[1], county=districts[2],
            address=str(item.get("address") or ""), level=str(item.get("star") or ""), price=_price(listed, free=item.get("free") is True),
            price_is_from=True, latitude=latitude, longitude=longitude, datum=Datum.BD09, texts=_texts(item.get("intro")),
            url=_detail_url(item.get("sightId")),
        )


def is_detail(page: Page) -> bool:
    """The old ticket page of one sight."""
    return page.soup.select_one(".mp-description-detail, .mp-description-name") is not None


def read_detail(page: Page) -> Iterator[Row]:
    """The one sight of a detail page."""
    name = page.first(".mp-description-name")
    yield RawSight(
        line=1, name=name, city=page.first(".mp-breadcrumb a:nth-of-type(2)").removesuffix("景点门票").removesuffix("门票"),
        address=page.first(".mp-description-address", ".mp-description-detail > div:nth-of-type(3) > span:nth-of-type(3)"),
        level=page.first(".mp-description-level", ".mp-description-detail .level"), price=page.first(".mp-description-qunar-price em"),
        price_is_from=True, hours=page.first(".mp-charact-time .mp-charact-desc"),
        texts=_texts(page.first(".mp-charact-intro .mp-charact-desc", ".mp-charact-desc")), url=page.url,
    ) if name else Refused(1, "the page names no sight")


def is_today(page: Page) -> bool:
    """Any page that describes its sights in JSON-LD."""
    return next(page.json_ld(), None) is not None


def read_today(page: Page) -> Iterator[Row]:
    """The sights of a page's JSON-LD, with the level and the concessions that stand in its HTML."""
    items = list(page.json_ld())
    for place, item in enumerate(items, start=1):
        address, geo, rating = (_part(item, key) for key in ("address", "geo", "aggregateRating"))
        alone = len(items) == 1
        yield RawSight(
            line=place, name=plain(item.get("name")), aliases=_many(item.get("alternateName")),
            city=plain(address.get("addressLocality")), address=plain(address.get("streetAddress")) or plain(item.get("address") if not address else ""),
            hours="；".join(_many(item.get("openingHours"))), price=0 if item.get("isAccessibleForFree") is True else _offer(item),
            price_is_from=True, concessions=page.labelled("优待政策", "优惠政策") if alone else "",
            level=page.first(".level", "[class*=level]") if alone else "", latitude=geo.get("latitude"), longitude=geo.get("longitude"), rough=True,
            rating=rating.get("ratingValue"), reviews=rating.get("reviewCount") or rating.get("ratingCount"),
            texts=_texts(item.get("description")), url=plain(item.get("url")) or page.url, dated=item.get("dateModified"),
        )


def is_travel(page: Page) -> bool:
    """A page of travel.qunar.com about one place."""
    return "qunar.com/p-oi" in page.url or (_LATLNG.search(page.text) is not None and "qunar" in page.text)


def read_travel(page: Page) -> Iterator[Row]:
    """The one place of a travel page; its days of stay are three times too long."""
    name, point = page.first("h1 .b_title_con", "h1.tit", "h1"), _LATLNG.search(page.text)
    if not name:
        yield Refused(1, "the page names no sight")
        return
    yield RawSight(
        line=1, name=name, city=page.first(".e_crumbs a:nth-of-type(2)", ".crumbs a:nth-of-type(2)").removesuffix("旅游攻略").removesuffix("旅游"),
        address=page.labelled("地址"), hours=page.labelled("开放时间"), price=page.labelled("门票", "门票价格"), stay=_stay(page),
        triple_days=True, rating=page.first(".cur_score", ".e_score .score"), texts=_texts(page.first(".e_db_content_box", ".b_detail_summary")),
        latitude=point.group(1) if point else None, longitude=point.group(2) if point else None, rough=True, url=page.url,
    )


def _stay(page: Page) -> str:
    found = re.search(r"建议游(?:览|玩)时间[:：]\s*([^<\n]{1,30})", page.text)
    return found.group(1) if found else page.labelled("建议游览时间", "建议游玩时间")


def _districts(text: str) -> tuple[str, str, str]:
    """省·市·区; a municipality may have no second part of its own."""
    parts = [part for part in re.split(r"[·.\s]+", text) if part]
    if len(parts) == 2 and parts[0] in _MUNICIPALITIES:
        return parts[0], parts[0], parts[1]
    return (*parts, "", "")[:3] if len(parts) > 1 else ("", "".join(parts), "")  # type: ignore[return-value]  # three texts


def _point(text: str) -> tuple[str | None, str | None]:
    longitude, _, latitude = text.partition(",")
    return (longitude, latitude) if latitude else (None, None)


def _price(listed: object, *, free: bool) -> object:
    return 0 if free and listed in {None, "", 0, "0"} else listed


def _part(item: dict[str, Any], key: str) -> dict[str, Any]:
    part = item.get(key)
    return part if isinstance(part, dict) else {}


def _offer(item: dict[str, Any]) -> object:
    offers = item.get("offers")
    first = offers[0] if isinstance(offers, list) and offers else offers
    return (first.get("lowPrice") or first.get("price")) if isinstance(first, dict) else None


def _many(value: object) -> tuple[str, ...]:
    return tuple(plain(item) for item in value) if isinstance(value, list) else (plain(value),) if value else ()


def _texts(value: object) -> tuple[str, ...]:
    text = plain(value, 5000)
    return (text,) if text else ()


def _detail_url(sight: object) -> str:
    return f"https://piao.qunar.com/ticket/detail_{sight}.html" if sight and isinstance(sight, str | int) and str(sight).isdigit() else ""


