"""llama.cpp's own endpoints, below the chat protocol: which tokens a prompt becomes, and which it answers with.

Works with the embedded engine and with a `llama-server`. Not covered: the chat itself (`chains.models.chat`).
"""

from typing import Any

import requests

from knowledge.errors import EngineError

REQUEST_SECONDS = 600.0  # a long prompt on a slow, busy machine


class LlamaServer:
    """A running llama.cpp server; every method raises `EngineError` where it does not answer."""

    def __init__(self, base_url: str) -> None:
        self._url = base_url.removesuffix("/v1")

    def prompt_tokens(self, messages: list[dict[str, str]]) -> list[int]:
        """The tokens of these messages under the engine's chat template; a last message of the assistant's is left open."""
        prompt = self._ask("apply-template", {"messages": messages})["prompt"]
        tokens = self._ask("tokenize", {"content": prompt, "add_special": True, "parse_special": True})["tokens"]
        return [int(token) for token in tokens]

    def answer(self, tokens: list[int], limit: int) -> list[int]:
        """What the engine writes after these tokens, greedy; the mark that ended it, if any, is the last."""
        asked = {"prompt": tokens, "n_predict": limit, "temperature": 0, "return_tokens": True, "cache_prompt": True}
        return [int(token) for token in self._ask("completion", asked)["tokens"]]

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = requests.post(f"{self._url}/{path}", json=body, timeout=REQUEST_SECONDS)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise EngineError(f"the engine did not answer /{path} ({error}); start the command again, it goes on where it stopped") from error
        return dict(found)
