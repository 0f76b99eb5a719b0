"""The scoreboard of a finished dub, measured on its files rather than taken from its manifest."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from ytdubber.app.dubs.manifest import NAME, Manifest
from ytdubber.app.scored_pauses import with_pauses, words_of
from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.audio.dialogue import spoken_lufs, voice_within_lufs
from ytdubber.audio.files import read_blocks, read_mono
from ytdubber.audio.loudness import speech_level_lufs
from ytdubber.audio.profiles import PROFILES, AudioFormat, Content, LoudnessProfile
from ytdubber.audio.verify import Meters
from ytdubber.captions.alignment import with_speech_ends
from ytdubber.captions.check import Violation, passing_share, violations
from ytdubber.captions.parse import parse
from ytdubber.captions.speech import SpokenText
from ytdubber.domain.errors import BadInput
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.review import Place, Reasons, ReviewReason, merged, places
from ytdubber.domain.scoreboard import ScoredLine, TimingScore, percentile, score

SEGMENTS = "segments.json"
_RATE_HZ = 48_000


class NotADub(BadInput):
    code = "not_a_dub"
    template = (
        "{folder}: there is no dub to evaluate ({reason}). Give the folder of a finished dub, or "
        "one with sound files and a segments.json."
    )
    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class FileScore:
    """A sound file as it decodes.

    Attributes:
        path: Its path in the folder.
        length_samples: Its samples minus the source's; 0 is right.
        integrated_lufs: Its loudness.
        loudness_error_lu: How far that is from the target: the manifest's, or the profile's. Where
            the profile levels by the dialogue, it is the voice within a mix that is compared (or,
            without the voice alone, the mix where somebody speaks). 0 for stems, which have none.
        true_peak_dbtp: Its true peak.
        over_ceiling_db: How far that is over the profile's ceiling; 0 when it is not, and for
            stems.
        over_time_lufs: Its short-term loudness (3 s), a value every 100 ms.
    """

    path: str
    length_samples: int
    integrated_lufs: float
    loudness_error_lu: float
    true_peak_dbtp: float
    over_ceiling_db: float
    over_time_lufs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """One language against its original.

    Attributes:
        language: Which.
        lines: The lines, as scored.
        timing: The figures of their timing.
        uncovered: Where somebody speaks in the original and no word was made out.
        review: What a person should listen to, in order.
        cues: How many captions there are.
        caption_violations: What in them breaks a rule.
        captions_passing_share: The share of cues that keep every rule.
        files: Every sound file.
        duration_ms: The length of the original.
        levels_apart_lu: How far each line's level is from its original's, once the median of that
            is taken out; empty without the original voice.
        waves: The peaks of original and dub over time, for drawing, where they are known.
    """

    language: str
    lines: tuple[ScoredLine, ...]
    timing: TimingScore
    uncovered: tuple[Interval, ...]
    review: tuple[Place, ...]
    cues: int
    caption_violations: tuple[Violation, ...]
    captions_passing_share: float
    files: tuple[FileScore, ...]
    duration_ms: int
    levels_apart_lu: tuple[float, ...]
    waves: dict[str, tuple[float, ...]]

    @property
    def voice_level_p95_lu(self) -> float | None:
        """95th percentile of how far levels are apart; None without the original voice."""
        apart = [abs(each) for each in self.levels_apart_lu]
        return percentile(apart, 95) if apart else None


@dataclass(frozen=True, slots=True)
class _Dub:
    """What is evaluated: one language's folder and what it is measured against."""

    language: str
    folder: Path
    samples: int
    rate_hz: int
    profile: LoudnessProfile
    utterances: list[dict[str, Any]]
    uncovered: tuple[Interval, ...]
    targets_lufs: Mapping[str, float] = field(default_factory=dict)
    words: Sequence[Interval] = ()

    def target_lufs(self, path: Path) -> float:
        """The loudness a file was to have: as its manifest says, or the profile's."""
        return self.targets_lufs.get(path.name, self.profile.target_lufs)


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Evaluates folders.

    Attributes:
        scratch: A folder for decoded sound.
        check: Raises to stop.
        settle: Does what an interrupted run left undone in a folder, or raises.
    """

    scratch: Path
    check: Callable[[], None]
    settle: Callable[[Path], None] = lambda _: None

    def __call__(self, folder: Path, voice: Path | None) -> tuple[LanguageScore, ...]:
        """The scores of every language in a folder.

        Args:
            folder: A finished dub, or sound files with a `segments.json`.
            voice: The original voice, where levels are to be compared.

        Raises:
            NotADub: there is nothing to evaluate.
            BadInput: a file cannot be read, or files are being replaced.
        """
        self.settle(folder)
        source = self._decoded(voice, "voice") if voice else None
        return tuple(self._score(dub, source) for dub in _dubs(folder))

    def _score(self, dub: _Dub, source: AudioFile | None) -> LanguageScore:
        lines = tuple(map(_line, dub.utterances))
        spoken = [_spoken(each) for each in dub.utterances]
        captions = dub.folder / "captions.srt"
        written = parse(captions.read_text("utf-8")) if captions.exists() else ()
        cues = with_speech_ends(written, spoken)
        broken = violations(cues, spoken, dub.language) if cues else ()
        files, waves, apart = [], dict[str, tuple[float, ...]](), tuple[float, ...]()
        sounds = sorted(p for p in dub.folder.iterdir() if _is_sound(p))
        dialogue = self._dialogue(dub, sounds)
        for path in sounds:
            self.check()
            decoded = self._decoded(path, "dub")
            files.append(self._file(dub, path, decoded, dialogue))
            if path.stem == "voice" and "dub" not in waves:
                waves["dub"] = _wave(decoded)
                lines = with_pauses(lines, dub.words, decoded)
                apart = _levels_apart(lines, source, decoded) if source else ()
        if source is not None:
            waves["source"] = _wave(source)
        return LanguageScore(
            language=dub.language,
            lines=lines,
            timing=score(lines, dub.uncovered),
            uncovered=dub.uncovered,
            review=places(
                map(_place, dub.utterances, lines),
                dub.uncovered,
                dub.samples * 1000 // dub.rate_hz,
            ),
            cues=len(cues),
            caption_violations=broken,
            captions_passing_share=passing_share(cues, broken),
            files=tuple(files),
            duration_ms=round(dub.samples * 1000 / dub.rate_hz),
            levels_apart_lu=apart,
            waves=waves,
        )

    def _decoded(self, path: Path, name: str) -> AudioFile:
        output = DecodeOutput(self.scratch / f"{name}.wav", _RATE_HZ)
        return decode(path, [output], check=self.check, display_name=str(path)).files[0]

    def _dialogue(self, dub: _Dub, sounds: Sequence[Path]) -> AudioFile | None:
        """The voice alone, where the loudness of mixes is that of their dialogue."""
        voices = [path for path in sounds if path.stem == Content.VOICE]
        if not dub.profile.dialogue_gated or not voices:
            return None
        return self._decoded(voices[0], "dialogue")

    def _file(
        self, dub: _Dub, path: Path, decoded: AudioFile, dialogue: AudioFile | None
    ) -> FileScore:
        meters = Meters(_RATE_HZ, decoded.channels)
        for block in read_blocks(decoded):
            self.check()
            meters.add(block)
        found, profile = meters.read(), dub.profile
        stem = path.stem in (Content.VOICE_STEM, Content.BACKGROUND_STEM)
        lufs = found.integrated_lufs
        if profile.dialogue_gated and path.stem == Content.MIX:
            lines = [_line(each) for each in dub.utterances]
            spoken = [Interval(line.dub_start_ms, line.dub_end_ms) for line in lines]
            lufs = (
                voice_within_lufs(decoded, dialogue) if dialogue else spoken_lufs(decoded, spoken)
            )
        return FileScore(
            path=f"{dub.folder.name}/{path.name}",
            length_samples=decoded.samples - round(dub.samples * _RATE_HZ / dub.rate_hz),
            integrated_lufs=found.integrated_lufs,
            loudness_error_lu=0.0 if stem else abs(lufs - dub.target_lufs(path)),
            true_peak_dbtp=found.true_peak_dbtp,
            over_ceiling_db=0.0 if stem else max(0.0, found.true_peak_dbtp - profile.ceiling_dbtp),
            over_time_lufs=tuple(float(v) for v in meters.over_time_lufs(3_000)),
        )


def _dubs(folder: Path) -> list[_Dub]:
    manifest = folder / NAME
    if manifest.exists():
        return _from_manifest(folder, manifest)
    segments = folder / SEGMENTS
    if not segments.exists():
        raise NotADub(folder=folder, reason=f"neither {NAME} nor {SEGMENTS} is there")
    try:
        given = json.loads(segments.read_bytes())
        profile = PROFILES[given.get("loudness", "youtube")]
        for each in given["utterances"]:
            _place(each, _line(each))
        return [
            _Dub(
                given["language"],
                folder,
                int(given["samples"]),
                int(given["sample_rate_hz"]),
                profile,
                given["utterances"],
                tuple(_stretch(each) for each in given.get("uncovered", ())),
            )
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise NotADub(folder=folder, reason=f"{SEGMENTS}: {error!r}") from None


def _from_manifest(folder: Path, path: Path) -> list[_Dub]:
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise NotADub(folder=folder, reason=f"{NAME}: {error}") from None
    words, dubs = words_of(folder / "transcript.json"), list[_Dub]()
    for language, entry in manifest.languages.items():
        if entry.status != "complete":
            continue
        lines = json.loads((folder / language / "translation.json").read_bytes())
        source = entry.source or manifest.source
        profile = PROFILES[entry.loudness]
        dubs.append(
            _Dub(
                language,
                folder / language,
                source.samples,
                source.sample_rate_hz,
                profile,
                lines["utterances"],
                tuple(Interval(e.start_ms, e.end_ms) for e in source.uncovered.stretches),
                {
                    Path(file.path).name: file.target_lufs
                    for file in entry.files
                    if file.target_lufs is not None
                },
                words,
            )
        )
    if not dubs:
        raise NotADub(folder=folder, reason="no language in it is complete")
    return dubs


def _line(given: dict[str, Any]) -> ScoredLine:
    """A line of `translation.json` or `segments.json`."""
    start, end = int(given["source_start_ms"]), int(given["source_end_ms"])
    return ScoredLine(
        speaker=given.get("speaker"),
        source_start_ms=start,
        source_end_ms=end,
        room_ms=int(given.get("slot_ms", end - start)),
        dub_start_ms=int(given["dub_start_ms"]),
        dub_end_ms=int(given["dub_end_ms"]),
        rate=float(given.get("rate", 1.0)),
        lost_ms=int(given.get("lost_ms", 0)),
    )


def _spoken(given: dict[str, Any]) -> SpokenText:
    """The same line as captions should show it."""
    when = Interval(int(given["dub_start_ms"]), int(given["dub_end_ms"]))
    return SpokenText(given.get("target", ""), when, given.get("speaker"))


def _place(given: dict[str, Any], line: ScoredLine) -> Place:
    """The line as a place to listen to: for the reasons it comes with, and its rate."""
    told: Reasons = tuple(ReviewReason(reason) for reason in given.get("review", ()))
    fast: Reasons = (ReviewReason.TOO_FAST,) if line.too_fast else ()
    return Place(line.dub_start_ms, line.dub_end_ms, given.get("id"), merged(told, fast))


def _stretch(given: dict[str, Any]) -> Interval:
    return Interval(int(given["start_ms"]), int(given["end_ms"]))


def _is_sound(path: Path) -> bool:
    return path.suffix.removeprefix(".") in list(AudioFormat) and path.is_file()


def _levels_apart(
    lines: Sequence[ScoredLine], source: AudioFile, dub: AudioFile
) -> tuple[float, ...]:
    """How much louder each line is than its original, once the median of that is taken out."""
    before = [_level(source, line.source_start_ms, line.source_end_ms) for line in lines]
    after = [_level(dub, line.dub_start_ms, line.dub_end_ms) for line in lines]
    apart = [b - a for a, b in zip(before, after, strict=True)]
    middle = median(apart) if apart else 0.0
    return tuple(each - middle for each in apart)


def _level(audio: AudioFile, start_ms: int, end_ms: int) -> float:
    rate_hz = audio.sample_rate_hz
    part = read_mono(audio, start_ms * rate_hz // 1000, end_ms * rate_hz // 1000)
    return speech_level_lufs(part, rate_hz)


def _wave(audio: AudioFile, points: int = 1_200) -> tuple[float, ...]:
    """The highest magnitude in each of `points` stretches of equal length."""
    step = max(1, -(-audio.samples // points))
    peaks = []
    for start in range(0, audio.samples, step):
        part = read_mono(audio, start, min(audio.samples, start + step))
        peaks.append(float(abs(part).max(initial=0.0)))
    return tuple(peaks)
