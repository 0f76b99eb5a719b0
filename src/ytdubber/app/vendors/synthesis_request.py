"""What every speaker checks before it speaks, and what vendors' sound becomes."""

from pathlib import Path
from typing import TYPE_CHECKING

from ytdubber.app.full_disk import written_when_there_is_room
from ytdubber.app.vendors.call_limits import AnswerLimits
from ytdubber.app.vendors.faults import unreadable
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.usage import Receipt
from ytdubber.domain.voice import Voice
from ytdubber.ports.speech_synthesizer import Speech, SpeechSynthesizer, SynthesisRequest

if TYPE_CHECKING:
    from ytdubber.audio.speech import Samples


def voice_of(speaker: SpeechSynthesizer, request: SynthesisRequest) -> Voice:
    """The voice asked for.

    Raises:
        VendorError: `unsupported` for a voice the speaker does not have in this language;
            `bad_input` for a text too long.
    """
    provider = speaker.engine.provider
    if len(request.text) > speaker.capabilities.max_chars:
        raise VendorError(
            provider,
            ErrorKind.BAD_INPUT,
            f"{len(request.text)} characters; at most {speaker.capabilities.max_chars}",
        )
    for voice in speaker.voices(request.language):
        if voice.id == request.voice_id:
            return voice
    raise VendorError(
        provider, ErrorKind.UNSUPPORTED, f"no voice '{request.voice_id}' for '{request.language}'"
    )


def need_words(provider: str, text: str) -> None:
    """Make sure that there is something to say before it is paid for.

    Raises:
        VendorError: `bad_output`, as speaking it would be.
    """
    if not any(map(str.isalnum, text)):
        raise VendorError(provider, ErrorKind.BAD_OUTPUT, "there is nothing to say")


def written(samples: "Samples", rate_hz: int, into: Path, receipt: Receipt) -> Speech:
    """A vendor's sound as a line: without the silence around it, in a file, once there is room.

    Raises:
        VendorError: `bad_output` when there is nothing but silence.
    """
    from ytdubber.audio.speech import trimmed, write  # noqa: PLC0415  # loads numpy

    line = trimmed(samples, rate_hz)
    if not len(line):
        provider = receipt.engine.provider
        raise unreadable(provider, "nothing was spoken", receipt, receipt.request_id)
    file = written_when_there_is_room(lambda: write(line, rate_hz, into), into.parent)
    return Speech(file, receipt)


def spoken_within(seconds: float, text: str, rate_hz: int) -> AnswerLimits:
    """What an engine's answer may be: 16-bit sound of a second for every character and ten more."""
    return AnswerLimits(seconds, 1_000_000 + 2 * rate_hz * (len(text) + 10))
