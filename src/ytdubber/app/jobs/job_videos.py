"""The video that a job of the service comes with, made once its languages have ended (ADR 68)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from ytdubber.app.dubs.manifest import Manifest
from ytdubber.app.dubs.room import full_disk_told
from ytdubber.app.dubs.video_of_dub import (
    Recording,
    VideoOfDub,
    VideoPlan,
    complete_languages,
    video_fingerprint,
)
from ytdubber.app.pipeline.artifacts import Stem
from ytdubber.app.pipeline.file_entry import VideoEntry
from ytdubber.app.uploads.job_files import artifact_of, fetch_stem
from ytdubber.domain.artifact import Artifact, without_ending
from ytdubber.domain.errors import (
    BadInput,
    DecoderStopped,
    LeaseLost,
    MediaChanged,
    MediaMissing,
)
from ytdubber.domain.job import Job
from ytdubber.domain.printable import file_name, printable
from ytdubber.domain.upload import Track, Upload
from ytdubber.domain.video import VideoOptions
from ytdubber.log import get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.clock import Clock
from ytdubber.ports.leases import Lease, Leases, new_owner
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.signer import Signer

BEAT_INTERVAL_S = 10.0
"""How often the lease is renewed, which lasts several times as long."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """What a video is made from.

    Attributes:
        job: What was asked.
        uploads: Its stems in storage.
        manifest: The dub, without videos.
        files: What is in storage of it.
        zero_s: The voice file's time at sample 0 of every dub.
    """

    job: Job
    uploads: Sequence[Upload]
    manifest: Manifest
    files: Sequence[Artifact]
    zero_s: float


@dataclass(frozen=True, slots=True)
class MadeVideos:
    """What came of it: files in storage, how the manifest has them, and what its user should know,
    in sentences.
    """

    files: tuple[Artifact, ...] = ()
    entries: tuple[VideoEntry, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobVideos:
    """The use case over its ports.

    Attributes:
        leases: Who ends a job: one worker at a time.
        media: Where files are kept.
        clock: Tells the time.
        scratch: A folder that is gone afterwards, encrypted.
        worker: This process, so that whoever sees it die can free what it had in hand.
        cores: Held while this process computes much by itself.
        signer: Signs videos as made by AI, where that is wanted.
    """

    leases: Leases
    media: MediaStore
    clock: Clock
    scratch: Callable[[], AbstractContextManager[Path]]
    worker: UUID = field(default_factory=uuid4)
    cores: Callable[[CallContext], AbstractContextManager[None]] = lambda _: nullcontext()
    signer: Signer | None = None

    @contextmanager
    def alone(self, job_id: UUID) -> Iterator[Callable[[], None] | None]:
        """Inside, nobody else ends the job; None where somebody else does, or has done. What is
        given is called while there is work, and renews that.
        """
        lease = self.leases.claim_end(job_id, new_owner(self.worker))
        if lease is None:
            yield None
            return
        try:
            yield _Renewed(self.leases, lease, self.clock)
        finally:
            self.leases.release(lease)

    def __call__(self, finished: FinishedJob, check: Callable[[], None]) -> MadeVideos:
        """Make the job's video, and keep it in storage. One that cannot be made is no reason to
        keep the dubs back: their user is told.

        Args:
            finished: The job.
            check: As `alone` gives it.

        Raises:
            DiskFull: this machine has no room for it just now.
            LeaseLost: somebody else ends the job.
            StorageNotWorking: files cannot be fetched or kept.
        """
        container, manifest = finished.job.options.video, finished.manifest
        asked = finished.job.target_languages
        if container is None or not (languages := complete_languages(asked, manifest, container)):
            return MadeVideos()
        options = VideoOptions(container, finished.job.options.video_per_language)
        files, entries = list[Artifact](), list[VideoEntry]()
        try:
            with self.scratch() as scratch, full_disk_told(scratch):
                for plan in _plans(manifest, options, languages):
                    entry = self._made(finished, plan, options, scratch, check)
                    made = artifact_of(finished.job.id, entry)
                    self.media.put(made.key, scratch / plan.path, made.mime)
                    (scratch / plan.path).unlink(missing_ok=True)
                    files.append(made)
                    entries.append(entry)
        except (BadInput, DecoderStopped, MediaChanged, MediaMissing) as error:
            log.info("video.not_made", error=error)
            why = f"The video could not be made. {error}"
            return MadeVideos(tuple(files), tuple(entries), (why,))
        told = dict.fromkeys(note for entry in entries for note in entry.notes)
        return MadeVideos(tuple(files), tuple(entries), tuple(told))

    def _made(
        self,
        finished: FinishedJob,
        plan: VideoPlan,
        options: VideoOptions,
        scratch: Path,
        check: Callable[[], None],
    ) -> VideoEntry:
        (upload,) = (each for each in finished.uploads if each.track is Track.VOICE)
        path = scratch / Track.VOICE.value
        if not path.exists():
            fetch_stem(self.media, upload, scratch, check)
        stem = Stem(path, file_name(upload.file_name))
        keys = {file.path: file.key for file in finished.files}

        def fetched(path: str) -> Path:
            into = scratch / path.replace("/", ".")
            if not into.exists():
                self.media.fetch(keys[path], into, check)
            return into

        title = printable(without_ending(finished.job.title))
        recording = Recording(stem.path, stem.name, title, finished.zero_s)
        make = VideoOfDub(
            recording, options.format, finished.manifest, fetched, scratch, check, self.signer
        )
        wanted = () if options.per_language else finished.job.target_languages
        with self.cores(CallContext(finished.job.id, raise_if_cancelled=check)):
            return make(plan, wanted, lambda _: None)


class _Renewed:
    """Keeps a lease for as long as it is called now and then.

    Raises:
        LeaseLost: somebody else has it.
    """

    def __init__(self, leases: Leases, lease: Lease, clock: Clock) -> None:
        self._leases, self._lease, self._clock = leases, lease, clock
        self._beat_ms = clock.monotonic_ms()

    def __call__(self) -> None:
        now_ms = self._clock.monotonic_ms()
        if now_ms - self._beat_ms < BEAT_INTERVAL_S * 1000:
            return
        self._beat_ms = now_ms
        if not self._leases.beat(self._lease).held:
            raise LeaseLost


def _plans(
    manifest: Manifest, options: VideoOptions, languages: Sequence[str]
) -> Iterator[VideoPlan]:
    """One with all languages, or one for each."""
    together = [(f"dubbed.{options.format}", tuple(languages), manifest.source.language)]
    if options.per_language:
        together = [(f"dubbed.{each}.{options.format}", (each,), each) for each in languages]
    for path, codes, default in together:
        fingerprint = video_fingerprint(manifest, options, codes, default, path)
        yield VideoPlan(path, codes, default, fingerprint)
