"""Text in, speech out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ytdubber.domain.engine import EngineId
from ytdubber.domain.media import AudioFile
from ytdubber.domain.usage import Receipt
from ytdubber.domain.voice import Voice

from .call_context import CallContext


@dataclass(frozen=True, slots=True)
class SynthesisRequest:
    """One line to speak, at the voice's own pace.

    Attributes:
        text: What to say.
        language: In which language (ISO 639-1).
        voice_id: With which voice.
        before: The line before, for intonation.
        after: The line after.
    """

    text: str
    language: str
    voice_id: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """A spoken line: mono, silence trimmed from its ends, at the engine's own rate."""

    audio: AudioFile
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class TTSCapabilities:
    """What a text-to-speech engine takes and gives, whatever the language.

    Attributes:
        native_rate_hz: The sample rate it speaks at.
        max_chars: The longest text one call may have.
        concurrency: How many calls at once serve it best.
        uses_context: Whether the lines before and after change how a line sounds.
    """

    native_rate_hz: int
    max_chars: int
    concurrency: int = 1
    uses_context: bool = False


class SpeechSynthesizer(Protocol):
    """A text-to-speech engine."""

    @property
    def engine(self) -> EngineId:
        """Who it is; cheap, loads nothing."""
        ...

    @property
    def capabilities(self) -> TTSCapabilities:
        """What it takes and gives."""
        ...

    def voices(self, language: str) -> Sequence[Voice]:
        """The voices of a language, the default first; none when it does not speak it."""
        ...

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        """Speak the line into a WAV file at `into`. Safe to call from several threads.

        Raises:
            VendorError: the engine could not do it; `unsupported` for a voice it does not have.
        """
        ...

    def warm_up(self) -> None:
        """Load now what the first call would load. Safe beside calls from other threads.

        Raises:
            BadInput: a model is missing or corrupt.
            VendorError: it cannot be loaded.
        """
        ...

    def close(self) -> None:
        """Give back memory and connections; calling again loads again."""
        ...
