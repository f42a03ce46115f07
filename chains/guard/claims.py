"""Claims without a figure that must be true all the same: free, closed, open all day, no booking needed."""

import re

_CLAIMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("free", re.compile(r"免费|免票|不要钱|不收费|不花钱|零门票|无需(?:门票|购票|买票)|不用(?:门票|购票|买票)|\bfree\b(?! time)|no (?:entrance |admission )?(?:fee|charge|ticket)|without (?:a )?(?:fee|ticket)|\bgratis\b", re.IGNORECASE)),
    ("paid", re.compile(r"收费|付费|需要?(?:购票|买票|门票)|须购票|entrance fee|admission fee|charges? (?:a|an) ", re.IGNORECASE)),
    ("closed", re.compile(r"闭馆|关闭|不开放|休馆|(?:周|星期|礼拜)[一二三四五六日天末](?!·)|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\bclosed\b|\bweekends?\b", re.IGNORECASE)),
    ("always open", re.compile(r"全天|通宵|随时开放|全年(?:开放|无休)|昼夜|open all|around the clock|all day|year[- ]round|every day|daily\b", re.IGNORECASE)),
    ("booking", re.compile(r"(?:无需|不用|不需要|必须|需要|不必)(?:提前)?(?:预约|预订)|booking (?:is )?(?:not )?required|no (?:booking|reservation)|reservations? (?:is |are )?(?:required|needed)|must be booked", re.IGNORECASE)),
    ("level", re.compile(r"国家级|世界级|世界(?:文化|自然)?遗产|world heritage|unesco|national[- ]level", re.IGNORECASE)),
    ("season", re.compile(r"旺季|淡季|春节|国庆|五一|暑假|寒假|low season|peak season|national day", re.IGNORECASE)),
    ("money", re.compile(r"人民币|总价|票价|价格|花费|费用|\bprices?\b|\bcosts?\b|\bfees?\b|\bcheap\b|便宜|划算|性价比", re.IGNORECASE)),
    ("month", re.compile(r"\b(?:january|february|march|april|june|july|august|september|october|november|december)\b", re.IGNORECASE)),
    ("superlative", re.compile(r"(?:全国|世界|中国|亚洲|全球)(?:最|第|唯一)|(?:largest|oldest|tallest|biggest|longest|highest) ", re.IGNORECASE)),
)


def claims(text: str) -> list[tuple[str, str]]:
    """(kind, words) of every such claim in a text."""
    return [(kind, match[0]) for kind, pattern in _CLAIMS for match in pattern.finditer(text)]
