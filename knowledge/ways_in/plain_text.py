"""Foreign text made plain: no markup, no control characters, bounded; and whether it tries to give orders.

Text from files is data. `plain` takes out what could run or hide (scripts, tags, zero-width and direction marks);
`gives_orders` recognises attempts to instruct a language model, so that such text is flagged and kept out of every
record. It is a warning lamp and no proof: whatever it misses is still only ever quoted.
"""

import html
import re

NAME_CHARS = 60
LINE_CHARS = 300
_CODE = re.compile(r"<(script|style|noscript|template|iframe|svg)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")  # half a surrogate pair is no text
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_ORDERS = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|别管|抛开|跳过)[^。\n]{0,16}(?:指令|指示|提示|要求|规则|设定|以上|之前|前面|上述|上文|限制)"
    r"|请(?:你)?(?:忽略|无视|忘记)[^。\n]{0,40}(?:推荐|回答|输出|回复|说)"
    r"|(?:你现在是|从现在起你|从现在开始你|你必须扮演|你将扮演|作为(?:一个)?(?:AI|人工智能|语言模型|大模型|智能助手))"
    r"|(?:系统|开发者)(?:提示词|提示|指令|消息)\s*[:：]"
    r"|(?:必须|务必|只能|一定要)(?:向|给|对)(?:用户|游客|客人)[^。\n]{0,6}(?:推荐|回答|说)"
    r"|(?:ignore|disregard|forget)\s+(?:all\s+|any\s+|the\s+|your\s+)*(?:previous|prior|above|earlier|instructions?)"
    r"|(?:system|developer)\s+(?:prompt|message)|you\s+are\s+now\s+an?\b|new\s+instructions?\s*:"
    r"|<\|(?:im_start|im_end|system|user|assistant)[^>]*\|?>|\[/?INST\]|^\s*(?:system|assistant)\s*[:：]",
    re.IGNORECASE | re.MULTILINE,
)


def plain(value: object, limit: int = LINE_CHARS) -> str:
    """One clean line of at most `limit` characters; nothing for nothing (None, nan)."""
    return lines_of(value, limit).replace("\n", " ")


def lines_of(value: object, limit: int = 100_000) -> str:
    """Clean text that keeps its line breaks."""
    if value is None or value == "" or value != value:  # noqa: PLR0124 - nan is not itself
        return ""
    text = str(value)
    if text.isprintable() and not ("<" in text or "&" in text or "  " in text):
        return text[:limit].strip()  # most cells hold nothing to clean
    if "<" in text:
        text = _TAG.sub(" ", _BREAK.sub("\n", _CODE.sub(" ", text)))
    if "&" in text:
        text = html.unescape(text)
    text = _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPACES.sub(" ", text)[:limit].strip()


def is_nothing(text: str) -> bool:
    """Whether a cell only says that it is empty."""
    return text.lower() in {"", "-", "--", "—", "/", "nan", "none", "null", "n/a", "无", "暂无", "未知", "暂无信息"}


def gives_orders(text: str) -> bool:
    """Whether the text reads like an instruction to a language model."""
    return bool(_ORDERS.search(text))
