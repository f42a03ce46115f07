"""Which addresses on the network may be reached: public ones only, and exactly the one that was checked.

A link or a redirect must not make this machine knock at its own router, a neighbour or a cloud's metadata service.
Names are resolved in one place, at the moment of connecting; every answer is checked and the connection goes to the
checked number, so that a name which answers differently the second time (DNS rebinding) gains nothing.
Not covered: public addresses that lead back inside, and proxies, which are not used.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from knowledge.crawl.deadline import Deadline
from knowledge.crawl.errors import AddressRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv4 address in the last four bytes (RFC 6052)


@dataclass(frozen=True)
class Gate:
    """Resolves names and lets public addresses pass; `allowed_networks` are let pass as well."""

    allowed_networks: tuple[Network, ...] = ()
    resolve: Callable[..., Sequence[tuple[Any, ...]]] = socket.getaddrinfo

    def addresses(self, host: str, port: int) -> list[str]:
        """The numbers of a host, if every one of them may be reached; raises `AddressRefused`, or `OSError` unresolved."""
        found = list(dict.fromkeys(str(answer[4][0]) for answer in self.resolve(host, port, type=socket.SOCK_STREAM)))
        for number in found:
            if not self._may_pass(ipaddress.ip_address(number.partition("%")[0])):
                raise AddressRefused(f"{host} is at {number}, which is no public address; only public sites are crawled")
        return found

    def _may_pass(self, address: Address) -> bool:
        return any(address in network for network in self.allowed_networks) or is_public(address)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet; addresses that hide another one do not, but for NAT64."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local:
            return False
    inside = address.is_private or address.is_loopback or address.is_link_local or address.is_unspecified
    return address.is_global and not (inside or address.is_multicast or address.is_reserved)


class _Checked(HTTPConnection):
    """A connection that asks the gate for its address and has its socket watched by the deadline."""

    def __init__(self, *args: Any, gate: Gate, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate, self._deadline = gate, deadline

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            numbers = self._gate.addresses(name, self.port or self.default_port)
        except OSError as error:
            raise urllib3.exceptions.NewConnectionError(self, f"{name} has no address") from error
        try:
            return self._first_open(numbers)
        finally:
            self._dns_host = name  # the certificate and the Host header are for the name, not for the number

    def _first_open(self, numbers: Sequence[str]) -> socket.socket:
        failure: urllib3.exceptions.HTTPError = urllib3.exceptions.NewConnectionError(self, "the host has no address")
        for number in numbers:
            self._dns_host = number
            try:
                opened = super()._new_conn()
            except urllib3.exceptions.HTTPError as error:
                failure = error
            else:
                self._deadline.watch(opened)
                return opened
        raise failure


class _CheckedTLS(_Checked, HTTPSConnection):
    """The same for https: the certificate is checked against the name."""


class GatedAdapter(HTTPAdapter):
    """Makes `requests` connect through a gate, for one request until one deadline; never tries again by itself."""

    def __init__(self, gate: Gate, deadline: Deadline) -> None:
        self._kinds = {"http": partial(_Checked, gate=gate, deadline=deadline),
                       "https": partial(_CheckedTLS, gate=gate, deadline=deadline)}
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> urllib3.HTTPConnectionPool:
        """The pool for a request, making our connections instead of its own."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = self._kinds[pool.scheme]
        return pool  # type: ignore[no-any-return]
