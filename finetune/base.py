"""The base model a training stands on: read by the very code that reads it for the chat (see `chains.models.bases`)."""

from chains.models.bases import Base, BaseError, find_base, load_base, load_tokenizer

__all__ = ["Base", "BaseError", "find_base", "load_base", "load_tokenizer"]
