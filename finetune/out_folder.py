"""Folders and files that are handed on: there whole or not at all, and never in place of something that was there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.errors import InputError, StorageError

SPARE_BYTES = 100 << 20  # room to leave on the disk beside what is written


def check_free(target: Path) -> None:
    """Raise `InputError` where something lies at the target already; an empty folder may."""
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise InputError(f"{target} exists already and is not empty; choose another place, or take it away first")


@contextmanager
def whole_folder(target: Path, needed_bytes: int = 0) -> Iterator[Path]:
    """A folder to write into that becomes `target` at the end; whatever goes wrong before leaves nothing behind.

    Raises `InputError` where the target is taken, `StorageError` where the disk has not `needed_bytes` free or refuses.
    """
    check_free(target)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        check_room(target, needed_bytes)
        shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
        part.mkdir()
        yield part
        if target.is_dir():
            target.rmdir()
        part.replace(target)
    except OSError as error:
        raise StorageError(f"{target} cannot be written ({error.strerror or error}); free some disk space or choose another place") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def check_room(target: Path, needed_bytes: int) -> None:
    """Raise `StorageError` where the disk of the target's folder has not so much free."""
    free = shutil.disk_usage(target.parent).free
    if needed_bytes and free < needed_bytes + SPARE_BYTES:
        raise StorageError(f"{target} needs {needed_bytes >> 20} MB, {free >> 20} MB are free; free some disk space or choose another place")
