"""What a dub comes to: files, figures and what a person should listen to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from ytdubber.domain.media import Interval
from ytdubber.domain.review import Place, ReviewReason

FileKind = Literal[
    "transcript",
    "voice",
    "mix",
    "voice-stem",
    "background-stem",
    "captions",
    "captions-sdh",
    "captions-bilingual",
    "script",
    "translation",
    "bundle",
]
"""What a file holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DubFile:
    """A finished file.

    Attributes:
        path: Where it is.
        kind: What it holds.
        format: Its format, by the usual ending: `flac`, `srt`, `json`.
        bytes: Its size.
        sha256: Its hash, in hexadecimal digits.
        samples: Its length in samples a channel; None for what is no sound, as in all that follows.
        sample_rate_hz: Its sample rate.
        channels: How many channels it has.
        duration_ms: Its length.
        integrated_lufs: Its loudness as it decodes (BS.1770-4).
        true_peak_dbtp: Its true peak as it decodes.
        target_lufs: The loudness it was to have, which is the dialogue's under a profile that
            levels by it; None for stems, which are not levelled by themselves.
        synthetic: Whether a machine speaks in it.
        signed: Whether it holds signed metadata that says so (C2PA).
        watermark: Whether the voice in it carries the watermark.
    """

    path: Path
    kind: FileKind
    format: str
    bytes: int
    sha256: str
    samples: int | None
    sample_rate_hz: int | None
    channels: int | None
    duration_ms: float | None
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    target_lufs: float | None
    synthetic: bool
    signed: bool
    watermark: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A recording that was dubbed.

    Attributes:
        voice: The name of the file that holds the voice.
        background: The name of the one with music and effects, if there was one.
        language: The code of the language spoken.
        samples: The length of every dub of it, in samples a channel.
        sample_rate_hz: Their rate.
        duration_ms: The same length in milliseconds.
        track: Which of the voice file's sounds was taken, from 1.
        notes: What a person should know of the files, and of what is said in them.
        uncovered: Where somebody speaks and no word was made out.
    """

    voice: str
    background: str | None
    language: str
    samples: int
    sample_rate_hz: int
    duration_ms: float
    track: int
    notes: tuple[str, ...]
    uncovered: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How well a dub fits its original.

    Attributes:
        utterances: How many lines there are.
        needs_review: How many places a person should listen to.
        review: How many for each reason.
        speech_overlap: Intersection over union of source and dub speech on a 10 ms grid, without
            pauses of 0.3 s and more within lines.
        double_talk_s: How long two lines of one speaker sound at once.
        lost_speech_s: How much speech was cut, or has no line at all.
        holes_share: The share of the original's speech during which the dub is silent for more
            than 400 ms at a time.
        rate_p95: 95th percentile of how much faster than its voice's own pace a line is heard.
        rate_max: The highest such rate.
        rate_over_1_2_share: The share of lines faster than 1.2.
        rate_step_p95: 95th percentile of the relative change of rate between neighbours.
        onset_drift_p95_s: 95th percentile of the distance of dub onsets from source onsets.
        onset_drift_max_s: The largest.
        duration_fit_share: The share of lines that take 0.8 to 1.2 of their source's length.
        caption_cues: How many captions there are.
        caption_violations: How often they break a rule of their language.
        captions_passing_share: The share of captions that keep every rule.
    """

    utterances: int
    needs_review: int
    review: Mapping[ReviewReason, int]
    speech_overlap: float
    double_talk_s: float
    lost_speech_s: float
    holes_share: float
    rate_p95: float
    rate_max: float
    rate_over_1_2_share: float
    rate_step_p95: float
    onset_drift_p95_s: float
    onset_drift_max_s: float
    duration_fit_share: float
    caption_cues: int
    caption_violations: int
    captions_passing_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DubbedLanguage:
    """A finished language.

    Attributes:
        language: Its code.
        name: Its English name.
        files: All its files: sound in the order of the formats asked for, captions, translation.
        voice_id: The voice that speaks; the first, where several do.
        voices: The voice of each speaker, where there are several.
        figures: How well it fits its original.
        review: What a person should listen to, in order.
        notes: What else a person should know of it.
        source: What it was made from: the result's own source, or another recording that was dubbed
            into the same folder before.
    """

    language: str
    name: str
    files: tuple[DubFile, ...]
    voice_id: str
    voices: Mapping[str, str]
    figures: Figures
    review: tuple[Place, ...]
    notes: tuple[str, ...]
    source: Source

    def find(self, kind: FileKind, format: str | None = None) -> Path | None:
        """The file of this kind, in this format or else in the first there is; None without one."""
        for file in self.files:
            if file.kind == kind and format in (None, file.format):
                return file.path
        return None

    @property
    def voice(self) -> Path:
        """The dubbed voice alone, in the first format asked for."""
        return self._file("voice")

    @property
    def mix(self) -> Path | None:
        """The voice over the background, in the first format; None without a background."""
        return self.find("mix")

    @property
    def captions_srt(self) -> Path:
        """Captions timed to the dub, as SubRip."""
        return self._file("captions", "srt")

    @property
    def captions_vtt(self) -> Path:
        """Captions timed to the dub, as WebVTT."""
        return self._file("captions", "vtt")

    @property
    def translation(self) -> Path:
        """Every line with its times and texts: `translation.json`."""
        return self._file("translation")

    def _file(self, kind: FileKind, format: str | None = None) -> Path:
        found = self.find(kind, format)
        if found is None:
            raise LookupError(f"this dub has no {kind} in {format or 'any format'}")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmadeLanguage:
    """A language that was asked for and not made.

    Attributes:
        language: Its code.
        name: Its English name.
        status: Whether it failed, or was skipped because it is spoken already.
        code: Why, for programs: an error's code.
        message: The same for people.
        kept: Whether it is finished from before, and still there.
    """

    language: str
    name: str
    status: Literal["failed", "skipped"]
    code: str
    message: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DubVideo:
    """A video with dubs in it.

    Attributes:
        path: Where it is.
        languages: The codes of the dubs in it.
        default: The code of what is heard unless somebody chooses another track: the recording's
            language, or one of the dubs.
        bytes: Its size.
        sha256: Its hash, in hexadecimal digits.
        notes: What a person should know of it, in sentences.
    """

    path: Path
    languages: tuple[str, ...]
    default: str
    bytes: int
    sha256: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DubResult:
    """What is in the folder of a dub, and what this call did.

    Attributes:
        folder: Where it is.
        source: The recording that was dubbed.
        languages: Every finished language by its code, also those of earlier calls.
        reused: The languages asked for that were there already, as asked.
        unmade: Those asked for that were not made, and why.
        videos: The videos asked for.
        bundle: What goes to YouTube, where that was asked for: the folder `youtube`.
        bundle_notes: What a person should know of it, in sentences.
        transcript: What was said, word by word: `transcript.json`.
        captions: Captions of the recording, in its own language.
        script: The same as W3C's DAPT has it, with who says it: `transcript.ttml`.
        manifest_file: `manifest.json`.
        manifest: What it holds, as plain values.
        charged_usd: About what vendors charged for this call, in US dollars; 0 without vendors.
    """

    folder: Path
    source: Source
    languages: Mapping[str, DubbedLanguage]
    reused: tuple[str, ...]
    unmade: Mapping[str, UnmadeLanguage]
    videos: tuple[DubVideo, ...]
    bundle: tuple[DubFile, ...]
    bundle_notes: tuple[str, ...]
    transcript: Path
    captions: tuple[DubFile, ...]
    script: Path | None
    manifest_file: Path
    manifest: Mapping[str, Any] = field(repr=False)
    charged_usd: Decimal

    @property
    def complete(self) -> bool:
        """Whether no language that was asked for failed."""
        return not any(each.status == "failed" for each in self.unmade.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftResult:
    """The texts of a dub, for a person to correct.

    Attributes:
        folder: The folder they are in.
        transcript: What is said, as JSON: a dub's `script`.
        captions_srt: Captions of the original.
        captions_vtt: The same as WebVTT.
        translations: What would be said, as JSON by language: a dub's `translations`. A language
            that is spoken already has none.
        charged_usd: About what vendors charged for this call.
    """

    folder: Path
    transcript: Path
    captions_srt: Path
    captions_vtt: Path
    translations: Mapping[str, Path] = field(default_factory=dict)
    charged_usd: Decimal = Decimal(0)
