"""How long uploaded stems last: each decoded once, few at a time, away from whoever asks."""

import asyncio
import copy
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from ytdubber.app.pipeline.artifacts import Stem
from ytdubber.app.uploads.arrivals import removed_if_refused
from ytdubber.app.uploads.job_files import fetch_stem
from ytdubber.audio.decode import DecodeLimits, decode
from ytdubber.domain.errors import (
    BadInput,
    Cancelled,
    MediaChanged,
    TooManyRequests,
    UploadMismatch,
    YtDubberError,
)
from ytdubber.domain.job import Job
from ytdubber.domain.upload import Length, Track, Upload
from ytdubber.log import ContextPool
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.service_work import AsService

AT_ONCE = 2
"""How many stems are decoded at once, of all users; of each user one."""
WAITING = 32
"""How many stems of one user may wait for their turn."""
PATIENCE_S = 20.0
"""How long a request waits for its turn."""
RETRY_AFTER_S = 6

T = TypeVar("T")

_REMEMBERED = 1_000
_POLITE = DecodeLimits(niceness=10)

Measure = Callable[[Stem, str | None, Callable[[], None]], Length]
"""Finds out how long a stem's sound track lasts; calls the function meanwhile, which may raise."""


def decoded_length(stem: Stem, track: str | None, check: Callable[[], None]) -> Length:
    """As `Measure`, by decoding it, after everybody else who wants the processor.

    Raises:
        BadInput: it cannot be dubbed.
    """
    heard = decode(stem.path, [], _POLITE, check=check, display_name=stem.name, track=track)
    return Length(heard.duration_ms, heard.sound_ms)


@dataclass(frozen=True, slots=True)
class Stems:
    """A job and those of its stems whose lengths are wanted."""

    job: Job
    uploads: tuple[Upload, ...]

    def track(self, upload: Upload) -> str | None:
        """Which of its sounds is meant."""
        return self.job.options.track if upload.track is Track.VOICE else None


@dataclass(slots=True)
class _Work:
    """A stem that is to be decoded, for all who wait for it."""

    user_id: UUID | None
    upload: Upload
    track: str | None
    waiters: int = 0
    begun: Future[None] = field(default_factory=Future)
    done: Future[Length] = field(default_factory=Future)

    def check(self) -> None:
        """Raise when nobody waits any more."""
        if self.waiters == 0:
            raise Cancelled


class StemLengths:
    """Finds lengths out, and remembers them in the uploads' rows; refusals, in this process.

    Args:
        service: Begins a transaction in which a length is recorded.
        media: Where stems are.
        scratch: A folder that is gone afterwards, encrypted.
        measure: Finds a length out.
        at_once: How many at once in all; of each user one.
        waiting: How many of one user may wait.
        patience_s: How long `wait` waits for a turn.
    """

    def __init__(
        self,
        service: AsService,
        media: MediaStore,
        scratch: Callable[[], AbstractContextManager[Path]],
        measure: Measure = decoded_length,
        *,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._service, self._media, self._scratch = service, media, scratch
        self._measure = measure
        self._at_once, self._waiting, self._patience_s = at_once, waiting, patience_s
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Length | YtDubberError] = OrderedDict()
        self._works: dict[str, _Work] = {}
        self._queues: OrderedDict[UUID | None, deque[_Work]] = OrderedDict()
        self._busy: set[UUID | None] = set()
        self._threads = ContextPool(at_once, thread_name_prefix="length")

    def of(self, stems: Stems) -> list[Length]:
        """The lengths, in order; what is not known yet is waited for.

        Raises:
            BadInput: a stem cannot be dubbed, or is not what was announced.
            MediaChanged: what is in storage is not what was uploaded.
            MediaMissing: it is not in storage.
            TooManyRequests: too many of the user's stems wait already.
        """
        return [self._one(stems, upload) for upload in stems.uploads]

    def expect_room(self, user_id: UUID) -> None:
        """Make sure that another of the user's stems may wait, before anything is done for it.

        Raises:
            TooManyRequests: as many wait as may.
        """
        with self._lock:
            if len(self._queues.get(user_id, ())) >= self._waiting:
                raise TooManyRequests(retry_after_s=RETRY_AFTER_S)

    async def wait(self, stems: Stems) -> None:
        """Return when `of` can answer at once, be it with a refusal. Whoever is cancelled waits no
        more; what nobody waits for is not decoded to its end.

        Raises:
            TooManyRequests: it is not the user's turn for a while.
        """
        for upload in stems.uploads:
            work = self._joined(stems, upload)
            if work is None:
                continue
            try:
                await self._turn(work)
                await _shared(work.done)
            except UploadMismatch:
                raise  # another one is sent
            except (BadInput, MediaChanged):
                return  # it is remembered
            finally:
                self._leave(work)

    async def _turn(self, work: _Work) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                await _shared(work.begun)
        except TimeoutError:
            raise TooManyRequests(retry_after_s=RETRY_AFTER_S) from None

    def _one(self, stems: Stems, upload: Upload) -> Length:
        work = self._joined(stems, upload)
        if work is not None:
            try:
                return work.done.result()
            finally:
                self._leave(work)
        known = upload.length or self._known[upload.key]
        if isinstance(known, Length):
            return known
        raise copy.copy(known)

    def _joined(self, stems: Stems, upload: Upload) -> _Work | None:
        """The work on an upload, with one more who waits for it; None where it is done."""
        with self._lock:
            if upload.length or upload.key in self._known:
                return None
            work = self._works.get(upload.key)
            if work is None:
                work = self._queued(stems, upload)
            work.waiters += 1
            self._begin()
        return work

    def _queued(self, stems: Stems, upload: Upload) -> _Work:
        user_id = stems.job.user_id
        queue = self._queues.setdefault(user_id, deque())
        if len(queue) >= self._waiting:
            raise TooManyRequests(retry_after_s=RETRY_AFTER_S)
        work = self._works[upload.key] = _Work(user_id, upload, stems.track(upload))
        for future in (work.begun, work.done):
            future.set_running_or_notify_cancel()  # it is several people's: none may cancel it
        queue.append(work)
        return work

    def _begin(self) -> None:
        """Give free places to users in turn."""
        for user_id in list(self._queues):
            if len(self._busy) >= self._at_once:
                return
            if user_id in self._busy:
                continue
            queue = self._queues.pop(user_id)
            work = queue.popleft()
            if queue:
                self._queues[user_id] = queue  # behind all others
            self._busy.add(user_id)
            work.begun.set_result(None)
            self._threads.submit(self._run, work)

    def _leave(self, work: _Work) -> None:
        with self._lock:
            work.waiters -= 1
            if work.waiters or work.begun.done():
                return
            del self._works[work.upload.key]
            queue = self._queues[work.user_id]
            queue.remove(work)
            if not queue:
                del self._queues[work.user_id]

    def _run(self, work: _Work) -> None:
        found = self._found(work)
        while isinstance(found, Cancelled) and self._still_wanted(work):
            found = self._found(work)
        with self._lock:
            self._works.pop(work.upload.key, None)
            self._busy.discard(work.user_id)
            if isinstance(found, Length) or _of_the_file(found):
                self._remember(work.upload.key, found)
            self._begin()
        if isinstance(found, BaseException):
            work.done.set_exception(found)
        else:
            work.done.set_result(found)

    def _still_wanted(self, work: _Work) -> bool:
        """Whether somebody joined after nobody waited; else the work is nobody's from now on."""
        with self._lock:
            if work.waiters == 0:
                self._works.pop(work.upload.key, None)
            return work.waiters > 0

    def _found(self, work: _Work) -> Length | BaseException:
        upload = work.upload
        try:
            with self._scratch() as scratch:
                with removed_if_refused(self._media, upload):
                    stem, sha256 = fetch_stem(self._media, upload, scratch, work.check)
                length = self._measure(stem, work.track, work.check)
            with self._service() as rows:
                rows.uploads.measured(upload.key, length, sha256)
                rows.commit()
        except BaseException as error:  # whoever waits is told
            return error
        return length

    def _remember(self, key: str, found: Length | BaseException) -> None:
        if isinstance(found, YtDubberError):
            self._known[key] = copy.copy(found)
        elif isinstance(found, Length):
            self._known[key] = found
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def close(self) -> None:
        """Begin nothing any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


async def _shared(future: Future[T]) -> T:
    """What comes of it; whoever is cancelled meanwhile leaves it to the others."""
    mine = asyncio.wrap_future(future)
    mine.add_done_callback(lambda each: each.cancelled() or each.exception())  # somebody is told
    return await asyncio.shield(mine)


def _of_the_file(error: BaseException) -> bool:
    """Whether it would be the same again."""
    same = isinstance(error, BadInput | MediaChanged)
    return same and not isinstance(error, UploadMismatch)
