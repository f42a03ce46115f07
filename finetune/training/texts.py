"""Reading the user's text files: UTF-8, with or without its mark, or the GB code pages Chinese Windows writes."""

from pathlib import Path

from knowledge.errors import InputError

GB = "gb18030"  # holds GBK and GB2312


def read_text(path: Path) -> str:
    """The file's text; raises `InputError` where there is no file or its bytes are no text."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check the path") from error
    for encoding in ("utf-8-sig", GB):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path} is neither UTF-8 nor GBK text; save it as UTF-8")
