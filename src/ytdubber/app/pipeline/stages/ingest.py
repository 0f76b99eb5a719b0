"""Both stems, decoded once each to their true length, side by side."""

import threading
from pathlib import Path

from ytdubber.app.pipeline.artifacts import Source, Stem
from ytdubber.app.side_by_side import side_by_side
from ytdubber.audio.decode import Decoded, DecodeOutput, decode
from ytdubber.domain.errors import Cancelled, DurationMismatch
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
    rate_hz = None if options.source_rate else OUTPUT_RATE_HZ
    wanted = [(voice, DecodeOutput(scratch / "voice.wav", SPEECH_RATE_HZ, 1, "PCM_16"))]
    if background is not None:
        wanted.append((background, DecodeOutput(scratch / "background.wav", rate_hz)))
    heard, *unders = _decoded(wanted, call)
    if background is None:
        rate_hz = rate_hz or heard.sample_rate_hz
        total_samples = round(heard.samples * rate_hz / heard.sample_rate_hz)
        return Source(heard.files[0], None, heard.duration_ms, None, total_samples, rate_hz)
    (under,) = unders
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


def _decoded(wanted: list[tuple[Stem, DecodeOutput]], call: Call) -> list[Decoded]:
    """Each stem; when one cannot be read, the other is given up."""
    failed, telling = threading.Event(), threading.Lock()
    shares = dict.fromkeys((output.path for _, output in wanted), 0.0)

    def check() -> None:
        call.check()
        if failed.is_set():
            raise Cancelled

    def one(each: tuple[Stem, DecodeOutput]) -> Decoded:
        stem, output = each

        def progress(done: float) -> None:
            with telling:
                shares[output.path] = done
                call.progress(sum(shares.values()) / len(shares))

        try:
            return decode(
                stem.path, [output], check=check, progress=progress, display_name=stem.name
            )
        except BaseException:
            failed.set()
            raise

    return side_by_side(wanted, one, len(wanted), call.check, lambda _: None)
