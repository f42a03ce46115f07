"""What can go wrong in a training, each by its name, and the foreign errors said in our words.

    TrainingError            child of ModelError: one line, ends with what to type next
    ├── ConfigError          the YAML's keys or values; lists everything that is wrong at once
    ├── RowsError            the data set, its registry or its rows
    ├── LossError            the loss became no number
    └── OutOfMemory          the device has too little memory

Errors of the disk are the house's `StorageError`. A process that is killed outright says nothing: `finetune.jobs`
notices it from outside.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.errors import DataError, FengjingError, InputError, ModelError, StorageError

NO_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "defaultcpuallocator", "cannot allocate memory")
NO_DISK = ("no space left", "disk quota", "file write failed", "pytorchstreamwriter failed", "unexpected pos")
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class TrainingError(ModelError):
    """A training cannot start or go on."""


class ConfigError(TrainingError, InputError):
    """The configuration cannot be used; the message lists every problem in it."""

    def __init__(self, where: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{where}: {count}\n" + "\n".join(f"  - {problem}" for problem in problems))


class RowsError(TrainingError, DataError):
    """The data set cannot be read, or nothing in it can be learnt from."""


class LossError(TrainingError):
    """The loss is no number any more."""


class OutOfMemory(TrainingError):
    """The device's memory does not hold the batch."""


@contextmanager
def translated(run: str) -> Iterator[None]:
    """Say errors of torch, safetensors and the disk in our words; `run` is the folder the run writes to."""
    try:
        yield
    except FengjingError:
        raise
    except (RuntimeError, MemoryError, OSError) as error:
        raise _ours(error, run) from error


def _ours(error: RuntimeError | MemoryError | OSError, run: str) -> FengjingError:
    said = str(error).lower()
    if isinstance(error, MemoryError) or any(sign in said for sign in NO_MEMORY):
        return OutOfMemory(
            "the memory does not hold the batch; halve per_device_train_batch_size and double gradient_accumulation_steps, "
            "or lower cutoff_len, then start the same config again: it goes on from the last checkpoint"
        )
    if getattr(error, "errno", None) in DISK_ERRORS or any(sign in said for sign in NO_DISK):
        return StorageError(
            f"the disk of {run} is full; free some space (old runs, or lower save_total_limit), then start the same "
            "config again: it goes on from the last checkpoint"
        )
    if isinstance(error, OSError):
        return StorageError(f"{error.filename or run} cannot be read or written ({error.strerror or error}); check the path and its rights")
    return TrainingError(f"the training broke off in torch ({str(error).splitlines()[0] if said else type(error).__name__}); start it again to go on from the last checkpoint")
