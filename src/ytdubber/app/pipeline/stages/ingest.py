"""Both stems, decoded once each to their true length, side by side."""

import threading
from pathlib import Path
from typing import Protocol

from ytdubber.app.pipeline.artifacts import Source, Stem
from ytdubber.audio.decode import Decoded, DecodeOutput, decode
from ytdubber.domain.errors import Cancelled, DurationMismatch
from ytdubber.domain.job import DubOptions
from ytdubber.domain.separation import Separating
from ytdubber.engines.map_concurrently import map_concurrently
from ytdubber.ports.call_context import CallContext

SPEECH_RATE_HZ = 16_000
OUTPUT_RATE_HZ = 48_000


def ingest(
    voice: Stem,
    background: Stem | None,
    options: DubOptions,
    scratch: Path,
    call: CallContext,
    original: bool = False,
) -> Source:
    """Decode the stems into `scratch`. The dub lasts as long as the background, or as the voice
    when there is none, at 48 kHz or at the rate of that stem. A film lasts as long as its picture
    and its sound (ADR 16). Of what is kept of the `original`, the voice comes at the output's rate.

    Raises:
        BadInput: a stem is not sound we can read, or their lengths differ by more than
            the options allow.
    """
    rate_hz = None if options.source_rate else OUTPUT_RATE_HZ
    wanted = [(voice, [DecodeOutput(scratch / "voice.wav", SPEECH_RATE_HZ, 1, "PCM_16")])]
    if background is not None:
        wanted.append((background, [DecodeOutput(scratch / "background.wav", rate_hz)]))
    elif options.separate is not Separating.NEVER:
        wanted[0][1].append(DecodeOutput(scratch / "mix.wav", rate_hz))
    if options.keep or original:
        wanted[0][1].append(DecodeOutput(scratch / "original.wav", rate_hz, 1))
    heard, *unders = _decoded(wanted, options.track, call)
    notes = _notes(voice, heard)
    more = {file.path.stem: file for file in heard.files[1:]}
    if background is None:
        rate_hz = rate_hz or heard.sample_rate_hz
        total_samples = round(heard.samples * rate_hz / heard.sample_rate_hz)
        return Source(
            voice=heard.files[0],
            background=None,
            voice_ms=heard.duration_ms,
            background_ms=None,
            total_samples=total_samples,
            sample_rate_hz=rate_hz,
            track=heard.track,
            zero_s=heard.zero_s,
            notes=notes,
            mix=more.get("mix"),
            original=more.get("original"),
            film=heard.film,
        )
    (under,) = unders
    need_one_length(voice.name, heard, background.name, under, options.tolerance_ms)
    return Source(
        voice=heard.files[0],
        background=under.files[0],
        voice_ms=heard.duration_ms,
        background_ms=under.duration_ms,
        total_samples=under.files[0].samples,
        sample_rate_hz=under.files[0].sample_rate_hz,
        track=heard.track,
        zero_s=heard.zero_s,
        notes=notes + _notes(background, under),
        original=more.get("original"),
        film=heard.film,
    )


class Lasting(Protocol):
    """What has a length: all of it, and its sound."""

    @property
    def duration_ms(self) -> int:
        """All of it."""
        ...

    @property
    def sound_ms(self) -> int:
        """Its sound."""
        ...


def need_one_length(
    voice_name: str, heard: Lasting, background_name: str, under: Lasting, tolerance_ms: int
) -> None:
    """Refuse stems of different length; a film may be as long as its picture or as its sound.

    Raises:
        DurationMismatch: they differ by more than `tolerance_ms`.
    """
    lengths_ms = ((h, u) for h in _lengths_ms(heard) for u in _lengths_ms(under))
    if min(abs(h - u) for h, u in lengths_ms) > tolerance_ms:
        raise DurationMismatch(
            voice=voice_name,
            voice_s=heard.duration_ms / 1000,
            background=background_name,
            background_s=under.duration_ms / 1000,
            tolerance_ms=tolerance_ms,
        )


def _lengths_ms(stem: Lasting) -> tuple[int, int]:
    return stem.duration_ms, stem.sound_ms


def _notes(stem: Stem, decoded: Decoded) -> tuple[str, ...]:
    return tuple(f"{stem.name}: {note}." for note in decoded.notes)


def _decoded(
    wanted: list[tuple[Stem, list[DecodeOutput]]], track: str | None, call: CallContext
) -> list[Decoded]:
    """The voice's track, and the background; when one cannot be read, the other is given up."""
    failed, telling = threading.Event(), threading.Lock()
    shares = dict.fromkeys((outputs[0].path for _, outputs in wanted), 0.0)

    def check() -> None:
        call.raise_if_cancelled()
        if failed.is_set():
            raise Cancelled

    def one(each: tuple[Stem, list[DecodeOutput]]) -> Decoded:
        stem, outputs = each

        def progress(done: float) -> None:
            with telling:
                shares[outputs[0].path] = done
                call.progress(sum(shares.values()) / len(shares))

        try:
            return decode(
                stem.path,
                outputs,
                check=check,
                progress=progress,
                display_name=stem.name,
                track=track if each is wanted[0] else None,
            )
        except BaseException:
            failed.set()
            raise

    return map_concurrently(wanted, one, len(wanted), call.raise_if_cancelled, lambda _: None)
