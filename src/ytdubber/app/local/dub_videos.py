"""The videos that a dub comes with, made once its languages have ended (ADR 57)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.dubs.manifest import Manifest, intact
from ytdubber.app.dubs.room import full_disk_told, video_bytes
from ytdubber.app.dubs.video_of_dub import (
    Recording,
    VideoOfDub,
    VideoPlan,
    complete_languages,
    need_picture,
    need_sound,
    video_fingerprint,
)
from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.local.finished_dub import FinishedDub
from ytdubber.app.pipeline.artifacts import Source
from ytdubber.app.pipeline.file_entry import VideoEntry
from ytdubber.app.pipeline.progress import OnProgress, Progress
from ytdubber.domain.file_names import portable
from ytdubber.domain.printable import printable
from ytdubber.domain.stage import Stage
from ytdubber.log import get_logger
from ytdubber.ports.blob_store import BlobStore
from ytdubber.ports.signer import Signer
from ytdubber.video.containers import CONTAINERS

log = get_logger(__name__)

_MOST_TITLE_BYTES = 160
"""So much of a title is in the name of a file; file systems allow 255 bytes."""


def need_video(request: DubRequest, check: Callable[[], None] = lambda: None) -> None:
    """Refuse a video that cannot be made, before any work is begun.

    Raises:
        BadInput: the recording has no picture, or one that the container does not hold, or no sound
            is asked for that it takes.
    """
    if request.video is None:
        return
    need_sound(request.video.format, request.options.formats)
    need_picture(request.voice, printable(str(request.voice)), request.video.format, check)


def plans(request: DubRequest, manifest: Manifest) -> list[VideoPlan]:
    """The videos of a dub: one with all its languages, or one for each."""
    options = request.video
    if options is None:
        return []
    title = portable(request.voice.stem, _MOST_TITLE_BYTES) or "video"
    spoken = manifest.source.language
    languages = complete_languages(request.target_languages, manifest, options.format)
    if not options.per_language:
        path = f"{title}.dubbed.{options.format}"
        together = [(path, tuple(languages), spoken)] if languages else []
    else:
        together = [(f"{title}.{each}.{options.format}", (each,), each) for each in languages]
    return [
        VideoPlan(path, codes, default, video_fingerprint(manifest, options, codes, default, title))
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
        on_progress: Told of progress.
        check: Raises `Cancelled` to stop.
        signer: Signs what is made as made by AI, where that is wanted.
    """

    request: DubRequest
    dub: FinishedDub
    blobs: BlobStore
    scratch: Path
    on_progress: OnProgress
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
                    part = _Part(self.on_progress, number, len(planned))
                    entry = self._video(source, manifest)(plan, self._wanted, part)
                    files[plan.path] = self.scratch / plan.path
                entries.append(entry)
            self.dub.add_videos(entries, files)

    @property
    def _wanted(self) -> Sequence[str]:
        """What is to be in a video of all languages."""
        video = self.request.video
        return () if video is None or video.per_language else self.request.target_languages

    def _video(self, source: Source, manifest: Manifest) -> VideoOfDub:
        assert self.request.video is not None  # noqa: S101 -- it is planned
        voice = self.request.voice
        name, title = printable(str(voice)), printable(voice.stem)
        return VideoOfDub(
            Recording(voice, name, title, source.zero_s),
            self.request.video.format,
            manifest,
            self.blobs.path,
            self.scratch,
            self.check,
            self.signer and self.signer.with_parent(voice),
        )


def needed_for_videos(request: DubRequest, source: Source) -> int:
    """About how many bytes the videos of a request take."""
    if request.video is None:
        return 0
    container = CONTAINERS[request.video.format]
    known = (each for each in container.deliverables if each in request.options.formats)
    sound = next(known) if container.bit_rates is None else "m4a"
    size, languages = request.voice.stat().st_size, len(request.target_languages)
    return video_bytes(source, size, request.video, sound, languages)


@dataclass(frozen=True, slots=True)
class _Part:
    """Tells how much of one of several videos is done, as that of all."""

    on_progress: OnProgress
    number: int
    count: int

    def __call__(self, done: float) -> None:
        self.on_progress(Progress(None, Stage.EXPORTING, (self.number + done) / self.count))
