"""A GGUF base with its blocks written out as the float32 numbers they stand for: what the parity gate serves.

A quantised base is multiplied in eight-bit steps, which moves logits a little. Written out, the engine calculates with
the numbers transformers calculates with, so that whatever still differs is no rounding. Four bytes a weight on the disk,
kept in the home folder beside the tensors `chains.models.bases` keeps.
"""

from pathlib import Path

import gguf
import numpy as np
from gguf.quants import dequantize

from finetune.out_folder import check_room
from finetune.shipping import gguf_base
from knowledge.errors import StorageError

BYTES_PER_WEIGHT = 4


def float32_base(base: Path, home: Path) -> Path:
    """The base in float32, written at the first call; raises `AdapterError` for what is no GGUF, `StorageError` where it cannot be written."""
    architecture = gguf_base(base).architecture
    kept = home / "bases" / f"{base.stem}-{base.stat().st_size:x}-float32.gguf"
    if kept.exists():
        return kept
    part = kept.with_name(kept.name + ".part")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        reader = gguf.GGUFReader(str(base))
        check_room(kept, sum(int(tensor.n_elements) for tensor in reader.tensors) * BYTES_PER_WEIGHT)
        _write(reader, part, architecture)
        part.replace(kept)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StorageError(f"{kept} cannot be written ({error.strerror}); free some disk space or set FENGJING_HOME") from error
    return kept


def _write(reader: gguf.GGUFReader, path: Path, architecture: str) -> None:
    """One tensor after the other, so that memory holds one of them."""
    writer = gguf.GGUFWriter(str(path), architecture)
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == gguf.Keys.General.ARCHITECTURE:
            continue  # the writer's own
        value = int(gguf.LlamaFileType.ALL_F32) if name == gguf.Keys.General.FILE_TYPE else field.contents()
        writer.add_key_value(name, value, field.types[0], field.types[-1] if len(field.types) > 1 else None)
    for tensor in reader.tensors:
        shape = [int(size) for size in reversed(tensor.shape)]
        writer.add_tensor_info(tensor.name, shape, np.dtype(np.float32), int(tensor.n_elements) * BYTES_PER_WEIGHT)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for tensor in reader.tensors:
        writer.write_tensor_data(dequantize(tensor.data, tensor.tensor_type).astype(np.float32))
    writer.close()
