"""Xiaohongshu, from exports of MediaCrawler (JSON, JSON lines or CSV): posts and comments as quoted notes.

Personal fields (user ids, names, avatars, places of login, tokens) are dropped here on entry, in exports old and new: only
the fields named in `KEPT` are ever looked at. Mentions of people and telephone numbers within a text are masked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from knowledge.ways_in.plain_text import lines_of, plain
from knowledge.ways_in.raw import RawNote, Refused, Row

KEPT = ("note_id", "comment_id", "title", "desc", "content", "time", "create_time", "tag_list", "source_keyword")
_MENTION = re.compile(r"@[\w\u4e00-\u9fff\-.]{1,24}")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_TOPIC = re.compile(r"\[话题\]")


def is_export(fields: Iterable[str]) -> bool:
    """Whether rows with these fields are posts or comments of such an export."""
    names = set(fields)
    return "note_id" in names and bool(names & {"desc", "content"}) and bool(names & {"liked_count", "like_count", "sub_comment_count", "time", "create_time"})


def read_rows(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Row]:
    """One note for each post or comment."""
    for line, row in rows:
        kept = {key: row.get(key) for key in KEPT}
        text = masked(lines_of(kept["desc"] or kept["content"], 20_000))
        title = masked(plain(kept["title"])) or text[:24]
        if not (text or plain(kept["title"])):
            yield Refused(line, "the post has no words", str(kept["note_id"] or "")[:40])
            continue
        note = plain(kept["note_id"], 40)
        yield RawNote(
            line=line, title=title, text=f"{title}\n{text}" if text and title not in text else text or title,
            city=plain(kept["source_keyword"], 40), dated=kept["time"] or kept["create_time"],
            url=f"https://www.xiaohongshu.com/explore/{note}" if re.fullmatch(r"[0-9a-f]{16,32}", note) else "",
        )


def masked(text: str) -> str:
    """The text without mentions of people, telephone numbers and the site's own marks."""
    return _TOPIC.sub("", _PHONE.sub("…", _MENTION.sub("@…", text)))
