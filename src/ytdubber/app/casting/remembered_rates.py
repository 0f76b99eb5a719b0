"""How fast voices speak, the same for a recording as long as anything of it is remembered."""

import hashlib
import json
from dataclasses import asdict, dataclass

from ytdubber.domain.engine import EngineId
from ytdubber.domain.voice import Voice
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.speaking_rates import SpeakingRates


@dataclass(frozen=True, slots=True)
class RememberedRates:
    """`SpeakingRates` that stand still for a recording.

    Of several translations of a line the one is spoken that suits the voice's pace. Were another
    chosen when a dub is taken up again, after the pace was learned better, it would be paid for
    anew.

    Attributes:
        inner: Learns.
        results: Where what a recording was told is kept.
    """

    inner: SpeakingRates
    results: ResultStore

    def chars_per_second(self, engine: EngineId, voice: Voice, recording: str = "") -> float:
        """What the recording was told before, or what is known now."""
        if not recording:
            return self.inner.chars_per_second(engine, voice)
        parts = ["pace", asdict(engine), asdict(voice), recording]
        key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
        if (stored := self.results.load(key)) is not None:
            return float(stored)
        rate = self.inner.chars_per_second(engine, voice)
        self.results.save(key, repr(rate).encode())
        return rate

    def learn(self, engine: EngineId, voice: Voice, chars: int, spoken_ms: int) -> None:
        """Learn, for other recordings."""
        self.inner.learn(engine, voice, chars, spoken_ms)
