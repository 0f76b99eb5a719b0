"""Which vendors an installation has, and how people call them.

Vendors are declared by packages, this one among them, as entry points of a group; each entry point
is called as people call the vendor, so that its name is known where nothing of it is loaded.
"""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

GROUP = "ytdubber.vendors"


def provider_of(name: str) -> str:
    """What a vendor is called in settings, prices and receipts: `acme-speech` of `Acme Speech`."""
    return name.lower().replace(" ", "-")


def name_of(provider: str) -> str:
    """How people call a provider; the provider itself where no package declares it."""
    return _names().get(provider, provider)


@cache
def declarations() -> tuple[EntryPoint, ...]:
    """The entry points that declare vendors."""
    return tuple(entry_points(group=GROUP))


@cache
def _names() -> Mapping[str, str]:
    return {provider_of(each.name): each.name for each in declarations()}
