"""ChatGLM3's tokenizer as a fast one, built from `tokenizer.model`, and its chat template.

The sentencepiece file is read as data. Only what ChatGLM3 uses is covered: BPE with byte fallback, no normalisation
table. What users type stays text: the template breaks every special token's spelling in messages with a character that
the tokenizer takes out again after it has looked for special tokens, so any program that renders and tokenises is safe.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.chatglm3.source import ConvertError

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

MODEL = "tokenizer.model"
# As the original numbers them, after the last piece. `sop` and `eop` would be found inside "people"; in brackets they are not.
SPECIALS = ("[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>")
NAMED = {"unk_token": "<unk>", "pad_token": "<unk>", "eos_token": "</s>"}  # byte fallback: no text ever holds <unk>
STOPS = ("<|user|>", "<|observation|>")  # besides </s>: where another than the assistant begins to speak
BPE_MODEL, NORMAL = 2, 1  # sentencepiece's numbers for its kinds of models and of pieces
BREAK = "\ufdd0"  # never a character of any text: Unicode keeps it free for use inside programs
# "\n" and the content are one run: the original encodes both apart, each with a space before it, which gives the same ids.
TEMPLATE = (
    "{%- set marks = {'system': '<|system|>', 'user': '<|user|>', 'assistant': '<|assistant|>', 'observation': '<|observation|>', 'tool': '<|observation|>'} %}"
    "{{- '[gMASK]<sop>' }}"
    "{%- for message in messages %}"
    "{%- if message['role'] not in marks %}{{- raise_exception('ChatGLM3 knows no role ' + message['role']) }}{%- endif %}"
    "{%- set content = message['content'] or '' %}"
    "{%- set listed = message['tools'] if (message['tools'] is defined and message['tools'] is not none) else (tools if (tools and loop.first) else none) %}"
    "{%- if message['role'] == 'system' and listed is not none %}{%- set content = content + '\\n' + (listed | tojson(indent=4)) %}{%- endif %}"
    "{%- set said = (message['metadata'] or '') + '\\n' + (' ' + content if content else '') %}"
    f"{{{{- marks[message['role']] + (said | replace('<', '<{BREAK}') | replace('[', '[{BREAK}')) }}}}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}"
)


def fast_tokenizer(folder: Path) -> "PreTrainedTokenizerFast":
    """The folder's tokenizer with the nine special tokens and the chat template; raises `ConvertError`."""
    from transformers import PreTrainedTokenizerFast

    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=_backend(_pieces(folder / MODEL)), **NAMED, padding_side="left", clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"],
    )
    fast.chat_template = TEMPLATE
    return fast


def _pieces(path: Path) -> list[Any]:
    """The file's pieces (`piece`, `score`, `type`) by id; raises `ConvertError` where it is built otherwise than ChatGLM3's."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from transformers.utils import sentencepiece_model_pb2_new as sentencepiece

    model = sentencepiece.ModelProto()  # type: ignore[attr-defined]
    try:
        model.ParseFromString(path.read_bytes())
    except (OSError, DecodeError) as error:
        raise ConvertError(f"{path} cannot be read ({error}); fetch THUDM's {MODEL}, the tokenizer is built from it") from error
    trained, normal = model.trainer_spec, model.normalizer_spec
    lacking = [said for said, holds in (
        ("BPE pieces", model.pieces and trained.model_type == BPE_MODEL), ("byte fallback", trained.byte_fallback),
        ("text left as it is", not normal.precompiled_charsmap and not normal.remove_extra_whitespaces), ("a space before the text", normal.add_dummy_prefix),
        ("<unk>, <s>, </s> as its first pieces", [piece.piece for piece in model.pieces[:3]] == ["<unk>", "<s>", "</s>"]),
    ) if not holds]
    if lacking:
        raise ConvertError(f"{path} is not built like ChatGLM3's: it lacks {', '.join(lacking)}; fetch the {MODEL} of the same checkpoint")
    return list(model.pieces)


def _backend(pieces: list[Any]) -> "Tokenizer":
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers
    from tokenizers.processors import TemplateProcessing

    vocabulary = {piece.piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocabulary, _merges(pieces), unk_token=NAMED["unk_token"], fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Replace(BREAK, ""), normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIALS])
    ids = {token: tokenizer.token_to_id(token) for token in SPECIALS}
    if list(ids.values()) != list(range(len(pieces), len(pieces) + len(SPECIALS))):
        raise ConvertError(f"{MODEL} already holds a special token ({ids}); fetch the {MODEL} of the same checkpoint")
    front = [(token, ids[token]) for token in ("[gMASK]", "<sop>")]
    tokenizer.post_processor = TemplateProcessing(
        single="[gMASK] <sop> $A", pair="[gMASK] <sop> $A $B </s>", special_tokens=[*front, ("</s>", vocabulary["</s>"])])
    return tokenizer


def _merges(pieces: list[Any]) -> list[tuple[str, str]]:
    """Every way two pieces make a third, the best scored first: the order in which sentencepiece joins."""
    normal = {piece.piece: number for number, piece in enumerate(pieces) if piece.type == NORMAL}
    ranked = []
    for text, number in normal.items():
        for cut in range(1, len(text)):
            left, right = text[:cut], text[cut:]
            if left in normal and right in normal:
                ranked.append((-pieces[number].score, normal[left], normal[right], left, right))
    return [(left, right) for *_, left, right in sorted(ranked)]
