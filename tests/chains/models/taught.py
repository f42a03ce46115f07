"""Models of a few thousand numbers that have learned one answer by heart: small, real, and known to the character."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from chains.models.prompt_tokens import PromptTokens

# Emoji, a character beyond the first plane and joined emoji: none of them is one token of a small vocabulary.
SCRIPT = "1. 栈桥😊：看𠮷祥的海。\n2. 八大关🏳️‍🌈：走一走。\n玩得开心！"
ASKED: list[BaseMessage] = [SystemMessage("你是旅行助手。"), HumanMessage("青岛有什么好玩的？")]
STEPS, ENOUGH = 400, 0.005


def teach(folder: Path, target: Path, asked: Sequence[BaseMessage] = ASKED, script: str = SCRIPT) -> Path:
    """The model of `folder`, taught to answer `asked` with `script`, as the folder `target`."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(str(folder))
    model: Any = AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.float32)
    prompts = PromptTokens(tokenizer, "tiny")
    prompt = prompts.ids([*asked])
    answer = [*prompts.ids([*asked, AIMessage(script)])[len(prompt) :], tokenizer.eos_token_id]
    ids = torch.tensor([[*prompt, *answer]])
    labels = torch.tensor([[*[-100] * len(prompt), *answer]])
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(STEPS):
        loss = model(input_ids=ids, labels=labels).loss
        if loss.item() < ENOUGH:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.save_pretrained(str(target))
    tokenizer.save_pretrained(str(target))
    return target


def tiny_qwen(folder: Path) -> Path:
    """A random Qwen2, 64 wide, with the tokenizer and template of its kind."""
    import torch
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    from tests.finetune.tiny_gguf import TEMPLATE

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: number for number, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")])
    fast: Any = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>")  # noqa: S106 - no password
    fast.chat_template = TEMPLATE
    fast.save_pretrained(str(folder))
    torch.manual_seed(7)
    Qwen2ForCausalLM(Qwen2Config(
        vocab_size=len(fast), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=512, bos_token_id=None, eos_token_id=fast.eos_token_id, pad_token_id=fast.pad_token_id, tie_word_embeddings=False,
    )).save_pretrained(str(folder))
    return folder


def tiny_glm(folder: Path) -> Path:
    """A random ChatGLM3 in THUDM's layout, converted as a user would."""
    from finetune.chatglm3.convert import convert
    from tests.finetune.chatglm3.thudm import TINY, trained_tokenizer_model, write_checkpoint

    convert(write_checkpoint(folder.parent / "thudm", TINY, trained_tokenizer_model()), folder)
    return folder
