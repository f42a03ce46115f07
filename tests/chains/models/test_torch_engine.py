"""The transformers engine by itself: adapters, folders that are none, memory, turns at once, and what is read twice."""

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from chains.models.bases import BaseError
from chains.models.torch_chat import TorchChat
from chains.models.torch_engine import TorchConfig, TorchEngine
from knowledge.errors import EngineError
from tests.chains.models.taught import ASKED, SCRIPT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine(taught_qwen: Path, tmp_path_factory: pytest.TempPathFactory) -> TorchEngine:
    """The taught Qwen2, loaded once for the tests that leave it as it is."""
    return TorchEngine(TorchConfig(str(taught_qwen), tmp_path_factory.mktemp("home"), threads=1))


def said(engine: TorchEngine, **options: Any) -> str:
    """The answer to the question it was taught."""
    return str(TorchChat(speaker=engine).invoke(ASKED, **options).content)


def write_adapter(base: Path, folder: Path, *targets: str) -> Path:
    """A LoRA adapter strong enough to change the answer."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(3)
    lora: Any = LoraConfig(r=4, lora_alpha=8, target_modules=list(targets), init_lora_weights=False, task_type="CAUSAL_LM")
    get_peft_model(AutoModelForCausalLM.from_pretrained(str(base), dtype=torch.float32), lora).save_pretrained(str(folder))
    return folder


def with_blocks(base: Path, folder: Path, blocks: int, width: int = 64) -> Path:
    """A random model beside `base` with its tokenizer and another depth or width."""
    from transformers import Qwen2Config, Qwen2ForCausalLM

    shutil.copytree(base, folder)
    config = Qwen2Config(**{**json.loads((base / "config.json").read_text()), "num_hidden_layers": blocks, "hidden_size": width, "layer_types": None})
    Qwen2ForCausalLM(config).save_pretrained(str(folder))
    return folder


def test_an_adapter_speaks(taught_qwen: Path, tmp_path: Path) -> None:
    """With an adapter the engine says what peft itself computes, and that is another answer than the base's."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    adapter = write_adapter(taught_qwen, tmp_path / "adapter", "q_proj", "down_proj")
    engine = TorchEngine(TorchConfig(str(taught_qwen), tmp_path, adapter, threads=1))
    dtype = getattr(torch, engine.dtype)
    model: Any = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(str(taught_qwen), dtype=dtype), str(adapter)).eval()
    asked = torch.tensor([engine.prompts.ids(ASKED)])
    wanted = model.generate(input_ids=asked, attention_mask=torch.ones_like(asked), max_new_tokens=20, do_sample=False)
    assert list(engine.tokens(asked[0].tolist(), engine_wish(20))) == wanted[0, asked.shape[1] :].tolist()
    assert said(engine, max_tokens=20) != SCRIPT[:20]


def engine_wish(tokens: int) -> Any:
    """A greedy answer of so many tokens."""
    from chains.models.torch_engine import Wish

    return Wish(tokens)


def test_an_adapter_of_another_base_is_refused(taught_qwen: Path, tmp_path: Path) -> None:
    """Another width, layers the base has not, layers the adapter has not: each is told with what to do."""
    two = write_adapter(taught_qwen, tmp_path / "two", "q_proj")
    for base, what in ((with_blocks(taught_qwen, tmp_path / "wide", 2, 32), "is 64 wide, this base is 32"),
                       (with_blocks(taught_qwen, tmp_path / "short", 1), "this base has no such layer"),
                       (with_blocks(taught_qwen, tmp_path / "deep", 3), "missing adapter keys")):
        with pytest.raises(EngineError, match=f"{what}.*fengjing adapt none"):
            TorchEngine(TorchConfig(str(base), tmp_path, two))


@pytest.mark.parametrize("kind", ["gone", "gguf", "broken"])
def test_what_is_no_adapter_is_refused(taught_qwen: Path, tmp_path: Path, kind: str) -> None:
    """A folder without weights, a GGUF LoRA of the embedded engine, and a file cut short."""
    adapter = tmp_path / ("adapter.gguf" if kind == "gguf" else "adapter")
    if kind == "gguf":
        adapter.write_bytes(b"GGUF")
    else:
        adapter.mkdir()
    if kind == "broken":
        (adapter / "adapter_model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(EngineError, match="not saved whole" if kind == "broken" else "takes a PEFT folder"):
        TorchEngine(TorchConfig(str(taught_qwen), tmp_path, adapter))


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    """An empty folder, and ChatGLM3 as it was published: the line says what to give or to type."""
    with pytest.raises(BaseError, match=r"holds no model: its config\.json cannot be read"):
        TorchEngine(TorchConfig(str(tmp_path), tmp_path))
    (tmp_path / "config.json").write_text('{"model_type": "chatglm", "auto_map": {"AutoConfig": "configuration_chatglm.ChatGLMConfig"}}')
    with pytest.raises(BaseError, match="run 'fengjing chatglm3 convert"):
        TorchEngine(TorchConfig(str(tmp_path), tmp_path))


def test_a_folder_without_weights_is_named(taught_qwen: Path, tmp_path: Path) -> None:
    """A download that lacks its weights, or has them cut short."""
    folder = tmp_path / "half"
    shutil.copytree(taught_qwen, folder)
    (folder / "model.safetensors").write_bytes((taught_qwen / "model.safetensors").read_bytes()[:5000])
    with pytest.raises(BaseError, match=r"half cannot be read \("):
        TorchEngine(TorchConfig(str(folder), tmp_path))
    (folder / "model.safetensors").unlink()
    with pytest.raises(BaseError, match=r"half cannot be read \("):
        TorchEngine(TorchConfig(str(folder), tmp_path))


def test_weights_under_other_names_are_not_replaced_by_chance(taught_qwen: Path, tmp_path: Path) -> None:
    """A folder whose tensors are not all there would load with random numbers in their place; it is refused."""
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "renamed"
    shutil.copytree(taught_qwen, folder)
    tensors = load_file(str(folder / "model.safetensors"))
    tensors["transformer.word_embeddings.weight"] = tensors.pop("model.embed_tokens.weight")
    save_file(tensors, str(folder / "model.safetensors"), {"format": "pt"})
    with pytest.raises(BaseError, match=r"lacks 1 of its tensors, model\.embed_tokens\.weight among them"):
        TorchEngine(TorchConfig(str(folder), tmp_path))


def test_a_model_without_a_chat_template_is_refused(taught_qwen: Path, tmp_path: Path) -> None:
    """A plain base model cannot chat, and the line says what would help."""
    folder = tmp_path / "plain"
    shutil.copytree(taught_qwen, folder)
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(EngineError, match="no chat template of its own; use an instruct model"):
        TorchEngine(TorchConfig(str(folder), tmp_path))


@pytest.mark.parametrize("missing", ["torch", "transformers"])
def test_a_base_install_says_what_to_install(taught_qwen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Without the tune extra the engine is refused in one line with pip's."""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(BaseError, match=rf"needs {missing}; run \"pip install 'fengjing\[tune\]'\""):
        TorchEngine(TorchConfig(str(taught_qwen), tmp_path))


def test_memory_that_runs_out_is_told_and_the_next_question_answered(engine: TorchEngine) -> None:
    """Torch's own error in the middle of an answer becomes one line of ours; nothing half-read is left behind."""
    import torch

    steps = []

    def burst(*_: object) -> None:
        steps.append(1)
        if len(steps) == 4:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.\nGPU 0 has …")

    hook = engine._model.register_forward_pre_hook(burst)
    with pytest.raises(EngineError, match=r"the memory does not suffice for .*Tried to allocate 2\.00 GiB\.\); close other programs"):
        said(engine)
    hook.remove()
    assert said(engine) == SCRIPT


def test_a_prompt_longer_than_the_model_reads_is_refused(engine: TorchEngine) -> None:
    """The line names both lengths; an answer is cut where the model's window ends."""
    with pytest.raises(EngineError, match=r"takes \d+ tokens, .* reads 512"):
        TorchChat(speaker=engine).invoke([HumanMessage("长" * 600)])
    ids = engine.prompts.ids([HumanMessage("a" * 470)])
    assert len(list(engine.tokens(ids, engine_wish(700)))) <= 512 - len(ids)


def test_several_at_once_all_get_their_answer(engine: TorchEngine) -> None:
    """Requests from several threads wait their turn, and none gets another's words."""
    other = [HumanMessage("别的问题")]
    alone = TorchChat(speaker=engine).invoke(other, max_tokens=30).content
    with ThreadPoolExecutor(4) as pool:
        mine = [pool.submit(said, engine) for _ in range(3)]
        theirs = [pool.submit(TorchChat(speaker=engine).invoke, other, max_tokens=30) for _ in range(3)]
    assert {work.result() for work in mine} == {SCRIPT}
    assert {work.result().content for work in theirs} == {alone}


def test_what_two_requests_begin_with_is_read_once(engine: TorchEngine) -> None:
    """The same question again costs one token of reading, another question only what differs, and the answer is the same."""
    widths: list[int] = []
    hook = engine._model.get_input_embeddings().register_forward_pre_hook(lambda _, seen: widths.append(int(seen[0].shape[1])))
    TorchChat(speaker=engine).invoke([HumanMessage("x")], max_tokens=1)
    assert said(engine) == SCRIPT
    assert said(engine) == SCRIPT
    hook.remove()
    read = [width for width in widths if width > 1]
    assert len(read) == 2  # the first questions; the third begins like the second to its last token
    assert read[1] < len(engine.prompts.ids(ASKED))


def test_the_number_format_fits_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graphics card gets half precision; a processor float32 where it fits, bfloat16 where only that fits, else a line that says so."""
    import torch

    from chains.models import device

    monkeypatch.setattr(device, "has_bfloat16", lambda name: name == "cuda")
    assert device.speaking_dtype("cuda", 10**9) is torch.bfloat16
    assert device.speaking_dtype("mps", 10**9) is torch.float16
    assert device.speaking_dtype("cpu", 10**9, free_bytes=5 * 10**9) is torch.float32
    assert device.speaking_dtype("cpu", 10**9, free_bytes=3 * 10**9) is torch.bfloat16
    with pytest.raises(EngineError, match=r"needs 1907 MB of memory, \d+ MB are free; .*FENGJING_BASE_URL"):
        device.speaking_dtype("cpu", 10**9, free_bytes=10**9)
