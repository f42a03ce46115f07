"""Whether what is named in a clause is wanted or refused: 不吃辣, no temples, 故宫就不去了, skip the museum.

A refusal stands shortly before the words or right after them. Not covered: irony and double negation beyond the common
forms (不能不去, 少不了).
"""

import re

_BEFORE = re.compile(
    r"(?:(?<![特分级区离差个])别(?!的|处|墅|是不)|不(?!错|超过|少于|管|过(?!敏)|然|仅|只|妨|论|限|得不|能少|可少|可不|能不|够|早|太赶)|没(?:兴趣|法|办法)|拒绝|除了|避开|跳过|讨厌|忌口?|不含|过敏|怕"
    r"|\bno\b(?! more than| less| later| earlier)|\bnot?\b(?! more than| less than| later| too| far)|don'?t|do not|\bwithout\b|\bavoid\b|\bskip\b|\bexcept\b|\bnever\b|\bhate\b|allergic to|anything but|rather not|\bdislike\b|can'?t)"
    r"(?![^·]*[,，])(?P<between>[^,，。;]{0,22})$", re.IGNORECASE | re.ASCII,
)
_AFTER = re.compile(
    r"^[^,，。;§约]{0,5}?(?:就|都|也|太[^,]{1,2}|千万|完全)?(?:不(?:去|吃|看|逛|爬|坐|玩|住|打|喝|碰|沾|用)(?=$|了|的|吧|啊|哈|·| )|不想(?:去|吃|看|要|玩)?(?=$|了|·| )|不要(?!钱|门?票|收)(?=$|了|的|放|加|安排|去|·| )|不考虑|不安排|免了|除外|过敏|没兴趣|pass)|^[^,，。;§约多挤]{0,2}(?:就|还是)?算了|^ ?(?:is |are )?(?:out\b|not (?:ok|wanted|for)|allerg)", re.IGNORECASE | re.ASCII
)
_TURN = re.compile(r"就要|而是|要(?!求)|想(?!去|看|吃|要|坐)|\bbut\b|只|多", re.IGNORECASE)


def refused(text: str, match: re.Match[str]) -> bool:
    """Whether the words that matched in a clause are refused there."""
    return refused_at(text, match.start(), match.end())


def refused_at(text: str, start: int, end: int) -> bool:
    """The same for a span of the clause."""
    before = _BEFORE.search(text[:start])
    if before and not _TURN.search(re.sub(r"^(?:想|要|能)+", "", before["between"])):
        return True
    return bool(_AFTER.search(text[end:]))
