"""`POST /v1/chat/completions` as it comes in: OpenAI's fields, and what of them a travel assistant can honour.

What shapes sampling (temperature, max_tokens, seed …) is accepted and has no effect: answers are as long as their facts. What
would make the answer something else (several choices, a JSON schema, forced tools, pictures) is refused, never passed over.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api.errors import Refused

NEW = "new"
Role = Literal["system", "developer", "user", "assistant", "tool", "function"]


class Part(BaseModel):
    """A part of a message; only text can be read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of the conversation."""

    role: Role
    content: str | list[Part] | None = None

    def text(self) -> str:
        """Its words; raises `Refused` for pictures and sounds."""
        if not isinstance(self.content, list):
            return whole(self.content or "")
        other = next((part.type for part in self.content if part.type != "text"), "")
        if other:
            raise Refused(400, "unsupported_content", f"a part of type {other[:40]!r} cannot be read; send text only")
        return whole("\n".join(part.text for part in self.content))


def whole(text: str) -> str:
    """The text with half characters, which JSON can hold and no answer can, replaced."""
    return text.encode("utf-8", "replace").decode()


class Extension(BaseModel):
    """Our own field: `conversation` is "new" or the token of a stored one; without it nothing is stored."""

    model_config = ConfigDict(extra="forbid")
    conversation: str = Field(default="", max_length=100)


class ChatRequest(BaseModel):
    """The body; fields that are not listed are passed over."""

    model: str
    messages: list[Message]
    stream: bool = False
    n: int | None = None
    response_format: dict[str, Any] | None = None
    tool_choice: Any = None
    logprobs: bool | None = None
    fengjing: Extension = Extension()

    def check(self, most_messages: int) -> None:
        """Raises `Refused` for what cannot be honoured."""
        if len(self.messages) > most_messages:
            raise Refused(400, "too_many_messages", f"{len(self.messages)} messages, at most {most_messages} are read; leave out the oldest")
        wishes = {"n": (self.n or 1) > 1, "logprobs": bool(self.logprobs), "tool_choice": self.tool_choice not in (None, "none", "auto"),
                  "response_format": (self.response_format or {}).get("type", "text") != "text"}
        refused = next((name for name, wanted in wishes.items() if wanted), "")
        if refused:
            raise Refused(400, "unsupported_parameter", f"{refused} cannot be honoured; leave it out, one answer in plain text is given")

    def user_texts(self) -> tuple[str, ...]:
        """The user's turns, oldest first; the last is the question. All other roles are data and change nothing."""
        texts = tuple(message.text() for message in self.messages if message.role == "user")
        if not texts:
            raise Refused(400, "no_user_message", "there is no message of the role 'user'; the last one of them is answered")
        return texts
