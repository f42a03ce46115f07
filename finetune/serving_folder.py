"""An adapter made ready for other tools: folders for vLLM, Ollama, llama.cpp and LLaMA-Factory, each with the command that serves it.

Needs no torch, but for vLLM with a base that is no GGUF, and for a merged model. None of these tools is started here.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any, Literal

import yaml

from chains.models.bases import Base, load_tokenizer
from chains.models.embedded import CONTEXT_TOKENS
from finetune.chatml import STOPS, ollama_template
from finetune.out_folder import check_free, whole_folder
from finetune.shipping import CONFIG, WEIGHTS, AdapterError, base_of, gguf_base, read_config, record
from finetune.shipping import export as as_gguf
from finetune.training.keys import CHATML

Kind = Literal["gguf", "vllm", "ollama", "llama-factory"]
SERVED_NAME = "fengjing"
GGUF_NAME, TEMPLATE_NAME, REPORT_NAME = "adapter.gguf", "chat_template.jinja", "parity.json"
VLLM_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)  # what --max-lora-rank takes
NOT_IN_VLLM = ("use_dora", "modules_to_save", "rank_pattern", "alpha_pattern", "lora_bias", "bias")


@dataclass(frozen=True)
class Export:
    """What is exported: the adapter, its base, where the home folder is, and the report of the parity gate, where one is to go along."""

    adapter: Path
    base: Base
    source: str  # what `base` was found by
    home: Path
    report: Path | None = None
    merge: Callable[[Path], object] | None = None  # writes the merged model into a folder that is to be, for vLLM


@dataclass(frozen=True)
class Served:
    """What was written, and the command that serves it."""

    path: Path
    command: str


def prepare(adapter: Path, home: Path, base: str = "", report: Path | None = None, merge: Callable[[Path], object] | None = None) -> Export:
    """What an export needs to know; raises `AdapterError` or `BaseError` where adapter and base are not here or not a pair."""
    found, source = base_of(adapter, home, base)
    return Export(adapter, found, source, home, report, merge)


def write(export: Export, kind: Kind, target: Path) -> Served:
    """Write the export; the target appears whole or not at all.

    Raises `AdapterError` where the tool cannot take this adapter, `InputError` where the target is taken, `StorageError`.
    """
    if kind == "gguf" and target.suffix == ".gguf":
        check_free(target)
        as_gguf(export.adapter, _gguf(export), target)
        if export.report:
            shutil.copyfile(export.report, target.with_name(f"{target.stem}.{REPORT_NAME}"))
        return Served(target, f"llama-server -m {quote(str(_gguf(export)))} --lora {quote(str(target))}")
    writers: dict[Kind, Callable[[Export, Path], str]] = {"gguf": _llama_cpp, "vllm": _vllm, "ollama": _ollama, "llama-factory": _llama_factory}
    with whole_folder(target) as part:
        command = writers[kind](export, part)
        if export.report:
            shutil.copyfile(export.report, part / REPORT_NAME)
        (part / "README.md").write_text(_readme(export, kind, command), encoding="utf-8")
    return Served(target, f"cd {quote(str(target))} && {command}")


def _llama_cpp(export: Export, folder: Path) -> str:
    as_gguf(export.adapter, _gguf(export), folder / GGUF_NAME)
    return f"llama-server -m {quote(str(_gguf(export)))} --lora {GGUF_NAME} -c {CONTEXT_TOKENS} --jinja"


def _vllm(export: Export, folder: Path) -> str:
    (folder / TEMPLATE_NAME).write_text(_template(export), encoding="utf-8")
    # without the last, vLLM samples as the base's generation_config.json says: a penalty on repeating spoils copied names
    shared = f"--chat-template {TEMPLATE_NAME} --max-model-len {CONTEXT_TOKENS} --generation-config vllm"
    if export.merge:
        export.merge(folder / "model")
        return f"vllm serve ./model --served-model-name {SERVED_NAME} {shared}"
    config = read_config(export.adapter)
    unfit = [key for key in NOT_IN_VLLM if config.get(key) not in (None, False, "none", {}, [])]
    fitting = [rank for rank in VLLM_RANKS if rank >= int(config["r"])]
    if unfit or not fitting:
        raise AdapterError(f"vLLM takes no adapter with {', '.join(unfit) or 'a rank of ' + str(config['r'])}; add --merged to write the merged model")
    _copy_adapter(export, folder)
    return f"vllm serve {quote(_reference(export))} --enable-lora --lora-modules {SERVED_NAME}=./adapter --max-lora-rank {fitting[0]} {shared}"


def _ollama(export: Export, folder: Path) -> str:
    template = ollama_template(_template(export))
    base = _gguf(export).absolute()
    as_gguf(export.adapter, base, folder / GGUF_NAME)
    stops = "".join(f'PARAMETER stop "{stop}"\n' for stop in STOPS)
    (folder / "Modelfile").write_text(
        f'FROM {base}\nADAPTER ./{GGUF_NAME}\nTEMPLATE """{template}"""\n{stops}PARAMETER temperature 0\nPARAMETER repeat_penalty 1\n'
        f"PARAMETER num_ctx {CONTEXT_TOKENS}\n", encoding="utf-8")
    return f"ollama create {SERVED_NAME} -f Modelfile && ollama run {SERVED_NAME}"


def _llama_factory(export: Export, folder: Path) -> str:
    _copy_adapter(export, folder)
    template = record(export.adapter).get("template") or _named_template(_template(export))
    model = {"model_name_or_path": _reference(export), "adapter_name_or_path": "adapter", "template": template, "finetuning_type": "lora", "trust_remote_code": False}
    merging = {**model, "export_dir": "merged", "export_size": 5, "export_device": "cpu", "export_legacy_format": False}
    for name, keys in (("merge_lora.yaml", merging), ("inference.yaml", {**model, "infer_backend": "huggingface"})):
        (folder / name).write_text(yaml.safe_dump(keys, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return "llamafactory-cli chat inference.yaml"


def _copy_adapter(export: Export, folder: Path) -> None:
    """The two files other tools read; what else lies in a run's folder is nobody's business there."""
    (folder / "adapter").mkdir()
    for name in (WEIGHTS, CONFIG):
        shutil.copyfile(export.adapter / name, folder / "adapter" / name)


def _gguf(export: Export) -> Path:
    if export.base.gguf is None:
        raise AdapterError(f"{export.base.name} is no GGUF, which this export stands on; export with --to vllm or --to llama-factory")
    return export.base.gguf


def _template(export: Export) -> str:
    """The base's chat template; raises `AdapterError` where it has none."""
    found: Any = gguf_base(export.base.gguf).template if export.base.gguf else load_tokenizer(export.source, export.home).chat_template
    if not found:
        raise AdapterError(f"the base {export.base.name} has no chat template, without which no server can speak with it; use an instruct model")
    return str(found)


def _named_template(template: str) -> str:
    """LLaMA-Factory's name for the template, where the training did not keep one."""
    if all(mark in template for mark in CHATML):
        return "qwen"
    raise AdapterError("LLaMA-Factory's name for this base's chat template is not known; set template in the training's configuration and train with it")


def _reference(export: Export) -> str:
    """What other tools find the base by: its hub name, or the whole path of its folder."""
    folder = Path(export.base.folder)
    return str(folder.absolute()) if export.base.gguf is None and folder.exists() else export.base.name


_NOTES: dict[Kind, str] = {
    "gguf": "The base is the very GGUF the adapter was trained on; with another quantisation of it the answers differ in places.",
    "ollama": "`FROM` is the path of the GGUF the adapter was trained on, on the machine that wrote this folder; on another one, put that file's path there.",
    "vllm": "With `--lora-modules` vLLM fetches the unquantised base, while the adapter was trained on the GGUF's numbers: answers may differ in places. "
            "An export with `--merged` holds the numbers that were trained, rounded to `--dtype`.",
    "llama-factory": "`llamafactory-cli export merge_lora.yaml` merges. It fetches the unquantised base, while the adapter was trained on the GGUF's numbers: "
                     "answers may differ in places.",
}


def _readme(export: Export, kind: Kind, command: str) -> str:
    gate = f"The report of the parity gate is in `{REPORT_NAME}`." if export.report else "The parity gate's report is not in here; `fengjing export --publish` adds it."
    use = "" if kind == "llama-factory" else (
        "\nThe assistant speaks with any such server by `FENGJING_BASE_URL=http://HOST:PORT/v1` and "
        f"`FENGJING_MODEL_NAME={SERVED_NAME}` (see `.env.example`).\n")
    return (f"# {export.adapter.name} on {export.base.name}, for {kind}\n\nRun in this folder:\n\n```sh\n{command}\n```\n{use}\n{_NOTES[kind]}\n"
            f"The adapter is of use with Fengjing's own prompt only. {gate}\n")
