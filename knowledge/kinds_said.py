"""Which kinds of sights a text asks for and which it refuses, and the kind a description ends in."""

import re
from functools import cache

from knowledge.kinds import ENGLISH_KINDS, HEADS, KINDS, Kind

_REFUSED = re.compile(r"(?:(?:sick|tired|enough) of|fed up with|不想?再|不(?:是|想|要|用|必|需要|去|看|爬|逛)?|别|(?<!有)没有|除了|避开|\bno|\bnot|\bbut no|without|except|avoid|skip|nothing|(?:is|are)n['’]?t about)\s*(?:anything with |a |any |the |再?[说提]|再?推荐|爬|去|看|逛)?$", re.IGNORECASE)
_GIVEN_UP = re.compile(
    r"^完(?!了?没)|^(?:我们?|他们|娃|孩子)?(?:都)?真?[爬看逛去玩]?(?:腻|够|厌|吐)了?|^(?:我|我们|咱|咱们)?(?:都)?(?:不感|没)兴趣|^[看逛去]多了|^[\u4e00-\u9fff]{0,3}(?:的|这类|之类|那种|那些)(?:地方)?(?:就|也|都)?(?:算了|不要(?!钱|门?票)|别(?!收)|免了|除外)|^(?:就|也|都)?别(?!收)[^,，]{0,3}推(?:荐)?了?(?:$|[,，。!！])|^(?:就|也|都|景区也|道观都|坟地都?)?(?:算了|免了|除外|不去|不要(?!钱|门?票|收)|跳过)|^s? (?:are )?(?:excluded|aside|apart)\b", re.IGNORECASE
)
_AND = re.compile(r"\s*(?:[,，、和跟与或]|or|and|nor)?\s*(?:any |the |taoist |buddhist )?", re.IGNORECASE)
_AND_ALSO = re.compile(r"[、和跟与]")
_ONE_OF = re.compile(r"(?:哪些|什么|几[个座条]|有些?)([楼塔阁庙寺岛桥湖洞山泉园镇街])(?=[是有能可值吗呢?？]|$)")  # 有哪些湖是
_WEAK_LEGS = re.compile(r"(?:走|爬)不(?:了|动)|膝盖不|腿脚不|bad knees?|can(?:'t|not) (?:climb|walk)", re.IGNORECASE)
_ASKED_AFTER = re.compile(r"(?:到底|究竟|现在)?(?:叫(?:做)?(?:什么|啥|哈|嘛)|是(?:哪|什么|啥)|在哪|名字?(?:叫|是)|来着).*$")


def kinds_said(text: str) -> tuple[tuple[Kind, ...], tuple[Kind, ...]]:
    """Kinds wanted and kinds refused, each word read once, the longest first."""
    wanted: dict[Kind, None] = {}
    refused: dict[Kind, None] = {}
    found = list(_kind_pattern().finditer(text.lower()))
    unwanted = [bool(_REFUSED.search(text[:match.start()])) for match in found]
    for place in range(1, len(found)):  # no temples or mosques
        unwanted[place] |= unwanted[place - 1] and bool(_AND.fullmatch(text[found[place - 1].end():found[place].start()]))
    unwanted = [before or bool(_GIVEN_UP.match(text[match.end():])) for before, match in zip(unwanted, found, strict=True)]
    for place in range(len(found) - 1, 0, -1):  # 庙和道观看吐了
        unwanted[place - 1] |= unwanted[place] and bool(_AND_ALSO.fullmatch(text[found[place - 1].end():found[place].start()]))
    for match, is_refused in zip(found, unwanted, strict=True):
        (refused if is_refused else wanted).setdefault(KINDS.get(match[0]) or ENGLISH_KINDS[_singular(match[0])])
    for match in _ONE_OF.finditer(text):
        wanted.setdefault(HEADS[match[1]])
    if _WEAK_LEGS.search(text):
        refused.update(dict.fromkeys((KINDS["爬山"], KINDS["徒步"])))
    return tuple(kind for kind in wanted if kind not in refused), tuple(refused)


@cache
def _kind_pattern() -> re.Pattern[str]:
    chinese = "|".join(sorted(map(re.escape, KINDS), key=len, reverse=True))
    english = "|".join(sorted(map(re.escape, ENGLISH_KINDS), key=len, reverse=True))
    return re.compile(rf"{chinese}|\b(?:{english})(?:e?s)?\b", re.IGNORECASE)


def _singular(word: str) -> str:
    return next(form for form in (word, word.removesuffix("s"), word.removesuffix("es")) if form in ENGLISH_KINDS)


def head_of(text: str) -> str:
    """The character a description ends in: 那个能看到大桥的楼 seeks a 楼."""
    bare = re.sub(r"[\s,，。.!！?？呢啊吧]+$", "", _ASKED_AFTER.sub("", text))
    ending = next((word for word in sorted(HEADS, key=len, reverse=True) if bare.endswith(word)), "")
    return ending[0] if ending and re.search(r"[的座]|(?<![哪几])个", bare) else ""
