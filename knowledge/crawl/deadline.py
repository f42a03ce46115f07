"""An end to a request, however it dawdles: in the handshake, in its headers or byte by byte in the page.

The timeouts of a socket start anew with every byte, so a server that drips would hold a crawl for days.
Not covered: the operating system's own wait for a name to be resolved.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Deadline:
    """Shuts the watched sockets down when its seconds are over; `passed` says whether it had to."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()

    def watch(self, opened: socket.socket) -> None:
        """Keep a second handle on a socket: TLS takes the first one away."""
        with self._lock:
            self._sockets.append(opened.dup())
            if self.passed:
                self._shut_all()

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            self._shut_all()

    def _shut_all(self) -> None:
        for watched in self._sockets:
            with suppress(OSError):  # the other side was quicker
                watched.shutdown(socket.SHUT_RDWR)
