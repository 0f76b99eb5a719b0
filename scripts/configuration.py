"""Writes docs/configuration.md: every setting, from the settings themselves."""

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MinLen
from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from ytdubber.settings import (
    AlertSettings,
    MoneySettings,
    Settings,
    StorageSettings,
    VendorSettings,
)
from ytdubber.settings.rules import needs
from ytdubber.settings.vendors import PREFIX, kinds

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"
_HEAD = """\
# Configuration
<!-- Written by `make configuration` from src/ytdubber/settings; change it there. -->
Settings are environment variables, or lines `NAME=value` of a file `.env` in the folder that a
command is started in; `.env.example` in the checkout has them all, to copy. None is needed: without
any, everything is local and embedded. Wrong ones are refused at the start, all at once, each with
its name; so is a name that is none of ours ([ADR 29](adr/0029-settings-are-whole.md)). An empty
value counts as not set. They are read once: a process is started again to take other ones
([rotating secrets](rotation.md)).
"""
_SECTIONS: tuple[tuple[str, type[BaseSettings], str], ...] = (
    ("The machine and the service", Settings, "all roles read the same ones"),
    ("Files", StorageSettings, "in a folder, unless one of these says otherwise"),
    ("Vendors", VendorSettings, "asked when their key is set, or an order names them"),
    ("Money", MoneySettings, "prices, budgets and payments"),
    (
        "Alerts",
        AlertSettings,
        "whom they reach ([what they are](observability.md#alerts-without-prometheus))",
    ),
)
_TAIL = """\
## Two that are read elsewhere
`YTDUBBER_DEBUG`, set to anything, has a command print where an unexpected error came from. `PGBIN`
is the folder of PostgreSQL's programs, where the embedded ones shall not be used.
"""
_ATTRIBUTE = re.compile(r"^ {4}(\w+): ", re.MULTILINE)
_GROUPS = frozenset({"vendors", "money", "storage", "alerts", "own"})
_KINDS: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    bool: "`true` or `false`",
    float: "number",
    Path: "path",
}


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for title, kind, said in _SECTIONS:
        of_vendors = kinds().values() if kind is VendorSettings else ()
        table = _table(kind, *of_vendors)
        parts.append(f"## {title}\n{said[0].upper()}{said[1:]}.\n\n{table}")
    return "\n".join([*parts, _TAIL])


def _table(*kinds: type[BaseSettings]) -> str:
    rows = ["| variable | what it is | value | when not set |", "| --- | --- | --- | --- |"]
    return "\n".join([*rows, *(row for kind in kinds for row in _rows(kind))]) + "\n"


def _rows(kind: type[BaseSettings]) -> Iterator[str]:
    told, prefix, needed = _told(kind), str(kind.model_config.get("env_prefix")), needs()
    for name, field in kind.model_fields.items():
        if name in _GROUPS:
            continue
        variable = _variable(name, field, prefix)
        meaning = re.sub(r"`(\w+)`", _by_variable, told[name])
        if variable in needed:
            meaning += f" Needs `{needed[variable]}`."
        cells = (f"`{variable}`", meaning, _value(name, field), _default(field))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _told(kind: type[BaseSettings]) -> dict[str, str]:
    """What the class's documentation says of each field."""
    text = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:")[2]
    pieces = _ATTRIBUTE.split(text)[1:]
    return {
        name: " ".join(said.split()) for name, said in zip(pieces[::2], pieces[1::2], strict=True)
    }


def _by_variable(found: re.Match[str]) -> str:
    """A field that is named, as its variable."""
    field = Settings.model_fields.get(found[1])
    return f"`{_variable(found[1], field)}`" if field else found[0]


def _variable(name: str, field: FieldInfo, prefix: str = PREFIX) -> str:
    alias = field.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else prefix + name.upper()


def _value(name: str, field: FieldInfo) -> str:
    """Its type and bounds, in words."""
    kind = _plain(field.annotation)
    if get_origin(kind) is Literal:
        return " or ".join(f"`{each}`" for each in get_args(kind))
    said = _KINDS.get(kind, "text")
    if kind is SecretStr or name.endswith("secret"):
        said = "secret"
    elif f"_{name}".endswith(("_url", "_endpoint")):
        said = "address"
    if getattr(kind, "__name__", "") == "EngineOrder":
        return "engines in order"
    if getattr(kind, "__name__", "") == "LogLevels":
        return "`debug`, `info`, `warning` or `error`; of single ones `name=level`, by commas"
    if getattr(kind, "__name__", "") == "Decimal":
        said = "US dollars"
    return ", ".join([said, *_bounds(field)])


def _bounds(field: FieldInfo) -> Iterator[str]:
    least = next((each.ge for each in field.metadata if isinstance(each, Ge)), None)
    most = next((each.le for each in field.metadata if isinstance(each, Le)), None)
    if least is not None and most is not None:
        yield f"{least:,} to {most:,}"
    for each in field.metadata:
        if isinstance(each, MinLen):
            yield f"{each.min_length} characters or more"


def _plain(kind: Any) -> Any:
    """A type without what surrounds it."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _plain(next(each for each in get_args(kind) if each is not NoneType))
    return kind


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.default_factory is not None or value in (None, "", ()):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if getattr(type(value), "__name__", "") == "EngineOrder":
        return "by what is at hand"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
