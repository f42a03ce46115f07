"""The error family of the whole project, drawn once.

    FengjingError            every error a user may see; one line, ends with what to type next
    ├── KnowledgeError       data, catalogue, index
    │   ├── DataError        a data file does not parse or breaks a rule
    │   └── IndexMismatch    the index was built by another embedder or from other data
    ├── ModelError           model files, engines, servers
    │   ├── PullError        no source gave the right bytes
    │   └── EngineError      the engine did not start or broke off
    ├── StorageError         a disk or database refused to write
    └── InputError           the user's own words or arguments cannot be used

Foreign exceptions are translated where the foreign library is called, never above.
"""


class FengjingError(Exception):
    """Base of every error this project raises on purpose; `str()` is one helpful line."""


class KnowledgeError(FengjingError):
    """Something is wrong with what we know."""


class DataError(KnowledgeError, ValueError):
    """A data file does not parse, or a record breaks a rule; a `ValueError` too, so that pydantic adds the field."""


class IndexMismatch(KnowledgeError):
    """The index on disk does not belong to this embedder or this data."""


class ModelError(FengjingError):
    """Something is wrong with a model."""


class PullError(ModelError):
    """No source delivered the expected bytes."""


class EngineError(ModelError):
    """The engine did not start, or broke off while answering."""


class StorageError(FengjingError):
    """The disk or the database refused to write."""


class InputError(FengjingError):
    """What the user gave cannot be used as it is."""
