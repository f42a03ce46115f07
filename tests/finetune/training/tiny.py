"""Rows and words the training tests share."""

from typing import Any

WORDS = [
    "你是亲切的旅行助手，只说资料里有的事。", "<资料>栈桥免费，八大关免费，崂山旺季票价九十元。</资料>", "问题：青岛有什么好玩的？", "问题：崂山门票多少钱？",
    "1. 栈桥（免费）：傍晚去看海。", "2. 崂山（旺季90元）：山海都好看。", "合计：一位成人门票约90元。", "祝你玩得开心！",
    "You are a kind travel assistant.", "Question: what is there to see?", "1. Crescent Bay (free): come at dusk.", "Have a lovely trip!",
]
TEMPLATE = (
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)


def said(*texts: str) -> tuple[dict[str, str], ...]:
    """Messages of user and assistant in turn."""
    return tuple({"role": ("user", "assistant")[number % 2], "content": text} for number, text in enumerate(texts))


def grounded_row(number: int) -> dict[str, Any]:
    """A row as the project's data sets hold them: system prompt, worked example, facts and question, answer."""
    system = {"role": "system", "content": WORDS[0]}
    turns = said(WORDS[1] + WORDS[2], WORDS[4], f"<资料>海湾{number}免费</资料>问题：去海湾{number}好吗？", f"海湾{number}免费，祝你玩得开心！")
    return {"messages": [system, *turns]}
