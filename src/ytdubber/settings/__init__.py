"""What can be set from outside: the settings, how they are read, and what is wrong with them."""

from ytdubber.settings.fields import (
    LOCAL_VOICES,
    AlertSettings,
    LogFormat,
    MoneySettings,
    Settings,
    StorageSettings,
    VendorSettings,
)
from ytdubber.settings.load import load_settings, variables
from ytdubber.settings.rules import USUAL_GB_A_DAY, USUAL_MB, expires_at
from ytdubber.settings.values import EngineOrder, LogLevels

__all__ = [
    "LOCAL_VOICES",
    "USUAL_GB_A_DAY",
    "USUAL_MB",
    "AlertSettings",
    "EngineOrder",
    "LogFormat",
    "LogLevels",
    "MoneySettings",
    "Settings",
    "StorageSettings",
    "VendorSettings",
    "expires_at",
    "load_settings",
    "variables",
]
