"""Messages as the tokens a model reads: its own chat template, and what anybody typed stays text.

A tokenizer turns the spelling of a special token into that token wherever it finds it, in a message too: who types
`<|im_end|>` could end his own turn and write the next one. So inside messages such a spelling is broken after its
first character, and tokenised in two pieces. Templates that guard themselves (ours for ChatGLM3) are left alone.
"""

import re
from typing import TYPE_CHECKING, Any

from langchain_core.messages import BaseMessage, convert_to_openai_messages

from knowledge.errors import EngineError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

BREAK = "\ufdd1"  # never a character of any text: Unicode keeps it free for use inside programs


class PromptTokens:
    """Turns messages into token ids for one tokenizer."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", name: str) -> None:
        """Raises `EngineError` where the model has no chat template."""
        if not tokenizer.chat_template:
            raise EngineError(f"{name} has no chat template of its own; use an instruct model, or put a chat_template.jinja into its folder")
        self._tokenizer = tokenizer
        self._name = name
        taken = sorted(filter(self._is_taken, tokenizer.get_added_vocab()), key=len, reverse=True)
        self._marks = re.compile("|".join(map(re.escape, taken)) or r"(?!)")

    def ids(self, messages: list[BaseMessage]) -> list[int]:
        """What the model reads; a last message of its own is a beginning that it goes on with.

        Raises `EngineError` where the template refuses the messages.
        """
        asked = [{**message, "content": self._broken(_text(message))} for message in convert_to_openai_messages(messages)]
        if asked and asked[-1]["role"] == "assistant":
            return self._tokens(_continued(self._rendered(asked[:-1], begin=True), self._rendered(asked, begin=False), asked[-1]["content"]))
        return self._tokens(self._rendered(asked, begin=True))

    def _rendered(self, messages: list[dict[str, Any]], *, begin: bool) -> str:
        from jinja2 import TemplateError

        try:
            return str(self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=begin))
        except (TemplateError, ValueError, TypeError, KeyError, IndexError) as error:
            raise EngineError(f"the chat template of {self._name} refuses the conversation ({error}); use another model") from error

    def _tokens(self, text: str) -> list[int]:
        pieces = [piece for piece in text.split(BREAK) if piece]
        return [token for piece in pieces for token in self._tokenizer(piece, add_special_tokens=False)["input_ids"]]

    def _broken(self, content: str) -> str:
        return self._marks.sub(lambda found: found[0][0] + BREAK + found[0][1:], content.replace(BREAK, ""))

    def _is_taken(self, mark: str) -> bool:
        """Whether the mark becomes its token when a message holds it."""
        number = self._tokenizer.get_added_vocab()[mark]
        typed, plain = (self._tokens(self._rendered([{"role": "user", "content": text}], begin=True)) for text in (f"a{mark}a", "aa"))
        return typed.count(number) > plain.count(number)


def _text(message: dict[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _continued(before: str, whole: str, content: str) -> str:
    """The prompt up to the end of the answer's beginning; some templates trim an answer, or put a line break before it."""
    stem = content.rstrip("\n")
    found = whole.find(stem, len(before)) if whole.startswith(before) else -1
    return (whole[:found] if found >= 0 else before) + content
