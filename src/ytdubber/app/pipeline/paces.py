"""How fast the voices of a dub speak."""

import hashlib

from ytdubber.app.casting.voices import Cast
from ytdubber.app.pipeline.texts import transcript_json
from ytdubber.domain.casting import Speaker
from ytdubber.domain.transcript import Transcript
from ytdubber.ports.speaking_rates import SpeakingRates


def paces(rates: SpeakingRates, cast: Cast, transcript: Transcript) -> dict[Speaker, float]:
    """How many characters a second each speaker's voice speaks; the same when this recording is
    dubbed again.
    """
    recording = hashlib.sha256(transcript_json(transcript)).hexdigest()
    engine = cast.synthesizer.engine
    return {
        speaker: rates.chars_per_second(engine, voice, recording)
        for speaker, voice in cast.voices.items()
    }
