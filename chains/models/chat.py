"""One way to every engine: LangChain's `ChatOpenAI`, on the embedded server or on any OpenAI-compatible one."""

from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

MAX_ANSWER_TOKENS = 700
REQUEST_SECONDS = 120.0


@dataclass(frozen=True)
class Engine:
    """An engine as the chains see it: a chat model, and whether its server takes a GBNF grammar."""

    model: BaseChatModel
    name: str
    takes_grammar: bool


def chat_engine(base_url: str, name: str, key: str = "EMPTY", *, takes_grammar: bool = False) -> Engine:
    """An engine behind an OpenAI-compatible URL; greedy, so that the same facts give the same words."""
    model = ChatOpenAI(
        base_url=base_url, api_key=SecretStr(key), model=name, temperature=0.0, max_tokens=MAX_ANSWER_TOKENS,
        timeout=REQUEST_SECONDS, max_retries=0, use_responses_api=False,
    )
    return Engine(model, name, takes_grammar)
