"""A GBNF grammar from the outline: where facts stand nothing else can be said, elsewhere no figure can be written.

For engines that take one (llama.cpp's `grammar`, vLLM's `structured_outputs.grammar`). The guard does not rely on it.
"""

from chains.outline import Line
from chains.understanding.request import Language

# Free text: no digits, no numerals above one, no money signs, no markup, no line break; Chinese text no Latin letters.
_FREE: dict[Language, str] = {
    "zh": r"[^ 0-9０-９A-Za-z〇零二三四五六七八九十百千万亿半元块￥¥$%％|*#_`~<>{}()（）：:“”‘’《》「」【】\[\]。！？\n]",
    "en": r"[^.!?0-9０-９￥¥$%|*#_`~<>{}()“”\[\]\n:\u2E80-\u9FFF\uFF00-\uFFEF\u3000-\u303F]",
}
_END: dict[Language, str] = {"zh": "[。！]", "en": "[.!]"}


def grammar(lines: tuple[Line, ...], language: Language) -> str:
    """The grammar of these lines in this order, one a row; lines by code must be left out before."""
    names = [f"l{place}" for place in range(len(lines))]
    rules = ["root ::= " + ' "\\n" '.join(names)]
    rules += [f"{name} ::= {_body(line)}" for name, line in zip(names, lines, strict=True)]
    return "\n".join([*rules, f"c ::= {_FREE[language]}", f"e ::= {_END[language]}"])


def _body(line: Line) -> str:
    parts = [_literal(line.fixed)] if line.fixed else []
    if line.free:
        least, most = line.free
        parts.append(f"c{{{least},{most}}} e")
    return " ".join(parts)


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
