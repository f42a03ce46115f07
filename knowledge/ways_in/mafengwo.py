"""Mafengwo, from pages that users saved: a sight's page, a city's list of sights, a travel note.

The site asks robots to stay away, so nothing here fetches; what a reader saved is read. Of a note only title, text and
date are taken, never the author.
"""

import re
from collections.abc import Iterator

from knowledge.ways_in.pages import Page, text_of
from knowledge.ways_in.plain_text import lines_of
from knowledge.ways_in.raw import RawNote, RawSight, Refused, Row

_AUTHOR = ".per_name, .per_pic, .person, .vc_author, .user_card, .reply, .comment, ._j_reply_list, .mfw-cmt-wrap"


def is_sight(page: Page) -> bool:
    """A page about one place."""
    return "/poi/" in page.url or (page.soup.select_one(".mod-detail, .poi-sight") is not None and "mafengwo" in page.text)


def read_sight(page: Page) -> Iterator[Row]:
    """The one place of the page: address, hours, price and stay stand beside their labels."""
    name = page.first(".row-top .title h1", ".wrapper .title h1", "h1")
    if not name:
        yield Refused(1, "the page names no sight")
        return
    yield RawSight(
        line=1, name=name, name_en=page.first(".row-top .title .en", ".title .en"), city=_city(page), address=page.first(".mod-location .mhd .sub", ".mhd p.sub"),
        hours=page.labelled("开放时间"), price=page.labelled("门票"), stay=page.first(".item-time .content") or page.labelled("用时参考"),
        reviews=page.first(".mod-comment .count", ".mhd em.num"), texts=tuple(filter(None, (page.first(".mod-detail .summary", ".summary"),))), url=page.url,
    )


def is_list(page: Page) -> bool:
    """A city's list of sights."""
    return "mafengwo" in page.text and bool(page.soup.select(".row-top5 .item h3 a, .scenic-list li a[title], .row-allScenic li a[title]"))


def read_list(page: Page) -> Iterator[Row]:
    """Names and pages; the list tells no more."""
    city, seen = _city(page), set()
    for place, link in enumerate(page.soup.select(".row-top5 .item h3 a, .scenic-list li a[title], .row-allScenic li a[title]"), start=1):
        name, address = str(link.get("title") or text_of(link)), str(link.get("href") or "")
        if name and name not in seen:
            seen.add(name)
            url = f"https://www.mafengwo.cn{address}" if address.startswith("/poi/") else address
            yield RawSight(line=place, name=name, city=city, url=url)


def is_note(page: Page) -> bool:
    """A travel note."""
    return bool(re.search(r"mafengwo\.cn/i/\d+", page.url)) or page.soup.select_one("._j_content_box, .vc_article, ._j_note_content") is not None


def read_note(page: Page) -> Iterator[Row]:
    """The note's words; its author and the comments are taken out first."""
    for tag in page.soup.select(_AUTHOR):
        tag.decompose()
    boxes = page.soup.select("._j_content_box") or page.soup.select(".vc_article") or page.soup.select("._j_note_content")
    text = "\n".join(lines_of(box.get_text("\n", strip=True)) for box in boxes)
    if not text:
        yield Refused(1, "the note holds no text; scroll to its end before saving the page")
        return
    yield RawNote(line=1, title=page.first("h1.headtext", ".headtext", "._j_titlebg", "h1", "title"), text=text,
                  city=_city(page), dated=page.first(".travel_directory .time", ".vc_time .time", ".time"), url=page.url)


def _city(page: Page) -> str:
    """The last place of the path at the top that is said to be one (青岛景点, 青岛旅游攻略)."""
    names = [text_of(link) for link in page.soup.select(".crumb a, .crumbs a, .breadcrumb a, .top-info .item a, .relation_mdd a")]
    cities = [found.group(1) for name in names if (found := re.fullmatch(r"([\u4e00-\u9fff]{2,6}?)(?:景点|旅游攻略|旅游|攻略)?", name))]
    return next((city for city in reversed(cities) if city not in {"首页", "目的地", "中国", "景点", "马蜂窝"}), "")
