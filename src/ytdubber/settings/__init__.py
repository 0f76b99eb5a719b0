"""What can be set from outside: the settings, how they are read, and what is wrong with them."""

from ytdubber.settings.fields import (
    MoneySettings,
    Settings,
    StorageSettings,
    VendorSettings,
)
from ytdubber.settings.load import load_settings, variables
from ytdubber.settings.rules import USUAL_GB_A_DAY, USUAL_MB
from ytdubber.settings.values import EngineOrder

__all__ = [
    "USUAL_GB_A_DAY",
    "USUAL_MB",
    "EngineOrder",
    "MoneySettings",
    "Settings",
    "StorageSettings",
    "VendorSettings",
    "load_settings",
    "variables",
]
