"""The vendors of this installation, by the entry points that declare them."""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import EntryPoint
from typing import Any

from ytdubber.domain.errors import PartMissing, VendorNotLoaded, VendorTwice
from ytdubber.domain.vendors import declarations, provider_of

from .plugin import Use, VendorPlugin


@cache
def vendors() -> tuple[VendorPlugin[Any], ...]:
    """Every vendor, by name.

    Raises:
        VendorNotLoaded: what declares one is broken.
        VendorTwice: two packages declare the same one.
        PartMissing: none is declared, not even ours.
    """
    found = collected(declarations())
    if not found:
        raise PartMissing(
            part="The list of vendors", purpose="every command", command="make install"
        )
    return found


def vendor(provider: str) -> VendorPlugin[Any]:
    """The vendor of this name.

    Raises:
        KeyError: there is none.
    """
    return {each.provider: each for each in vendors()}[provider]


def ranked(use: Use) -> tuple[str, ...]:
    """Those that an order for this may name, by their place in the usual one; the others last."""
    able = [each for each in vendors() if each.may(use)]
    last = 1 + max((rank for each in able for rank in each.ranks.values()), default=0)
    return tuple(each.provider for each in sorted(able, key=lambda each: each.ranks.get(use, last)))


def usual(use: Use) -> tuple[str, ...]:
    """Those that are asked where no order is set, in turn."""
    return tuple(name for name in ranked(use) if use in vendor(name).ranks)


def collected(points: Iterable[EntryPoint]) -> tuple[VendorPlugin[Any], ...]:
    """The vendors that entry points declare, by name.

    Raises:
        VendorNotLoaded: one declares none, or one of another name.
        VendorTwice: two declare the same one.
    """
    by_provider: dict[str, EntryPoint] = {}
    for each in points:
        other = by_provider.setdefault(provider_of(each.name), each)
        if other is not each:
            raise VendorTwice(vendor=each.name, first=_package(other), second=_package(each))
    return tuple(_loaded(by_provider[provider]) for provider in sorted(by_provider))


def _loaded(point: EntryPoint) -> VendorPlugin[Any]:
    try:
        plugin = point.load()
    except Exception as error:  # whatever a package of others does while it is imported
        told = f"{type(error).__name__}: {error}"
        raise _broken(point, told) from error
    if not isinstance(plugin, VendorPlugin):
        raise _broken(point, f"{point.value} is no VendorPlugin")
    if plugin.name != point.name:
        raise _broken(point, f"{point.value} calls itself {plugin.name}")
    return plugin


def _broken(point: EntryPoint, reason: str) -> VendorNotLoaded:
    return VendorNotLoaded(vendor=point.name, package=_package(point), reason=reason)


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.module
