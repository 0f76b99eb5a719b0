"""Both stems, decoded once each to their true length."""

from pathlib import Path

from ytdubber.app.pipeline.artifacts import Source, Stem
from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.domain.errors import DurationMismatch
from ytdubber.domain.job import DubOptions
from ytdubber.ports.call import Call

SPEECH_RATE_HZ = 16_000
OUTPUT_RATE_HZ = 48_000


def ingest(
    voice: Stem, background: Stem | None, options: DubOptions, scratch: Path, call: Call
) -> Source:
    """Decode the stems into `scratch`. The dub lasts as long as the background, or as the voice
    when there is none, at 48 kHz or at the rate of that stem.

    Raises:
        BadInput: a stem is not sound we can read, or their lengths differ by more than
            the options allow.
    """
    heard = decode(
        voice.path,
        [DecodeOutput(scratch / "voice.wav", SPEECH_RATE_HZ, 1, "PCM_16")],
        check=call.check,
        progress=lambda done: call.progress(done / 2),
        display_name=voice.name,
    )
    if background is None:
        rate_hz = heard.sample_rate_hz if options.source_rate else OUTPUT_RATE_HZ
        total_samples = round(heard.samples * rate_hz / heard.sample_rate_hz)
        return Source(heard.files[0], None, heard.duration_ms, None, total_samples, rate_hz)
    wanted_hz = None if options.source_rate else OUTPUT_RATE_HZ
    under = decode(
        background.path,
        [DecodeOutput(scratch / "background.wav", wanted_hz, None, "FLOAT")],
        check=call.check,
        progress=lambda done: call.progress(0.5 + done / 2),
        display_name=background.name,
    )
    if abs(under.duration_ms - heard.duration_ms) > options.tolerance_ms:
        raise DurationMismatch(
            voice=voice.name,
            voice_s=heard.duration_ms / 1000,
            background=background.name,
            background_s=under.duration_ms / 1000,
            tolerance_ms=options.tolerance_ms,
        )
    return Source(
        voice=heard.files[0],
        background=under.files[0],
        voice_ms=heard.duration_ms,
        background_ms=under.duration_ms,
        total_samples=under.files[0].samples,
        sample_rate_hz=under.files[0].sample_rate_hz,
    )
