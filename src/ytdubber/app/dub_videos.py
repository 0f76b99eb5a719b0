"""The videos that a dub comes with, made once its languages have ended (ADR 57)."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from ytdubber.app.code_version import dub_version
from ytdubber.app.dub_request import DubRequest
from ytdubber.app.finished_dub import FinishedDub
from ytdubber.app.manifest import FileEntry, LanguageEntry, Manifest, VideoEntry, intact
from ytdubber.app.pipeline.artifacts import Source
from ytdubber.app.progress import Listener, Progress
from ytdubber.app.room import full_disk_told, video_bytes
from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.captions.parse import parse
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import NoPicture, NoSoundForVideo, NotSigned, PictureNotHeld
from ytdubber.domain.file_names import portable
from ytdubber.domain.languages import NAMES, iso639_2, language_of, own_name
from ytdubber.domain.printable import printable
from ytdubber.domain.provenance import AI_WORDS, Provenance
from ytdubber.domain.stage import Stage
from ytdubber.domain.video import VideoFormat, VideoOptions
from ytdubber.log import get_logger
from ytdubber.ports.blob_store import BlobStore
from ytdubber.ports.signer import Signer
from ytdubber.video.containers import CONTAINERS
from ytdubber.video.make import Looked, look, make
from ytdubber.video.orders import Caption, Contents, Track

log = get_logger(__name__)

_MOST_TITLE_BYTES = 160
"""So much of a title is in the name of a file; file systems allow 255 bytes."""


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


def need_video(request: DubRequest, check: Callable[[], None] = lambda: None) -> None:
    """Refuse a video that cannot be made, before any work is begun.

    Raises:
        BadInput: the recording has no picture, or one that the container does not hold, or no sound
            is asked for that it takes.
    """
    if request.video is None:
        return
    wanted = request.video.format
    known = CONTAINERS[wanted].deliverables
    if not set(known) & set(request.options.formats):
        raise NoSoundForVideo(container=wanted.upper(), formats=", ".join(known))
    found = look(request.voice, printable(str(request.voice)), check)
    if found.picture is None:
        raise NoPicture(file=request.voice)
    if wanted not in found.formats:
        raise PictureNotHeld(
            file=request.voice,
            coding=found.picture,
            container=wanted.upper(),
            formats=tuple(found.formats),
        )


def plans(request: DubRequest, manifest: Manifest) -> list[VideoPlan]:
    """The videos of a dub: one with all its languages, or one for each."""
    options = request.video
    if options is None:
        return []
    title = portable(request.voice.stem, _MOST_TITLE_BYTES) or "video"
    spoken, languages = manifest.source.language, _complete(request, manifest, options.format)
    if not options.per_language:
        path = f"{title}.dubbed.{options.format}"
        together = [(path, tuple(languages), spoken)] if languages else []
    else:
        together = [(f"{title}.{each}.{options.format}", (each,), each) for each in languages]
    return [
        VideoPlan(path, codes, default, _fingerprint(manifest, options, codes, default, title))
        for path, codes, default in together
    ]


def entry_of(plan: VideoPlan, manifest: Manifest) -> VideoEntry | None:
    """The entry of a video that was made as planned."""
    return next(
        (v for v in manifest.videos if (v.path, v.fingerprint) == (plan.path, plan.fingerprint)),
        None,
    )


def videos_there(request: DubRequest, manifest: Manifest, blobs: BlobStore) -> bool:
    """Whether every video that is asked for is there, with every byte, as it would be made."""
    found = [entry_of(plan, manifest) for plan in plans(request, manifest)]
    return all(entry is not None and intact([entry], blobs) for entry in found)


@dataclass(frozen=True, slots=True)
class DubVideos:
    """Makes videos.

    Attributes:
        request: What a person asked for.
        dub: The dub they belong to.
        blobs: Where its files are.
        scratch: For videos under way.
        listener: Told of progress.
        check: Raises `Cancelled` to stop.
        signer: Signs what is made as made by AI, where that is wanted.
    """

    request: DubRequest
    dub: FinishedDub
    blobs: BlobStore
    scratch: Path
    listener: Listener
    check: Callable[[], None]
    signer: Signer | None = None

    def __call__(self, source: Source) -> None:
        """Make those that are not there as they would be made, and put all in place at once.

        Raises:
            YtDubberError: one cannot be made.
        """
        manifest = self.dub.manifest
        planned = plans(self.request, manifest)
        if not planned:
            return
        entries: list[VideoEntry] = []
        files: dict[str, Path] = {}
        with full_disk_told(self.scratch):
            for number, plan in enumerate(planned):
                entry = entry_of(plan, manifest)
                if entry is None or not intact([entry], self.blobs):
                    part = _Part(self.listener, number, len(planned))
                    entry = self._made(plan, source, manifest, part)
                    files[plan.path] = self.scratch / plan.path
                entries.append(entry)
            self.dub.add_videos(entries, files)

    def _made(
        self, plan: VideoPlan, source: Source, manifest: Manifest, progress: Callable[[float], None]
    ) -> VideoEntry:
        assert self.request.video is not None  # noqa: S101 -- it is planned
        name = printable(str(self.request.voice))
        looked = look(self.request.voice, name, self.check)
        contents = self._contents(plan, source, manifest, looked)
        made = make(
            self.request.voice,
            contents,
            self.scratch / plan.path,
            display_name=name,
            check=self.check,
            progress=progress,
        )
        signed, unsigned = self._signed(plan)
        with (self.scratch / plan.path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            size = file.tell()
        return VideoEntry(
            path=plan.path,
            kind="video",
            format=self.request.video.format,
            bytes=size,
            sha256=digest.hexdigest(),
            samples=source.total_samples,
            sample_rate_hz=source.sample_rate_hz,
            channels=None,
            duration_ms=manifest.source.duration_ms,
            integrated_lufs=None,
            true_peak_dbtp=None,
            synthetic=True,
            signed=signed,
            languages=list(plan.languages),
            default=plan.default,
            fingerprint=plan.fingerprint,
            source_sha256=manifest.source.voice.sha256,
            notes=[
                *self._missing(plan),
                *(f"{plan.path}: {note}." for note in made.notes),
                *unsigned,
            ],
        )

    def _signed(self, plan: VideoPlan) -> tuple[bool, list[str]]:
        """Sign a video; whether that was done, and what is to be told where it was not."""
        assert self.request.video is not None  # noqa: S101 -- it is planned
        container = self.request.video.format
        if self.signer is None or not self.signer.signs(container):
            return False, []
        title, languages = printable(self.request.voice.stem), self.dub.manifest.languages
        engines = [each for code in plan.languages for each in _engines(languages[code])]
        provenance = Provenance(
            title,
            plan.languages,
            self.dub.manifest.created_at.date(),
            tuple(dict.fromkeys(engines)),
        )
        try:
            signer = self.signer.with_parent(self.request.voice)
            signer.sign(self.scratch / plan.path, container, provenance, self.check)
        except NotSigned as error:
            log.error("file.not_signed", error=error)
            return False, [f"{plan.path} could not be signed as made by AI."]
        return True, []

    def _missing(self, plan: VideoPlan) -> list[str]:
        """What was asked for and is not in a video of all languages."""
        if self.request.video is None or self.request.video.per_language:
            return []
        spoken = self.dub.manifest.source.language
        missing = [
            NAMES[each]
            for each in self.request.target_languages
            if each not in plan.languages and each != spoken
        ]
        return [f"{plan.path}: {', '.join(missing)} could not be made and is not in it."] * bool(
            missing
        )

    def _contents(
        self, plan: VideoPlan, source: Source, manifest: Manifest, looked: Looked
    ) -> Contents:
        assert self.request.video is not None  # noqa: S101 -- it is planned
        container, spoken = self.request.video.format, manifest.source.language
        original = _track(container, spoken, "original")
        if not looked.copies_sound(source.track, container):
            original = replace(original, sound=str(self._decoded(source)))
        names = ", ".join(map(own_name, plan.languages))
        return Contents(
            format=container,
            zero_s=Fraction(source.zero_s),
            number=source.track,
            original=original,
            dubs=tuple(self._dub(container, each, manifest) for each in plan.languages),
            default=None if plan.default == spoken else plan.languages.index(plan.default),
            tags={
                "title": printable(self.request.voice.stem),
                "comment": f"{AI_WORDS}: {names}.",
            },
        )

    def _dub(self, container: VideoFormat, language: str, manifest: Manifest) -> Track:
        entry = manifest.languages[language]
        sound = sound_of(entry, container)
        assert sound is not None  # noqa: S101 -- others are not planned
        track = _track(container, language, "AI dub")
        captions = next(file for file in entry.files if file.kind == "captions")
        text = (self.blobs.read(captions.path) or b"").decode()
        cues = (Caption(cue.start_ms, cue.end_ms, "\n".join(cue.lines)) for cue in parse(text))
        return replace(track, sound=str(self.blobs.path(sound.path)), captions=tuple(cues))

    def _decoded(self, source: Source) -> Path:
        """The original's sound where its coding cannot be copied, on the timeline of the dubs."""
        path = self.scratch / "original.wav"
        if not path.exists():
            output = DecodeOutput(path, None, None, "PCM_16")
            track = str(source.track)
            decode(self.request.voice, [output], check=self.check, track=track)
        return path


def _engines(entry: LanguageEntry) -> list[EngineId]:
    """Who translated and spoke a language."""
    made_by = (entry.engines[name] for name in ("translator", "synthesizer"))
    return [EngineId(each.provider, each.model, each.version) for each in made_by]


def needed_for_videos(request: DubRequest, source: Source) -> int:
    """About how many bytes the videos of a request take."""
    if request.video is None:
        return 0
    container = CONTAINERS[request.video.format]
    known = (each for each in container.deliverables if each in request.options.formats)
    sound = next(known) if container.bit_rates is None else "m4a"
    size, languages = request.voice.stat().st_size, len(request.target_languages)
    return video_bytes(source, size, request.video, sound, languages)


def sound_of(entry: LanguageEntry, container: VideoFormat) -> FileEntry | None:
    """The sound of a finished language that goes into a video: the mix, or the voice alone."""
    for kind in ("mix", "voice"):
        found = {file.format: file for file in entry.files if file.kind == kind}
        for name in CONTAINERS[container].deliverables:
            if name in found:
                return found[name]
    return None


@dataclass(frozen=True, slots=True)
class _Part:
    """Tells how much of one of several videos is done, as that of all."""

    listener: Listener
    number: int
    count: int

    def __call__(self, done: float) -> None:
        self.listener(Progress(None, Stage.EXPORTING, (self.number + done) / self.count))


def _complete(request: DubRequest, manifest: Manifest, container: VideoFormat) -> list[str]:
    """The languages that are whole, of this recording, and have a sound for the container: those
    asked for as they were, then those made before.
    """
    whole = [
        language
        for language, entry in sorted(manifest.languages.items())
        if entry.status == "complete" and entry.source is None and sound_of(entry, container)
    ]
    asked = [language for language in request.target_languages if language in whole]
    return list(dict.fromkeys([*asked, *whole]))


def _track(container: VideoFormat, language: str, what: str) -> Track:
    bibliographic = container is VideoFormat.MKV
    return Track(
        sound="",
        language=language_of(language).locale,
        iso639=iso639_2(language, bibliographic=bibliographic),
        title=f"{own_name(language)} ({what})",
        captions_title=own_name(language),
    )


def _fingerprint(
    manifest: Manifest, options: VideoOptions, languages: Sequence[str], default: str, title: str
) -> str:
    source = manifest.source
    parts: list[object] = [dub_version(), source.voice.sha256, source.track, source.language]
    parts += [options.format, options.per_language, default, title]
    for language in languages:
        entry = manifest.languages[language]
        sound = sound_of(entry, options.format)
        captions = [file.sha256 for file in entry.files if file.kind == "captions"]
        parts.append([language, sound and sound.sha256, captions])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
