"""Speech by espeak-ng, for the languages no better engine speaks."""

from collections.abc import Sequence
from pathlib import Path

from ytdubber.app.dubs.code_version import code_version
from ytdubber.app.vendors.synthesis_request import voice_of
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.voice import Voice
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities

from .espeak_library import PROVIDER, espeak_version, need_espeak, samples
from .espeak_voices import VOICES
from .receipts import Meter

RATE_HZ = 22_050

WORDS_PER_MINUTE = 175
"""espeak-ng's own pace."""


class EspeakSynthesizer:
    """Formant synthesis: plain to the ear, clear, a few milliseconds a sentence.

    The same request gives the same bytes.
    """

    @property
    def engine(self) -> EngineId:
        """What is installed, and the version of our readings."""
        return EngineId(PROVIDER, "formant", f"{code_version(__name__)}+{espeak_version()}")

    @property
    def capabilities(self) -> TTSCapabilities:
        """It takes any length, bounded against mistakes; it is quicker than a second thread."""
        return TTSCapabilities(RATE_HZ, max_chars=5_000)

    def voices(self, language: str) -> Sequence[Voice]:
        """The language's own voice, then the same as a woman's."""
        return tuple(voice for voice in VOICES if voice.language == language)

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        """Speak a line.

        Raises:
            PartMissing: espeak-ng is not installed.
        """
        import numpy as np

        from ytdubber.audio.speech import trimmed, write

        from .text_normalization import spoken_form

        voice = voice_of(self, request)
        meter = Meter(self.engine, "speak", "characters")
        need_espeak(f"the voice {voice.id}")
        call.raise_if_cancelled()
        text = spoken_form(request.text, request.language)
        said, rate_hz = samples(text, voice.id, WORDS_PER_MINUTE)
        line = trimmed(said.astype(np.float32) / np.float32(32_768), rate_hz)
        receipt = meter.receipt(len(request.text))
        if not len(line):
            raise VendorError(PROVIDER, ErrorKind.BAD_OUTPUT, "nothing was spoken", receipt=receipt)
        return Speech(write(line, rate_hz, into), receipt)

    def warm_up(self) -> None:
        """A call loads its own copy of the library in milliseconds."""

    def close(self) -> None:
        """Nothing to give back."""
