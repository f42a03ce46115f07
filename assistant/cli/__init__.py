"""The command line. Errors of the house become one line on stderr and exit code 1; wrong use is 2."""

from assistant.cli.main import app, main

__all__ = ["app", "main"]
