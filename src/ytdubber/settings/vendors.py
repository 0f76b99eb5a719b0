"""Vendors' own settings, as their plugins declare them, read as all others are."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic_settings import BaseSettings, SettingsConfigDict

from ytdubber.engines.vendor.plugin import VendorPlugin
from ytdubber.engines.vendor.registry import vendors

ENV_FILE = ".env"
PREFIX = "YTDUBBER_"
CONFIG = SettingsConfigDict(
    env_prefix=PREFIX,
    env_file=ENV_FILE,
    env_ignore_empty=True,
    extra="ignore",
    populate_by_name=True,
)


@cache
def kinds() -> Mapping[str, type[BaseSettings]]:
    """By vendor, what reads its settings from the environment and the file."""
    return {each.provider: _readable(each) for each in vendors()}


def own_settings() -> Mapping[str, Any]:
    """Every vendor's settings, as they are set now."""
    return {provider: kind() for provider, kind in kinds().items()}


def _readable(plugin: VendorPlugin[Any]) -> type[BaseSettings]:
    made: type[BaseSettings] = type(
        plugin.settings.__name__,
        (plugin.settings, BaseSettings),
        {
            "__doc__": plugin.settings.__doc__,
            "__module__": plugin.settings.__module__,
            "model_config": CONFIG | {"env_prefix": plugin.prefix, "enable_decoding": False},
        },
    )
    return made
