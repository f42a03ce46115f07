"""Signs that a site asks who is there: a verification page, a login, a challenge by script.

Answering any of them would be a way around the site's wish, so each one ends the visits to the site.
Words such as 验证码 stand on ordinary pages too (in a hidden login form): they count only where little else is to be seen.
Not covered: sites that feed invented pages to crawlers they dislike.
"""

import re
from urllib.parse import urlsplit

from knowledge.crawl.fetch import PAGE_KINDS, Reply
from knowledge.crawl.reading import characters, charset_of, read

FEW_CHARACTERS = 600  # of visible text: a verification page has a sentence or two, a page about a sight has more
SMALL_PAGE_CHARACTERS = 8000
_PHRASES = ("安全系统检测到异常访问", "当前请求已经被拦截")
_BLOCKED = re.compile(r"\bret\s*=\s*false\b|\"ret\"\s*:\s*false", re.IGNORECASE)
_CHALLENGE = re.compile(r"captcha|滑块|验证码|拖动|人机验证|安全验证|身份验证|访问验证|异常访问|访问过于频繁|verify you are human|unusual traffic", re.IGNORECASE)
_TITLE = re.compile(r"captcha|验证|安全检测|异常访问|just a moment|access denied|请登录", re.IGNORECASE)
_DOORS = frozenset({"passport", "login", "signin", "sso", "accounts", "captcha", "verify", "antispider"})
_DOOR_PATH = re.compile(r"^/(?:\w+/)?(?:passport|login|signin|captcha|verify|antispider|punish)(?:[/.]|$)", re.IGNORECASE)
_COOKIE_CHALLENGE = 521  # used by Chinese shields: a script sets a cookie and loads the page again
_WANTS_LOGIN = 401


def is_door(url: str) -> bool:
    """Whether an address leads to a login or a verification instead of a page."""
    parts = urlsplit(url)
    return bool(_DOORS & set((parts.hostname or "").split(".")[:-1])) or bool(_DOOR_PATH.match(parts.path))


def sign_of_verification(reply: Reply) -> str | None:
    """What in an answer shows that the site wants to know who asks; None for an ordinary answer."""
    if reply.status == _COOKIE_CHALLENGE:
        return "a cookie challenge (HTTP 521)"
    if reply.status == _WANTS_LOGIN:
        return "a login (HTTP 401)"
    if reply.kind not in PAGE_KINDS:  # a robots.txt may well name its /captcha
        return None
    text = characters(reply.body, charset_of(reply.body, reply.headers.get("Content-Type", "")))
    phrase = next((words for words in _PHRASES if words in text), None)
    if phrase:
        return f"a page that says {phrase}"
    return _sign_in(text, reply.url)


def _sign_in(text: str, url: str) -> str | None:
    if len(text) < SMALL_PAGE_CHARACTERS and _BLOCKED.search(text):
        return "an answer with ret=false"
    page = read(text, url)
    if len(page.seen) > FEW_CHARACTERS:
        return None
    found = _TITLE.search(page.title) or (_CHALLENGE.search(text) if len(text) < SMALL_PAGE_CHARACTERS else _CHALLENGE.search(page.seen))
    if found:
        return f"a verification page ({found.group()})"
    if "document.cookie" in text and not page.seen and not page.links:
        return "a challenge by script and cookie"
    return None
