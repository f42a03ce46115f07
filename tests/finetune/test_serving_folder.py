"""Exports for other tools: what lies in each folder, what is refused, and that nothing half is left behind."""

import errno
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import yaml
from safetensors.numpy import save_file
from tiny_gguf import TEMPLATE, WIDTH, write_tiny
from tuned import drawn_adapter

from finetune import serving_folder
from finetune.chatml import ollama_template
from finetune.out_folder import whole_folder
from finetune.serving_folder import Kind, prepare, write
from finetune.shipping import AdapterError, check
from knowledge.errors import InputError, StorageError

QWEN = (
    "{%- if messages[0]['role'] == 'system' %}\n    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}\n{%- else %}\n"
    "    {{- '<|im_start|>system\\nYou help.<|im_end|>\\n' }}\n{%- endif %}\n{%- for message in messages %}\n"
    "    {%- if message.role != 'system' %}\n        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n"
    "    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}"
)
# Ollama's own renderer: it hands the template the system prompt and every message.
GO = """package main
import ("encoding/json"; "os"; "text/template")
type Message struct { Role, Content string }
type Talk struct { Template, System string; Messages []*Message }
func main() {
	var talk Talk
	if err := json.NewDecoder(os.Stdin).Decode(&talk); err != nil { panic(err) }
	said := template.Must(template.New("").Parse(talk.Template))
	if err := said.Execute(os.Stdout, map[string]any{"System": talk.System, "Messages": talk.Messages}); err != nil { panic(err) }
}
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny base as a GGUF file."""
    return write_tiny(tmp_path_factory.mktemp("base") / "tiny.gguf")


def exported(kind: Kind, adapter: Path, base: Path, target: Path) -> serving_folder.Served:
    """The adapter exported."""
    return write(prepare(adapter, target.parent, str(base)), kind, target)


def test_vllm_gets_adapter_template_and_the_rank_it_needs(base: Path, tmp_path: Path) -> None:
    """The adapter's two files and no others, the base's template as a file, and a command with the next rank vLLM knows."""
    adapter = drawn_adapter(tmp_path / "a", rank=12)
    (adapter / "optimizer.pt").write_text("no one's business")
    served = exported("vllm", adapter, base, tmp_path / "out")
    assert sorted(path.relative_to(served.path).as_posix() for path in served.path.rglob("*") if path.is_file()) == [
        "README.md", "adapter/adapter_config.json", "adapter/adapter_model.safetensors", "chat_template.jinja"]
    assert (served.path / "chat_template.jinja").read_text() == TEMPLATE
    wanted = "vllm serve tiny --enable-lora --lora-modules fengjing=./adapter --max-lora-rank 16 --chat-template chat_template.jinja --max-model-len 4096 --generation-config vllm"
    assert served.command == f"cd {served.path} && {wanted}"
    assert wanted in (served.path / "README.md").read_text()


def test_what_vllm_cannot_load_beside_a_base_is_refused(base: Path, tmp_path: Path) -> None:
    """DoRA, trained biases and the like are named with the way out; merged, the folder holds the model and serves that."""
    adapter = drawn_adapter(tmp_path / "a", use_dora=True)
    with pytest.raises(AdapterError, match=r"use_dora; add --merged"):
        exported("vllm", adapter, base, tmp_path / "out")
    with pytest.raises(AdapterError, match=r"bias; add --merged"):
        exported("vllm", drawn_adapter(tmp_path / "b", bias="lora_only"), base, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    served = write(prepare(adapter, tmp_path, str(base), merge=lambda folder: folder.mkdir()), "vllm", tmp_path / "out")
    assert (served.path / "model").is_dir()
    assert "vllm serve ./model --served-model-name fengjing" in served.command


def test_ollama_gets_a_modelfile(base: Path, tmp_path: Path) -> None:
    """Base and adapter as GGUF, the template in Go, both end marks, no penalty on copied names, and the context the chat uses."""
    served = exported("ollama", drawn_adapter(tmp_path / "a"), base, tmp_path / "out")
    lines = (served.path / "Modelfile").read_text().split("\n")
    assert lines[:2] == [f"FROM {base}", "ADAPTER ./adapter.gguf"]
    assert lines[2].startswith('TEMPLATE """{{- if not .System }}{{ end }}')
    assert lines[-6:] == [
        'PARAMETER stop "<|im_end|>"', 'PARAMETER stop "<|endoftext|>"', "PARAMETER temperature 0", "PARAMETER repeat_penalty 1", "PARAMETER num_ctx 4096", ""]
    assert gguf.GGUFReader(str(served.path / "adapter.gguf")).fields["general.type"].contents() == "adapter"


def test_a_template_that_is_not_chatml_is_refused_for_ollama() -> None:
    """Another family's marks, or ChatML with a word more in it."""
    for template in ("{% for m in messages %}[INST]{{ m.content }}[/INST]{% endfor %}", TEMPLATE.replace("message.content", "message.content | trim")):
        with pytest.raises(AdapterError, match="is not ChatML"):
            ollama_template(template)


def test_ollamas_template_says_what_the_bases_says(tmp_path: Path) -> None:
    """Rendered by Go itself: with a system turn, without one, over several turns, and with a begun answer left open."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go, whose text/template Ollama renders with, is not installed")
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    (tmp_path / "main.go").write_text(GO)
    subprocess.run([go, "build", "-o", str(tmp_path / "render"), str(tmp_path / "main.go")], check=True, cwd=tmp_path)
    user, answer = {"role": "user", "content": "问 <a>\n"}, {"role": "assistant", "content": "答\n"}
    for template in (QWEN, TEMPLATE):
        jinja = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(template)
        for talk in ([user], [{"role": "system", "content": "乙"}, user], [user, answer, user], [user, answer]):
            is_begun = talk[-1] is answer
            wanted = jinja.render(messages=talk[:-1] if is_begun else talk, add_generation_prompt=True) + ("答\n" if is_begun else "")
            system = "".join(message["content"] for message in talk if message["role"] == "system")
            asked = json.dumps({"Template": ollama_template(template), "System": system, "Messages": talk})
            assert subprocess.run([str(tmp_path / "render")], input=asked, capture_output=True, text=True, check=True).stdout == wanted


def test_the_default_system_turn_is_carried_over() -> None:
    """What the base's template says where nobody gave a system prompt stands in the Go template, and only for that case."""
    assert ollama_template(QWEN).startswith("{{- if not .System }}<|im_start|>system\nYou help.<|im_end|>\n{{ end }}")


def test_llama_factory_gets_both_of_its_files(base: Path, tmp_path: Path) -> None:
    """Merging and inference as its command line reads them; the template as the training named it, else qwen."""
    adapter = drawn_adapter(tmp_path / "a")
    served = exported("llama-factory", adapter, base, tmp_path / "out")
    merging, inference = (yaml.safe_load((served.path / name).read_text()) for name in ("merge_lora.yaml", "inference.yaml"))
    model = {"model_name_or_path": "tiny", "adapter_name_or_path": "adapter", "template": "qwen", "finetuning_type": "lora", "trust_remote_code": False}
    assert merging == {**model, "export_dir": "merged", "export_size": 5, "export_device": "cpu", "export_legacy_format": False}
    assert inference == {**model, "infer_backend": "huggingface"}
    (adapter / "training_record.json").write_text(json.dumps({"template": "qwen3_nothink"}))
    again = exported("llama-factory", adapter, base, tmp_path / "again")
    assert yaml.safe_load((again.path / "inference.yaml").read_text())["template"] == "qwen3_nothink"


def test_llama_cpp_gets_a_file_or_a_folder(base: Path, tmp_path: Path) -> None:
    """A name that ends in .gguf is the file; any other is a folder with the command in it; the gate's report goes along."""
    adapter, report = drawn_adapter(tmp_path / "a"), tmp_path / "report.json"
    report.write_text("{}")
    export = prepare(adapter, tmp_path, str(base), report)
    assert write(export, "gguf", tmp_path / "b.gguf").command == f"llama-server -m {base} --lora {tmp_path / 'b.gguf'}"
    assert (tmp_path / "b.parity.json").exists()
    folder = write(export, "gguf", tmp_path / "out").path
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "adapter.gguf", "parity.json"]
    assert f"llama-server -m {base} --lora adapter.gguf" in (folder / "README.md").read_text()


@pytest.mark.parametrize("name", ["b.gguf", "out"])
def test_a_taken_target_is_left_alone(base: Path, tmp_path: Path, name: str) -> None:
    """Neither a file nor a folder with something in it is written over; an empty folder may be used."""
    taken = tmp_path / name
    if taken.suffix:
        taken.write_text("mine")
    else:
        taken.mkdir()
        (taken / "note.txt").write_text("mine")
    adapter = drawn_adapter(tmp_path / "a")
    with pytest.raises(InputError, match="exists already"):
        exported("gguf", adapter, base, taken)
    (tmp_path / "empty").mkdir()
    assert exported("gguf", adapter, base, tmp_path / "empty").path.is_dir()


def test_a_full_disk_leaves_nothing(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills at the last file: no folder, no unfinished part."""
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    adapter = drawn_adapter(tmp_path / "a")
    monkeypatch.setattr(serving_folder, "_readme", full)
    with pytest.raises(StorageError, match="No space left"):
        exported("vllm", adapter, base, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_needs_its_room_and_clears_a_killed_runs_part(tmp_path: Path) -> None:
    """Too little disk is said before anything is written; what a killed run left is not mixed in."""
    with pytest.raises(StorageError, match=r"needs \d+ MB"), whole_folder(tmp_path / "out", 1 << 60):
        pass
    (tmp_path / "out.part").mkdir()
    (tmp_path / "out.part" / "old").write_text("half")
    with whole_folder(tmp_path / "out") as part:
        (part / "new").write_text("whole")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["out", "out/new"]


def test_a_base_that_is_no_gguf_is_refused_for_llama_cpp(base: Path, tmp_path: Path) -> None:
    """A model folder has no GGUF to put the adapter on."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    with pytest.raises(AdapterError, match="is no GGUF"):
        exported("gguf", drawn_adapter(tmp_path / "a"), folder, tmp_path / "out")


@pytest.mark.parametrize(("change", "said"), [
    ({"base_model_name_or_path": "Qwen/Qwen2.5-0.5B-Instruct"}, "made for another base"),
    ({"use_dora": True}, "DoRA"),
    ({"lora_bias": True}, "biases"),
])
def test_the_quick_checks_read_the_configuration(base: Path, tmp_path: Path, change: dict[str, Any], said: str) -> None:
    """A fitting adapter passes; one of a base with the same sizes, or of a kind the engine lacks, does not."""
    found = prepare(drawn_adapter(tmp_path / "a"), tmp_path, str(base)).base
    check(tmp_path / "a", found)
    with pytest.raises(AdapterError, match=said):
        check(drawn_adapter(tmp_path / "b", **change), found)


def test_the_quick_checks_read_the_numbers_and_the_record(base: Path, tmp_path: Path) -> None:
    """Untrained matrices, numbers that are none, and another chat template at training are each found."""
    adapter = drawn_adapter(tmp_path / "a")
    found = prepare(adapter, tmp_path, str(base)).base
    (adapter / "training_record.json").write_text(json.dumps({"chat_template": "another"}))
    with pytest.raises(AdapterError, match="another chat template"):
        check(adapter, found)
    (adapter / "training_record.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    check(adapter, found)
    names = [f"base_model.model.model.layers.0.self_attn.q_proj.lora_{kind}.weight" for kind in "AB"]
    for fill, said in ((np.nan, "NaN"), (0.0, "never trained")):
        save_file({names[0]: np.ones((4, WIDTH), np.float32), names[1]: np.full((WIDTH, 4), fill, np.float32)}, adapter / "adapter_model.safetensors")
        with pytest.raises(AdapterError, match=said):
            check(adapter, found)


def test_the_quick_checks_read_gguf_adapters_too(base: Path, tmp_path: Path) -> None:
    """An exported adapter passes; a model's GGUF and an adapter for a wider base do not."""
    adapter = drawn_adapter(tmp_path / "a")
    export = prepare(adapter, tmp_path, str(base))
    check(write(export, "gguf", tmp_path / "a.gguf").path, export.base)
    with pytest.raises(AdapterError, match="not an adapter for qwen2"):
        check(base, export.base)
    wide = tmp_path / "wide.gguf"
    writer = gguf.GGUFWriter(str(wide), "qwen2")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_tensor("blk.0.attn_q.weight.lora_a", np.zeros((4, WIDTH * 2), np.float16))
    for step in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file, writer.close):
        step()
    with pytest.raises(AdapterError, match="is 128 wide, the base's is 64"):
        check(wide, export.base)
