"""Chat templates in ChatML, as Qwen2 speaks it: told apart from others by what they render, and said in Go for Ollama.

Not covered: tools and pictures, which the assistant does not use.
"""

from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from finetune.shipping import AdapterError

STOPS = ("<|im_end|>", "<|endoftext|>")
_ASKED = ({"role": "user", "content": "甲"},)
_SAMPLES: tuple[tuple[dict[str, str], ...], ...] = (
    ({"role": "system", "content": " 乙\n"}, *_ASKED),
    (*_ASKED, {"role": "assistant", "content": "丙\n丁"}, {"role": "user", "content": "戊 "}),
)
# Ollama hands over the messages with the system's among them; an answer that is begun must stay open.
_GO = """{{{{- if not .System }}}}{default}{{{{ end }}}}
{{{{- range $i, $_ := .Messages }}}}
{{{{- $last := eq (len (slice $.Messages $i)) 1 }}}}<|im_start|>{{{{ .Role }}}}
{{{{ .Content }}}}{{{{ if not (and $last (eq .Role "assistant")) }}}}<|im_end|>
{{{{ end }}}}
{{{{- if and $last (ne .Role "assistant") }}}}<|im_start|>assistant
{{{{ end }}}}
{{{{- end }}}}"""


def ollama_template(template: str) -> str:
    """The Go template that says what this chat template says; raises `AdapterError` where that is not ChatML."""
    return _GO.format(default=_system_by_default(template))


def _system_by_default(template: str) -> str:
    """The system turn the template adds where none is given; empty where it adds none."""
    begins = _rendered(template, _ASKED).removesuffix(_chatml(_ASKED))
    for sample in _SAMPLES:
        given = sample[0]["role"] == "system"
        if _rendered(template, sample) != ("" if given else begins) + _chatml(sample):
            raise AdapterError("the base's chat template is not ChatML, and only ChatML is said in Ollama's language; serve it with 'fengjing export --to vllm'")
    return begins


def _chatml(messages: tuple[dict[str, str], ...]) -> str:
    turns = "".join(f"<|im_start|>{message['role']}\n{message['content']}<|im_end|>\n" for message in messages)
    return f"{turns}<|im_start|>assistant\n"


def _rendered(template: str, messages: tuple[dict[str, str], ...]) -> str:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)  # as transformers renders them
    try:
        rendered: Any = environment.from_string(template).render(messages=list(messages), add_generation_prompt=True)
    except TemplateError as error:
        raise AdapterError(f"the base's chat template cannot be read ({error}); use an instruct model with a template of its own") from error
    return str(rendered)
