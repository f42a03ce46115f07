"""The adapters that come along, a PEFT folder for each base, and which one a setting means."""

from pathlib import Path

from finetune.shipping import WEIGHTS, AdapterError

SHIPPED, NONE = "shipped", "none"
_HERE = Path(__file__).parent


def adapter_named(setting: str, model: str) -> Path | None:
    """The adapter a setting means for a model: a folder or GGUF file; None for none, or where none comes along for it.

    Raises `AdapterError` where the file or folder that is named does not exist.
    """
    if setting in ("", NONE):
        return None
    if setting == SHIPPED:
        shipped = _HERE / model
        return shipped if (shipped / WEIGHTS).exists() else None
    path = Path(setting).expanduser()
    if not path.exists():
        raise AdapterError(f"the adapter {path} does not exist; run 'fengjing adapt shipped', 'fengjing adapt none' or give the folder a training has written")
    return path
