"""The voice track and the mix, at their loudness, in every format."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ytdubber.app.pipeline.artifacts import FittedLine, Prepared, Source
from ytdubber.audio.files import read_mono, write_wav
from ytdubber.audio.loudness import SILENCE_LUFS, speech_level_lufs
from ytdubber.audio.mixer import Ducking, Mastered, master
from ytdubber.audio.original import original_lufs
from ytdubber.audio.profiles import PROFILES, AudioFormat, Content, Deliverable, LoudnessProfile
from ytdubber.audio.timeline import Clip
from ytdubber.domain.artifact import is_synthetic
from ytdubber.domain.job import DubOptions
from ytdubber.domain.levels import line_gains_db
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.provenance import Provenance
from ytdubber.ports.call_context import CallContext

KEPT_MS = 60_000
"""So much of the original is read at once."""


def mix(
    prepared: Prepared,
    edits: LineEdits,
    lines: Sequence[FittedLine],
    options: DubOptions,
    provenance: Provenance,
    scratch: Path,
    call: CallContext,
) -> tuple[Mastered, ...]:
    """Write `voice.*` and, over a background, `mix.*` and the stems asked for into `scratch`.

    Every file lasts exactly as long as the source. Lines are as loud among themselves as the
    original's were, but for those that a person wants louder or softer, and what is kept of the
    original is as loud as it was beside them.
    """
    source = prepared.source
    contents = [Content.VOICE] if source.background is None else [Content.VOICE, Content.MIX]
    if options.stems and source.background is not None:
        contents += [Content.VOICE_STEM, Content.BACKGROUND_STEM]
    deliverables = [
        Deliverable(
            content,
            AudioFormat(name),
            scratch / f"{content}.{name}",
            provenance if is_synthetic(content) else None,
        )
        for content in contents
        for name in options.formats
        if AudioFormat(name).lossless or not content.is_stem
    ]
    return master(
        [*_clips(prepared, edits, lines), *_kept(prepared, scratch)],
        source.background,
        source.total_samples,
        deliverables,
        sample_rate_hz=source.sample_rate_hz,
        profile=_profile(source, options.loudness, call),
        ducking=Ducking() if options.ducking else None,
        check=call.raise_if_cancelled,
        progress=call.progress,
    )


def _profile(source: Source, name: str, call: CallContext) -> LoudnessProfile:
    """How loud the files are to be; as loud as the original's mix where that is asked for."""
    profile = PROFILES[name]
    if not profile.as_original:
        return profile
    lufs = source.original_lufs
    if lufs is None:
        lufs = original_lufs(source.voice, source.background, call.raise_if_cancelled)
    return profile if lufs <= SILENCE_LUFS else replace(profile, target_lufs=lufs)


def _clips(prepared: Prepared, edits: LineEdits, lines: Sequence[FittedLine]) -> list[Clip]:
    """The lines on the timeline, in samples, with the gain that gives each its original's level."""
    source, rate_hz = prepared.source, prepared.source.sample_rate_hz
    voice = source.voice
    original = [
        speech_level_lufs(
            read_mono(
                voice,
                utterance.start_ms * voice.sample_rate_hz // 1000,
                utterance.end_ms * voice.sample_rate_hz // 1000,
            ),
            voice.sample_rate_hz,
        )
        for utterance in prepared.transcript.utterances
    ]
    spoken = [speech_level_lufs(read_mono(e.audio), e.audio.sample_rate_hz) for e in lines]
    gains = line_gains_db(original, spoken)
    clips = []
    for line, gain_db in zip(lines, gains, strict=True):
        start = line.placement.start_ms * rate_hz // 1000
        # A line that ends with the recording may end up to a millisecond later by its own samples.
        samples = min(_samples(line, rate_hz), source.total_samples - start)
        louder_db = edits.of(line.slot.utterance_id).gain_db
        clips.append(Clip(line.audio, start, samples, gain_db + louder_db))
    return clips


def _kept(prepared: Prepared, scratch: Path) -> list[Clip]:
    """What is kept of the original, in pieces that memory holds."""
    source, clips = prepared.source, list[Clip]()
    original, rate_hz = source.original, source.sample_rate_hz
    if original is None or not prepared.kept:
        return clips
    starts, ends = zip(*((k.start_ms, k.end_ms) for k in prepared.kept_intervals), strict=True)
    for interval in prepared.kept_intervals:
        for start_ms in range(interval.start_ms, interval.end_ms, KEPT_MS):
            end_ms = min(interval.end_ms, start_ms + KEPT_MS)
            first, last = (at * original.sample_rate_hz // 1000 for at in (start_ms, end_ms))
            sound = read_mono(original, first, last)
            if not sound.size:
                break  # the voice ends before its background does
            path = scratch / f"kept-{start_ms}.wav"
            audio = write_wav(path, sound, original.sample_rate_hz)
            start = start_ms * rate_hz // 1000
            samples = round(audio.samples * rate_hz / audio.sample_rate_hz)
            clip = Clip(audio, start, min(samples, source.total_samples - start))
            begins = start_ms == interval.start_ms and start_ms not in ends
            stops = end_ms == interval.end_ms and end_ms not in starts
            clips.append(replace(clip, begins_whole=begins, ends_whole=stops))
    return clips


def _samples(line: FittedLine, rate_hz: int) -> int:
    """A line's length on the timeline: its own to the sample where it is not stretched."""
    if line.placement.stretch == 1.0:
        return round(line.audio.samples * rate_hz / line.audio.sample_rate_hz)
    return line.placement.duration_ms * rate_hz // 1000
