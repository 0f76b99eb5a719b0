"""What a setting may hold that is more than a word or a number."""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from ytdubber.domain.errors import BadInput
from ytdubber.domain.languages import target
from ytdubber.engines.vendor.plugin import Use
from ytdubber.engines.vendor.registry import ranked

_PORTS = {"http": 80, "https": 443}
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_LOGGER = re.compile(r"[A-Za-z_]\w*(\.\w+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class EngineOrder:
    """Which engines are asked, by their names, in order of preference.

    Attributes:
        usual: For every language without an order of its own; by what is at hand when empty.
        special: Orders of their own, by language.
    """

    usual: tuple[str, ...] = ()
    special: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        """Every name once."""
        rows = (self.usual, *self.special.values())
        return iter(dict.fromkeys(name for row in rows for name in row))

    def or_else(self, usual: tuple[str, ...]) -> "EngineOrder":
        """The same, with this usual order where none is set."""
        return EngineOrder(self.usual or usual, self.special)


def order(use: Use, *here: str) -> BeforeValidator:
    """Reads `acme,local; pt,es:other,local`: vendors by name, and engines of this machine, all of
    which `local` stands for.
    """

    def names(text: str) -> tuple[str, ...]:
        known = (*ranked(use), *here, "local")
        found = [name.strip().lower() for name in text.split(",") if name.strip()]
        for name in found:
            if name not in known:
                raise ValueError(f"there is no engine '{name}'; choose from {', '.join(known)}")
        if not found:
            raise ValueError("a part of it names no engine")
        return tuple(dict.fromkeys(found))

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        usual, special = tuple[str, ...](), dict[str, tuple[str, ...]]()
        for part in filter(str.strip, value.split(";")):
            languages, colon, engines = part.rpartition(":")
            if not colon and usual:
                raise ValueError("it has two parts without a language; put them into one")
            usual = usual if colon else names(engines)
            for language in languages.split(",") if colon else ():
                special[_language(language)] = names(engines)
        return EngineOrder(usual, special)

    return BeforeValidator(read)


def _language(name: str) -> str:
    try:
        return target(name)
    except BadInput as error:
        raise ValueError(str(error)) from None


_ADDRESS = re.compile(r"[!-~]+@[A-Za-z0-9.-]+", re.ASCII)


def addresses(value: object) -> object:
    """Reads `ann@example.org, bob@example.org`."""
    if not isinstance(value, str):
        return value
    found = tuple(each.strip() for each in value.split(",") if each.strip())
    for each in found:
        if not _ADDRESS.fullmatch(each) or set(each) & set("<>()\\"):
            raise ValueError("write each address as name@host, with commas between")
    return found


def origins(text: str) -> tuple[str, ...]:
    """Web pages, separated by commas, as browsers name them: without the port that goes without
    saying, in small letters.

    Raises:
        ValueError: one of them is not `https://host` or `https://host:port`.
    """
    return tuple(_origin(each.strip()) for each in text.split(",") if each.strip())


def _origin(text: str) -> str:
    if text == "*":
        return text
    reason = f"'{text}' is not a page's origin; write https://host, with :port where it has one"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(reason) from None
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or more or not text.isascii() or " " in text:
        raise ValueError(reason)
    shown = f"[{host}]" if ":" in host else host
    usual = port is None or port == _PORTS[parts.scheme]
    return f"{parts.scheme}://{shown}" + ("" if usual else f":{port}")


@dataclass(frozen=True, slots=True)
class LogLevels:
    """From where on lines are written.

    Attributes:
        usual: Of everything of ours; libraries say nothing below a warning.
        special: Of loggers by name, ours or a library's, and of those below them.
    """

    usual: int = logging.INFO
    special: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        """As it is set."""
        single = (f"{name}={_name_of(level)}" for name, level in self.special.items())
        return ", ".join([_name_of(self.usual), *single])


def _name_of(level: int) -> str:
    return logging.getLevelName(level).lower()


def log_levels(value: object) -> object:
    """Reads `warning` and `info, dramatiq=debug, ytdubber.api.access=warning`."""
    if not isinstance(value, str):
        return value
    usual, special = LogLevels().usual, dict[str, int]()
    for part in filter(None, (each.strip() for each in value.split(","))):
        name, is_of_one, level = part.rpartition("=")
        if is_of_one and not _LOGGER.fullmatch(name.strip()):
            raise ValueError(f"'{name.strip()}' is no logger's name; write each as name=level")
        if level.strip().lower() not in _LEVELS:
            raise ValueError(f"'{level.strip()}' is no level; choose from {', '.join(_LEVELS)}")
        number = _LEVELS[level.strip().lower()]
        if is_of_one:
            special[name.strip()] = number
        else:
            usual = number
    return LogLevels(usual, special)
