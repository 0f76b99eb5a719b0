"""One video of a recording's picture and its dubs (ADR 57), wherever those are."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from ytdubber.app.dubs.code_version import dub_version
from ytdubber.app.dubs.manifest import LanguageEntry, Manifest
from ytdubber.app.pipeline.file_entry import FileEntry, VideoEntry
from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.captions.parse import parse
from ytdubber.domain.caption_variant import CaptionVariant
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    NoPicture,
    NoSoundForVideo,
    NotSigned,
    PictureEncrypted,
    PictureNotHeld,
)
from ytdubber.domain.languages import NAMES, iso639_2, language_of, own_name
from ytdubber.domain.provenance import AI_WORDS, Provenance
from ytdubber.domain.video import VideoFormat, VideoOptions
from ytdubber.files.encrypted import open_file, read_bytes
from ytdubber.log import get_logger
from ytdubber.ports.signer import Signer
from ytdubber.video.containers import CONTAINERS
from ytdubber.video.make import Looked, look, make
from ytdubber.video.orders import Caption, CaptionTrack, Contents, Track

log = get_logger(__name__)

_SDH = CaptionVariant.SDH.kind


@dataclass(frozen=True, slots=True)
class VideoPlan:
    """A video to make.

    Attributes:
        path: Its place in the output folder.
        languages: The dubs in it.
        default: The language that is heard unless somebody chooses another.
        fingerprint: A hash of everything it depends on.
    """

    path: str
    languages: tuple[str, ...]
    default: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Recording:
    """What has the picture.

    Attributes:
        path: The file, which may be encrypted.
        name: What errors call it.
        title: What the video is called.
        zero_s: Its time at sample 0 of every dub.
    """

    path: Path
    name: str
    title: str
    zero_s: float


def need_sound(container: VideoFormat, formats: Sequence[str]) -> None:
    """Refuse a video for which none of the formats of sound can be taken.

    Raises:
        NoSoundForVideo: there is none.
    """
    known = CONTAINERS[container].deliverables
    if not set(known) & set(formats):
        raise NoSoundForVideo(container=container.upper(), formats=", ".join(known))


def need_picture(
    path: Path, name: str, container: VideoFormat, check: Callable[[], None] = lambda: None
) -> None:
    """Refuse a recording without a picture that the container holds.

    Args:
        path: The recording.
        name: What errors call it.
        container: That of the video.
        check: Called at least every 100 ms; raises to cancel.

    Raises:
        BadInput: it has none, or cannot be read.
    """
    found = look(path, name, check)
    if found.picture is None:
        raise NoPicture(file=name)
    if found.encrypted:
        raise PictureEncrypted(file=name)
    if container not in found.formats:
        raise PictureNotHeld(
            file=name,
            coding=found.picture,
            container=container.upper(),
            formats=tuple(found.formats),
        )


@dataclass(frozen=True, slots=True)
class VideoOfDub:
    """Makes one.

    Attributes:
        recording: What has the picture.
        container: What it is made in.
        manifest: The dub.
        finished: Where a file of the dub is, by its path.
        scratch: Where it is made.
        check: Raises `Cancelled` to stop.
        signer: Signs it as made by AI, where that is wanted.
    """

    recording: Recording
    container: VideoFormat
    manifest: Manifest
    finished: Callable[[str], Path]
    scratch: Path
    check: Callable[[], None]
    signer: Signer | None = None

    def __call__(
        self, plan: VideoPlan, wanted: Sequence[str], progress: Callable[[float], None]
    ) -> VideoEntry:
        """Write it under its path into scratch.

        Args:
            plan: What it holds.
            wanted: The languages that were to be in it: those that are not are noted.
            progress: Told how much is done, 0 to 1.

        Raises:
            BadInput: the picture cannot be read or held.
            DecoderStopped: the system ended the process, which says nothing of the file.
        """
        recording, source = self.recording, self.manifest.source
        looked = look(recording.path, recording.name, self.check)
        made = make(
            recording.path,
            self._contents(plan, looked),
            self.scratch / plan.path,
            display_name=recording.name,
            check=self.check,
            progress=progress,
        )
        signed, unsigned = self._signed(plan)
        with open_file(self.scratch / plan.path) as file:
            digest = hashlib.file_digest(file, "sha256")
            size = file.tell()
        return VideoEntry(
            path=plan.path,
            kind="video",
            format=self.container,
            bytes=size,
            sha256=digest.hexdigest(),
            samples=source.samples,
            sample_rate_hz=source.sample_rate_hz,
            channels=None,
            duration_ms=source.duration_ms,
            integrated_lufs=None,
            true_peak_dbtp=None,
            synthetic=True,
            signed=signed,
            watermark=all(self._sound(each).watermark for each in plan.languages),
            languages=list(plan.languages),
            default=plan.default,
            fingerprint=plan.fingerprint,
            source_sha256=source.voice.sha256,
            notes=[
                *self._missing(plan, wanted),
                *(f"{plan.path}: {note}." for note in made.notes),
                *unsigned,
            ],
        )

    def _signed(self, plan: VideoPlan) -> tuple[bool, list[str]]:
        """Sign a video; whether that was done, and what is to be told where it was not."""
        if self.signer is None or not self.signer.signs(self.container):
            return False, []
        languages = self.manifest.languages
        engines = [each for code in plan.languages for each in _engines(languages[code])]
        provenance = Provenance(
            self.recording.title,
            plan.languages,
            self.manifest.created_at.date(),
            tuple(dict.fromkeys(engines)),
        )
        try:
            self.signer.sign(self.scratch / plan.path, self.container, provenance, self.check)
        except NotSigned as error:
            log.error("file.not_signed", error=error)
            return False, [f"{plan.path} could not be signed as made by AI."]
        return True, []

    def _missing(self, plan: VideoPlan, wanted: Sequence[str]) -> list[str]:
        """What was asked for and is not in it."""
        there = {*plan.languages, self.manifest.source.language}
        missing = [NAMES[each] for each in wanted if each not in there]
        if not missing:
            return []
        return [f"{plan.path}: {', '.join(missing)} could not be made and is not in it."]

    def _contents(self, plan: VideoPlan, looked: Looked) -> Contents:
        container, source = self.container, self.manifest.source
        spoken = source.language
        original = _track(container, spoken, "original")
        original = replace(original, captions=self._captions(self.manifest.captions, spoken))
        if not looked.copies_sound(source.track, container):
            original = replace(original, sound=str(self._decoded()))
        names = ", ".join(map(own_name, plan.languages))
        return Contents(
            format=container,
            zero_s=Fraction(self.recording.zero_s),
            number=source.track,
            original=original,
            dubs=tuple(self._dub(each) for each in plan.languages),
            default=None if plan.default == spoken else plan.languages.index(plan.default),
            tags={
                "title": self.recording.title,
                "comment": f"{AI_WORDS}: {names}.",
            },
        )

    def _dub(self, language: str) -> Track:
        track = _track(self.container, language, "AI dub")
        captions = self._captions(self.manifest.languages[language].files, language)
        sound = str(self.finished(self._sound(language).path))
        return replace(track, sound=sound, captions=captions)

    def _sound(self, language: str) -> FileEntry:
        sound = sound_of(self.manifest.languages[language], self.container)
        assert sound is not None  # noqa: S101 -- others are not planned
        return sound

    def _captions(self, files: Sequence[FileEntry], language: str) -> tuple[CaptionTrack, ...]:
        """The captions among a language's files, each kind once."""
        return tuple(
            CaptionTrack(self._title(kind, language), self._cues(file), kind == _SDH)
            for kind in ("captions", _SDH, CaptionVariant.BILINGUAL.kind)
            if (file := next((each for each in files if each.kind == kind), None)) is not None
        )

    def _title(self, kind: str, language: str) -> str:
        name = own_name(language)
        if kind == CaptionVariant.BILINGUAL.kind:
            return f"{name} + {own_name(self.manifest.source.language)}"
        return f"{name} (SDH)" if kind == _SDH else name

    def _cues(self, file: FileEntry) -> tuple[Caption, ...]:
        cues = parse(read_bytes(self.finished(file.path)).decode())
        return tuple(Caption(cue.start_ms, cue.end_ms, "\n".join(cue.lines)) for cue in cues)

    def _decoded(self) -> Path:
        """The original's sound where its coding cannot be copied, on the timeline of the dubs."""
        path = self.scratch / "original.wav"
        if not path.exists():
            output = DecodeOutput(path, None, None, "PCM_16")
            track = str(self.manifest.source.track)
            decode(self.recording.path, [output], check=self.check, track=track)
        return path


def _engines(entry: LanguageEntry) -> list[EngineId]:
    """Who translated and spoke a language."""
    made_by = (entry.engines[name] for name in ("translator", "synthesizer"))
    return [EngineId(each.provider, each.model, each.version) for each in made_by]


def sound_of(entry: LanguageEntry, container: VideoFormat) -> FileEntry | None:
    """The sound of a finished language that goes into a video: the mix, or the voice alone."""
    for kind in ("mix", "voice"):
        found = {file.format: file for file in entry.files if file.kind == kind}
        for name in CONTAINERS[container].deliverables:
            if name in found:
                return found[name]
    return None


def _track(container: VideoFormat, language: str, what: str) -> Track:
    bibliographic = container is VideoFormat.MKV
    return Track(
        sound="",
        language=language_of(language).locale,
        iso639=iso639_2(language, bibliographic=bibliographic),
        title=f"{own_name(language)} ({what})",
    )


def complete_languages(
    asked: Sequence[str], manifest: Manifest, container: VideoFormat
) -> list[str]:
    """The languages that are whole, of this recording, and have a sound for the container: those
    asked for as they were, then those made before.
    """
    whole = [
        language
        for language, entry in sorted(manifest.languages.items())
        if entry.status == "complete" and entry.source is None and sound_of(entry, container)
    ]
    first = [language for language in asked if language in whole]
    return list(dict.fromkeys([*first, *whole]))


def video_fingerprint(
    manifest: Manifest, options: VideoOptions, languages: Sequence[str], default: str, title: str
) -> str:
    """A hash of everything a video depends on."""
    source = manifest.source
    parts: list[object] = [dub_version(), source.voice.sha256, source.track, source.language]
    parts += [options.format, options.per_language, default, title, _hashes(manifest.captions)]
    for language in languages:
        entry = manifest.languages[language]
        sound = sound_of(entry, options.format)
        captions = _hashes(entry.files)
        parts.append([language, sound and sound.sha256, captions])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _hashes(files: Sequence[FileEntry]) -> list[str]:
    """Those of captions."""
    return [file.sha256 for file in files if file.kind.startswith("captions")]
