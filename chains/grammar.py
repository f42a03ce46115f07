"""A GBNF grammar from the outline: where facts stand nothing else can be said, elsewhere no figure can be written.

For engines that take one (llama.cpp's `grammar`, vLLM's `structured_outputs.grammar`). The guard does not rely on it.
"""

import re

from chains.outline import Line, Part
from chains.understanding.request import Language

# Free text: no digits, no numerals above one, no money signs, no markup, no line break; Chinese text no Latin letters.
_FREE: dict[Language, str] = {
    "zh": r"[^ 0-9０-９A-Za-z〇零二三四五六七八九十百千万亿半元块￥¥$%％|*#_`~<>{}()（）：:“”‘’《》「」【】\[\]。！？\n]",
    "en": r"[^.!?0-9０-９￥¥$%|*#_`~<>{}()“”\[\]\n:\u2E80-\u9FFF\uFF00-\uFFEF\u3000-\u303F]",
}
# Characters of words that a free line has no business with: 票价 门票 费用 钱 预约 预算 订 闭馆; 推荐理由 and 根据资料 recite the task.
_TOPICS = "票价费钱订闭预推据"
_WISHES = "祝愿希望"  # advice does not begin with these
_END: dict[Language, str] = {"zh": "[。！]", "en": "[.!]"}


def grammar(lines: tuple[Line, ...], language: Language) -> str:
    """The grammar of these lines in this order, one a row; lines by code must be left out before."""
    names = [f"l{place}" for place in range(len(lines))]
    rules = ["root ::= " + ' "\\n" '.join(names)]
    rules += [f"{name} ::= {_body(line, language)}" for name, line in zip(names, lines, strict=True)]
    return "\n".join([*rules, f"e ::= {_END[language]}"])


def as_pattern(line: Line, language: Language) -> re.Pattern[str]:
    """The same rule of one line as a regular expression: what a decoder under the grammar could write."""
    free = "".join(f"{characters}{{{least},{most}}}" for characters, least, most in _free(line, language))
    return re.compile(re.escape(line.fixed) + (free + _END[language] if free else ""))


def _body(line: Line, language: Language) -> str:
    free = [f"{characters}{{{least},{most}}}" for characters, least, most in _free(line, language)]
    return " ".join([*([_literal(line.fixed)] if line.fixed else []), *free, *(["e"] if free else [])])


def _free(line: Line, language: Language) -> list[tuple[str, int, int]]:
    """(character class, least, most) of the model's own words in a line."""
    if not line.free:
        return []
    least, most = line.free
    if language == "en":
        return [(_FREE[language], least, most)]
    topics = "".join(mark for mark in _TOPICS if mark not in line.fallback)
    rest = _without(_FREE[language], topics)
    if line.part is not Part.ADVICE:
        return [(rest, least, most)]
    return [(_without(_FREE[language], topics + _WISHES), 1, 1), (rest, least - 1, most - 1)]


def _without(characters: str, more: str) -> str:
    """A negated character class with more characters left out."""
    return characters.removesuffix("]") + more + "]"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
