"""The voice track and the mix, at their loudness, in every format."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ytdubber.app.pipeline.artifacts import Mixed, Prepared, Source
from ytdubber.app.pipeline.kept_mixes import KeptMixes
from ytdubber.app.pipeline.lines import FittedLine
from ytdubber.app.pipeline.translated_script import TranslatedScript
from ytdubber.audio.files import read_mono, write_wav
from ytdubber.audio.levels import GainSetting
from ytdubber.audio.loudness import SILENCE_LUFS, speech_level_lufs
from ytdubber.audio.mastering_job import HeldLevel, LevelsBefore
from ytdubber.audio.mixer import Ducking, Mastered, master
from ytdubber.audio.original import original_lufs
from ytdubber.audio.profiles import PROFILES, AudioFormat, Content, Deliverable, LoudnessProfile
from ytdubber.audio.timeline import Clip
from ytdubber.domain.artifact import is_synthetic
from ytdubber.domain.held_levels import FileLevel, HeldLevels
from ytdubber.domain.job import DubOptions
from ytdubber.domain.levels import line_gains_db, voice_gain_db
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.media import AudioFile
from ytdubber.domain.provenance import Provenance
from ytdubber.ports.call_context import CallContext

MOVED = "The loudness of the whole was set anew: with the lines that were changed it had moved."
KEPT_MS = 60_000
"""So much of the original is read at once."""


def mix(
    prepared: Prepared,
    script: TranslatedScript,
    lines: Sequence[FittedLine],
    options: DubOptions,
    provenance: Provenance,
    scratch: Path,
    call: CallContext,
    mixes: KeptMixes | None = None,
) -> Mixed:
    """Write `voice.*` and, over a background, `mix.*` and the stems asked for into `scratch`.

    Every file lasts exactly as long as the source. Lines are as loud among themselves as the
    original's were, but for those that a person wants louder or softer, and what is kept of the
    original is as loud as it was beside them. Of a dub of which lines are changed, only those are
    mixed, where it is known how it was mixed.
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
    gains, voice_db = _gains_db(prepared.source.voice, script.levels, lines)
    held = _held(script.levels)
    files = master(
        [*_clips(prepared, script.edits, lines, gains), *_kept(prepared, scratch)],
        source.background,
        source.total_samples,
        deliverables,
        sample_rate_hz=source.sample_rate_hz,
        profile=_profile(source, source.loudness(options.loudness), call),
        ducking=Ducking() if options.ducking else None,
        check=call.raise_if_cancelled,
        progress=call.progress,
        held=held,
        earlier=mixes.earlier(scratch) if mixes and held else {},
        basis=mixes.basis if mixes else "",
        watermark=bool(options.watermark),
    )
    before = {key: each.setting for key, each in held.items()}
    moved = any(
        before.get((each.setting.content, each.deliverable.format), each.setting) != each.setting
        for each in files
    )
    return Mixed(files, _levels(voice_db, gains, files), (MOVED,) if moved else ())


def _profile(source: Source, name: str, call: CallContext) -> LoudnessProfile:
    """How loud the files are to be; as loud as the original's mix where that is asked for."""
    profile = PROFILES[name]
    if not profile.as_original:
        return profile
    lufs = source.original_lufs
    if lufs is None:
        lufs = original_lufs(source.voice, source.background, call.raise_if_cancelled)
    return profile if lufs <= SILENCE_LUFS else replace(profile, target_lufs=lufs)


def _gains_db(
    voice: AudioFile, held: HeldLevels | None, lines: Sequence[FittedLine]
) -> tuple[dict[str, float], float]:
    """The gain that gives each line its original's level, by its id, and the whole voice's; lines
    that are as they were keep theirs.
    """
    before = [held.lines.get(each.id) if held else None for each in lines]
    anew = [gain_db is None for gain_db in before]
    original = [
        speech_level_lufs(
            read_mono(
                voice,
                line.utterance.start_ms * voice.sample_rate_hz // 1000,
                line.utterance.end_ms * voice.sample_rate_hz // 1000,
            ),
            voice.sample_rate_hz,
        )
        if asked
        else 0.0
        for line, asked in zip(lines, anew, strict=True)
    ]
    spoken = [
        speech_level_lufs(read_mono(each.audio), each.audio.sample_rate_hz) if asked else 0.0
        for each, asked in zip(lines, anew, strict=True)
    ]
    voice_db = held.voice_db if held else voice_gain_db(original, spoken)
    gains = line_gains_db(original, spoken, voice_db, before)
    return dict(zip((each.id for each in lines), gains, strict=True)), voice_db


def _held(levels: HeldLevels | None) -> LevelsBefore:
    return {
        (Content(each.content), AudioFormat(each.format)): HeldLevel(
            GainSetting(Content(each.content), each.gain_db, each.ceiling_dbtp, each.loss_lu),
            each.integrated_lufs,
        )
        for each in (levels.files if levels else ())
    }


def _levels(
    voice_db: float, gains_db: Mapping[str, float], files: Sequence[Mastered]
) -> HeldLevels:
    return HeldLevels(
        voice_db,
        gains_db,
        [
            FileLevel(
                each.setting.content.value,
                each.deliverable.format.value,
                each.setting.gain_db,
                each.setting.ceiling_dbtp,
                each.setting.loss_lu,
                each.integrated_lufs,
            )
            for each in files
            if not each.deliverable.content.is_stem
        ],
    )


def _clips(
    prepared: Prepared, edits: LineEdits, lines: Sequence[FittedLine], gains: Mapping[str, float]
) -> list[Clip]:
    """The lines on the timeline, in samples, each with its gain."""
    source, rate_hz = prepared.source, prepared.source.sample_rate_hz
    clips = []
    for line in lines:
        start = line.placement.start_ms * rate_hz // 1000
        # A line that ends with the recording may end up to a millisecond later by its own samples.
        samples = min(_samples(line, rate_hz), source.total_samples - start)
        gain_db = gains[line.id] + edits.of(line.id).gain_db
        clips.append(Clip(line.audio, start, samples, gain_db, synthetic=True))
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
