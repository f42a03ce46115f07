"""A random Qwen2 small enough to serve and train in a second, written as the GGUF file both engines read."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np

WORDS = [
    "你是亲切的旅行助手，只说资料里有的事。", "<资料>栈桥免费，八大关免费，崂山旺季票价九十元。</资料>", "问题：青岛有什么好玩的？", "1. 栈桥（免费）：傍晚去看海。",
    "合计：一位成人门票约90元。", "祝你玩得开心！", "You are a kind travel assistant.", "1. Crescent Bay (free): come at dusk.",
]
TEMPLATE = (
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
MARKS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
WIDTH, INNER, BLOCKS, HEADS, KV_HEADS = 64, 128, 2, 4, 2


def write_tiny(path: Path, template: str = TEMPLATE, seed: int = 7, *, tied: bool = False) -> Path:
    """The model with its tokenizer and chat template, float32, as `path`; `tied` has no matrix of its own for its head."""
    words, merges = _vocabulary()
    writer = gguf.GGUFWriter(str(path), "qwen2")
    writer.add_name("tiny")
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(BLOCKS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(words)
    writer.add_token_types([gguf.TokenType.CONTROL if word in MARKS else gguf.TokenType.NORMAL for word in words])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(words.index(MARKS[0]))
    writer.add_pad_token_id(words.index(MARKS[0]))
    writer.add_eos_token_id(words.index(MARKS[2]))
    writer.add_add_bos_token(False)
    writer.add_chat_template(template)
    for name, values in _weights(len(words), np.random.default_rng(seed)).items():
        if not (tied and name == "output.weight"):
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary() -> tuple[list[str], list[str]]:
    """Byte-level words and merges learned from `WORDS`; the marks come last, as in Qwen2."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(WORDS * 4, trainers.BpeTrainer(vocab_size=500, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    model: Any = json.loads(tokenizer.to_str())["model"]
    words = sorted(model["vocab"], key=model["vocab"].get)
    return [*words, *MARKS], [" ".join(pair) for pair in model["merges"]]


def _weights(words: int, numbers: np.random.Generator) -> dict[str, np.ndarray]:
    shapes = {
        "attn_q.weight": (WIDTH, WIDTH), "attn_k.weight": (WIDTH // 2, WIDTH), "attn_v.weight": (WIDTH // 2, WIDTH), "attn_output.weight": (WIDTH, WIDTH),
        "attn_q.bias": (WIDTH,), "attn_k.bias": (WIDTH // 2,), "attn_v.bias": (WIDTH // 2,),
        "ffn_gate.weight": (INNER, WIDTH), "ffn_up.weight": (INNER, WIDTH), "ffn_down.weight": (WIDTH, INNER),
    }
    drawn = {f"blk.{block}.{name}": numbers.normal(scale=0.2, size=shape) for block in range(BLOCKS) for name, shape in shapes.items()}
    drawn |= {"token_embd.weight": numbers.normal(size=(words, WIDTH)), "output.weight": numbers.normal(size=(words, WIDTH))}
    ones = [f"blk.{block}.{name}.weight" for block in range(BLOCKS) for name in ("attn_norm", "ffn_norm")]
    return {name: values.astype(np.float32) for name, values in (drawn | {name: np.ones(WIDTH) for name in (*ones, "output_norm.weight")}).items()}
