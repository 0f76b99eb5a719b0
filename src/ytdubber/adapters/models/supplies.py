"""What sources fetch with."""

from dataclasses import dataclass

from ytdubber.adapters.models.mozilla import Mozilla
from ytdubber.adapters.models.packages import Packages
from ytdubber.adapters.models.web import Web


@dataclass(frozen=True)
class Supplies:
    """The clients of one round of fetching."""

    web: Web
    mozilla: Mozilla
    packages: Packages
