"""A result is stored before anybody sees it, and never made twice.

The key is the SHA-256 of the engine's identity, the operation and its parameters, so that a changed
line is made again alone, and a changed engine makes everything again. What another process is
having made is waited for.
"""

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import CallUnderWay, ErrorKind, VendorError, YtDubberError
from ytdubber.domain.media import AudioFile
from ytdubber.engines.keyed_lock import KeyedLock, ThreadKeyedLock
from ytdubber.files.encrypted import open_file
from ytdubber.log import get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result
from ytdubber.ports.result_store import ResultStore

from .base import Middleware

POLL_INTERVAL_S = 0.2
"""How often it is looked whether what another process is having made is there."""
PART_BYTES = 32 * 1024 * 1024
"""A sound file is stored in parts of this size: some 3 minutes of the longest kind, any line."""
FORMAT = 2
"""Raised whenever what is stored changes its shape."""

_NONSENSE = b"null"
_form: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)

log = get_logger(__name__)


def cache_key(engine: EngineId, operation: Operation[Any]) -> str:
    """What the result of an operation by an engine is stored under."""
    parts = [FORMAT, asdict(engine), operation.name, operation.cache_parameters()]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=_digest)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(audio: AudioFile) -> str:
    with open_file(audio.path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _part_names(key: str) -> Iterator[str]:
    """What the parts of a file are stored under, without end."""
    yield f"{key}.wav"
    yield from (f"{key}.wav.{number}" for number in itertools.count(1))


@dataclass(slots=True)
class _Once:
    """Does something with the first thing it is given."""

    do: Callable[[Any], None]
    done: bool = False

    def __call__(self, thing: Any) -> None:
        if not self.done:
            self.do(thing)
            self.done = True


@dataclass(frozen=True, slots=True)
class Cache(Middleware):
    """Gives what was made before.

    What an answer to several items was worth that made no sense is stored, too: they are then
    asked for apart, and that answer is not paid for again.

    Attributes:
        results: What was made before.
        lock: Of all that share `results`.
    """

    results: ResultStore
    lock: KeyedLock = field(default_factory=ThreadKeyedLock)

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """What is stored, or what the inner engine gives, stored."""
        key = cache_key(self.describe(operation), operation)
        keep = _Once(partial(self._save, key, operation))
        keep_failure = _Once(partial(self._save_nonsense, key, operation))
        kept = replace(call, cache_key=key, keep=keep, keep_failure=keep_failure)
        with self.lock.hold(key):
            while (made := self._load(key, operation)) is None:
                try:
                    made = self.inner.run(operation, kept)
                except CallUnderWay:
                    call.raise_if_cancelled()
                    time.sleep(POLL_INTERVAL_S)
                except VendorError as error:
                    keep_failure(error)
                    raise
                else:
                    keep(made)
                    break
            return made

    def _load(self, key: str, operation: Operation[Result]) -> Result | None:
        """A result made before: its receipt says that nothing was used now."""
        stored = self.results.load(key)
        if stored == _NONSENSE:
            detail = "its answer to these lines together made no sense"
            raise VendorError(self.describe(operation).provider, ErrorKind.BAD_OUTPUT, detail)
        if stored is None:
            return None
        if operation.into is not None and not self._load_file(key, operation.into):
            return None
        made = _form(operation.result).validate_json(stored)
        receipt = replace(made.receipt, quantities=(), measured=(), elapsed_ms=0)
        return operation.with_file(replace(made, receipt=receipt))

    def _save(self, key: str, operation: Operation[Any], made: Any) -> None:
        if operation.into is not None:
            self._save_file(key, operation.into)
        self.results.save(key, _form(operation.result).dump_json(made))

    def _load_file(self, key: str, path: Path) -> bool:
        """Write the file again from its parts; whether all of them are there."""
        names = _part_names(key)
        part = self.results.load(next(names))
        if part is None:
            return False
        with open_file(path, "wb") as file:
            file.write(part)
            while len(part) == PART_BYTES:
                part = self.results.load(next(names))
                if part is None:
                    return False
                file.write(part)
        return True

    def _save_file(self, key: str, path: Path) -> None:
        """Store a file in parts, none of which fills the memory; the last is the one that is not
        full.
        """
        with open_file(path) as file:
            for name in _part_names(key):
                part = file.read(PART_BYTES)
                self.results.save(name, part)
                if len(part) < PART_BYTES:
                    break

    def _save_nonsense(self, key: str, operation: Operation[Any], error: VendorError) -> None:
        if error.fault is not ErrorKind.BAD_OUTPUT or operation.items <= 1:
            return
        try:
            self.results.save(key, _NONSENSE)
        except YtDubberError as failure:  # the ledger has to know all the same what it cost
            log.warning("result.not_kept", error=failure)
