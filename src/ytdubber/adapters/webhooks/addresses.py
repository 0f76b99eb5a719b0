"""Addresses that a stranger may have us connect to: public ones, looked at when the connection is
made, so that a name that leads elsewhere meanwhile leads nowhere.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a name."""

_OTHERS = tuple(
    ipaddress.ip_network(each)
    for each in (
        "168.63.129.16/32",  # Azure's own, for its machines, though it looks public
        "192.0.0.0/24",  # IETF protocol assignments, and Oracle's metadata
        "192.88.99.0/24",  # 6to4 relays, given up by RFC 7526
        "64:ff9b:1::/48",  # NAT64 of a network's own, RFC 8215
        "2002::/16",  # 6to4, which leads to any address of IPv4
        "2001::/32",  # Teredo, likewise
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotPublic(OSError):
    """A name has no address that may be reached."""


def resolved(host: str, port: int) -> Sequence[str]:
    """What this machine's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def is_public(text: str) -> bool:
    """Whether an address belongs to the Internet, and to nobody's own network or machine."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address in _NAT64:
            address = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if any(address in network for network in _OTHERS):
        return False
    odd = address.is_multicast or address.is_reserved or address.is_unspecified
    own = address.is_private or address.is_loopback or address.is_link_local
    return address.is_global and not odd and not own


def public_addresses(host: str, port: int, resolve: Resolve = resolved) -> Sequence[str]:
    """The addresses of a name.

    Raises:
        NotPublic: one of them is not public, or there is none.
    """
    try:
        found = resolve(host.strip("[]"), port)
    except (OSError, UnicodeError):
        raise NotPublic("its name is not known") from None
    if not found:
        raise NotPublic("its name is not known")
    if not all(is_public(each) for each in found):
        raise NotPublic("it is an address of a private network or of this machine")
    return found


class PublicBackend:
    """A network backend of httpcore that connects to public addresses alone: to the very address
    that was looked at. Certificates are checked by name as ever.
    """

    def __init__(self, inner: Any, resolve: Resolve = resolved) -> None:
        self._inner = inner
        self._resolve = resolve

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **how: Any) -> Any:
        """A connection to the first of a name's addresses that takes one."""
        addresses = public_addresses(host, port, self._resolve)
        for address in addresses[:-1]:
            with suppress(Exception):  # httpcore's own; the last address's is told
                return self._inner.connect_tcp(address, port, timeout, **how)
        return self._inner.connect_tcp(addresses[-1], port, timeout, **how)

    def connect_unix_socket(self, path: str, timeout: float | None = None, **how: Any) -> Any:
        """None."""
        raise NotPublic("it is no address of the Internet")

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._inner.sleep(seconds)
