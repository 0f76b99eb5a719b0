"""Reads the settings in force, and tells all that is wrong with them at once."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import AliasChoices, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource

from ytdubber.domain.errors import BadSetting, BadSettings
from ytdubber.domain.wording import reason
from ytdubber.settings.fields import (
    AlertSettings,
    MoneySettings,
    Settings,
    StorageSettings,
    VendorSettings,
)
from ytdubber.settings.rules import problems
from ytdubber.settings.vendors import ENV_FILE, PREFIX, kinds

_GROUPS: Mapping[str, type[BaseSettings]] = {
    "vendors": VendorSettings,
    "money": MoneySettings,
    "storage": StorageSettings,
    "alerts": AlertSettings,
}
_OF_SETTINGS = frozenset({*_GROUPS, "own"})
"""Fields that hold further settings."""
_READ_ELSEWHERE = ("YTDUBBER_DEBUG",)
"""Ours, too, but no setting: it holds where settings cannot be read."""
_OURS = ("YTDUB", "YT_DUB")
"""How names begin that nobody else has."""
_ALIKE, _MISSPELLED = 0.6, 0.85
"""How much a name is like another (`difflib`) to be proposed for it, and to be taken for it."""

Group = TypeVar("Group", bound=BaseSettings)
_OWN = "vendors."
"""How the groups of vendors' own settings begin."""
Found = dict[str, str]
"""What is wrong, by variable."""


def variables() -> dict[str, tuple[str, str]]:
    """Every variable, with the group of settings it belongs to ("" for none) and its field."""
    return {
        _variable(kind, name): (group, name)
        for group, kind in _all_groups().items()
        for name in kind.model_fields
        if name not in _OF_SETTINGS
    }


def load_settings() -> Settings:
    """The settings in force.

    Raises:
        BadSetting: one has a value it cannot have, lacks another it needs, or is none of ours; the
            message names the variable. `BadSettings` when there are several, with all of them.
    """
    found = _unknown()
    read: dict[str, BaseSettings] = {
        provider: _read(kind, found) for provider, kind in kinds().items()
    }
    groups: dict[str, BaseSettings] = {
        group: _read(kind, found, **({"own": read} if group == "vendors" else {}))
        for group, kind in _GROUPS.items()
    }
    settings = _read(Settings, found, **groups)
    parts = {"": settings, **groups, **{_OWN + each: own for each, own in read.items()}}
    given = {
        variable: getattr(parts[group], name) for variable, (group, name) in variables().items()
    }
    bad = set(found)  # what stands in for a value says nothing about others
    for about, told in problems(given, _defaults()):
        if not bad & set(about):
            found.setdefault(about[0], told)
    if len(found) == 1:
        variable, told = found.popitem()
        raise BadSetting(variable=variable, reason=f"{told}.")
    if found:
        sentences = "".join(f"\n{variable}: {told}." for variable, told in found.items())
        raise BadSettings(count=len(found), problems=sentences)
    return settings


def _all_groups() -> Mapping[str, type[BaseSettings]]:
    vendors = {_OWN + provider: kind for provider, kind in kinds().items()}
    return {"": Settings, **_GROUPS, **vendors}


def _variable(kind: type[BaseSettings], name: str) -> str:
    alias = kind.model_fields[name].validation_alias
    prefix = str(kind.model_config.get("env_prefix"))
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else prefix + name.upper()


def _defaults() -> Mapping[str, object]:
    return {
        _variable(kind, name): field.get_default(call_default_factory=True, validated_data={})
        for group, kind in _all_groups().items()
        for name, field in kind.model_fields.items()
        if group and name not in _OF_SETTINGS
    }


def _read(kind: type[Group], found: Found, **parts: Any) -> Group:
    """A group of settings; a value it cannot have is told, and its default stands in for it."""
    try:
        return kind(**parts)
    except ValidationError as error:
        fields = {_variable(kind, name): name for name in kind.model_fields}
        fields |= {name: name for name in kind.model_fields}
        for each in error.errors():
            name = fields[str(each["loc"][0])]
            told = reason(each["type"], each.get("ctx", {}), each["msg"])
            found.setdefault(_variable(kind, name), told)
            field = kind.model_fields[name]
            parts[name] = field.get_default(call_default_factory=True, validated_data={})
        return kind(**parts)


def _unknown() -> Found:
    """Names that look like ours and are none: a misspelled budget would be no budget.

    Other names in the environment belong to other programs; in our file, one that is nearly the
    name of a setting is taken for it misspelled.
    """
    known = [*variables(), *_READ_ELSEWHERE]
    here = _in_file()
    unset = [name for name in known if name not in os.environ and name not in here]
    found: Found = {}
    for name in sorted({*os.environ, *here}):
        said = name.upper()
        if said in known:
            continue
        if said.startswith(_OURS):
            twin = said.removeprefix(PREFIX)
            like = [twin] if twin in known else get_close_matches(said, known, 1, _ALIKE)
            found[name] = "there is no such setting" + "".join(f"; {own} is one" for own in like)
        elif name in here and (like := get_close_matches(said, unset, 1, _MISSPELLED)):
            found[name] = f"there is no such setting; {like[0]} is one"
    return found


def _in_file() -> Mapping[str, object]:
    """What the `.env` file names.

    Raises:
        BadSetting: it cannot be read.
    """
    try:
        file = DotEnvSettingsSource(Settings, case_sensitive=True, env_ignore_empty=False)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise BadSetting(variable=ENV_FILE, reason=f"the file cannot be read ({why}).") from None
    return file.env_vars
