"""Whether a recording is taken apart into its voice and what is under it."""

from dataclasses import dataclass
from enum import StrEnum


class Separating(StrEnum):
    """When the voice is separated from the rest of its own file, where there is no other file with
    the background.
    """

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


USUAL_HEARD_DB = -35.0
"""Against the speech: what is there most of the time in its pauses is heard from here on. Quiet
rooms are at -50 and under; with music at 30 dB under the voice it is -32."""
LOUD_HEARD_DB = -20.0
"""The same of all that is in the pauses together, such as a jingle: breaths are at -30."""
REST_HEARD_DB = -20.0
"""The same of what a separator leaves of a recording without pauses: -24 of a clean voice, since no
separator takes out all of it; -19.6 with music at 20 dB under the voice."""


@dataclass(frozen=True, slots=True)
class UnderVoice:
    """How loud a recording is where nobody speaks, in dB against where somebody does.

    Attributes:
        usual_db: The median.
        mean_db: The mean of the powers.
    """

    usual_db: float
    mean_db: float

    @property
    def heard(self) -> bool:
        """Whether that is music or noise that a listener would miss."""
        return self.usual_db >= USUAL_HEARD_DB or self.mean_db >= LOUD_HEARD_DB

    @property
    def loudness_db(self) -> float:
        """How far it is below the voice, by what is loudest about it."""
        return -max(self.usual_db, self.mean_db)
