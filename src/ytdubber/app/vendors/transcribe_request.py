"""What vendors are sent of a recording, and what the words that they hear become."""

import io
from collections.abc import Iterable

from ytdubber.app.vendors.call_limits import AnswerLimits
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.domain.transcript import Word
from ytdubber.ports.call_context import CallContext

RATE_HZ = 16_000
_ANSWER_BYTES, _BYTES_A_SECOND = 4_000_000, 8_000
"""What an answer may have at most: a word takes some 200 bytes and comes twice, and nobody says
more than some ten words a second."""
_SENT_A_SECOND = 250_000
"""What the slowest line carries, in bytes."""
_BLOCK = 1 << 20


def flac(audio: AudioFile, provider: str, most_bytes: int, call: CallContext) -> bytes:
    """A 16 kHz mono recording as FLAC: the same samples, half the upload.

    Raises:
        VendorError: `bad_input` for a file that cannot be read, is not 16 kHz mono or too large.
    """
    import soundfile  # noqa: PLC0415  # loaded for the first recording

    from ytdubber.files.encrypted import open_sound  # noqa: PLC0415  # loads numpy

    made = io.BytesIO()
    try:
        with open_sound(audio.path) as source:
            if (source.samplerate, source.channels) != (RATE_HZ, 1):
                detail = f"{audio.path.name} is not {RATE_HZ} Hz mono"
                raise VendorError(provider, ErrorKind.BAD_INPUT, detail)
            with soundfile.SoundFile(
                made, "w", RATE_HZ, 1, subtype="PCM_16", format="FLAC"
            ) as packed:
                for block in source.blocks(_BLOCK, dtype="int16"):
                    call.raise_if_cancelled()
                    packed.write(block)
    except (soundfile.LibsndfileError, OSError) as error:
        raise VendorError(provider, ErrorKind.BAD_INPUT, f"{audio.path.name}: {error}") from error
    if made.tell() > most_bytes:
        raise VendorError(provider, ErrorKind.BAD_INPUT, f"{audio.path.name} is too large to send")
    return made.getvalue()


def heard_within(seconds: float, audio: AudioFile, sent_bytes: int) -> AnswerLimits:
    """What an answer may be: time to send the recording and to wait; room for words with their
    times, twice over.
    """
    most_bytes = _ANSWER_BYTES + _BYTES_A_SECOND * audio.duration_ms // 1000
    return AnswerLimits(seconds + sent_bytes / _SENT_A_SECOND, most_bytes)


def in_order(
    words: Iterable[tuple[str, float, float, float, str | None]], total_ms: int
) -> tuple[Word, ...]:
    """The words in milliseconds: none empty, none beginning before the one before has ended.

    Args:
        words: Of each its text, when it begins and ends in seconds, how sure it is, its speaker.
        total_ms: The recording's length.
    """
    made: list[Word] = []
    for text, start_s, end_s, confidence, speaker in words:
        if not text.strip():
            continue
        start = max(round(start_s * 1000), made[-1].end_ms if made else 0)
        end = max(start + 1, min(round(end_s * 1000), total_ms))
        made.append(Word(text.strip(), start, end, min(1.0, max(0.0, confidence)), speaker))
    return tuple(made)
