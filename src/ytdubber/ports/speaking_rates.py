"""How fast voices speak, learned from what they said."""

from typing import Protocol

from ytdubber.domain.engine import EngineId
from ytdubber.domain.voice import Voice


class SpeakingRates(Protocol):
    """Characters a second, by engine, voice and language; kept across jobs."""

    def chars_per_second(self, engine: EngineId, voice: Voice, recording: str = "") -> float:
        """What was learned so far, or a first guess for the language.

        Args:
            engine: The voice's engine.
            voice: The voice.
            recording: Names what is dubbed. Where answers are remembered, it is the same again for
                the same recording, so that the same lines are chosen for it.
        """
        ...

    def learn(self, engine: EngineId, voice: Voice, chars: int, spoken_ms: int) -> None:
        """Take in that a voice took so long for so many characters at its own pace."""
        ...
