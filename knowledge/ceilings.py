"""What a text is willing to pay: a ceiling in yuan, 0 where only what is free is sought.

Figures in Chinese and English, before or after the word that makes them a ceiling. Not covered: budgets of a whole trip.
"""

import re

import cn2an

_NUMBER = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十百]+)"
_YUAN = r"\s*(?:元|块钱?|yuan|kuai|rmb|cny|¥|￥)?"
_CAP = re.compile(
    rf"{_NUMBER}{_YUAN}\s*(?:钱)?(?:以内|以下|之内|内的|内$|内[,，。]|封顶|搞定|拿得下|能拿下|或(?:更低|更少|以下)|或(?:者)?更便宜|or (?:less|under|below|cheaper)|and (?:under|below)|(?:each |a ticket )?(?:at most|max\b|tops?\b))|(?:不超过|不要超过|不能超过|不想超过|别超过|[别不]过|低于|少于|不到|不高于|最多)\s*[¥￥]?{_NUMBER}{_YUAN}"
    rf"|(?:只|就)(?:剩下?|有){_NUMBER}(?:块|元)|\b(?:i|we)(?:'ve| only have| have)(?: only| got)? {_NUMBER} (?:yuan|kuai|rmb)"
    rf"|(?:\b|(?=[<≤]))(?:under|below|less than|up to|at most|no more than|not (?:more than|over)|nothing (?:over|above)|(?:spend|pay) (?:more than|over)|under or equal(?: to)?|cheaper than|within|until|cap(?:ped)?(?: at| of)?|(?:won'?t|not|don'?t) exceed(?:ing)?|less than or equal(?: to)?|<=?|≤|max(?:imum)?)\s*[¥￥]?\s*{_NUMBER}\s*(?:yuan|rmb|cny|kuai|¥)?", re.IGNORECASE
)
_ENGLISH_NUMBERS = {"ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "one hundred": 100}
_IN_WORDS = re.compile(rf"\b(?:{'|'.join(_ENGLISH_NUMBERS)})\b", re.IGNORECASE)
_FREE = re.compile(r"免费|零门票|no[- ]fee\b|n[o']t (?:have to |need to )?buy (?:a |any )?tickets?|n[o']t cost a (?:cent|penny|yuan|thing)|(?:不想?|不愿|别|不用|无需)(?:再)?(?:花|掏|付|出).{0,3}(?:门票|票|钱)|一(?:分|毛)(?:钱)?(?:都|也)?不(?:想|愿)?(?:花|掏|要|收)|舍不得(?:花|掏|买)|免(?:门|费门)?票|别再?收|gratis|pay nothing|no tickets?\b(?! office| price)|(?:don'?t|not) (?:fancy|want to|like) pay|不花一分|白(?:逛|玩|看|嫖)|(?:不|别)[^,，。;；]{0,6}(?:要|用)?买(?:门)?票|不要(?:钱|门?票|收费)|不花钱|不(?:用|需要?)(?:门)?票|不收(?:门票|费|钱)|别收(?:钱|费)|零元|(?:没有?|未)收(?:门票|费)|\bcosts? nothing|(?:don'?t|do not|doesn'?t|no) charge|\bfree\b(?! time| day)|no (?:entrance |admission |entry )?(?:fee|charge)|without (?:paying|(?:entry|entrance) fee)", re.IGNORECASE)


def ceiling_yuan(text: str) -> float | None:
    """The most a ticket may cost; None where the text says nothing of it."""
    if _FREE.search(text):
        return 0.0
    text = _IN_WORDS.sub(lambda match: str(_ENGLISH_NUMBERS[match[0].lower()]), re.sub("(?<=[过到])百", "一百", text))  # 别过百, twenty yuan
    match = _CAP.search(text)
    return _number(next(group for group in match.groups() if group)) if match else None


def _number(text: str) -> float | None:
    try:
        return float(text) if text[0].isdigit() else float(cn2an.cn2an(text.replace("两", "二"), "smart"))
    except ValueError:
        return None
