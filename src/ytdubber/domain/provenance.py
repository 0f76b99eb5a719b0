"""What a finished file says of where it is from: that it was dubbed by AI, when and by whom."""

from dataclasses import dataclass
from datetime import date

from ytdubber.version import __version__

from .engine import EngineId
from .languages import language_of, own_name

GENERATOR = "YT Dubber"
ENCODER = f"{GENERATOR} {__version__}"
AI_WORDS = "Dubbed by AI"
"""How the comment of every file of ours begins; the words that `ytdubber detect` looks for."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a finished file is from.

    Attributes:
        title: What the recording is called.
        languages: The codes of the dubs in it.
        made_on: When it was asked for, in UTC.
        engines: Who translated and spoke it.
    """

    title: str
    languages: tuple[str, ...]
    made_on: date
    engines: tuple[EngineId, ...] = ()

    @property
    def locales(self) -> list[str]:
        """The languages as BCP 47."""
        return [language_of(each).locale for each in self.languages]

    @property
    def comment(self) -> str:
        """That it was dubbed by AI, for a person and for a program."""
        return f"{AI_WORDS}: {', '.join(map(own_name, self.languages))}."
